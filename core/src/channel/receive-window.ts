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
 * round trips longer, not that one, so that it never grows there, and what is typed doesn't wait behind it. Where less
 * arrives than before it shrinks again in the same way, never below what it began with.
 */
export class ReceiveWindow {
  readonly #first: number;
  readonly #most: number;
  #size: number;
  #since: number | undefined;
  #arrived = 0;

  /** @param most bytes that it may grow to */
  constructor(size: number, most: number) {
    this.#first = size;
    this.#most = most;
    this.#size = size;
  }

  /** Bytes. */
  get size(): number {
    return this.#size;
  }

  get isFixed(): boolean {
    return this.#first >= this.#most;
  }

  /**
   * So many bytes arrived.
   * @param now ms
   * @param leastRttMs the shortest round trip of this line; undefined: not known yet
   */
  arrived(bytes: number, now: number, leastRttMs: number | undefined): void {
    if (leastRttMs === undefined || leastRttMs < LONG_LINE) return;
    // What began a measurement was on its way before it.
    if (this.#since === undefined) this.#since = now;
    else this.#arrived += bytes;
    const span = now - this.#since;
    if (span < Math.max(LEAST_SPAN, ROUND_TRIPS * leastRttMs)) return;
    const wanted = Math.floor((AHEAD * this.#arrived * leastRttMs) / span);
    const next = Math.max(this.#size / 2, Math.min(wanted, 2 * this.#size));
    this.#size = Math.floor(Math.max(this.#first, Math.min(next, this.#most)));
    this.#since = now;
    this.#arrived = 0;
  }

  /** Another line, of which nothing is known yet: its round trips are longer by all that is still to come. */
  restart(): void {
    this.#size = this.#first;
    this.#since = undefined;
    this.#arrived = 0;
  }
}
