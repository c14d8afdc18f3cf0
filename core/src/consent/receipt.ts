import type { EndReason } from '../channel/frames.js';
import type { SessionEnd } from '../channel/session-end.js';
import type { Clock } from '../clock.js';
import {
  checkReceiptNote,
  type ReceiptClosing,
  type ReceiptNote,
  type ReceiptNotes,
} from '../contracts/receipt-notes.js';
import type { SessionInfo, Side } from '../contracts/session.js';
import type { ErrorCode } from '../errors.js';
import type { Capability } from './capability.js';
import type { Grant, GrantDecider } from './grants.js';

/** Entries of one receipt; more than people make in a day, and a bound on what a peer can cause. */
const MAX_RECEIPT_ENTRIES = 25_000;
/** Of them, those that the peer tells of itself: it must not crowd out what was decided at this end. */
const MAX_PEER_ENTRIES = 4_000;
/** Of them, those of plugins: what was decided must always find room beside what was done. */
const MAX_NOTES = 20_000;
/** Of them, those of one kind: a peer that sends thousands of files must not crowd out what it took, or recorded. */
const MAX_NOTES_ALIKE = 5_000;

/** Times without a connection that are listed; whoever stands between can cause as many as there is time for. */
const MAX_INTERRUPTIONS = 1_000;

/** Something that happened in a session, as plain data. Times are this machine's, ms since 1970. */
export type ReceiptEntry =
  | { readonly at: number; readonly kind: 'started' }
  | {
      readonly at: number;
      readonly kind: 'asked' | 'granted' | 'denied' | 'revoked' | 'expired';
      readonly capability: Capability;
      /** Whose grant it is: `own`, of the person at this end, or `peer`, as the other end told it. */
      readonly whose: 'own' | 'peer';
      /** When a timed grant ends. */
      readonly until?: number;
      /** Who decided; of the peer's grants it is known only where no person did. */
      readonly by?: GrantDecider;
    }
  | ({
      readonly at: number;
      readonly kind: 'noted';
      /** Whose note it is. */
      readonly plugin: string;
    } & ReceiptNote)
  | {
      readonly at: number;
      readonly kind: 'ended';
      readonly how: SessionEnd['how'];
      readonly reason?: EndReason;
      readonly error?: ErrorCode;
    };

/** A time without a connection. */
export interface Interruption {
  /** When the connection was lost, ms since 1970. */
  readonly at: number;
  /** Until it was back or the session ended, ms; up to now while it is sought. */
  readonly lastedMs: number;
}

/** For how long something was granted. */
export interface GrantedTime {
  readonly capability: Capability;
  readonly whose: 'own' | 'peer';
  /** All spans together, ms; up to now while the session runs. */
  readonly totalMs: number;
}

/** A session in one look, as plain data. */
export interface ReceiptSummary {
  readonly sessionId: string;
  readonly side: Side;
  readonly peerName: string;
  readonly peerFingerprint: string;
  readonly sasWords: readonly string[];
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly how?: SessionEnd['how'];
  readonly reason?: EndReason;
  readonly error?: ErrorCode;
  readonly granted: readonly GrantedTime[];
  /** Entries that found no room. */
  readonly omitted: number;
}

/** What remains of a session at one end: who, when, what was allowed, what plugins noted. Nothing of what was seen or written. */
export interface Receipt {
  /** In the order in which they happened, at most MAX_RECEIPT_ENTRIES. */
  readonly entries: readonly ReceiptEntry[];
  /** In the order in which they happened, at most MAX_INTERRUPTIONS. */
  readonly interruptions: readonly Interruption[];
  readonly summary: ReceiptSummary;
}

export class SessionReceipt implements Receipt {
  readonly #info: Omit<SessionInfo, 'signal'>;
  readonly #clock: Clock;
  readonly #entries: ReceiptEntry[] = [];
  readonly #interruptions: { readonly at: number; until?: number }[] = [];
  #ofPeer = 0;
  #notes = 0;
  readonly #notesAlike = new Map<string, number>();
  readonly #closing = new Set<{ readonly call: Parameters<ReceiptNotes['onClosing']>[0] }>();
  #omitted = 0;

  constructor(info: Omit<SessionInfo, 'signal'>, clock: Clock) {
    this.#info = info;
    this.#clock = clock;
    this.#entries.push({ at: info.startedAt, kind: 'started' });
  }

  get entries(): readonly ReceiptEntry[] {
    return [...this.#entries];
  }

  get interruptions(): readonly Interruption[] {
    const now = this.#clock.wallTime();
    return this.#interruptions.map(({ at, until = now }) => ({ at, lastedMs: until - at }));
  }

  get summary(): ReceiptSummary {
    const { id, side, peer, sasWords, startedAt } = this.#info;
    const last = this.#entries.at(-1);
    const facts = {
      sessionId: id,
      side,
      peerName: peer.name,
      peerFingerprint: peer.fingerprint,
      sasWords,
      startedAt,
      granted: grantedTimes(this.#entries, this.#clock.wallTime()),
      omitted: this.#omitted,
    };
    if (last?.kind !== 'ended') return facts;
    const { at: endedAt, kind: _, ...end } = last;
    return { ...facts, endedAt, ...end };
  }

  addGrant(grant: Grant, whose: 'own' | 'peer', by?: GrantDecider): void {
    const { capability, state, until, spent } = grant;
    if (state === 'none') return;
    const nobody = state === 'expired' ? (spent === true ? 'use' : 'clock') : undefined;
    const decider = by ?? nobody;
    if (this.#full || (whose === 'peer' && this.#ofPeer >= MAX_PEER_ENTRIES)) {
      this.#omitted++;
      return;
    }
    if (whose === 'peer') this.#ofPeer++;
    this.#entries.push({
      at: this.#clock.wallTime(),
      kind: state,
      capability,
      whose,
      ...(until === undefined ? {} : { until }),
      ...(decider === undefined ? {} : { by: decider }),
    });
  }

  /** Where the plugin `plugin` puts its notes. After the end there is room for none. */
  notesOf(plugin: string): ReceiptNotes {
    return {
      add: (note) => this.#addNote(plugin, checkReceiptNote(note)),
      onClosing: (listener) => {
        const entry = { call: listener };
        this.#closing.add(entry);
        return { [Symbol.dispose]: () => void this.#closing.delete(entry) };
      },
    };
  }

  /** Has plugins note what is over with the session. @returns what they need time for; it never rejects */
  close(closing: ReceiptClosing): Promise<unknown> | undefined {
    const waits = [...this.#closing].flatMap(({ call }) => {
      try {
        return call(closing) ?? [];
      } catch {
        // A plugin's fault must not keep the session from ending.
        return [];
      }
    });
    return waits.length > 0 ? Promise.allSettled(waits) : undefined;
  }

  addConnection(state: 'connected' | 'reconnecting'): void {
    if (state === 'connected') this.#endInterruption();
    else if (this.#interruptions.length < MAX_INTERRUPTIONS) {
      this.#interruptions.push({ at: this.#clock.wallTime() });
    } else this.#omitted++;
  }

  addEnd({ how, reason, error }: SessionEnd): void {
    this.#endInterruption();
    this.#entries.push({
      at: this.#clock.wallTime(),
      kind: 'ended',
      how,
      ...(reason === undefined ? {} : { reason }),
      ...(error === undefined ? {} : { error: error.code }),
    });
  }

  #addNote(plugin: string, note: ReceiptNote): void {
    if (this.#entries.at(-1)?.kind === 'ended') return;
    const kind = `${plugin} ${note.what}`;
    const alike = this.#notesAlike.get(kind) ?? 0;
    if (this.#full || this.#notes >= MAX_NOTES || alike >= MAX_NOTES_ALIKE) {
      this.#omitted++;
      return;
    }
    this.#notes++;
    this.#notesAlike.set(kind, alike + 1);
    this.#entries.push({ at: this.#clock.wallTime(), kind: 'noted', plugin, ...note });
  }

  /** The last place is kept for the end. */
  get #full(): boolean {
    return this.#entries.length >= MAX_RECEIPT_ENTRIES - 1;
  }

  #endInterruption(): void {
    const last = this.#interruptions.at(-1);
    if (last) last.until ??= this.#clock.wallTime();
  }
}

function grantedTimes(entries: readonly ReceiptEntry[], now: number): GrantedTime[] {
  const spans = new Map<
    string,
    { capability: Capability; whose: 'own' | 'peer'; total: number; since?: number }
  >();
  for (const entry of entries) {
    if (entry.kind === 'started' || entry.kind === 'noted' || entry.kind === 'ended') continue;
    const { capability, whose, at, kind } = entry;
    const key = `${whose} ${capability}`;
    const span = spans.get(key) ?? { capability, whose, total: 0 };
    if (span.since !== undefined) span.total += at - span.since;
    if (kind === 'granted') span.since = at;
    else delete span.since;
    spans.set(key, span);
  }
  const last = entries.at(-1);
  const until = last?.kind === 'ended' ? last.at : now;
  return [...spans.values()]
    .map(({ capability, whose, total, since }) => ({
      capability,
      whose,
      totalMs: total + (since === undefined ? 0 : until - since),
    }))
    .filter(({ totalMs }) => totalMs > 0);
}
