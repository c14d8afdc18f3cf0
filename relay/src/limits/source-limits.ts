import type { Clock } from '@livelet/core/wire';
import type { RelaySettings } from '../settings.js';
import { SlidingWindow } from './sliding-window.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Sources looked at for one that can be forgotten. */
const FORGET_TRIES = 32;

/** `refused` sockets are told why, `dropped` ones cost no TLS handshake. */
export type Admission = 'admitted' | 'refused' | 'dropped';

/** A socket until it has its place. */
export interface Arrival {
  readonly admission: Admission;
  /** It has its place, or is gone. Idempotent. */
  settle(): void;
}

/** What is remembered of a source, or of a network of sources, with the times as much that it may. */
class Source {
  readonly times: number;
  unattached = 0;
  resumes = 0;
  bannedUntil = Number.NEGATIVE_INFINITY;
  nextBanMs: number;
  readonly sockets: SlidingWindow;
  /** Most sources never try a nameplate. */
  #claims: SlidingWindow | undefined;
  readonly #mostClaims: number;

  constructor(times: number, settings: RelaySettings) {
    this.times = times;
    this.nextBanMs = settings.banMs;
    this.sockets = new SlidingWindow(MINUTE, times * 2 * settings.socketsPerMinute + 1);
    this.#mostClaims = times * Math.max(settings.claimsPerHour, settings.claimsPerMinute) + 1;
  }

  addClaim(now: number): void {
    this.#claims ??= new SlidingWindow(HOUR, this.#mostClaims);
    this.#claims.add(now);
  }

  claims(now: number, withinMs: number): number {
    return this.#claims?.count(now, withinMs) ?? 0;
  }
}

/**
 * What one source may do, and an IPv6 /48 of them, which one site usually owns. Bans are for guessing nameplates: they
 * never stop operators who sit behind one address. When too many sources are remembered, the one that was quiet for
 * the longest time and isn't banned is forgotten, so that a stranger is never turned away for what others did.
 */
export class SourceLimits {
  readonly #clock: Clock;
  readonly #settings: RelaySettings;
  /** In the order of their last visit. */
  readonly #sources = new Map<string, Source>();

  constructor(clock: Clock, settings: RelaySettings) {
    this.#clock = clock;
    this.#settings = settings;
  }

  /** Sources remembered. */
  get size(): number {
    return this.#sources.size;
  }

  /** Counts a new socket. @param key see `sourceKey` */
  arrive(key: string): Arrival {
    const now = this.#clock.now();
    const sources = this.#find(key);
    for (const source of sources) source.sockets.add(now);
    const admissions = sources.map((source) => this.#admission(source, now));
    if (admissions.includes('dropped')) return { admission: 'dropped', settle: () => {} };
    const settle = count(sources, 'unattached');
    return { admission: admissions.includes('refused') ? 'refused' : 'admitted', settle };
  }

  /** Counts a try of a nameplate; false: this source may not try now. */
  claim(key: string): boolean {
    const now = this.#clock.now();
    return this.#find(key)
      .map((source) => this.#mayClaim(source, now))
      .every(Boolean);
  }

  /** The try that was just counted found nobody: it counts again. */
  missed(key: string): void {
    for (const source of this.#find(key)) source.addClaim(this.#clock.now());
  }

  /** A place to wait for the other end after a drop, until disposed; undefined: this source has enough. */
  wait(key: string): Disposable | undefined {
    const sources = this.#find(key);
    const { resumesPerSource } = this.#settings;
    if (sources.some(({ resumes, times }) => resumes >= times * resumesPerSource)) return undefined;
    return { [Symbol.dispose]: count(sources, 'resumes') };
  }

  #admission(source: Source, now: number): Admission {
    const most = source.times * this.#settings.socketsPerMinute;
    const mostUnattached = source.times * this.#settings.unattachedPerSource;
    const sockets = source.sockets.count(now);
    const { unattached } = source;
    if (sockets > 2 * most || unattached >= 2 * mostUnattached) return 'dropped';
    return sockets > most || unattached >= mostUnattached ? 'refused' : 'admitted';
  }

  #mayClaim(source: Source, now: number): boolean {
    if (now < source.bannedUntil) return false;
    source.addClaim(now);
    const { claimsPerMinute, claimsPerHour, banMs, longestBanMs } = this.#settings;
    const { times } = source;
    if (
      source.claims(now, MINUTE) <= times * claimsPerMinute &&
      source.claims(now, HOUR) <= times * claimsPerHour
    ) {
      return true;
    }
    const length = now - source.bannedUntil > HOUR ? banMs : source.nextBanMs;
    source.bannedUntil = now + length;
    source.nextBanMs = Math.min(length * 2, longestBanMs);
    return false;
  }

  /** The source, and its network if it has one. */
  #find(key: string): readonly Source[] {
    const network = networkKey(key);
    const source = this.#recall(key, 1);
    return network === undefined ? [source] : [source, this.#recall(network, this.#settings.networkTimes)];
  }

  #recall(key: string, times: number): Source {
    const source = this.#sources.get(key) ?? new Source(times, this.#settings);
    this.#sources.delete(key);
    if (this.#sources.size >= this.#settings.sources) this.#forget();
    this.#sources.set(key, source);
    return source;
  }

  #forget(): void {
    const now = this.#clock.now();
    let tries = 0;
    for (const [key, source] of this.#sources) {
      tries += 1;
      this.#sources.delete(key);
      const isWorthIt = source.unattached + source.resumes > 0 || now < source.bannedUntil;
      if (!isWorthIt || tries === FORGET_TRIES) return;
      this.#sources.set(key, source);
    }
  }
}

/** The /48 of an IPv6 /64 as `sourceKey` writes it. */
export function networkKey(key: string): string | undefined {
  return key.endsWith('::/64') ? `${key.split(':', 3).join(':')}::/48` : undefined;
}

/** Counts one more for each source; the result takes it back, once. */
function count(sources: readonly Source[], what: 'unattached' | 'resumes'): () => void {
  for (const source of sources) source[what] += 1;
  let isCounted = true;
  return () => {
    if (!isCounted) return;
    isCounted = false;
    for (const source of sources) source[what] -= 1;
  };
}
