import type { Clock } from '@livelet/core';

/** How long nothing may move in a transfer that isn't paused, ms: a person may be asked something at the other end. */
export const STALLED = 10 * 60_000;
/** How long a transfer may be paused, at either end, ms. */
export const PAUSED = 60 * 60_000;

/** Notices that a transfer gets nowhere: whoever takes or gives nothing more would keep all others waiting behind it. */
export class ProgressWatch implements Disposable {
  readonly #clock: Clock;
  readonly #stalled: () => void;
  #movedAt: number;
  #resumedAt: number;
  #paused = false;
  #timer: Disposable | undefined;
  #isOver = false;

  /** @param stalled called once, unless it is disposed before */
  constructor(clock: Clock, stalled: () => void) {
    this.#clock = clock;
    this.#stalled = stalled;
    this.#movedAt = clock.now();
    this.#resumedAt = this.#movedAt;
    this.#arm();
  }

  /** Something was sent, written or is over. */
  moved(): void {
    this.#movedAt = this.#clock.now();
  }

  setPaused(paused: boolean): void {
    if (paused === this.#paused) return;
    this.#paused = paused;
    if (!paused) this.#resumedAt = this.#clock.now();
    this.#arm();
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#timer?.[Symbol.dispose]();
  }

  get #endsAt(): number {
    if (this.#paused) return this.#movedAt + PAUSED;
    // Pausing over and over wins no more time than one long pause.
    return Math.min(Math.max(this.#movedAt, this.#resumedAt) + STALLED, this.#movedAt + PAUSED + STALLED);
  }

  #arm(): void {
    this.#timer?.[Symbol.dispose]();
    if (this.#isOver) return;
    this.#timer = this.#clock.setTimer(this.#endsAt - this.#clock.now(), () => {
      if (this.#clock.now() < this.#endsAt) this.#arm();
      else {
        this.#isOver = true;
        this.#stalled();
      }
    });
  }
}
