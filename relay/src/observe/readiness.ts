import type { Clock } from '@livelet/core/wire';

/** How long an answer holds, ms: anyone may ask, and the store shall not be asked each time. */
const FRESH = 1000;
/** For the store's answer, ms. */
const PATIENCE = 2000;

export interface ReadinessParts {
  readonly clock: Clock;
  /** Resolves when the store answers. */
  readonly askStore: () => Promise<unknown>;
  readonly draining: () => boolean;
  readonly memoryFull: () => boolean;
  /** Wall time, ms. */
  readonly certificateEndsAt: () => number;
}

/** Each check; true: good. */
export interface ReadinessReport {
  readonly store: boolean;
  /** Not on its way down. */
  readonly serving: boolean;
  /** Below the share at which no session starts. */
  readonly memory: boolean;
  /** Not past its end. */
  readonly certificate: boolean;
}

/** Tells whether this relay should be sent new sessions. */
export class Readiness {
  readonly #parts: ReadinessParts;
  #store: { readonly at: number; readonly answer: Promise<boolean> } | undefined;

  constructor(parts: ReadinessParts) {
    this.#parts = parts;
  }

  async report(): Promise<ReadinessReport> {
    const { clock, draining, memoryFull, certificateEndsAt } = this.#parts;
    return {
      store: await this.#askStore(),
      serving: !draining(),
      memory: !memoryFull(),
      certificate: clock.wallTime() < certificateEndsAt(),
    };
  }

  #askStore(): Promise<boolean> {
    const { clock, askStore } = this.#parts;
    const now = clock.now();
    if (this.#store !== undefined && now - this.#store.at < FRESH) return this.#store.answer;
    const answer = new Promise<boolean>((resolve) => {
      const limit = clock.setTimer(PATIENCE, () => resolve(false));
      askStore()
        .then(
          () => resolve(true),
          () => resolve(false),
        )
        .finally(() => limit[Symbol.dispose]());
    });
    this.#store = { at: now, answer };
    return answer;
  }
}
