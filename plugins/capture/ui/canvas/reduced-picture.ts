import type { Rectangle } from '@livelet/core/page';

/** Changed areas above which all that lies between them is made anew as one. */
const MAX_AREAS = 32;

/**
 * The picture where it is shown at less than half its size: a browser that made it so small at once would take some of
 * its pixels and leave the others out, and strokes of letters with them. Here it is halved until the browser has less
 * than a half to do: each pixel is the mean of four. What changes is halved again, once before the page is next shown.
 */
export class ReducedPicture implements Disposable {
  readonly #canvas: HTMLCanvasElement;
  /** Each half of the one before, the last one shown; none where the picture is shown as it is. */
  #halves: CanvasRenderingContext2D[] = [];
  #changed: Rectangle[] = [];
  #frame: number | undefined;

  /** @param canvas the picture, on the page; it keeps its place, its events and its name when it is shown smaller */
  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
  }

  /** @param scale CSS pixels for each of the picture's */
  setScale(scale: number): void {
    const count = Math.max(0, Math.ceil(-Math.log2(scale * devicePixelRatio)) - 1);
    const { width, height } = this.#canvas;
    if (count !== this.#halves.length || !this.#fits(width, height)) this.#make(count);
    const shown = this.#halves.at(-1)?.canvas;
    if (!shown) return;
    shown.style.inlineSize = `${shown.width * 2 ** count * scale}px`;
    shown.style.blockSize = `${shown.height * 2 ** count * scale}px`;
  }

  /** This area of the picture is another one. */
  changed(area: Rectangle): void {
    if (this.#halves.length === 0) return;
    this.#changed.push(area);
    if (this.#changed.length > MAX_AREAS) this.#changed = [around(this.#changed)];
    this.#frame ??= requestAnimationFrame(() => this.#reduce());
  }

  /** All of it is. */
  renew(): void {
    const { width, height } = this.#canvas;
    this.changed({ x: 0, y: 0, width, height });
  }

  [Symbol.dispose](): void {
    this.#make(0);
  }

  #fits(width: number, height: number): boolean {
    const first = this.#halves[0]?.canvas;
    return !first || (first.width === half(width) && first.height === half(height));
  }

  #make(count: number): void {
    this.#halves.at(-1)?.canvas.remove();
    this.#halves = [];
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    this.#changed = [];
    let { width, height } = this.#canvas;
    while (this.#halves.length < count) {
      const canvas = document.createElement('canvas');
      width = canvas.width = half(width);
      height = canvas.height = half(height);
      this.#halves.push(canvas.getContext('2d', { alpha: false }) as CanvasRenderingContext2D);
    }
    // Below it the picture goes on to take the mouse.
    this.#canvas.style.opacity = count === 0 ? '' : '0';
    const shown = this.#halves.at(-1)?.canvas;
    if (!shown) return;
    shown.className = 'reduced';
    shown.ariaHidden = 'true';
    this.#canvas.after(shown);
    this.#changed = [{ x: 0, y: 0, width: this.#canvas.width, height: this.#canvas.height }];
    this.#reduce();
  }

  #reduce(): void {
    this.#frame = undefined;
    let areas = this.#changed;
    this.#changed = [];
    let from = this.#canvas;
    for (const context of this.#halves) {
      areas = areas.map(halved);
      for (const { x, y, width, height } of areas) {
        // At exactly a half, what a canvas does to make an image smaller is the mean of four pixels.
        context.drawImage(from, x * 2, y * 2, width * 2, height * 2, x, y, width, height);
      }
      from = context.canvas;
    }
  }
}

function half(length: number): number {
  return Math.ceil(length / 2);
}

/** The pixels of the half that any of the area's is in. */
function halved({ x, y, width, height }: Rectangle): Rectangle {
  const left = x >> 1;
  const top = y >> 1;
  return { x: left, y: top, width: half(x + width) - left, height: half(y + height) - top };
}

function around(areas: readonly Rectangle[]): Rectangle {
  const x = Math.min(...areas.map((area) => area.x));
  const y = Math.min(...areas.map((area) => area.y));
  const width = Math.max(...areas.map((area) => area.x + area.width)) - x;
  const height = Math.max(...areas.map((area) => area.y + area.height)) - y;
  return { x, y, width, height };
}
