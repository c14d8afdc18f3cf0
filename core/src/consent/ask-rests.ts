import type { Clock } from '../clock.js';
import type { Capability } from './capability.js';

/** How long a refused question rests before it may be put again, ms. */
export const ASK_REST = 10_000;
/** The longest rest of all questions together, after refusals in a row, ms. */
export const LONGEST_ASK_REST = 5 * 60_000;

/**
 * How long questions rest after a no. The first no rests only its own question; each further one in a row rests all of
 * them, twice as long as the no before it. Whatever the person allows begins the row anew.
 */
export class AskRests {
  readonly #clock: Pick<Clock, 'now'>;
  /** Until when, by the clock's monotonic time. */
  readonly #until = new Map<Capability, number>();
  #allUntil = 0;
  #inRow = 0;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Whoever was refused so often asks one thing at a time. */
  get isRow(): boolean {
    return this.#inRow > 1;
  }

  refused(capability: Capability): void {
    this.takenBack(capability);
    this.#inRow += 1;
    if (!this.isRow) return;
    const rest = Math.min(ASK_REST * 2 ** (this.#inRow - 1), LONGEST_ASK_REST);
    this.#allUntil = Math.max(this.#allUntil, this.#clock.now() + rest);
  }

  /** What was allowed before: no refusal of a question. */
  takenBack(capability: Capability): void {
    this.#until.set(capability, this.#clock.now() + ASK_REST);
  }

  allowed(): void {
    this.#inRow = 0;
    this.#allUntil = 0;
  }

  /** ms until it may be asked for; 0: now. */
  wait(capability: Capability): number {
    const until = Math.max(this.#allUntil, this.#until.get(capability) ?? 0);
    return Math.max(0, Math.ceil(until - this.#clock.now()));
  }
}
