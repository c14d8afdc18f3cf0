import type { Clock } from '@livelet/core';

/** What a line is taken for before anything is known of it: bytes a second, and ms. */
const FIRST_RATE = 250_000;
const FIRST_ROUND_TRIP = 100;
/** No line is taken for slower, bytes a second: what is sent on it is how a faster one would be seen. */
const LOWEST_RATE = 4000;
/** Times are known no better than this, ms: so short a way says little of the rate. */
const SHORTEST_SPAN = 2;
/** A frame that waited longer than this behind others, ms, tells the rate of the line and not that of the source. */
const BUSY = 10;
/** Two frames in a row that waited longer than this, ms: more was sent than the line carries. One may be a chance. */
const CONGESTED = 60;
/** Without a round trip near the shortest for so long, ms, the line is asked for one. */
const ROUND_TRIP_VALID = 8000;
/** A frame that is longer on the line than this, ms, doesn't tell the round trip ... */
const LONGEST_PROBE = 60;
/** ... unless it is as small as this, bytes: then its own time doesn't matter. */
const SMALL_PROBE = 3000;
/** Congested and at this part of what it was taken for, the line is another than was thought: its round trip is asked for. */
const OTHER_LINE = 0.7;
/** How much one frame counts while the line is busy. */
const WEIGHT = 0.25;
/** How much faster the line may seem from one frame to the next: acknowledgements that come together look very fast. */
const RISE = 1.5;

/** A frame that was begun and isn't acknowledged. */
interface Flight {
  readonly number: number;
  bytes: number;
  firstSent: number;
  lastSent: number;
  /** Nothing else was on its way when it began. */
  readonly alone: boolean;
  /** All bytes that had arrived by then, and when the last of them did. */
  readonly deliveredBefore: number;
  readonly arrivedBefore: number;
}

/**
 * What acknowledgements tell of the line and of the viewer: the rate at which bytes arrive, and the round trip of an
 * empty line. Bytes that arrived between two arrivals are a rate that the line has at least; while frames wait behind
 * others, it is the line's own. The way of BBR (draft-cardwell-iccrg-bbr-congestion-control, 4.1), a frame for a packet.
 */
export class LineEstimate {
  readonly #clock: Clock;
  readonly #flights: Flight[] = [];
  #rate = FIRST_RATE;
  #isRateKnown = false;
  #roundTrip = FIRST_ROUND_TRIP;
  /** When a round trip near the shortest was last seen. */
  #roundTripAt = Number.NEGATIVE_INFINITY;
  #highestRate = FIRST_RATE;
  #waited = 0;
  #spread = 0;
  #drawTime = 0;
  #lastTrip = 0;
  #delivered = 0;
  #arrived = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Bytes a second. */
  get rate(): number {
    return this.#rate;
  }

  /** Of an empty line, without the drawing, ms. */
  get roundTrip(): number {
    return this.#roundTrip;
  }

  /** Of the last frame, without its drawing but with its waiting, ms. */
  get lastTrip(): number {
    return this.#lastTrip;
  }

  /** What the viewer needs to draw a frame, ms. */
  get drawTime(): number {
    return this.#drawTime;
  }

  /** Frames begun and not acknowledged. */
  get frames(): number {
    return this.#flights.length;
  }

  /** Of these frames. */
  get bytes(): number {
    return this.#flights.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** The next frame should find an empty line: the round trip may have become another. */
  get isProbeDue(): boolean {
    return this.#clock.now() - this.#roundTripAt > ROUND_TRIP_VALID;
  }

  begin(number: number): void {
    const now = this.#clock.now();
    this.#flights.push({
      number,
      bytes: 0,
      firstSent: now,
      lastSent: now,
      alone: this.#flights.length === 0,
      deliveredBefore: this.#delivered,
      arrivedBefore: this.#arrived,
    });
  }

  sent(number: number, bytes: number): void {
    const flight = this.#flights.find((candidate) => candidate.number === number);
    if (!flight) return;
    const now = this.#clock.now();
    if (flight.bytes === 0) flight.firstSent = now;
    flight.lastSent = now;
    flight.bytes += bytes;
  }

  /**
   * This frame and all before it are drawn.
   * @param drawTime from the arrival of its last byte, ms, as the viewer says
   */
  acknowledged(number: number, drawTime: number): void {
    let last: Flight | undefined;
    while ((this.#flights[0]?.number ?? Number.POSITIVE_INFINITY) <= number) {
      last = this.#flights.shift();
      this.#delivered += last?.bytes ?? 0;
    }
    if (!last || last.bytes === 0) return;
    const now = this.#clock.now();
    const arrived = Math.max(last.lastSent, this.#arrived, now - drawTime);
    this.#drawTime += (now - arrived - this.#drawTime) * WEIGHT;
    this.#lastTrip = arrived - last.lastSent;
    this.#learnRoundTrip(last);
    this.#learnRate(last, arrived);
    this.#arrived = arrived;
  }

  /** What is on its way won't be acknowledged; of the line all stays known. */
  restart(): void {
    this.#flights.length = 0;
  }

  #learnRoundTrip(flight: Flight): void {
    const trip = this.#lastTrip;
    // A tenth more is still the same line.
    if (trip <= this.#roundTrip * 1.1 + 1) {
      this.#setRoundTrip(Math.min(trip, this.#roundTrip));
      return;
    }
    if (!flight.alone || !this.isProbeDue) return;
    const own = (flight.bytes / this.#rate) * 1000;
    if (flight.bytes <= SMALL_PROBE) this.#setRoundTrip(trip);
    // Its own bytes took a part of the time; how much is known by the rate only, and not better than by half.
    else if (own <= LONGEST_PROBE) this.#setRoundTrip(Math.max(trip - own, trip / 2));
  }

  #setRoundTrip(time: number): void {
    this.#roundTrip = time;
    this.#roundTripAt = this.#clock.now();
    this.#highestRate = this.#rate;
  }

  #learnRate(flight: Flight, arrived: number): void {
    const own = (flight.bytes / this.#rate) * 1000;
    const waited = this.#lastTrip - this.#roundTrip - own;
    const isCongested = Math.min(waited, this.#waited) > CONGESTED;
    this.#waited = waited;
    // No byte of it came before the frame before it, nor sooner than a round trip.
    const began = Math.max(this.#arrived, flight.firstSent + this.#roundTrip);
    const spread = perSecond(flight.bytes, arrived - began);
    // One may come out fast because the one before was held up.
    const fast = Math.min(spread, this.#spread, this.#rate * RISE);
    this.#spread = spread;
    if (!this.#isRateKnown) this.#rate = spread;
    else if (waited > BUSY && !flight.alone) this.#follow(flight, arrived, isCongested);
    else this.#rate = Math.max(this.#rate, fast);
    this.#rate = Math.max(this.#rate, LOWEST_RATE);
    this.#highestRate = Math.max(this.#highestRate, this.#rate);
    this.#isRateKnown = true;
  }

  /** While frames wait behind others, what arrives is what the line carries. */
  #follow(flight: Flight, arrived: number, isCongested: boolean): void {
    const rate = this.#rate;
    const sample = perSecond(this.#delivered - flight.deliveredBefore, arrived - flight.arrivedBefore);
    if (isCongested && sample < rate) this.#rate = Math.max(sample, rate / 2);
    else this.#rate += (Math.min(sample, rate * RISE) - rate) * WEIGHT;
    if (isCongested && this.#rate < this.#highestRate * OTHER_LINE)
      this.#roundTripAt = Number.NEGATIVE_INFINITY;
  }
}

/** @param span ms */
function perSecond(bytes: number, span: number): number {
  return (bytes * 1000) / Math.max(span, SHORTEST_SPAN);
}
