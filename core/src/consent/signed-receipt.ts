import type { Identity } from '../channel/identity.js';
import type { SessionChannel } from '../channel/session-channel.js';
import type { Side } from '../contracts/session.js';
import { isSignedJson, type SignableJson, signJson } from '../sealed/canonical-json.js';
import type { ReceiptPerson } from './agreed-facts.js';
import type { AgreedPart } from './countersigning.js';
import type { Interruption, ReceiptEntry } from './receipt.js';

export const RECEIPT_FORMAT = 'livelet-receipt/2';
const SIGNED_AS = 'session receipt';

/** A session as one end saw it. Times are that end's, ms since 1970. */
export interface ReceiptAccount {
  readonly format: typeof RECEIPT_FORMAT;
  readonly side: Side;
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
  /** What the two ends tell alike, with both their signatures, or why there is only this end's. */
  readonly agreed: AgreedPart;
  /** What the person here noted for themselves; the other end never sees it. */
  readonly ownNotes?: string;
}

/** An account with its end's signature: Ed25519 over "livelet/1 session receipt" and the canonical JSON, base64. */
export interface SignedReceipt {
  readonly account: ReceiptAccount;
  readonly signature: string;
}

/** What this end saw of a session that is over. */
export function receiptAccount(channel: SessionChannel, ownNotes = ''): ReceiptAccount {
  const { side, sasWords, startedAt, receipt, agreed } = channel;
  const { bytesSent, bytesReceived } = channel.statistics();
  const { operator, customer } = agreed.facts;
  return {
    format: RECEIPT_FORMAT,
    side,
    own: side === 'operator' ? operator : customer,
    peer: side === 'operator' ? customer : operator,
    sasWords,
    startedAt,
    entries: receipt.entries,
    interruptions: receipt.interruptions,
    omitted: receipt.summary.omitted,
    bytesSent,
    bytesReceived,
    agreed,
    ...(ownNotes === '' ? {} : { ownNotes }),
  };
}

export function signReceipt(account: ReceiptAccount, identity: Identity): SignedReceipt {
  return { account, signature: signJson(SIGNED_AS, signable(account), identity) };
}

/** Whether the end that the account names as its own signed exactly this. */
export function isSignedReceipt({ account, signature }: SignedReceipt): boolean {
  return isSignedJson(SIGNED_AS, signable(account), signature, account.own.key);
}

function signable(account: ReceiptAccount): SignableJson {
  // Plain data; an interface has no index signature for the compiler to see that.
  return account as unknown as SignableJson;
}
