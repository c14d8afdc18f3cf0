import type { Identity } from '../channel/identity.js';
import { fingerprint } from '../channel/identity.js';
import type { SessionChannel } from '../channel/session-channel.js';
import { LiveletError } from '../errors.js';
import {
  base64,
  canonicalJson,
  fromBase64,
  isSignedJson,
  type SignableJson,
  signJson,
} from '../sealed/canonical-json.js';
import type { Interruption, ReceiptEntry } from './receipt.js';

const FORMAT = 'livelet-receipt/1';
const SIGNED_AS = 'session receipt';
/** Characters of the longest receipt file: MAX_RECEIPT_ENTRIES of the longest notes. */
export const MAX_RECEIPT_FILE = 32 * 1024 * 1024;

/** Someone in a receipt: the name is claimed, the key proven. */
export interface ReceiptPerson {
  readonly name: string;
  /** Ed25519, base64 of 32 bytes. */
  readonly key: string;
}

/** A session as one end saw it. Times are that end's, ms since 1970. */
export interface ReceiptAccount {
  readonly format: typeof FORMAT;
  readonly side: 'operator' | 'customer';
  readonly own: ReceiptPerson;
  readonly peer: ReceiptPerson;
  readonly sasWords: readonly string[];
  readonly startedAt: number;
  readonly entries: readonly ReceiptEntry[];
  readonly interruptions: readonly Interruption[];
  /** Entries that found no room. */
  readonly omitted: number;
  /** Of records, headers included. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

/** An account with its end's signature: Ed25519 over "livelet/1 session receipt" and the canonical JSON, base64. */
export interface SignedReceipt {
  readonly account: ReceiptAccount;
  readonly signature: string;
}

/** What this end saw of a session that is over. */
export function receiptAccount(channel: SessionChannel, identity: Identity, name: string): ReceiptAccount {
  const { side, peer, sasWords, startedAt, receipt } = channel;
  const { bytesSent, bytesReceived } = channel.statistics();
  return {
    format: FORMAT,
    side,
    own: { name, key: base64(identity.publicKey) },
    peer: { name: peer.name, key: base64(peer.publicKey) },
    sasWords,
    startedAt,
    entries: receipt.entries,
    interruptions: receipt.interruptions,
    omitted: receipt.summary.omitted,
    bytesSent,
    bytesReceived,
  };
}

export function signReceipt(account: ReceiptAccount, identity: Identity): SignedReceipt {
  return { account, signature: signJson(SIGNED_AS, signable(account), identity) };
}

/** What can be said of a receipt's file. */
export interface CheckedReceipt {
  readonly account: ReceiptAccount;
  /** Whether the end that the account names as its own signed exactly this. False: it was changed, or never signed. */
  readonly intact: boolean;
  /** Of the key that signed, or would have. */
  readonly fingerprint: string;
}

/** @throws `message-malformed` for what isn't a receipt, `message-too-large` */
export function checkReceipt(json: string): CheckedReceipt {
  if (json.length > MAX_RECEIPT_FILE) throw new LiveletError('message-too-large', 'a receipt');
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new LiveletError('message-malformed', 'not JSON', { cause });
  }
  const { account, signature } = (value ?? {}) as Record<string, unknown>;
  if (!isAccount(account) || typeof signature !== 'string') {
    throw new LiveletError('message-malformed', 'not a receipt');
  }
  const { key } = account.own;
  const intact = isSignedJson(SIGNED_AS, signable(account), signature, key);
  return { account, intact, fingerprint: fingerprint(fromBase64(key) ?? new Uint8Array()) };
}

/** Why two accounts are not the two ends' of one session; undefined: they are. */
export type Mismatch = 'same-side' | 'other-people' | 'other-session';

export function mismatch(left: ReceiptAccount, right: ReceiptAccount): Mismatch | undefined {
  if (left.side === right.side) return 'same-side';
  if (left.own.key !== right.peer.key || left.peer.key !== right.own.key) return 'other-people';
  return left.sasWords.join(' ') === right.sasWords.join(' ') ? undefined : 'other-session';
}

/** A decision that one end tells and the other doesn't. */
export interface Difference {
  /** The side whose person decided, and the side that tells it. */
  readonly decidedBy: ReceiptAccount['side'];
  readonly toldBy: ReceiptAccount['side'];
  /** `control granted` */
  readonly decision: string;
}

/** What the two ends of one session tell differently of what was asked, allowed, refused and taken back. */
export function differences(left: ReceiptAccount, right: ReceiptAccount): readonly Difference[] {
  return [
    ...onlyIn(left, right, 'own'),
    ...onlyIn(right, left, 'peer'),
    ...onlyIn(right, left, 'own'),
    ...onlyIn(left, right, 'peer'),
  ];
}

/** Decisions of one person that `teller` has more often than `other`. */
function onlyIn(teller: ReceiptAccount, other: ReceiptAccount, whose: 'own' | 'peer'): readonly Difference[] {
  const known = decisions(other, whose === 'own' ? 'peer' : 'own');
  const decidedBy = whose === 'own' ? teller.side : other.side;
  return decisions(teller, whose).flatMap((decision) => {
    const found = known.indexOf(decision);
    if (found < 0) return [{ decidedBy, toldBy: teller.side, decision }];
    known.splice(found, 1);
    return [];
  });
}

/** What the end of the session took back isn't anybody's decision. */
function decisions({ entries }: ReceiptAccount, whose: 'own' | 'peer'): string[] {
  return entries.flatMap((entry) =>
    'capability' in entry && entry.whose === whose && entry.by !== 'end'
      ? [`${entry.capability} ${entry.kind}`]
      : [],
  );
}

function signable(account: ReceiptAccount): SignableJson {
  // Plain data; an interface has no index signature for the compiler to see that.
  return account as unknown as SignableJson;
}

function isAccount(value: unknown): value is ReceiptAccount {
  const account = (value ?? {}) as Partial<Record<keyof ReceiptAccount, unknown>>;
  const isTime = (part: unknown): boolean => Number.isSafeInteger(part);
  return (
    account.format === FORMAT &&
    (account.side === 'operator' || account.side === 'customer') &&
    isPerson(account.own) &&
    isPerson(account.peer) &&
    Array.isArray(account.sasWords) &&
    account.sasWords.every((word) => typeof word === 'string') &&
    [account.startedAt, account.omitted, account.bytesSent, account.bytesReceived].every(isTime) &&
    Array.isArray(account.entries) &&
    account.entries.every((entry: unknown) => isTime((entry as { at?: unknown } | null)?.at)) &&
    Array.isArray(account.interruptions) &&
    isSignable(account)
  );
}

function isPerson(value: unknown): value is ReceiptPerson {
  const { name, key } = (value ?? {}) as Record<string, unknown>;
  return typeof name === 'string' && typeof key === 'string' && fromBase64(key)?.length === 32;
}

/** Without null, which nothing that was signed has. */
function isSignable(value: unknown): value is SignableJson {
  try {
    return canonicalJson(value as SignableJson).length > 0;
  } catch {
    return false;
  }
}
