import { type Clock, LiveletError } from '@livelet/core/wire';
import { SlidingWindow } from '../limits/sliding-window.js';
import { networkKey } from '../limits/source-limits.js';
import type { RelaySettings } from '../settings.js';

const HOUR = 3_600_000;
/** Reports that are on their way in at once, each of another source: each may take memory for its whole size, and minutes. */
const MOST_AT_ONCE = 4;

export interface ArrivalParts {
  readonly clock: Clock;
  readonly settings: Pick<RelaySettings, 'reportsPerHour' | 'networkTimes' | 'sources'>;
}

/** How many reports a source and its network hand in: in memory only, no address is kept with a report. */
export class ReportArrivals {
  readonly #parts: ArrivalParts;
  readonly #sources = new Map<string, SlidingWindow>();
  readonly #entering = new Set<string>();

  constructor(parts: ArrivalParts) {
    this.#parts = parts;
  }

  /** @throws `relay-too-many-requests`, `relay-full` while others hand in */
  enter(source: string): Disposable {
    if (this.#entering.size >= MOST_AT_ONCE || this.#entering.has(source))
      throw new LiveletError('relay-full');
    if (!this.#allows(source)) throw new LiveletError('relay-too-many-requests');
    this.#entering.add(source);
    return {
      [Symbol.dispose]: () => {
        this.#entering.delete(source);
      },
    };
  }

  #allows(source: string): boolean {
    const { networkTimes } = this.#parts.settings;
    const network = networkKey(source);
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
