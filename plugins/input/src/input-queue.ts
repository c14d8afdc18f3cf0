import type { InputMessage } from '@livelet/core';

/** Messages that wait for the display. Beyond these the sender waits, by the stream's credit. */
const CAPACITY = 64;

/**
 * What has arrived and isn't injected yet, in order. A pointer that moves on replaces where it was to go, so that a
 * flood of moves costs no more than one.
 */
export class InputQueue {
  readonly #waiting: InputMessage[] = [];
  /** Given out last. */
  #inHand: InputMessage | undefined;
  #over = false;
  #changed = Promise.withResolvers<void>();

  /** A text is being written or waits, which takes its time. */
  get holdsText(): boolean {
    return [this.#inHand, ...this.#waiting].some((message) => message?.type === 'text');
  }

  /** Resolves when there is room for the next one. After the end nothing is taken. */
  async push(message: InputMessage): Promise<void> {
    if (this.#over) return;
    if (message.type === 'move' && this.#waiting.at(-1)?.type === 'move') this.#waiting.pop();
    this.#waiting.push(message);
    this.#change();
    while (this.#waiting.length > CAPACITY && !this.#over) await this.#changed.promise;
  }

  /** The next one; undefined after the end. */
  async shift(): Promise<InputMessage | undefined> {
    this.#inHand = undefined;
    while (this.#waiting.length === 0) {
      if (this.#over) return undefined;
      await this.#changed.promise;
    }
    this.#inHand = this.#waiting.shift();
    this.#change();
    return this.#inHand;
  }

  /** No more will come; what waits is still given out. */
  finish(): void {
    this.#over = true;
    this.#change();
  }

  /** No more will come, and what waits is dropped. */
  drop(): void {
    this.#waiting.length = 0;
    this.finish();
  }

  #change(): void {
    const changed = this.#changed;
    this.#changed = Promise.withResolvers<void>();
    changed.resolve();
  }
}
