import type { Clock } from '@livelet/core';

/** Waits by the injected clock, no longer than until the end. */
export class Pause {
  readonly #clock: Clock;
  readonly #over: AbortSignal;

  constructor(clock: Clock, over: AbortSignal) {
    this.#clock = clock;
    this.#over = over;
  }

  /** Resolves after `duration` ms; at once for 0, and when it is over. */
  async for(duration: number): Promise<void> {
    if (duration > 0) await this.until(new Promise<never>(() => undefined), duration);
  }

  /** Resolves with `done`; with undefined after `deadline` ms and when it is over. */
  async until<T>(done: Promise<T>, deadline: number): Promise<T | undefined> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const end = (): void => resolve(undefined);
    if (this.#over.aborted) end();
    using _ = this.#clock.setTimer(deadline, end);
    this.#over.addEventListener('abort', end, { once: true });
    try {
      return await Promise.race([done, promise]);
    } finally {
      this.#over.removeEventListener('abort', end);
    }
  }
}
