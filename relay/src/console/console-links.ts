import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '@livelet/core/wire';

/** How long a link may wait to be opened, ms. */
const LIFETIME = 5 * 60 * 1000;
/** Links that wait at once; the oldest gives way. */
const MOST = 100;
const TOKEN_BYTES = 32;

interface WaitingLink {
  readonly operator: string;
  readonly endsAt: number;
}

/** One-time links into the console. Only hashes are kept: a memory dump opens nothing. */
export class ConsoleLinks {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, WaitingLink>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A fresh token for this admin, 43 characters of base64url. */
  issue(operator: string): { readonly token: string; readonly lifetimeMs: number } {
    const now = this.#clock.now();
    for (const [hash, { endsAt }] of this.#waiting) if (endsAt <= now) this.#waiting.delete(hash);
    const oldest = this.#waiting.keys().next().value;
    if (this.#waiting.size >= MOST && oldest !== undefined) this.#waiting.delete(oldest);
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    this.#waiting.set(hashOf(token), { operator, endsAt: now + LIFETIME });
    return { token, lifetimeMs: LIFETIME };
  }

  /** Whose link this is; it works once. */
  redeem(token: string): string | undefined {
    const hash = hashOf(token);
    const link = this.#waiting.get(hash);
    this.#waiting.delete(hash);
    return link !== undefined && this.#clock.now() < link.endsAt ? link.operator : undefined;
  }

  /** This admin's links open nothing any more. */
  revoke(operator: string): void {
    for (const [hash, link] of this.#waiting) if (link.operator === operator) this.#waiting.delete(hash);
  }
}

/** By which a secret is looked up, so that the time it takes tells nothing of it. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
