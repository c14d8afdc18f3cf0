import type { Clock } from '@livelet/core/wire';
import type { RelayFigures } from './metrics.js';

/** How long an answer holds, ms: anyone may ask, and the store shall not be asked each time. */
const FRESH = 1000;
/** For the store's answer, ms. */
const PATIENCE = 2000;

export interface ReadinessParts {
  readonly clock: Clock;
  /** Resolves when the store answers. */
  readonly askStore: () => Promise<unknown>;
  readonly figures: () => Pick<RelayFigures, 'draining' | 'memoryShare' | 'certificateEndsAt'>;
  /** At which no session starts any more, 0 to 1. */
  readonly mostMemory: number;
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
    const { clock, figures, mostMemory } = this.#parts;
    const store = await this.#askStore();
    const { draining, memoryShare, certificateEndsAt = Number.POSITIVE_INFINITY } = figures();
    return {
      store,
      serving: !draining,
      memory: memoryShare < mostMemory,
      certificate: clock.wallTime() < certificateEndsAt,
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
