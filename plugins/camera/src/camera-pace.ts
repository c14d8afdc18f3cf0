import type { Clock } from '@livelet/core';
import { CAMERA_FORMAT, type Pace } from './page-protocol.js';

/** Bits a second of each level, from the best: four fifths of the one before. */
const LEVELS = Array.from({ length: 11 }, (_, level) => Math.round(CAMERA_FORMAT.bitrate * 0.8 ** level));
/** A camera begins with little: its first key frame has to pass before anything is known of the line. */
const FIRST_LEVEL = 6;
/** Too much is on its way: so many levels less. */
const STEP_DOWN = 2;
/** The line has had room for so long: one level more. Each time that was too much, twice as long up to the most, ms. */
const STEADY = 600;
const MOST_STEADY = 4_000;
/** What frames may wait on their way, ms: more is a queue, which everything else of the session stands in too. */
const MAX_WAIT = 80;
/** One frame may be late for other reasons, such as a page that was busy. */
const LATE_FRAMES = 3;
/** How long the shortest way that was seen is believed, ms: lines change. */
const BELIEVED = 20_000;
/** Bits of a frame below which fewer come rather than worse ones; and never fewer than these, frames a second. */
const FRAME_BITS = 12_000;
const LEAST_RATE = 5;

/** A frame on its way. */
interface Way {
  readonly number: number;
  readonly bytes: number;
  /** ms of the clock. */
  readonly at: number;
}

/**
 * How much of a camera is encoded, by how long its frames take until the other end has done with them: what the line
 * has no room for is not made.
 */
export class CameraPace {
  readonly #clock: Clock;
  #ways: Way[] = [];
  #level = FIRST_LEVEL;
  /** Of the last frames, oldest first, ms. */
  #delays: number[] = [];
  /** The shortest delay of this span and of the one before, ms. */
  #least = Number.POSITIVE_INFINITY;
  #leastBefore = Number.POSITIVE_INFINITY;
  #spanAt: number;
  #steadyAt: number;
  #steady = STEADY;
  /** Frames sent before that say nothing of this level. */
  #changedAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#spanAt = clock.now();
    this.#steadyAt = this.#spanAt;
  }

  get now(): Pace {
    const bitrate = LEVELS[this.#level] ?? 0;
    const rate = Math.round(Math.max(LEAST_RATE, Math.min(CAMERA_FORMAT.rate, bitrate / FRAME_BITS)));
    const onTheirWay = this.#ways.reduce((sum, { bytes }) => sum + bytes, 0);
    // As long as nothing is known, one frame shows it.
    const least = this.#shortest;
    const room = Number.isFinite(least) ? (bitrate / 8000) * (least + MAX_WAIT) : 0;
    return { bitrate, rate, held: onTheirWay > room };
  }

  sent(number: number, bytes: number): void {
    this.#ways.push({ number, bytes, at: this.#clock.now() });
  }

  /** The other end has done with this frame and all before it. */
  done(number: number): void {
    const last = this.#ways.findLast((way) => way.number <= number);
    this.#ways = this.#ways.filter((way) => way.number > number);
    if (last) this.#learn(last);
  }

  get #shortest(): number {
    return Math.min(this.#least, this.#leastBefore);
  }

  #learn({ at }: Way): void {
    const now = this.#clock.now();
    if (now - this.#spanAt > BELIEVED) {
      this.#leastBefore = this.#least;
      this.#least = Number.POSITIVE_INFINITY;
      this.#spanAt = now;
      this.#steady = Math.max(STEADY, this.#steady / 2);
    }
    const delay = now - at;
    this.#least = Math.min(this.#least, delay);
    if (at < this.#changedAt) return;
    this.#delays = [...this.#delays, delay].slice(-LATE_FRAMES);
    const isLate = Math.min(...this.#delays) - this.#shortest > MAX_WAIT;
    if (isLate && this.#delays.length === LATE_FRAMES) this.#change(STEP_DOWN, now);
    else if (delay - this.#shortest > MAX_WAIT) this.#steadyAt = now;
    else if (now - this.#steadyAt >= this.#steady) this.#change(-1, now);
  }

  #change(levels: number, now: number): void {
    this.#level = Math.max(0, Math.min(LEVELS.length - 1, this.#level + levels));
    this.#delays = [];
    this.#steadyAt = now;
    if (levels < 0) return;
    this.#changedAt = now;
    this.#steady = Math.min(MOST_STEADY, 2 * this.#steady);
  }
}
