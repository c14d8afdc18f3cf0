import { randomInt } from 'node:crypto';
import { type Clock, CloseReason } from '@livelet/core/wire';
import type { RelaySettings } from '../settings.js';

/** All nameplates: five digits. */
const NAMEPLATES = 100_000;
/** Of them, given out or at rest at once; a free one is then found in 5 tries on average. */
const MOST_TAKEN = 80_000;

interface Waiting<T> {
  readonly operator: string;
  readonly guest: T;
  readonly lifetime: Disposable;
}

/** Who waits at which nameplate. The first who takes one ends it; after that nobody can tell it from an unknown one. */
export class Nameplates<T> {
  readonly #clock: Clock;
  readonly #settings: RelaySettings;
  readonly #waiting = new Map<string, Waiting<T>>();
  /** Nameplate to the time it may be given out again; in the order of those times. */
  readonly #resting = new Map<string, number>();

  constructor(clock: Clock, settings: RelaySettings) {
    this.#clock = clock;
    this.#settings = settings;
  }

  /** Codes that wait for a customer. */
  get size(): number {
    return this.#waiting.size;
  }

  /** A random free nameplate for `guest`, or why there is none. `expired` is called when its time is up. */
  allocate(
    operator: string,
    guest: T,
    expired: () => void,
  ): { readonly nameplate: string } | { readonly refused: CloseReason } {
    this.#endRests();
    let codes = 0;
    for (const waiting of this.#waiting.values()) codes += waiting.operator === operator ? 1 : 0;
    if (codes >= this.#settings.codesPerOperator) return { refused: CloseReason.tooManyCodes };
    if (this.#waiting.size + this.#resting.size >= MOST_TAKEN) return { refused: CloseReason.relayFull };
    const nameplate = this.#draw();
    const lifetime = this.#clock.setTimer(this.#settings.codeLifetimeMs, () => {
      this.release(nameplate);
      expired();
    });
    this.#waiting.set(nameplate, { operator, guest, lifetime });
    return { nameplate };
  }

  /** Takes the one who waits there, once. Unknown, used and expired nameplates are the same: nobody. */
  take(nameplate: string): T | undefined {
    const waiting = this.#waiting.get(nameplate);
    this.release(nameplate);
    return waiting?.guest;
  }

  /** Gives a nameplate up; it rests before it is given out again. */
  release(nameplate: string): void {
    const waiting = this.#waiting.get(nameplate);
    if (waiting === undefined) return;
    waiting.lifetime[Symbol.dispose]();
    this.#waiting.delete(nameplate);
    this.#resting.set(nameplate, this.#clock.now() + this.#settings.nameplateRestMs);
  }

  #draw(): string {
    for (;;) {
      const nameplate = String(randomInt(NAMEPLATES)).padStart(5, '0');
      if (!this.#waiting.has(nameplate) && !this.#resting.has(nameplate)) return nameplate;
    }
  }

  #endRests(): void {
    const now = this.#clock.now();
    for (const [nameplate, until] of this.#resting) {
      if (until > now) return;
      this.#resting.delete(nameplate);
    }
  }
}
