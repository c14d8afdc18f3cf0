import type { Clock } from '@livelet/core';

/** Waits by the injected clock. */
export class Pause {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves after `duration` ms; at once for 0. */
  async for(duration: number): Promise<void> {
    if (duration <= 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#clock.setTimer(duration, resolve);
    await promise;
  }
}
