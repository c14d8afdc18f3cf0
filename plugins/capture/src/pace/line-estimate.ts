import type { Clock } from '@livelet/core';

/** What a line is taken for before anything is known of it: bytes a second, and ms. */
const FIRST_RATE = 250_000;
const FIRST_ROUND_TRIP = 100;
/** No line is taken for slower, bytes a second: what is sent on it is how a faster one would be seen. */
const LOWEST_RATE = 4000;
/** A shorter time than this, ms, tells no rate: acknowledgements that were held up together come together. */
const SHORTEST_SPAN = 25;
/** A frame alone on the line for longer than this, ms, tells its rate whatever the round trip is taken for. */
const TELLING_SPAN = 100;
/** Arrivals that are remembered: those of SHORTEST_SPAN at the most frames a second, with some to spare. */
const ARRIVALS = 16;
/** Frames that all waited longer than this, ms, tell the rate of the line and not that of the source ... */
const BUSY = 10;
/** ... and longer than this: more was sent than the line carries. */
const CONGESTED = 60;
/** ... and longer than this: so much more that the rate is what was seen, however far below. */
const JAMMED = 240;
/** How many in a row; one may be a chance. On a fast line it is the two computers that are late, and not all the time. */
const WAITS = { slow: 2, fast: 4 } as const;
/** Bytes a second. */
const FAST = 500_000;
/** So many bytes that are jammed tell the rate at once: more like them would be sent until the next frames have told it. */
const TELLING_BYTES = 16 * 1024;
/** It may be a computer that was busy: the rate falls no lower than to this part, and only what is sent later tells it again. */
const PLUNGE = 0.1;
/** A viewer that draws longer than this, ms, is a computer that has much to do: what is late there is no jam. */
const SLOW_DRAWING = 15;
/** How much one frame counts while the line is busy. */
const WEIGHT = 0.25;
/** How much faster or slower the line may seem from one frame to the next. */
const RISE = 1.5;
const FALL = 0.7;
/** While at least this part of the rate is used and nothing waits, more is tried: so much with each round trip. */
const USED = 0.5;
const TRIAL = 1.15;
/** But for this long, ms, no more than so much above the rate at which frames last waited; then twice that in each DOUBLED. */
const REMEMBERED = 4000;
const ABOVE = 1.1;
const DOUBLED = 2000;
/** An acknowledgement that is later than this, ms, is awaited before more is sent. */
const LATE = 100;
/** Without a round trip near the shortest for so long, ms, the line is asked for one. */
const ROUND_TRIP_VALID = 15_000;
/** After a rest of this, ms, the line may be another. */
const REST = 1000;
/** A frame that is longer on the line than this, ms, doesn't tell the round trip ... */
const LONGEST_PROBE = 60;
/** ... unless it is as small as this, bytes: then its own time doesn't matter. */
const SMALL_PROBE = 3000;
/** Congested and at this part of what it was taken for, the line is another than was thought: its round trip is asked for. */
const OTHER_LINE = 0.7;

/** A frame that was begun and isn't acknowledged. */
interface Flight {
  readonly number: number;
  bytes: number;
  firstSent: number;
  lastSent: number;
  /** Nothing else was on its way when it began. */
  readonly alone: boolean;
  /** The last arrival that was known of by then, or when the first byte could come of the first that was sent since. */
  readonly from: Arrival;
}

/** When a frame had arrived, as its acknowledgement tells: later by the way back, as all are. */
interface Arrival {
  readonly at: number;
  /** All bytes so far. */
  readonly delivered: number;
}

/**
 * What acknowledgements tell of the line and of the viewer: the rate at which bytes arrive, and the round trip of an
 * empty line. What arrived between two arrivals is a rate that the line has at least; while frames wait behind others,
 * it is the line's own. The way of BBR (draft-cardwell-iccrg-bbr-congestion-control, 4.1), with frames for packets.
 */
export class LineEstimate {
  readonly #clock: Clock;
  readonly #flights: Flight[] = [];
  /** The newest last. */
  readonly #arrivals: Arrival[] = [];
  #rate = FIRST_RATE;
  #isRateKnown = false;
  /** The highest since the round trip was learnt. */
  #highestRate = FIRST_RATE;
  #roundTrip = FIRST_ROUND_TRIP;
  /** When a round trip near the shortest was last seen. */
  #roundTripAt = Number.NEGATIVE_INFINITY;
  #lastTrip = 0;
  /** How long the last frames waited, ms; the newest last. */
  readonly #waits: number[] = [];
  /** When more was last tried: only what was sent later tells what came of it. */
  #triedAt = Number.NEGATIVE_INFINITY;
  /** What a line that isn't fast was taken for when frames last waited. */
  #busyRate = Number.POSITIVE_INFINITY;
  #busyAt = Number.NEGATIVE_INFINITY;
  /** When a jam told the rate. */
  #plungedAt = Number.NEGATIVE_INFINITY;
  /** All that had arrived when the line last had nothing to carry for long. */
  #deliveredAtRest = 0;
  #drawTime = 0;

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

  /** The oldest frame on its way should have been acknowledged: the line may have become a slower one. */
  get isLate(): boolean {
    const [oldest] = this.#flights;
    if (!oldest) return false;
    const due = oldest.lastSent + this.#roundTrip + this.#timeOf(oldest) + this.#drawTime;
    return this.#clock.now() > due + LATE;
  }

  /** Bytes that arrived since the line last had nothing to carry for REST: only these show what it carries now. */
  get proven(): number {
    return (this.#arrivals.at(-1)?.delivered ?? 0) - this.#deliveredAtRest;
  }

  begin(number: number): void {
    const now = this.#clock.now();
    const [oldest] = this.#flights;
    const before = this.#arrivals.at(-1);
    if (!oldest && before && now - before.at > REST) this.#deliveredAtRest = before.delivered;
    const from = oldest?.alone
      ? { at: oldest.firstSent + this.#roundTrip, delivered: oldest.from.delivered }
      : (before ?? { at: now, delivered: 0 });
    this.#flights.push({ number, bytes: 0, firstSent: now, lastSent: now, alone: !oldest, from });
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
    const before = this.#arrivals.at(-1);
    let delivered = before?.delivered ?? 0;
    let last: Flight | undefined;
    while ((this.#flights[0]?.number ?? Number.POSITIVE_INFINITY) <= number) {
      last = this.#flights.shift();
      delivered += last?.bytes ?? 0;
    }
    if (!last || last.bytes === 0) return;
    const now = this.#clock.now();
    const at = Math.max(last.lastSent, before?.at ?? 0, now - drawTime);
    this.#drawTime += (now - at - this.#drawTime) * WEIGHT;
    this.#lastTrip = at - last.lastSent;
    this.#learnRoundTrip(last);
    this.#learnRate(last, { at, delivered });
    this.#arrivals.push({ at, delivered });
    if (this.#arrivals.length > ARRIVALS) this.#arrivals.shift();
  }

  /** What is on its way won't be acknowledged; of the line all stays known. */
  restart(): void {
    this.#flights.length = 0;
  }

  #learnRoundTrip(flight: Flight): void {
    const trip = this.#lastTrip;
    if (!this.#isRateKnown) {
      this.#roundTrip = Math.min(trip, this.#roundTrip);
      return;
    }
    // A tenth more is still the same line.
    if (trip <= this.#roundTrip * 1.1 + 1) {
      this.#setRoundTrip(Math.min(trip, this.#roundTrip));
      return;
    }
    if (!flight.alone || !this.isProbeDue) return;
    const own = this.#timeOf(flight);
    if (flight.bytes <= SMALL_PROBE) this.#setRoundTrip(trip);
    // Its own bytes took a part of it. Half of what the rate says: too short a round trip is worse than too long a one.
    else if (own <= LONGEST_PROBE) this.#setRoundTrip(Math.max(trip - own / 2, trip / 2));
  }

  #setRoundTrip(time: number): void {
    this.#roundTrip = time;
    this.#roundTripAt = this.#clock.now();
    this.#highestRate = this.#rate;
  }

  #learnRate(flight: Flight, arrival: Arrival): void {
    const early = this.#roundTrip + this.#timeOf(flight) - this.#lastTrip;
    const waited = this.#wait(-early);
    const isCongested = waited > CONGESTED;
    const rate = this.#rate;
    const span = arrival.at - flight.firstSent - this.#roundTrip;
    const alone = (flight.bytes * 1000) / Math.max(span, SHORTEST_SPAN);
    const sample = flight.alone ? alone : rateBetween(flight.from, arrival);
    if (!this.#isRateKnown) {
      this.#rate = alone;
    } else if (this.#tellsJam(flight, arrival, -early)) {
      this.#plungedAt = this.#clock.now();
      this.#rate = Math.min(rate, Math.max(sample, rate * PLUNGE));
    } else if (waited > BUSY) {
      if (isCongested && sample < rate) this.#rate = waited > JAMMED ? sample : Math.max(sample, rate * FALL);
      else this.#rate += (Math.min(sample, rate * RISE) - rate) * WEIGHT;
      if (!this.#isViewerSlow) {
        this.#busyRate = this.#rate;
        this.#busyAt = this.#clock.now();
      }
    } else {
      const least = flight.alone ? alone : this.#leastRate(arrival);
      // The round trip may be known too long, but not by so much: a frame that came much earlier than it could is certain,
      // and so is what came between two others.
      const isCertain = early > this.#roundTrip / 2 + SHORTEST_SPAN;
      if (isCertain) this.#rate *= RISE;
      else if (least > rate && (!flight.alone || span > SHORTEST_SPAN))
        this.#rate = Math.min(least, rate * RISE);
      // A frame that was long on the line, and alone there, has told how much that carries.
      else if (flight.alone && span > TELLING_SPAN)
        this.#rate += (Math.max(alone, rate * FALL) - rate) * WEIGHT;
      else if (least > rate * USED) this.#try(flight);
    }
    this.#rate = Math.max(this.#rate, LOWEST_RATE);
    this.#isRateKnown = true;
    this.#highestRate = Math.max(this.#highestRate, this.#rate);
    if (isCongested && this.#rate < this.#highestRate * OTHER_LINE)
      this.#roundTripAt = Number.NEGATIVE_INFINITY;
  }

  get #isViewerSlow(): boolean {
    return this.#drawTime > SLOW_DRAWING;
  }

  /** The shortest of the last waits: what waits all the time is a queue. */
  #wait(newest: number): number {
    this.#waits.push(newest);
    if (this.#waits.length > WAITS.fast) this.#waits.shift();
    return Math.min(...this.#waits.slice(this.#rate > FAST ? -WAITS.fast : -WAITS.slow));
  }

  #tellsJam(flight: Flight, arrival: Arrival, late: number): boolean {
    if (this.#isViewerSlow) return false;
    const isMuch = arrival.delivered - flight.from.delivered >= TELLING_BYTES;
    return late > JAMMED && isMuch && flight.firstSent > this.#plungedAt;
  }

  #try(flight: Flight): void {
    if (flight.firstSent < this.#triedAt) return;
    const now = this.#clock.now();
    const old = Math.max(0, now - this.#busyAt - REMEMBERED);
    const most =
      this.#busyRate < FAST ? this.#busyRate * ABOVE * 2 ** (old / DOUBLED) : Number.POSITIVE_INFINITY;
    if (this.#rate >= most) return;
    this.#triedAt = now;
    this.#rate = Math.min(this.#rate * TRIAL, most);
  }

  /** What the line carried in the shortest time that tells it. */
  #leastRate(arrival: Arrival): number {
    const since = this.#arrivals.findLast(({ at }) => at <= arrival.at - SHORTEST_SPAN);
    return since ? rateBetween(since, arrival) : 0;
  }

  /** Its own time on the line, ms. */
  #timeOf({ bytes }: Flight): number {
    return (bytes / this.#rate) * 1000;
  }
}

function rateBetween(from: Arrival, to: Arrival): number {
  return ((to.delivered - from.delivered) * 1000) / Math.max(to.at - from.at, SHORTEST_SPAN);
}
