import { type Clock, LiveletError } from '@livelet/core';

/** More than a person writes, and few enough to read: messages within a window of time. */
const MESSAGES = 30;
const WINDOW = 10_000;

/** Keeps a peer from flooding the page. */
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
    if (this.#recent.length >= MESSAGES) throw new LiveletError('request-too-soon', 'too many messages');
    this.#recent.push(now);
  }
}
