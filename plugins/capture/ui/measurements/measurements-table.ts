import type { Locale } from '@livelet/core/page';
import { MEASUREMENT_TEXT, SENT_AS_TEXT } from './measurement-strings.js';
import type { Measurements, SentAs } from './measurements.js';

type Row = keyof typeof MEASUREMENT_TEXT.rows;

/**
 * The measurements over a corner of the picture, where the mouse goes through them. A table that people with a screen
 * reader go to when they want to: it never speaks by itself.
 */
export class MeasurementsTable {
  readonly element = document.createElement('table');
  readonly #caption = this.element.createCaption();
  readonly #cells = new Map<Row, HTMLTableCellElement>();
  readonly #headings = new Map<Row, HTMLTableCellElement>();
  #locale: Locale = 'en';
  #told: Measurements | undefined;
  #size = '';

  constructor() {
    this.element.className = 'measurements';
    this.element.hidden = true;
    const body = this.element.createTBody();
    for (const row of Object.keys(MEASUREMENT_TEXT.rows) as Row[]) {
      const line = body.insertRow();
      const heading = document.createElement('th');
      heading.scope = 'row';
      line.append(heading);
      this.#headings.set(row, heading);
      this.#cells.set(row, line.insertCell());
    }
  }

  setShown(shown: boolean): void {
    this.element.hidden = !shown;
    this.#render();
  }

  setLocale(locale: Locale): void {
    this.#locale = locale;
    for (const [row, heading] of this.#headings) heading.textContent = MEASUREMENT_TEXT.rows[row][locale];
    this.#render();
  }

  /** @param scale device pixels for each pixel of the display */
  setSize(width: number, height: number, scale: number): void {
    this.#size = `${width} × ${height} · ${Math.round(scale * 100)} %`;
    this.#render();
  }

  show(measurements: Measurements): void {
    this.#told = measurements;
    this.#render();
  }

  #render(): void {
    if (this.element.hidden) return;
    const told = this.#told;
    const number = (value: number, digits: number): string =>
      new Intl.NumberFormat(this.#locale, {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      }).format(value);
    const texts: Partial<Record<Row, string>> = {
      fps: number(told?.fps ?? 0, 0),
      rate: `${number((told?.bytesPerSecond ?? 0) / 1000, 1)} kB/s`,
      size: this.#size,
      sentAs: this.#sentAs(told?.sentAs ?? new Map()),
    };
    const { wait, capture, encode, wire, decode, draw, lag } = told ?? {};
    const total = lag === undefined || wire === undefined ? undefined : lag + wire;
    const times: Readonly<Partial<Record<Row, number | undefined>>> = {
      wait,
      capture,
      encode,
      wire,
      decode,
      draw,
      total,
    };
    this.#caption.textContent = MEASUREMENT_TEXT[total === undefined ? 'none' : 'caption'][this.#locale];
    for (const [row, cell] of this.#cells) {
      const time = times[row];
      cell.textContent = texts[row] ?? (time === undefined ? '–' : `${number(time, 1)} ms`);
    }
  }

  #sentAs(counts: ReadonlyMap<SentAs, number>): string {
    const parts = [...counts].map(([kind, count]) => `${SENT_AS_TEXT[kind][this.#locale]} ${count}`);
    return parts.join(', ') || '–';
  }
}
