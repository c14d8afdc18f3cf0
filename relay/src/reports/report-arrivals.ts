import { type Clock, LiveletError, MAX_ENVELOPE } from '@livelet/core/wire';
import type { Entered } from '../api/route.js';
import { SlidingWindow } from '../limits/sliding-window.js';
import { networkKey } from '../limits/source-limits.js';
import type { RelaySettings } from '../settings.js';

const HOUR = 3_600_000;
/** Bytes that all reports that are on their way in, or to the store, may take together. */
const MOST_BYTES = 4 * MAX_ENVELOPE.report;
/** What each of them takes at least: its connection. */
const LEAST_BYTES = 64 * 1024;

export interface ArrivalParts {
  readonly clock: Clock;
  readonly settings: Pick<RelaySettings, 'reportsPerHour' | 'networkTimes' | 'sources'>;
}

/** A report on its way in. */
interface Arrival {
  readonly network: string | undefined;
  readonly refuse: (reason: LiveletError) => void;
  came: number;
  /** All of it is there, and goes to the store. */
  isWhole: boolean;
}

/**
 * How many reports a source and its network hand in, and how much room those take that are on their way: in memory only, no
 * address is kept with a report. What comes slowly has its time as long as there is room. Where there is none, the largest
 * that isn't whole makes it: so of n that come at once nobody is turned away who has sent less than an n-th of all room,
 * however slowly, and whoever holds much for long keeps it from nobody.
 */
export class ReportArrivals {
  readonly #parts: ArrivalParts;
  readonly #sources = new Map<string, SlidingWindow>();
  /** By source, who came first before the others. */
  readonly #entering = new Map<string, Arrival>();
  #taken = 0;

  constructor(parts: ArrivalParts) {
    this.#parts = parts;
  }

  /**
   * @param refuse told when it has to make room
   * @throws `relay-too-many-requests`, `relay-full` while the same source hands in, or enough of its network
   */
  enter(source: string, refuse: (reason: LiveletError) => void): Entered {
    const network = networkKey(source);
    if (this.#entering.has(source) || this.#isBusy(network)) throw new LiveletError('relay-full');
    if (!this.#allows(source, network)) throw new LiveletError('relay-too-many-requests');
    const arrival: Arrival = { network, refuse, came: 0, isWhole: false };
    this.#entering.set(source, arrival);
    this.#taken += roomOf(arrival);
    this.#makeRoom();
    return {
      came: (bytes) => {
        if (this.#entering.get(source) !== arrival) return;
        this.#taken -= roomOf(arrival);
        arrival.came += bytes;
        this.#taken += roomOf(arrival);
        this.#makeRoom();
      },
      complete: () => {
        arrival.isWhole = true;
      },
      [Symbol.dispose]: () => this.#leave(source, arrival),
    };
  }

  #leave(source: string, arrival: Arrival): void {
    if (this.#entering.get(source) !== arrival) return;
    this.#entering.delete(source);
    this.#taken -= roomOf(arrival);
  }

  #isBusy(network: string | undefined): boolean {
    if (network === undefined) return false;
    const sameNetwork = [...this.#entering.values()].filter((other) => other.network === network);
    return sameNetwork.length >= this.#parts.settings.networkTimes;
  }

  /** One that was turned away takes none: its connection is closed. */
  #makeRoom(): void {
    while (this.#taken > MOST_BYTES) {
      let largest: [string, Arrival] | undefined;
      for (const entry of this.#entering) {
        const [, arrival] = entry;
        if (!arrival.isWhole && roomOf(arrival) > (largest ? roomOf(largest[1]) : 0)) largest = entry;
      }
      if (!largest) return;
      const [source, arrival] = largest;
      this.#leave(source, arrival);
      arrival.refuse(new LiveletError('relay-full'));
    }
  }

  #allows(source: string, network: string | undefined): boolean {
    const { networkTimes } = this.#parts.settings;
    const isAllowed = this.#counts(source, 1);
    return network === undefined ? isAllowed : this.#counts(network, networkTimes) && isAllowed;
  }

  /** Counts one more from there, which may hand in `times` as many as a source. */
  #counts(from: string, times: number): boolean {
    const { clock, settings } = this.#parts;
    const now = clock.now();
    const most = times * settings.reportsPerHour;
    const window = this.#sources.get(from) ?? new SlidingWindow(HOUR, most + 1);
    if (!this.#sources.has(from)) {
      if (this.#sources.size >= settings.sources) this.#forget(now);
      if (this.#sources.size >= settings.sources) return false;
      this.#sources.set(from, window);
    }
    window.add(now);
    return window.count(now) <= most;
  }

  #forget(now: number): void {
    for (const [source, window] of this.#sources) if (window.count(now) === 0) this.#sources.delete(source);
  }
}

/** Bytes. */
function roomOf({ came }: Arrival): number {
  return Math.max(LEAST_BYTES, came);
}
