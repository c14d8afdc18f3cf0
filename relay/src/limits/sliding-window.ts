/** Counts what happened in the last `windowMs`, exactly, in memory that grows with the count up to `most`. */
export class SlidingWindow {
  readonly #windowMs: number;
  readonly #most: number;
  /** Rising. */
  #times: number[] = [];

  /** @param most the highest count that matters; what comes above it isn't kept */
  constructor(windowMs: number, most: number) {
    this.#windowMs = windowMs;
    this.#most = most;
  }

  add(now: number): void {
    this.#forget(now);
    if (this.#times.length < this.#most) this.#times.push(now);
  }

  /** @param withinMs a part of the window; @default all of it */
  count(now: number, withinMs = this.#windowMs): number {
    this.#forget(now);
    if (withinMs >= this.#windowMs) return this.#times.length;
    return this.#times.length - (this.#times.findLastIndex((time) => now - time >= withinMs) + 1);
  }

  #forget(now: number): void {
    const kept = this.#times.findIndex((time) => now - time < this.#windowMs);
    if (kept === -1) this.#times = [];
    else if (kept > 0) this.#times.splice(0, kept);
  }
}
