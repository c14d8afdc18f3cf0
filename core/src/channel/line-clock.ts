import type { Clock } from '../clock.js';

interface LineTimer {
  remaining: number;
  readonly task: () => void;
  running: { readonly timer: Disposable; readonly since: number } | undefined;
}

/** A clock that stands still while the ends can't hear each other: what waits for the peer waits longer by that. */
export class LineClock implements Clock {
  readonly #clock: Clock;
  readonly #timers = new Set<LineTimer>();
  #stoodStill = 0;
  #pausedAt: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return (this.#pausedAt ?? this.#clock.now()) - this.#stoodStill;
  }

  /** Goes on. */
  wallTime(): number {
    return this.#clock.wallTime();
  }

  setTimer(delay: number, task: () => void): Disposable {
    const timer: LineTimer = { remaining: delay, task, running: undefined };
    this.#timers.add(timer);
    if (this.#pausedAt === undefined) this.#run(timer);
    return {
      [Symbol.dispose]: () => {
        timer.running?.timer[Symbol.dispose]();
        this.#timers.delete(timer);
      },
    };
  }

  pause(): void {
    if (this.#pausedAt !== undefined) return;
    const now = this.#clock.now();
    this.#pausedAt = now;
    for (const timer of this.#timers) {
      if (!timer.running) continue;
      timer.running.timer[Symbol.dispose]();
      timer.remaining = Math.max(0, timer.remaining - (now - timer.running.since));
      timer.running = undefined;
    }
  }

  resume(): void {
    if (this.#pausedAt === undefined) return;
    this.#stoodStill += this.#clock.now() - this.#pausedAt;
    this.#pausedAt = undefined;
    for (const timer of [...this.#timers]) this.#run(timer);
  }

  #run(timer: LineTimer): void {
    const expire = (): void => {
      this.#timers.delete(timer);
      timer.task();
    };
    timer.running = { timer: this.#clock.setTimer(timer.remaining, expire), since: this.#clock.now() };
  }
}
