import type { Clock } from '@livelet/core/wire';

/** Remembered at once: only enrolled operators add to it, so a full memory is a mistake, not an attack from outside. */
const MAX_NONCES = 100_000;

/** What was used within `windowMs` isn't good a second time. */
export class UsedNonces {
  readonly #clock: Clock;
  readonly #windowMs: number;
  /** In the order of their use, with its time. */
  readonly #used = new Map<string, number>();

  constructor(clock: Clock, windowMs: number) {
    this.#clock = clock;
    this.#windowMs = windowMs;
  }

  /** Whether it is new, and remembered as used from now on. */
  use(nonce: string): 'new' | 'used' | 'full' {
    const now = this.#clock.now();
    for (const [old, time] of this.#used) {
      if (now - time <= this.#windowMs) break;
      this.#used.delete(old);
    }
    if (this.#used.has(nonce)) return 'used';
    if (this.#used.size >= MAX_NONCES) return 'full';
    this.#used.set(nonce, now);
    return 'new';
  }
}
