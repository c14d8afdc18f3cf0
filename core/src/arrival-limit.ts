import type { Clock } from './clock.js';
import { LiveletError } from './errors.js';

/** ms */
const WINDOW = 10_000;

/** Keeps a peer from sending faster than a person can use it. */
export class ArrivalLimit {
  readonly #clock: Clock;
  readonly #most: number;
  readonly #recent: number[] = [];

  /** @param most arrivals within 10 s */
  constructor(clock: Clock, most: number) {
    this.#clock = clock;
    this.#most = most;
  }

  /** Counts one more. @throws `request-too-soon` */
  check(): void {
    const now = this.#clock.now();
    while (this.#recent.length > 0 && (this.#recent[0] ?? 0) <= now - WINDOW) this.#recent.shift();
    if (this.#recent.length >= this.#most) throw new LiveletError('request-too-soon', 'too many arrived');
    this.#recent.push(now);
  }
}
