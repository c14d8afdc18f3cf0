import { type Clock, CloseReason } from '@livelet/core/wire';
import type { RelaySettings } from '../settings.js';
import type { Meeting, Side } from './directory.js';

/** Used handles that are remembered; of more the oldest is forgotten, and would wait for nobody. */
const MOST_USED = 100_000;

interface Waiting<G> {
  readonly side: Side;
  readonly guest: G;
  readonly time: Disposable;
}

/** Ends that lost their way to each other and wait for the other one at a handle that only they know. */
export class Resumes<G> {
  readonly #clock: Clock;
  readonly #settings: RelaySettings;
  readonly #waiting = new Map<string, Waiting<G>>();
  /** Handle to the time it may be forgotten; in the order of those times. */
  readonly #used = new Map<string, number>();

  constructor(clock: Clock, settings: RelaySettings) {
    this.#clock = clock;
    this.#settings = settings;
  }

  get size(): number {
    return this.#waiting.size;
  }

  meet(handle: string, side: Side, guest: G, expired: () => void): Meeting<G> {
    this.#forget();
    if (this.#used.has(handle)) return { refused: CloseReason.codeNotValid };
    const waiting = this.#waiting.get(handle);
    if (waiting !== undefined && waiting.side !== side) {
      this.#remove(handle, waiting);
      this.#used.set(handle, this.#clock.now() + this.#settings.nameplateRestMs);
      return { met: waiting.guest };
    }
    if (waiting === undefined && this.#isFull(side)) {
      return { refused: CloseReason.relayFull };
    }
    if (waiting !== undefined) this.#remove(handle, waiting);
    const time = this.#clock.setTimer(this.#settings.resumeWaitMs, () => {
      this.leave(handle, guest);
      expired();
    });
    this.#waiting.set(handle, { side, guest, time });
    return waiting === undefined ? { waits: true } : { waits: true, replaced: waiting.guest };
  }

  leave(handle: string, guest: G): void {
    const waiting = this.#waiting.get(handle);
    if (waiting?.guest === guest) this.#remove(handle, waiting);
  }

  /** Anyone may say that they are a customer: half of the places are for operators, whom the relay knows. */
  #isFull(side: Side): boolean {
    const { resumes } = this.#settings;
    return this.#waiting.size >= (side === 'operator' ? resumes : resumes / 2);
  }

  #remove(handle: string, { time }: Waiting<G>): void {
    time[Symbol.dispose]();
    this.#waiting.delete(handle);
  }

  #forget(): void {
    const now = this.#clock.now();
    for (const [handle, until] of this.#used) {
      if (until > now && this.#used.size <= MOST_USED) return;
      this.#used.delete(handle);
    }
  }
}
