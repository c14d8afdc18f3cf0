import type { Clock } from '@livelet/core/wire';

export interface BackOffLimits {
  /** Failures without a consequence. */
  readonly free: number;
  /** The first wait, ms; each further failure doubles it. */
  readonly firstMs: number;
  /** The longest wait, ms. As long after its end all is forgotten. */
  readonly longestMs: number;
}

/** Remembered at once; when there are more, those longest without a failure are forgotten. */
const MAX_ENTRIES = 50_000;

interface Failures {
  readonly count: number;
  readonly until: number;
}

/** Makes whoever fails wait, twice as long each time. */
export class BackOff {
  readonly #clock: Clock;
  readonly #limits: BackOffLimits;
  /** In the order of their last failure. */
  readonly #failures = new Map<string, Failures>();

  constructor(clock: Clock, limits: BackOffLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Whether `who` has to wait. */
  blocks(who: string): boolean {
    return this.#clock.now() < (this.#known(who)?.until ?? Number.NEGATIVE_INFINITY);
  }

  failed(who: string): void {
    const { free, firstMs, longestMs } = this.#limits;
    const count = (this.#known(who)?.count ?? 0) + 1;
    const wait = count <= free ? 0 : Math.min(firstMs * 2 ** (count - free - 1), longestMs);
    this.#failures.delete(who);
    this.#failures.set(who, { count, until: this.#clock.now() + wait });
    if (this.#failures.size <= MAX_ENTRIES) return;
    const [oldest = who] = this.#failures.keys();
    this.#failures.delete(oldest);
  }

  succeeded(who: string): void {
    this.#failures.delete(who);
  }

  #known(who: string): Failures | undefined {
    const failures = this.#failures.get(who);
    if (failures === undefined || this.#clock.now() - failures.until <= this.#limits.longestMs)
      return failures;
    this.#failures.delete(who);
    return undefined;
  }
}
