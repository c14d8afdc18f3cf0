import type { Clock } from '@livelet/core/wire';

/** Bytes that a pair may pass on in one turn of the event loop while others do too: less than a tenth of a millisecond. */
const SHARE = 32 * 1024;
/** How long after others were heard a pair still counts them as there, ms. */
const COMPANY = 100;

/** What one pair has passed on in the present turn. */
export interface Share {
  turn: number;
  bytes: number;
}

/**
 * Shares the event loop between pairs: one that sends as fast as it can would fill each turn with megabytes, and
 * everyone else's key presses would wait for the end of it. A pair that is alone has no need to stop.
 */
export class Turns {
  readonly #clock: Clock;
  #number = 1;
  #isCounting = false;
  #last: Share | undefined;
  #sharedUntil = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What a pair brings to `isOver`. */
  static share(): Share {
    return { turn: 0, bytes: 0 };
  }

  /** Counts bytes of a pair; whether it should let the others have their turn, see `next`. */
  isOver(share: Share, bytes: number): boolean {
    this.#count();
    if (share.turn !== this.#number) {
      share.turn = this.#number;
      share.bytes = 0;
    }
    share.bytes += bytes;
    if (share !== this.#last) {
      if (this.#last !== undefined) this.#sharedUntil = this.#clock.now() + COMPANY;
      this.#last = share;
    }
    return share.bytes >= SHARE && this.#clock.now() < this.#sharedUntil;
  }

  /** Runs `task` in the next turn. */
  next(task: () => void): void {
    setImmediate(task);
  }

  /** A turn ends where the event loop comes round, and only turns in which something was passed are counted. */
  #count(): void {
    if (this.#isCounting) return;
    this.#isCounting = true;
    setImmediate(() => {
      this.#isCounting = false;
      this.#number += 1;
    });
  }
}
