import { END_REASONS } from '../channel/frames.js';
import { checkPublicKey, fingerprint } from '../channel/identity.js';
import type { Side } from '../contracts/session.js';
import { LiveletError } from '../errors.js';
import { canonicalJson, fromBase64, type SignableJson } from '../sealed/canonical-json.js';
import {
  type AgreedFacts,
  allNotes,
  decisionsOf,
  digestOf,
  MAX_SHARED_NOTES,
  type ReceiptPerson,
  type SharedNote,
  sharedNotes,
  unsignedNotes,
  without,
} from './agreed-facts.js';
import { isCapability } from './capability.js';
import { MISSING_SIGNATURE } from './countersigning.js';
import { isSignedStatement, type ReceiptStatement, readStatement } from './receipt-statement.js';
import { isSignedReceipt, RECEIPT_FORMAT, type ReceiptAccount } from './signed-receipt.js';

/** Characters of the longest receipt file: MAX_RECEIPT_ENTRIES of the longest notes, some of them twice. */
export const MAX_RECEIPT_FILE = 32 * 1024 * 1024;

/** The last time that a date can be, ms since 1970. */
const MAX_TIME = 8.64e15;

const HOWS: ReadonlySet<unknown> = new Set(['ended-here', 'ended-by-peer', 'interrupted', 'failed']);
const GRANT_KINDS: ReadonlySet<unknown> = new Set(['asked', 'granted', 'denied', 'revoked', 'expired']);

/** What can be said of a receipt's file. */
export interface CheckedReceipt {
  readonly account: ReceiptAccount;
  /** Whether the end that the account names as its own signed exactly this. False: it was changed, or never signed. */
  readonly intact: boolean;
  /** Of the key that signed, or would have. */
  readonly fingerprint: string;
  /**
   * What the part that both sign is worth: `both` signed it, `one` did, or it is `broken`: a signature in it isn't that
   * end's, or it isn't of the session that the account is of.
   */
  readonly agreed: 'both' | 'one' | 'broken';
  /** What both signed of what was done. */
  readonly confirmed: readonly SharedNote[];
  /** What the account tells and both didn't sign: decisions (`view granted`) and names of notes. */
  readonly unconfirmed: readonly string[];
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
  const agreed = agreedWorth(account);
  return {
    account,
    intact: isSignedReceipt({ account, signature }) && agreed !== 'broken',
    fingerprint: fingerprint(fromBase64(account.own.key) ?? new Uint8Array()),
    agreed,
    confirmed: agreed === 'both' ? confirmed(account) : [],
    unconfirmed: agreed === 'both' ? unconfirmed(account) : [],
  };
}

function agreedWorth(account: ReceiptAccount): CheckedReceipt['agreed'] {
  const { side, own, peer, sasWords, entries, agreed } = account;
  const { facts, missing } = agreed;
  const other = side === 'operator' ? 'customer' : 'operator';
  const digest = digestOf(facts);
  const isSigned = (by: Side, statement: ReceiptStatement | undefined): boolean =>
    statement !== undefined &&
    isSignedStatement({ side: by, session: facts.session }, statement, facts[by].key);
  const [mine, theirs] = [agreed[side], agreed[other]];
  const isOfThis =
    facts[side].key === own.key &&
    facts[side].name === own.name &&
    facts[other].key === peer.key &&
    facts[other].name === peer.name &&
    facts.sasWords.join(' ') === sasWords.join(' ') &&
    // It may tell more than what both signed, never less.
    without(facts.decisions[side], decisionsOf(entries, 'own')).length === 0 &&
    without(facts.decisions[other], decisionsOf(entries, 'peer')).length === 0 &&
    isOfNotes(facts, sharedNotes(entries, side));
  if (!isOfThis || !isSigned(side, mine) || mine?.facts !== digest) return 'broken';
  switch (missing) {
    case undefined:
      return isSigned(other, theirs) && theirs?.facts === digest ? 'both' : 'broken';
    case 'differs':
      return isSigned(other, theirs) && theirs?.facts !== digest ? 'one' : 'broken';
    default:
      return theirs === undefined ? 'one' : 'broken';
  }
}

function isOfNotes({ done, all }: AgreedFacts, notes: readonly SharedNote[]): boolean {
  const asked = notes.slice(0, MAX_SHARED_NOTES).map(digestOf);
  if (without(done.map(digestOf), asked).length > 0) return false;
  return all === undefined || allNotes(notes.slice(0, all.count)).digest === all.digest;
}

function confirmed({ side, entries, agreed }: ReceiptAccount): readonly SharedNote[] {
  const { done, all } = agreed.facts;
  return all ? sharedNotes(entries, side).slice(0, all.count) : done;
}

function unconfirmed({ side, entries, agreed }: ReceiptAccount): readonly string[] {
  const { decisions } = agreed.facts;
  const other = side === 'operator' ? 'customer' : 'operator';
  return [
    ...without(decisionsOf(entries, 'own'), decisions[side]),
    ...without(decisionsOf(entries, 'peer'), decisions[other]),
    ...unsignedNotes(entries, side, agreed.facts).map(({ note }) =>
      `${note.plugin} ${note.what ?? note.facts.name ?? ''}`.trim(),
    ),
  ];
}

function isAccount(value: unknown): value is ReceiptAccount {
  const account = (value ?? {}) as Partial<Record<keyof ReceiptAccount, unknown>>;
  return (
    account.format === RECEIPT_FORMAT &&
    (account.side === 'operator' || account.side === 'customer') &&
    isPerson(account.own) &&
    isPerson(account.peer) &&
    isTexts(account.sasWords) &&
    isTime(account.startedAt) &&
    [account.omitted, account.bytesSent, account.bytesReceived].every(Number.isSafeInteger) &&
    Array.isArray(account.entries) &&
    account.entries.every(isEntry) &&
    Array.isArray(account.interruptions) &&
    account.interruptions.every(isInterruption) &&
    isAgreed(account.agreed) &&
    (account.ownNotes === undefined || typeof account.ownNotes === 'string') &&
    isSignable(account)
  );
}

function isEntry(value: unknown): boolean {
  const { at, kind, ...entry } = (value ?? {}) as Record<string, unknown>;
  if (!isTime(at)) return false;
  if (kind === 'started') return true;
  if (kind === 'ended') {
    const { how, reason, error } = entry;
    const isReason = reason === undefined || Object.hasOwn(END_REASONS, String(reason));
    return HOWS.has(how) && isReason && (error === undefined || typeof error === 'string');
  }
  if (kind !== 'noted') {
    const { capability, until } = entry;
    return GRANT_KINDS.has(kind) && isCapability(capability) && (until === undefined || isTime(until));
  }
  const { plugin, what, text, facts } = entry;
  const { en, it } = (text ?? {}) as Record<string, unknown>;
  return isFacts(facts) && [plugin, what, en, it].every((part) => typeof part === 'string');
}

/** Facts that can be shown: no value that has values of its own. */
function isFacts(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).every((fact) => ['string', 'number', 'boolean'].includes(typeof fact));
}

function isInterruption(value: unknown): boolean {
  const { at, lastedMs } = (value ?? {}) as Record<string, unknown>;
  return isTime(at) && typeof lastedMs === 'number';
}

function isTime(value: unknown): boolean {
  return Number.isSafeInteger(value) && Math.abs(Number(value)) <= MAX_TIME;
}

function isAgreed(value: unknown): boolean {
  const { facts, operator, customer, missing } = (value ?? {}) as Record<string, unknown>;
  const { session, decisions, done, all, ...people } = (facts ?? {}) as Record<string, unknown>;
  const { operator: ofOperator, customer: ofCustomer } = (decisions ?? {}) as Record<string, unknown>;
  return (
    typeof session === 'string' &&
    isPerson(people.operator) &&
    isPerson(people.customer) &&
    [people.sasWords, ofOperator, ofCustomer].every(isTexts) &&
    Array.isArray(done) &&
    done.every((note) => isFacts(note?.facts)) &&
    (all === undefined || isAllNotes(all)) &&
    [operator, customer].every((part) => part === undefined || readStatement(part) !== undefined) &&
    (missing === undefined || (MISSING_SIGNATURE as readonly unknown[]).includes(missing))
  );
}

function isAllNotes(value: unknown): boolean {
  const { count, digest } = (value ?? {}) as Record<string, unknown>;
  return Number.isSafeInteger(count) && Number(count) >= 0 && typeof digest === 'string';
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((part) => typeof part === 'string');
}

function isPerson(value: unknown): value is ReceiptPerson {
  const { name, key } = (value ?? {}) as Record<string, unknown>;
  return typeof name === 'string' && typeof key === 'string' && isKey(key);
}

/** One that a session's end can have: others have signatures that fit anything. */
function isKey(key: string): boolean {
  try {
    checkPublicKey(fromBase64(key) ?? new Uint8Array());
    return true;
  } catch {
    return false;
  }
}

/** Without null, which nothing that was signed has. */
function isSignable(value: unknown): value is SignableJson {
  try {
    return canonicalJson(value as SignableJson).length > 0;
  } catch {
    return false;
  }
}
