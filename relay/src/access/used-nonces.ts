import type { Clock } from '@livelet/core/wire';

/** Remembered at once: only enrolled operators add to it. */
const MAX_NONCES = 100_000;
/** Of one key, so that nobody fills it for all. */
const MAX_OF_ONE = 10_000;

interface Use {
  readonly who: string;
  readonly time: number;
}

/** What was used within `windowMs` isn't good a second time. */
export class UsedNonces {
  readonly #clock: Clock;
  readonly #windowMs: number;
  /** In the order of their use. */
  readonly #used = new Map<string, Use>();
  readonly #counts = new Map<string, number>();

  constructor(clock: Clock, windowMs: number) {
    this.#clock = clock;
    this.#windowMs = windowMs;
  }

  /** Whether it is new for this key, and remembered as used from now on. */
  use(who: string, nonce: string): 'new' | 'used' | 'full' {
    const time = this.#clock.now();
    this.#forget(time);
    const name = `${who}.${nonce}`;
    if (this.#used.has(name)) return 'used';
    const count = this.#counts.get(who) ?? 0;
    if (count >= MAX_OF_ONE || this.#used.size >= MAX_NONCES) return 'full';
    this.#used.set(name, { who, time });
    this.#counts.set(who, count + 1);
    return 'new';
  }

  #forget(now: number): void {
    for (const [name, { who, time }] of this.#used) {
      if (now - time <= this.#windowMs) return;
      this.#used.delete(name);
      const left = (this.#counts.get(who) ?? 0) - 1;
      if (left > 0) this.#counts.set(who, left);
      else this.#counts.delete(who);
    }
  }
}
