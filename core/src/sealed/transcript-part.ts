/**
 * What is inside an envelope of a kept chat: some messages of one session, as one of its two ends saw them, signed by
 * that end. An envelope says nothing of its sender and a relay could lie about it, so this signature is what counts:
 * an operator's key is the one they are enrolled with; a customer's proves only that it is the key which the
 * operator's end met in that session.
 */
import { concat, lv, utf8 } from '../channel/bytes.js';
import { type RandomSource, sha256 } from '../channel/crypto.js';
import type { Identity } from '../channel/identity.js';
import { MAX_CHAT_CHARACTERS } from '../contracts/chat.js';
import type { Side } from '../contracts/session.js';
import { LiveletError } from '../errors.js';
import { base64, isSignedJson, type SignableJson, signJson } from './canonical-json.js';
import { openEnvelope, type SealKeys, sealEnvelope } from './envelope.js';

const SIGNED_AS = 'transcript part';
/** Messages of one part. */
export const MAX_PART_MESSAGES = 200;
const MAX_NAME = 128;

/** One of the two people. */
export type TranscriptPerson = {
  /** As they call themselves. */
  readonly name: string;
  /** Ed25519, base64. */
  readonly key: string;
};

export type TranscriptMessage = {
  /** Unique among the messages of its author in the session. */
  readonly id: string;
  readonly from: Side;
  readonly text: string;
  /** ms since 1970, by the clock of the end that tells it. */
  readonly at: number;
  /** Whether it is known to have arrived. */
  readonly delivered: boolean;
};

export type TranscriptPart = {
  /** The same at both ends: 32 hexadecimal digits. */
  readonly session: string;
  /** The end that tells. */
  readonly side: Side;
  /** From 0, without gaps. */
  readonly part: number;
  /** ms since 1970 */
  readonly startedAt: number;
  readonly author: TranscriptPerson;
  readonly peer: TranscriptPerson;
  readonly messages: readonly TranscriptMessage[];
};

/** What a relay keeps a part by: the same each time the part is handed in, and it says nothing of the content. */
export function transcriptPartId({
  session,
  side,
  part,
}: Pick<TranscriptPart, 'session' | 'side' | 'part'>): string {
  const digest = sha256(concat(utf8('livelet/1 part id'), lv(session, side, String(part))));
  return Buffer.from(digest).toString('base64url');
}

/** What `transcriptPartId` gives. */
export const PART_ID = /^[\w-]{43}$/;

/** The part, signed by its author and sealed to `archiveKey`. @throws `sealed-malformed` when it is too large */
export function sealTranscriptPart(
  part: Omit<TranscriptPart, 'author'> & { readonly author: { readonly name: string } },
  author: Identity,
  archiveKey: Uint8Array,
  random: RandomSource,
): Uint8Array {
  const signed = { ...part, author: { name: part.author.name, key: base64(author.publicKey) } };
  const content = JSON.stringify({ part: signed, signature: signJson(SIGNED_AS, signed, author) });
  return sealEnvelope('chat', utf8(content), archiveKey, random);
}

/** A part whose author's signature holds. @throws `sealed-malformed` */
export function openTranscriptPart(envelope: Uint8Array, keys: SealKeys): TranscriptPart {
  const content = openEnvelope('chat', envelope, keys);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
  } catch (cause) {
    throw malformed('not JSON', cause);
  }
  const { part, signature } = asObject(value);
  const read = readPart(asObject(part));
  if (typeof signature !== 'string' || !isSignedJson(SIGNED_AS, read, signature, read.author.key)) {
    throw malformed('the signature is wrong');
  }
  return read;
}

function readPart(value: Record<string, unknown>): TranscriptPart & { readonly [key: string]: SignableJson } {
  const { messages } = value;
  if (!Array.isArray(messages) || messages.length > MAX_PART_MESSAGES) throw malformed('messages');
  return {
    session: readText(value.session, /^[0-9a-f]{32}$/),
    side: readSide(value.side),
    part: readNumber(value.part),
    startedAt: readNumber(value.startedAt),
    author: readPerson(value.author),
    peer: readPerson(value.peer),
    messages: messages.map((message) => readMessage(asObject(message))),
  };
}

function readMessage({ id, from, text, at, delivered }: Record<string, unknown>): TranscriptMessage {
  if (typeof text !== 'string' || text.length > 2 * MAX_CHAT_CHARACTERS) throw malformed('text');
  return {
    id: readText(id, /^[\w-]{1,64}$/),
    from: readSide(from),
    text,
    at: readNumber(at),
    delivered: delivered === true,
  };
}

function readPerson(value: unknown): TranscriptPerson {
  const { name, key } = asObject(value);
  if (typeof name !== 'string' || name.length > MAX_NAME) throw malformed('name');
  return { name, key: readText(key, /^[A-Za-z0-9+/]{43}=$/) };
}

function readSide(value: unknown): Side {
  if (value !== 'operator' && value !== 'customer') throw malformed('side');
  return value;
}

function readText(value: unknown, pattern: RegExp): string {
  if (typeof value !== 'string' || !pattern.test(value)) throw malformed('text');
  return value;
}

function readNumber(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw malformed('number');
  return value;
}

function asObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed('not an object');
  return value as Record<string, unknown>;
}

function malformed(message: string, cause?: unknown): LiveletError {
  return new LiveletError('sealed-malformed', message, { cause });
}
