/** Counts what happened in the last `windowMs`, exactly, in memory bounded by `most`. */
export class SlidingWindow {
  readonly #windowMs: number;
  readonly #most: number;
  readonly #times: number[] = [];

  /** @param most the highest count that matters; what comes above it isn't kept */
  constructor(windowMs: number, most: number) {
    this.#windowMs = windowMs;
    this.#most = most;
  }

  add(now: number): void {
    this.#forget(now);
    if (this.#times.length < this.#most) this.#times.push(now);
  }

  count(now: number): number {
    this.#forget(now);
    return this.#times.length;
  }

  #forget(now: number): void {
    const first = this.#times.findIndex((time) => now - time < this.#windowMs);
    this.#times.splice(0, first === -1 ? this.#times.length : first);
  }
}
