import { AUDIO_FRAME_TIME } from '@livelet/core/page';

/** What waits at first, and what may be added to it by a line that is uneven, ms. */
const LEAST = 20;
const MOST = 200;
/** Added whenever there was nothing to play, ms. */
const STEP = 20;
/** Above what should wait: from here on quiet packets are left out, and from there on any, ms. */
const QUIET_SLACK = 15;
const SLACK = 80;
/**
 * After so many packets the wait is looked at, and shortened when less would have been enough. Each gap doubles it, up to
 * the second: where gaps come again and again, what keeps them away stays.
 */
const WINDOW = 100;
const LONGEST_WINDOW = 1500;

/**
 * When each packet is played. A little always waits, so that uneven arrival isn't heard: more after each gap, less again
 * after a while without one. What waits beyond that is left out, so that a stall of the line never becomes a delay that
 * stays, nor a loudspeaker that is slower than the microphone one that grows.
 */
export class JitterBuffer {
  #cushion = LEAST;
  /** When the next packet begins, ms by the clock of the loudspeaker. */
  #next: number | undefined;
  #least = Number.POSITIVE_INFINITY;
  #counted = 0;
  #window = WINDOW;
  #ahead = 0;
  #gaps = 0;
  #dropped = 0;

  /** What waited when the last packet came, ms. */
  get ahead(): number {
    return this.#ahead;
  }

  /** How often there was nothing to play. */
  get gaps(): number {
    return this.#gaps;
  }

  /** Packets that were left out. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * A packet is there.
   * @param now ms by the clock of the loudspeaker
   * @param quiet whether nobody would miss it
   * @returns when to begin to play it, by the same clock; undefined: not at all
   */
  place(now: number, quiet: boolean): number | undefined {
    if (this.#next === undefined || this.#next < now) return this.#begin(now);
    this.#ahead = this.#next - now;
    this.#least = Math.min(this.#least, this.#ahead);
    const above = this.#ahead - this.#cushion;
    if (above > SLACK || (above > QUIET_SLACK && quiet) || this.#couldBeLess()) {
      this.#dropped += 1;
      return undefined;
    }
    const at = this.#next;
    this.#next = at + AUDIO_FRAME_TIME;
    return at;
  }

  #begin(now: number): number {
    if (this.#next !== undefined) {
      this.#gaps += 1;
      this.#cushion = Math.min(MOST, this.#cushion + STEP);
      this.#window = Math.min(LONGEST_WINDOW, 2 * this.#window);
    }
    this.#look();
    this.#ahead = this.#cushion;
    this.#next = now + this.#cushion + AUDIO_FRAME_TIME;
    return now + this.#cushion;
  }

  /** Once in a while: whether all that came since would have been in time with a packet less before it. */
  #couldBeLess(): boolean {
    this.#counted += 1;
    if (this.#counted < this.#window) return false;
    const spare = this.#least - LEAST;
    this.#look();
    if (spare < AUDIO_FRAME_TIME) return false;
    this.#cushion = Math.max(LEAST, this.#cushion - AUDIO_FRAME_TIME);
    return true;
  }

  #look(): void {
    this.#least = Number.POSITIVE_INFINITY;
    this.#counted = 0;
  }
}
