/** A measurement takes so many of the line's shortest round trips, and at least so many ms: a burst tells no rate. */
const ROUND_TRIPS = 8;
const LEAST_SPAN = 100;
/** On a shorter line the first window is enough, and what is measured is more of the machines' work than of it, ms. */
const LONG_LINE = 10;
/** Of what the line carries in a round trip: with this much on its way it is never idle. */
const AHEAD = 2;

/**
 * How much a peer may have on its way or unread on one stream. It begins as it is for all lines, and grows where a
 * line is long and fast: as far as what arrives fills it within the shortest round trip. A slow line's own queues make
 * round trips longer, not that one, so that it never grows there, and what is typed doesn't wait behind it.
 */
export class ReceiveWindow {
  readonly #most: number;
  #size: number;
  #since: number | undefined;
  #arrived = 0;

  /** @param most bytes that it may grow to */
  constructor(size: number, most: number) {
    this.#size = size;
    this.#most = most;
  }

  /** Bytes. */
  get size(): number {
    return this.#size;
  }

  get isFixed(): boolean {
    return this.#size >= this.#most;
  }

  /**
   * So many bytes arrived.
   * @param now ms
   * @param leastRttMs the shortest round trip of this line; undefined: not known yet
   */
  arrived(bytes: number, now: number, leastRttMs: number | undefined): void {
    if (this.isFixed || leastRttMs === undefined || leastRttMs < LONG_LINE) return;
    // What began a measurement was on its way before it.
    if (this.#since === undefined) this.#since = now;
    else this.#arrived += bytes;
    const span = now - this.#since;
    if (span < Math.max(LEAST_SPAN, ROUND_TRIPS * leastRttMs)) return;
    const wanted = Math.floor((AHEAD * this.#arrived * leastRttMs) / span);
    this.#size = Math.min(this.#most, Math.max(this.#size, Math.min(wanted, 2 * this.#size)));
    this.#since = now;
    this.#arrived = 0;
  }
}
