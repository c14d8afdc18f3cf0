import type { EndReason } from '../channel/frames.js';
import { END_REASONS } from '../channel/frames.js';
import type { Identity } from '../channel/identity.js';
import type { Side } from '../contracts/session.js';
import { fromBase64, isSignedJson, type SignableJson, signJson } from '../sealed/canonical-json.js';

const SIGNED_AS = 'agreed receipt';

/** What one end tells of itself when a session ends. */
export interface ToldOfItself {
  /** By that end's clock, ms since 1970. */
  readonly startedAt: number;
  /** When it signed. */
  readonly endedAt: number;
  /** Of records, headers included. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Why it ended the session; absent where the other end did, or the line. */
  readonly reason?: EndReason;
}

/** What one end signed of a session. */
export interface ReceiptStatement extends ToldOfItself {
  /** `digestOf` the facts that it tells. */
  readonly facts: string;
  /** Ed25519 over "livelet/1 agreed receipt" and the canonical JSON of this, the side and the session; base64. */
  readonly signature: string;
}

/** Whose statement it is, and of which session. */
export interface StatementOf {
  readonly side: Side;
  readonly session: string;
}

export function signStatement(
  of: StatementOf,
  facts: string,
  told: ToldOfItself,
  identity: Identity,
): ReceiptStatement {
  const statement = { facts, ...told };
  return { ...statement, signature: signJson(SIGNED_AS, signable(of, statement), identity) };
}

/** @param key Ed25519, base64 */
export function isSignedStatement(of: StatementOf, statement: ReceiptStatement, key: string): boolean {
  const { signature, ...told } = statement;
  return isSignedJson(SIGNED_AS, signable(of, told), signature, key);
}

/** A copy with nothing else in it; undefined for what is no statement. */
export function readStatement(value: unknown): ReceiptStatement | undefined {
  const { facts, startedAt, endedAt, bytesSent, bytesReceived, reason, signature } = (value ?? {}) as Record<
    string,
    unknown
  >;
  const numbers = [startedAt, endedAt, bytesSent, bytesReceived];
  if (!isBase64(facts, 32) || !isBase64(signature, 64) || !numbers.every(isCount)) return undefined;
  if (reason !== undefined && !(typeof reason === 'string' && Object.hasOwn(END_REASONS, reason))) {
    return undefined;
  }
  return {
    facts,
    startedAt: Number(startedAt),
    endedAt: Number(endedAt),
    bytesSent: Number(bytesSent),
    bytesReceived: Number(bytesReceived),
    ...(reason === undefined ? {} : { reason: reason as EndReason }),
    signature,
  };
}

/** Whether `text` stands for `length` bytes; looked at only when it can. */
export function isBase64(text: unknown, length: number): text is string {
  return (
    typeof text === 'string' &&
    text.length === Math.ceil(length / 3) * 4 &&
    fromBase64(text)?.length === length
  );
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function signable(of: StatementOf, told: Omit<ReceiptStatement, 'signature'>): SignableJson {
  return { ...of, ...told };
}
