import type { ServiceIdentifier } from 'inversify';
import type { GrantsView, ServedGrants } from '../consent/grants.js';

/** Which side of the code a host is on. */
export type Side = 'operator' | 'customer';

/** Who is at the other end. */
export interface PeerIdentity {
  /** As the peer calls itself: at most 128 bytes of UTF-8, control characters removed. Claimed, not proven. */
  readonly name: string;
  /** Ed25519, 32 bytes; proven. */
  readonly publicKey: Uint8Array;
  /** First 16 bytes of SHA-256 over the key, as eight groups of four hexadecimal digits. */
  readonly fingerprint: string;
}

/** Facts of the running session, for plugins. */
export interface SessionInfo {
  /** Random; says nothing about who. */
  readonly id: string;
  readonly side: Side;
  readonly peer: PeerIdentity;
  /** The four words that both screens show. */
  readonly sasWords: readonly [string, string, string, string];
  /** ms since 1970 */
  readonly startedAt: number;
  /** Aborted when the session ends, however it ends. */
  readonly signal: AbortSignal;
}
export const SessionInfo: ServiceIdentifier<SessionInfo> = Symbol.for('@livelet/SessionInfo');

/** What the person at this end lets the peer do. */
export const OwnGrants: ServiceIdentifier<ServedGrants> = Symbol.for('@livelet/OwnGrants');
/** What the person at the other end lets this side do, as last heard. */
export const PeerGrants: ServiceIdentifier<GrantsView> = Symbol.for('@livelet/PeerGrants');
