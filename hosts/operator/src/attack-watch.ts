import type { Clock, ErrorCode } from '@livelet/core';

/** Failed handshakes within WINDOW that make an attack more likely than slips (core/PROTOCOL.md, session code). */
const FAILURES = 3;
/** ms */
const WINDOW = 10 * 60_000;

/** What a guessed code looks like from this end. A lost connection is none: it tells the guesser nothing. */
const GUESSES: ReadonlySet<ErrorCode> = new Set([
  'code-wrong-secret',
  'handshake-failed',
  'handshake-malformed',
]);

/**
 * Counts failed handshakes. After the third in ten minutes codes are long until the program is started again: the
 * operator is told, and whoever guesses has ten secret digits before them.
 */
export class AttackWatch {
  readonly #clock: Clock;
  #failures: number[] = [];
  #suspected = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether codes must have ten secret digits. */
  get suspected(): boolean {
    return this.#suspected;
  }

  /** @returns what to show: `possible-attack` in place of the third failure, else `code` itself */
  failed(code: ErrorCode): ErrorCode {
    if (!GUESSES.has(code)) return code;
    const now = this.#clock.now();
    this.#failures = [...this.#failures.filter((at) => now - at < WINDOW), now];
    if (this.#failures.length < FAILURES) return code;
    this.#failures = [];
    this.#suspected = true;
    return 'possible-attack';
  }
}
