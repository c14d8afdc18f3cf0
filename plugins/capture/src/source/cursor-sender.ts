import type { CursorShape, SourceMessage } from '@livelet/core';

/** What the viewer has to know of the cursor: only the newest shape and place are ever waiting. */
export class CursorSender {
  #shape: CursorShape | undefined;
  #place: { readonly x: number; readonly y: number } | undefined;
  #isShapeSent = true;
  #isPlaceSent = true;

  /** The hot spot; undefined while it is unknown. */
  get place(): { readonly x: number; readonly y: number } | undefined {
    return this.#place;
  }

  shape(shape: CursorShape): void {
    this.#shape = shape;
    this.#isShapeSent = false;
  }

  moved(x: number, y: number): void {
    this.#place = { x, y };
    this.#isPlaceSent = false;
  }

  /** The viewer knows nothing any more. */
  restart(): void {
    this.#isShapeSent = false;
    this.#isPlaceSent = false;
  }

  /** Sends what is waiting. */
  flush(send: (message: SourceMessage) => void): void {
    if (!this.#isShapeSent && this.#shape) send({ type: 'cursor-shape', ...this.#shape });
    if (!this.#isPlaceSent && this.#place) send({ type: 'cursor-position', ...this.#place });
    this.#isShapeSent = true;
    this.#isPlaceSent = true;
  }
}
