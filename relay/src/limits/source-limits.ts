import type { Clock } from '@livelet/core/wire';
import type { RelaySettings } from '../settings.js';
import { SlidingWindow } from './sliding-window.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** `refused` sockets are told why, `dropped` ones cost no TLS handshake. */
export type Admission = 'admitted' | 'refused' | 'dropped';

/** A socket until it has its place. */
export interface Arrival {
  readonly admission: Admission;
  /** It has its place, or is gone. Idempotent. */
  settle(): void;
}

interface Source {
  unattached: number;
  readonly sockets: SlidingWindow;
  readonly claimsOfMinute: SlidingWindow;
  readonly claimsOfHour: SlidingWindow;
  bannedUntil: number;
  nextBanMs: number;
}

/** What one source may do. Bans are for guessing nameplates: they never stop operators who sit behind one address. */
export class SourceLimits {
  readonly #clock: Clock;
  readonly #settings: RelaySettings;
  readonly #sources = new Map<string, Source>();
  #lastPurge = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, settings: RelaySettings) {
    this.#clock = clock;
    this.#settings = settings;
  }

  /** Counts a new socket. */
  arrive(key: string): Arrival {
    const source = this.#source(key);
    if (source === undefined) return { admission: 'dropped', settle: () => {} };
    const now = this.#clock.now();
    source.sockets.add(now);
    const admission = this.#admission(source, now);
    if (admission === 'dropped') return { admission, settle: () => {} };
    source.unattached += 1;
    let settled = false;
    const settle = (): void => {
      if (!settled) source.unattached -= 1;
      settled = true;
    };
    return { admission, settle };
  }

  /** Counts a try of a nameplate; false: this source may not try now. */
  claim(key: string): boolean {
    const source = this.#source(key);
    const now = this.#clock.now();
    if (source === undefined || now < source.bannedUntil) return false;
    this.#countClaim(source, now);
    const { claimsPerMinute, claimsPerHour, banMs, longestBanMs } = this.#settings;
    const minute = source.claimsOfMinute.count(now);
    if (minute <= claimsPerMinute && source.claimsOfHour.count(now) <= claimsPerHour) return true;
    const length = now - source.bannedUntil > HOUR ? banMs : source.nextBanMs;
    source.bannedUntil = now + length;
    source.nextBanMs = Math.min(length * 2, longestBanMs);
    return false;
  }

  /** The try that was just counted found nobody: it counts again. */
  missed(key: string): void {
    const source = this.#sources.get(key);
    if (source !== undefined) this.#countClaim(source, this.#clock.now());
  }

  #admission(source: Source, now: number): Admission {
    const { socketsPerMinute, unattachedPerSource } = this.#settings;
    const sockets = source.sockets.count(now);
    const { unattached } = source;
    if (sockets > 2 * socketsPerMinute || unattached >= 2 * unattachedPerSource) return 'dropped';
    return sockets > socketsPerMinute || unattached >= unattachedPerSource ? 'refused' : 'admitted';
  }

  #countClaim(source: Source, now: number): void {
    source.claimsOfMinute.add(now);
    source.claimsOfHour.add(now);
  }

  #source(key: string): Source | undefined {
    const known = this.#sources.get(key);
    if (known !== undefined) return known;
    this.#purge();
    const { socketsPerMinute, claimsPerMinute, claimsPerHour, sources } = this.#settings;
    if (this.#sources.size >= sources) return undefined;
    const source: Source = {
      unattached: 0,
      sockets: new SlidingWindow(MINUTE, 2 * socketsPerMinute + 1),
      claimsOfMinute: new SlidingWindow(MINUTE, claimsPerMinute + 1),
      claimsOfHour: new SlidingWindow(HOUR, claimsPerHour + 1),
      bannedUntil: Number.NEGATIVE_INFINITY,
      nextBanMs: this.#settings.banMs,
    };
    this.#sources.set(key, source);
    return source;
  }

  /** Forgets sources with nothing to remember; at most once a minute, as it looks at all of them. */
  #purge(): void {
    const now = this.#clock.now();
    if (now - this.#lastPurge < MINUTE) return;
    this.#lastPurge = now;
    for (const [key, source] of this.#sources) {
      const counts = source.sockets.count(now) + source.claimsOfHour.count(now) + source.unattached;
      if (counts === 0 && now - source.bannedUntil > HOUR) this.#sources.delete(key);
    }
  }
}
