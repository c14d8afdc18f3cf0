import { AUDIO_FRAME, AUDIO_RATE, type AudioFormat } from '@livelet/core/page';
import { type Channels, mostAlike } from './likeness.js';

/** Samples of a time in ms. */
const samples = (milliseconds: number): number => (milliseconds * AUDIO_RATE) / 1000;

/** How much waits, and why. People who talk with each other want it soon; whoever only listens wants it whole. */
interface Patience {
  /** What waits before the first is played. */
  readonly start: number;
  /** Whether a packet is thought to have needed all of it, until so many came as tell how late they may be. */
  readonly wary: boolean;
  /** What should still wait whenever the next packet comes, and the share of packets that may be later than that. */
  readonly margin: number;
  readonly late: number;
  /** How many packets tell how late the next ones may be. */
  readonly known: number;
  /** Where so much waits, nothing is repeated for more, and what comes to it is left out: what is later is bridged. */
  readonly enough: number;
}
/** More than this never waits: what is older is left out at once. */
const MOST = samples(320);
const PATIENCE = {
  lowdelay: {
    start: 2 * AUDIO_FRAME,
    wary: false,
    margin: samples(2),
    late: 0.005,
    known: 500,
    enough: MOST,
  },
  // Packets of 5 min: the worst comes once in a minute. No more than a picture may be ahead of its sound.
  audio: {
    start: samples(100),
    wary: true,
    margin: samples(20),
    late: 0,
    known: 15_000,
    enough: samples(110),
  },
} as const satisfies Record<AudioFormat['use'], Patience>;
/** How many packets at least tell how late the next ones may be, and after how many it is looked anew. */
const ENOUGH = 50;
const EVERY = 25;
/** Sound between two periods that are left out or repeated, so that nobody hears it; in silence nobody does. */
const BETWEEN = samples(60);
/** Periods of sound: from what is above a voice to what is below one. */
const SHORTEST = samples(2.5);
const LONGEST = samples(15);
/** One sound goes over into another in so much. */
const OVERLAP = samples(5);
/** What is compared to find the period. */
const WIDTH = samples(10);
/** What was played is known so far back. */
const NEEDED = LONGEST + WIDTH;
const HISTORY = 4 * NEEDED;
/** Where nothing came, the last period goes on: so much at a time, so much in all, and 37 % as loud after `FADE`. */
const INVENTED = samples(10);
const MOST_INVENTED = samples(240);
const FADE = samples(60);
/** Nobody would miss it: 40 dB below full. */
const QUIET = 0.01;
const CAPACITY = AUDIO_RATE;

/**
 * What waits to be played: what nearly all of the last packets would have needed, and a margin. A period of the sound at a
 * time is left out or repeated until it is so. What comes too late is bridged by the sound that was there before, softer and
 * softer. So uneven arrival isn't heard, a stall never becomes a delay that stays, and a loudspeaker that is slower
 * than the microphone never makes one that grows.
 */
export class Playout {
  readonly #lines: Channels;
  readonly #patience: Patience;
  /** What is played next, and the end of what waits, in the lines. */
  #from = HISTORY;
  #end = HISTORY;
  #playing = false;
  /** Samples that were invented since the last real ones. */
  #invented = 0;
  #period = 0;
  /** The least that waited since the last packet. */
  #least = Number.POSITIVE_INFINITY;
  /** What was added so far to what waits, less what was left out. */
  #added = 0;
  /** What waited when each of the last packets came, had nothing been added. */
  readonly #waits: Float64Array;
  #count = 0;
  /** After a beginning so many come as they were held up. */
  #unsettled = EVERY;
  /** What waited when nearly every packet came, likewise. */
  #mostly = Number.NEGATIVE_INFINITY;
  #sinceChange = 0;
  #gaps = 0;

  constructor({ channels, use }: Pick<AudioFormat, 'channels' | 'use'>) {
    this.#patience = PATIENCE[use];
    this.#waits = new Float64Array(this.#patience.known);
    this.#lines = Array.from({ length: channels }, () => new Float32Array(CAPACITY));
  }

  /** Samples that wait. */
  get waiting(): number {
    return this.#end - this.#from;
  }

  /** How often there was nothing to play. */
  get gaps(): number {
    return this.#gaps;
  }

  /**
   * The next packet's sound.
   * @param packet one array for each channel; at most CAPACITY / 4 samples
   * @param follows whether it is right after the one before; without that something was left out between them
   */
  add(packet: Channels, follows: boolean): void {
    const length = packet[0]?.length ?? 0;
    if (length < OVERLAP || length > CAPACITY / 4) return;
    this.#makeRoom(length);
    this.#note();
    if (this.#invented === 0 && follows) this.#append(packet, 0);
    else this.#join(packet);
    this.#playing ||= this.waiting >= this.#patience.start;
    this.#sinceChange += length;
    if (this.waiting > MOST) this.#skip(this.waiting - MOST / 2);
    else if (this.#sinceChange >= BETWEEN || isQuiet(packet)) this.#approach();
  }

  /** Fills `into`, of so many channels, with what is heard next. */
  take(into: Channels): void {
    const length = into[0]?.length ?? 0;
    if (this.#playing && this.waiting < length) this.#bridge(length);
    if (!this.#playing) {
      for (const channel of into) channel.fill(0);
      return;
    }
    into.forEach((channel, n) => {
      channel.set((this.#lines[n] as Float32Array).subarray(this.#from, this.#from + length));
    });
    this.#from += length;
    if (this.#invented === 0) this.#least = Math.min(this.#least, this.waiting);
  }

  #append(packet: Channels, skipped: number): void {
    packet.forEach((channel, n) => {
      this.#lines[n]?.set(channel.subarray(skipped), this.#end);
    });
    this.#end += (packet[0]?.length ?? 0) - skipped;
  }

  /** After what was invented, or left out: the sound before goes on until it is where the packet begins. */
  #join(packet: Channels): void {
    if (this.#invented > 0) {
      // Nobody has heard the rest.
      this.#added += this.#invented - this.waiting;
      this.#end = this.#from;
    } else {
      this.#findPeriod();
    }
    const before = this.#end;
    this.#goOn(LONGEST + OVERLAP);
    const at = mostAlike(packet, 0, this.#lines, before, before + LONGEST, OVERLAP);
    this.#end = at + OVERLAP;
    packet.forEach((channel, n) => {
      const line = this.#lines[n] as Float32Array;
      for (let i = 0; i < OVERLAP; i += 1) line[at + i] = blend(line[at + i], channel[i], i);
    });
    this.#append(packet, OVERLAP);
    this.#added += at - before;
    this.#invented = 0;
  }

  /** There is less than what is to be played. */
  #bridge(length: number): void {
    if (this.#invented === 0) {
      this.#gaps += 1;
      this.#findPeriod();
    }
    if (this.#invented >= MOST_INVENTED) {
      // It begins anew: what was known is of a sound that isn't any more.
      this.#playing = false;
      this.#unsettled = EVERY;
      this.#count = 0;
      this.#mostly = Number.NEGATIVE_INFINITY;
      this.#from = this.#end;
      return;
    }
    const count = Math.max(INVENTED, length);
    this.#makeRoom(count);
    this.#goOn(count);
    this.#invented += count;
  }

  /** The last period goes on, softer each time. */
  #goOn(count: number): void {
    const softer = Math.exp(-this.#period / FADE);
    for (const line of this.#lines) {
      for (let n = this.#end; n < this.#end + count; n += 1) {
        line[n] = (line[n - this.#period] as number) * softer;
      }
    }
    this.#end += count;
  }

  #findPeriod(): void {
    const last = this.#end - WIDTH;
    const alike = mostAlike(this.#lines, last, this.#lines, last - SHORTEST, last - LONGEST, WIDTH);
    this.#period = last - alike;
  }

  /** A packet comes: what waits now is what it had to spare; what was invented is what it is late by. */
  #note(): void {
    if (this.#unsettled > 0) {
      this.#unsettled -= 1;
      return;
    }
    const { wary, margin, late } = this.#patience;
    if (wary && this.#count === 0) {
      this.#waits[0] = margin - this.#added;
      this.#count = 1;
    }
    const waits = this.#invented > 0 ? this.waiting - this.#invented : Math.min(this.#least, this.waiting);
    this.#least = Number.POSITIVE_INFINITY;
    this.#waits[this.#count % this.#waits.length] = waits - this.#added;
    this.#count += 1;
    const isTime = this.#invented > 0 || this.#count % EVERY === 0;
    if (this.#count < ENOUGH || !isTime) return;
    const known = this.#waits.subarray(0, this.#count);
    // Without any that may be later it is the least: so many aren't sorted in the thread of the sound.
    this.#mostly =
      late === 0 ? least(known) : (known.slice().sort()[Math.floor(known.length * late)] as number);
  }

  /** Leaves out a period where more waits than nearly any packet needed, and repeats one where it is less. */
  #approach(): void {
    const { margin, enough } = this.#patience;
    const tooMuch = this.waiting - enough - LONGEST;
    const unneeded = this.#mostly + this.#added - margin;
    const spare = tooMuch > 0 ? Math.max(tooMuch, unneeded) : unneeded;
    const from = this.#from;
    let to: number;
    if (spare > 0) {
      to = from + Math.floor(Math.min(spare, LONGEST, this.waiting - OVERLAP));
      if (to < from + SHORTEST) return;
      to = mostAlike(this.#lines, from, this.#lines, to, from + SHORTEST, OVERLAP);
    } else {
      const isKnown = from >= NEEDED + LONGEST && this.waiting >= OVERLAP;
      if (!this.#playing || !isKnown || this.waiting >= enough || spare > -SHORTEST || spare === -Infinity)
        return;
      to = mostAlike(this.#lines, from, this.#lines, from - SHORTEST, from - LONGEST, OVERLAP);
    }
    this.#skip(to - from);
    this.#sinceChange = 0;
  }

  /** What is next goes over into what is so many samples later, or earlier. */
  #skip(count: number): void {
    const to = this.#from + count;
    for (const line of this.#lines) {
      for (let n = 0; n < OVERLAP; n += 1) line[to + n] = blend(line[this.#from + n], line[to + n], n);
    }
    this.#from = to;
    this.#added -= count;
  }

  /** Moves all to the front of the lines where they have no room for so much, and what a join needs. */
  #makeRoom(length: number): void {
    if (this.#end + length + LONGEST + 2 * OVERLAP <= CAPACITY) return;
    const start = Math.max(0, this.#from - HISTORY);
    for (const line of this.#lines) line.copyWithin(0, start, this.#end);
    this.#from -= start;
    this.#end -= start;
  }
}

/** The `n`th sample of a passage from one sound to another. */
function blend(one: number | undefined, other: number | undefined, n: number): number {
  const weight = (n + 0.5) / OVERLAP;
  return (one ?? 0) * (1 - weight) + (other ?? 0) * weight;
}

function least(known: Float64Array): number {
  return known.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
}

function isQuiet([first]: Channels): boolean {
  return first?.every((sample) => Math.abs(sample) < QUIET) ?? true;
}
