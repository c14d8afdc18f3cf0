import type { ServiceIdentifier } from 'inversify';

/** Time, injected so that tests decide it. */
export interface Clock {
  /** Monotonic milliseconds from an arbitrary start: for durations and deadlines. */
  now(): number;
  /** Milliseconds since 1970, for what people read. */
  wallTime(): number;
  /** Runs `task` once after `delay` ms unless disposed first. Never keeps the process alive. */
  setTimer(delay: number, task: () => void): Disposable;
}
export const Clock: ServiceIdentifier<Clock> = Symbol.for('@livelet/Clock');

/** The machine's time. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallTime: () => Date.now(),
  setTimer(delay, task) {
    const timer = setTimeout(task, delay);
    timer.unref();
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
};
