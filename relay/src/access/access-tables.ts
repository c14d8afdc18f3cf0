import type { Role } from '../api/route.js';

/** One row: whose relay this is. */
export interface OrganisationTable {
  readonly id: 1;
  readonly name: string;
}

export interface OperatorTable {
  /** Random, 12 hexadecimal digits. */
  readonly id: string;
  /** Ed25519, base64url of 32 bytes. */
  readonly public_key: string;
  readonly name: string;
  readonly role: Role;
  /** ms since 1970 */
  readonly enrolled_at: number;
  /** ms since 1970; null: may come in */
  readonly revoked_at: number | null;
}

export interface InvitationTable {
  /** Random, 12 hexadecimal digits. */
  readonly id: string;
  /** SHA-256 of the token, hexadecimal: the token itself isn't kept. */
  readonly token_hash: string;
  /** Empty: whoever enrols names themselves. */
  readonly name: string;
  readonly role: Role;
  /** ms since 1970 */
  readonly created_at: number;
  readonly expires_at: number;
  readonly used_at: number | null;
}

/** A chain: each entry's hash is over all of it and over the hash before. */
export interface AuditLogTable {
  /** 1, 2, 3 ... */
  readonly seq: number;
  /** ms since 1970 */
  readonly time: number;
  /** Id of an operator, or `relay`. */
  readonly actor: string;
  readonly action: string;
  /** JSON with its keys in order. */
  readonly details: string;
  /** SHA-256, hexadecimal; zeros before the first entry. */
  readonly previous: string;
  readonly hash: string;
}

export interface SessionHistoryTable {
  /** Random, 16 hexadecimal digits. */
  readonly id: string;
  /** Id of the operator who held the session. */
  readonly operator: string;
  /** ms since 1970 */
  readonly started: number;
  /** ms since 1970; null while it runs, and for good when the relay was killed before its end. */
  readonly ended: number | null;
  /** The operator's own words, for the bill. */
  readonly note: string;
}
