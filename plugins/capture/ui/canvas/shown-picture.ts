import { STAGE_SHOWN_EVENT, type StagePicture } from '@livelet/core/page';
import type { CursorLayer } from './cursor-layer.js';

/** What the stage shows, for whoever follows it: the picture with the customer's cursor, in the display's own size. */
export class ShownPicture implements StagePicture<OffscreenCanvasRenderingContext2D> {
  readonly #canvas: HTMLCanvasElement;
  readonly #cursor: CursorLayer;
  readonly #isShown: () => boolean;
  #toldShown = false;
  readonly #listeners = new Set<{ readonly call: () => void }>();

  constructor(canvas: HTMLCanvasElement, cursor: CursorLayer, isShown: () => boolean) {
    this.#canvas = canvas;
    this.#cursor = cursor;
    this.#isShown = isShown;
  }

  get width(): number {
    return this.#isShown() ? this.#canvas.width : 0;
  }

  get height(): number {
    return this.#isShown() ? this.#canvas.height : 0;
  }

  paint(context: OffscreenCanvasRenderingContext2D): void {
    if (!this.#isShown()) return;
    context.drawImage(this.#canvas, 0, 0);
    this.#cursor.paintOn(context);
  }

  onChange(listener: () => void): Disposable {
    const entry = { call: listener };
    this.#listeners.add(entry);
    return { [Symbol.dispose]: () => void this.#listeners.delete(entry) };
  }

  changed(): void {
    this.#tellShown();
    for (const { call } of [...this.#listeners]) call();
  }

  #tellShown(): void {
    const detail = this.#isShown();
    if (detail === this.#toldShown) return;
    this.#toldShown = detail;
    this.#canvas.dispatchEvent(new CustomEvent(STAGE_SHOWN_EVENT, { detail, bubbles: true, composed: true }));
  }
}
