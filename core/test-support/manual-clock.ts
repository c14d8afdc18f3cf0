import type { Clock } from '../src/clock.js';
import { settled } from './settled.js';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly task: () => void;
}

/** Time that passes only when a test says so. */
export class ManualClock implements Clock {
  readonly #start: number;
  readonly #timers = new Set<Timer>();
  #now = 0;
  #order = 0;

  /** @param start wall time at the clock's 0, ms since 1970 */
  constructor(start: number = Date.UTC(2026, 0, 1)) {
    this.#start = start;
  }

  /** Timers that are set and neither ran nor were disposed. */
  get pending(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#now;
  }

  wallTime(): number {
    return this.#start + this.#now;
  }

  setTimer(delay: number, task: () => void): Disposable {
    const timer: Timer = { at: this.#now + Math.max(0, delay), order: this.#order++, task };
    this.#timers.add(timer);
    return { [Symbol.dispose]: () => void this.#timers.delete(timer) };
  }

  /** Lets `ms` pass: runs each timer at its time, and after each one everything that it set going. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settled();
    for (let timer = this.#next(end); timer; timer = this.#next(end)) {
      this.#timers.delete(timer);
      this.#now = timer.at;
      timer.task();
      await settled();
    }
    this.#now = end;
  }

  #next(end: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at > end) continue;
      if (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order))
        first = timer;
    }
    return first;
  }
}
