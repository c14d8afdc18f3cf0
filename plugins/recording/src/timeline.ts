import type { Clock } from '@livelet/core';

/** The least between two frames, ms: what the file tells apart. */
const STEP = 1;

/** Recorded time: it stands still while nothing is recorded, and never goes back. */
export class Timeline {
  readonly #clock: Clock;
  /** Of the spans before this one, ms. */
  #before = 0;
  /** Clock.now() at which this span began. */
  #since: number | undefined;
  #last = -STEP;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get runs(): boolean {
    return this.#since !== undefined;
  }

  /** ms recorded so far. */
  get length(): number {
    return this.#before + (this.#since === undefined ? 0 : this.#clock.now() - this.#since);
  }

  run(): void {
    this.#since ??= this.#clock.now();
  }

  pause(): void {
    this.#before = this.length;
    this.#since = undefined;
  }

  /** When something of `age` ms was, never before what was asked for last. ms, whole */
  at(age: number): number {
    const fresh = Math.min(Math.max(0, age), this.length - this.#before);
    this.#last = Math.max(Math.round(this.length - fresh), this.#last + STEP);
    return this.#last;
  }
}
