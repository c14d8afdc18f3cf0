import { type Clock, FRAMES_IN_FLIGHT, type QualityPreset } from '@livelet/core';
import { type FrameQuality, frameQuality } from './frame-quality.js';
import { LineEstimate } from './line-estimate.js';

/** A frame may begin when it would wait no longer than this behind others, ms. */
const QUEUE_TIME = 20;
/** How long a frame should be on the line, ms, because the next change waits so long; on a long line, this part of it. */
const FRAME_TIME = 40;
const FRAME_SHARE = 1 / 6;
/** While the round trip is asked for. */
const PROBE_TIME = 20;
/** Bytes that a frame may always have: less would be mostly headers. */
const LEAST_BUDGET = 2048;
/** Bytes of a frame, and of all on their way, that are enough on any line: more would only make a sudden slow one worse. */
const MOST_BUDGET = 512 * 1024;
const MOST_BYTES = 2 * 1024 * 1024;
/** After a rest the line may be another: so many bytes are enough on their way, and then so many times what has arrived. */
const AFTER_REST = 32 * 1024;
const PROVEN = 2;
/** Fewest ms between two frames, for the count of those that are needed to fill a round trip. */
const SHORTEST_INTERVAL = 1000 / 60;
/** One being drawn and one on its way. */
const LEAST_FRAMES = 2;
/** Pixels of a frame of which nothing else is known. */
const USUAL_PIXELS = 640 * 360;

/**
 * When a frame may begin and how good it may be, judged by the viewer's acknowledgements alone. What is on its way stays
 * at about rate x (round trip + 60 ms): more would only wait, in a socket, in the relay or in a router, where nothing
 * can overtake it.
 */
export class Pace {
  /** What the person at the viewer asked for. */
  preset: QualityPreset = 'automatic';
  readonly #clock: Clock;
  readonly #line: LineEstimate;
  /** When the line will have taken all that was sent, ms of the clock. */
  #freeAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#line = new LineEstimate(clock);
  }

  /** The frame is being read and coded. */
  begin(frame: number): void {
    this.#line.begin(frame);
  }

  /** A part of the frame was given to the stream. */
  sent(frame: number, bytes: number): void {
    this.#line.sent(frame, bytes);
    this.#freeAt = Math.max(this.#freeAt, this.#clock.now()) + (bytes / this.#line.rate) * 1000;
  }

  /** @param drawTime from the arrival of the frame's last byte, ms */
  acknowledged(frame: number, drawTime: number): void {
    const { rate } = this.#line;
    this.#line.acknowledged(frame, drawTime);
    const now = this.#clock.now();
    // What waits goes at the rate that is known now; and nothing waits that was acknowledged.
    if (this.#line.bytes === 0) this.#freeAt = now;
    else this.#freeAt = now + ((this.#freeAt - now) * rate) / this.#line.rate;
  }

  /** Another generation: no frame that was begun will be acknowledged, and numbers start again. */
  restart(): void {
    this.#line.restart();
  }

  /** Ms until the line has room for another frame; 0: now. */
  get wait(): number {
    return Math.max(0, this.#freeAt - this.#clock.now() - QUEUE_TIME);
  }

  /** Whether a frame may begin at all; if not, it may after an acknowledgement. */
  get mayBegin(): boolean {
    return this.#hasRoom(0);
  }

  /**
   * The same for one of many that nobody waits for: the line is never empty meanwhile, though frames are acknowledged as
   * a whole, and only once they are drawn.
   */
  get mayBeginMore(): boolean {
    return this.#hasRoom((this.#line.rate * this.#line.drawTime) / 1000 + this.budget);
  }

  #hasRoom(more: number): boolean {
    const { frames, bytes, rate, roundTrip, isProbeDue, isLate, proven } = this.#line;
    if (frames === 0) return true;
    if (isProbeDue || isLate || frames >= this.frames) return false;
    const most = Math.min(Math.max(AFTER_REST, proven * PROVEN), MOST_BYTES);
    return bytes <= Math.min((rate * (roundTrip + QUEUE_TIME)) / 1000 + more, most);
  }

  /** Frames that fill a round trip without waiting for the viewer, who draws one after the other. */
  get frames(): number {
    const { roundTrip, drawTime } = this.#line;
    const needed = 1 + Math.ceil(roundTrip / Math.max(drawTime, SHORTEST_INTERVAL));
    return Math.min(Math.max(needed, LEAST_FRAMES), FRAMES_IN_FLIGHT);
  }

  /** Bytes that the next frame should stay below. */
  get budget(): number {
    const { isProbeDue, rate, roundTrip } = this.#line;
    const time = isProbeDue ? PROBE_TIME : Math.max(FRAME_TIME, roundTrip * FRAME_SHARE);
    return Math.min(Math.max(Math.round((rate * time) / 1000), LEAST_BUDGET), MOST_BUDGET);
  }

  get quality(): FrameQuality {
    return this.qualityOf(USUAL_PIXELS);
  }

  /** The quality of a frame that changes so many pixels: a small change can be good on a bad line too. */
  qualityOf(pixels: number): FrameQuality {
    return frameQuality(this.#line.rate, pixels, this.preset);
  }

  /** What the line is taken for, bytes a second. */
  get rate(): number {
    return this.#line.rate;
  }

  /** The last known one-way time of a frame, waiting included, ms. */
  get wireTime(): number {
    return this.#line.lastTrip / 2;
  }
}
