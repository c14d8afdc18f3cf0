import { saveFile } from '@livelet/window/page';
import { html, nothing, type TemplateResult } from 'lit';
import { call, download } from './console-api.js';
import './data-table.js';
import type { Column } from './data-table.js';
import { formatDateTime, formatDuration } from './format.js';
import { RelayView } from './relay-view.js';
import { shared } from './styles.js';

const DAY = 24 * 60 * 60 * 1000;
const MONTH = 30 * DAY;
/** Entries that the relay gives at once. */
const PAGE = 200;

/** `GET /history` */
interface HistoryEntry {
  readonly id: string;
  readonly operator: string;
  readonly operatorName: string;
  readonly started: number;
  readonly ended?: number;
  readonly note: string;
}

/** Who helped when and for how long: what a company bills by. */
export class HistoryView extends RelayView {
  static override readonly properties = {
    ...RelayView.properties,
    entries: { state: true },
    older: { state: true },
  };
  declare entries: readonly HistoryEntry[] | undefined;
  /** There may be sessions before those shown. */
  declare older: boolean;
  #from = day(Date.now() - MONTH);
  #to = day(Date.now());

  override connectedCallback(): void {
    super.connectedCallback();
    void this.ask(() => this.#load());
  }

  override render(): TemplateResult {
    const { strings, entries } = this;
    return html`<div class="ll-stack">
      <h2>${strings.history}</h2>
      <form @submit=${this.#show}>
        <label>${strings.from}<input type="date" name="from" required .value=${this.#from} /></label>
        <label>${strings.to}<input type="date" name="to" required .value=${this.#to} /></label>
        <button class="ll-primary" aria-disabled=${this.busy}>${strings.show}</button>
        <button type="button" aria-disabled=${this.busy} @click=${() => this.#save('csv')}><ll-icon name="save"></ll-icon>${strings.exportCsv}</button>
        <button type="button" aria-disabled=${this.busy} @click=${() => this.#save('json')}><ll-icon name="save"></ll-icon>${strings.exportJson}</button>
      </form>
      ${this.renderProblem()}
      ${
        entries === undefined
          ? nothing
          : html`<data-table
              .caption=${strings.history}
              .empty=${strings.noSessions}
              .columns=${this.#columns()}
              .rows=${entries}
            ></data-table>`
      }
      ${this.older ? html`<div><button @click=${this.#more}>${strings.older}</button></div>` : nothing}
    </div>`;
  }

  #columns(): readonly Column<HistoryEntry>[] {
    const { strings } = this;
    return [
      { title: strings.started, cell: ({ started }) => formatDateTime(started) },
      { title: strings.operator, cell: ({ operator, operatorName }) => operatorName || operator },
      {
        title: strings.duration,
        numeric: true,
        cell: ({ started, ended }) =>
          ended === undefined ? strings.running : formatDuration(ended - started),
      },
      { title: strings.note, cell: ({ note }) => note },
    ];
  }

  readonly #show = (event: SubmitEvent): void => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    this.#from = String(data.get('from'));
    this.#to = String(data.get('to'));
    void this.ask(() => this.#load());
  };

  readonly #more = (): Promise<void> => this.ask(() => this.#load(this.entries?.at(-1)?.id));

  async #load(after?: string): Promise<void> {
    const query = after === undefined ? this.#query() : `${this.#query()}&after=${after}`;
    const { sessions } = await call<{ sessions: readonly HistoryEntry[] }>('GET', `/history?${query}`);
    this.entries = after === undefined ? sessions : [...(this.entries ?? []), ...sessions];
    this.older = sessions.length >= PAGE;
  }

  #save(format: 'csv' | 'json'): void {
    void this.ask(async () => {
      const file = await download(`/history/export?${this.#query()}&format=${format}`);
      saveFile(`sessions-${this.#from}-${this.#to}.${format}`, file);
    });
  }

  /** The days as the person sees them, both whole. */
  #query(): string {
    const from = new Date(`${this.#from}T00:00:00`).getTime();
    const to = new Date(`${this.#to}T00:00:00`);
    to.setDate(to.getDate() + 1);
    return new URLSearchParams({ from: String(from), to: String(to.getTime()) }).toString();
  }

  static override readonly styles = shared;
}
customElements.define('history-view', HistoryView);

/** `2026-01-31`, here. */
function day(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
