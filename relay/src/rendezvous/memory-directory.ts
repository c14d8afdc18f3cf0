import type { Clock } from '@livelet/core/wire';
import type { RelaySettings } from '../settings.js';
import type { Directory, Meeting, Side } from './directory.js';
import { Nameplates } from './nameplates.js';
import { Resumes } from './resumes.js';

/** The directory of a relay that stands alone. */
export class MemoryDirectory<G> implements Directory<G> {
  readonly #nameplates: Nameplates<G>;
  readonly #resumes: Resumes<G>;

  constructor(clock: Clock, settings: RelaySettings) {
    this.#nameplates = new Nameplates(clock, settings);
    this.#resumes = new Resumes(clock, settings);
  }

  get codes(): number {
    return this.#nameplates.size;
  }

  get resumes(): number {
    return this.#resumes.size;
  }

  async allocate(operator: string, guest: G, expired: () => void): ReturnType<Directory<G>['allocate']> {
    return this.#nameplates.allocate(operator, guest, expired);
  }

  async take(nameplate: string): Promise<G | undefined> {
    return this.#nameplates.take(nameplate);
  }

  async release(nameplate: string): Promise<void> {
    this.#nameplates.release(nameplate);
  }

  async meet(handle: string, side: Side, guest: G, expired: () => void): Promise<Meeting<G>> {
    return this.#resumes.meet(handle, side, guest, expired);
  }

  async leave(handle: string, guest: G): Promise<void> {
    this.#resumes.leave(handle, guest);
  }
}
