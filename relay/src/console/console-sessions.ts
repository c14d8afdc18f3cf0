import { randomBytes } from 'node:crypto';
import type { Clock } from '@livelet/core/wire';
import { hashOf } from './console-links.js';

const MINUTE = 60 * 1000;
/** Without a request, ms. */
const IDLE_LIMIT = 15 * MINUTE;
/** From sign-in, ms. */
export const SESSION_LIMIT = 8 * 60 * MINUTE;
/** Of one admin; the oldest gives way. */
const MOST_PER_ADMIN = 5;
const MOST = 100;
const SECRET_BYTES = 32;

interface ConsoleSession {
  readonly operator: string;
  /** Of the key that the page holds. */
  readonly keyHash: string;
  readonly endsAt: number;
  idleAt: number;
}

/** What a browser gets at sign-in. Browsers send a cookie to every port of a host, and a page can't read it: so both. */
export interface ConsoleSecrets {
  /** For the HttpOnly cookie. */
  readonly cookie: string;
  /** For the page, which sends it in a header. */
  readonly key: string;
}

/** Who is signed in to the console. Only hashes of secrets are kept. */
export class ConsoleSessions {
  readonly #clock: Clock;
  /** By hash of the cookie, oldest first. */
  readonly #sessions = new Map<string, ConsoleSession>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  open(operator: string): ConsoleSecrets {
    this.#makeRoom(operator);
    const now = this.#clock.now();
    const cookie = randomBytes(SECRET_BYTES).toString('base64url');
    const key = randomBytes(SECRET_BYTES).toString('base64url');
    this.#sessions.set(hashOf(cookie), {
      operator,
      keyHash: hashOf(key),
      endsAt: now + SESSION_LIMIT,
      idleAt: now + IDLE_LIMIT,
    });
    return { cookie, key };
  }

  /** Whose session this is; it stays alive by being asked for. */
  find({ cookie, key }: ConsoleSecrets): string | undefined {
    const session = this.#sessions.get(hashOf(cookie));
    if (session === undefined || session.keyHash !== hashOf(key)) return undefined;
    const now = this.#clock.now();
    if (now >= session.endsAt || now >= session.idleAt) {
      this.#sessions.delete(hashOf(cookie));
      return undefined;
    }
    session.idleAt = now + IDLE_LIMIT;
    return session.operator;
  }

  close(cookie: string): void {
    this.#sessions.delete(hashOf(cookie));
  }

  /** Signs this admin out everywhere. */
  revoke(operator: string): void {
    for (const [hash, session] of this.#sessions) {
      if (session.operator === operator) this.#sessions.delete(hash);
    }
  }

  #makeRoom(operator: string): void {
    const now = this.#clock.now();
    for (const [hash, { endsAt, idleAt }] of this.#sessions) {
      if (now >= endsAt || now >= idleAt) this.#sessions.delete(hash);
    }
    const own = [...this.#sessions].filter(([, session]) => session.operator === operator);
    const oldest = own.length >= MOST_PER_ADMIN ? own[0]?.[0] : this.#sessions.keys().next().value;
    const isFull = own.length >= MOST_PER_ADMIN || this.#sessions.size >= MOST;
    if (isFull && oldest !== undefined) this.#sessions.delete(oldest);
  }
}
