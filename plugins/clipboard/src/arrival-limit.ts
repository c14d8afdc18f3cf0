import { type Clock, LiveletError } from '@livelet/core';

/** More than a person copies: things within a window of time. */
const THINGS = 20;
const WINDOW = 10_000;

/** Keeps a peer from filling a clipboard faster than a person can use it. */
export class ArrivalLimit {
  readonly #clock: Clock;
  readonly #recent: number[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws `request-too-soon` */
  check(): void {
    const now = this.#clock.now();
    while (this.#recent.length > 0 && (this.#recent[0] ?? 0) <= now - WINDOW) this.#recent.shift();
    if (this.#recent.length >= THINGS) throw new LiveletError('request-too-soon', 'too much was copied');
    this.#recent.push(now);
  }
}
