/**
 * The three messages of a resumption. `ver` is PROTOCOL_VERSION, numbers are big-endian.
 *
 *     R1 customer -> operator  05 | ver u16 | nonce[32] | X25519 share[32] | ek[1184] | tag[32]
 *     R2 operator -> customer  06 | ver u16 | nonce[32] | X25519 share[32] | ct[1088] | received u64 | tag[32]
 *     R3 customer -> operator  07 | ver u16 | received u64 | tag[32]
 *
 * `received` is how many records the sender has of the other end. Every message has one length.
 */
import { LiveletError } from '../errors.js';
import { concat } from './bytes.js';
import { PROTOCOL_VERSION } from './handshake-messages.js';

/** Bytes of each whole message. */
export const RESUME_SIZES = { r1: 1283, r2: 1195, r3: 43 } as const;
/** Bytes of nonces and tags. */
export const RESUME_FIELD_BYTES = 32;

type ResumeMessageName = keyof typeof RESUME_SIZES;
const TYPES = { r1: 0x05, r2: 0x06, r3: 0x07 } as const;
const HEAD_BYTES = 3;
const SHARES_AT = HEAD_BYTES + RESUME_FIELD_BYTES;
const KEM_AT = SHARES_AT + RESUME_FIELD_BYTES;
const COUNT_BYTES = 8;

/** What R1 and R2 have in common. */
interface ResumeShares {
  readonly nonce: Uint8Array;
  readonly share: Uint8Array;
  /** ek in R1, ct in R2. */
  readonly kem: Uint8Array;
}

/** A received message, split where its tag begins. */
interface TaggedMessage {
  readonly untagged: Uint8Array;
  readonly tag: Uint8Array;
}

/** R1 without its tag. */
export function encodeR1({ nonce, share, kem }: ResumeShares): Uint8Array {
  return concat(head('r1'), nonce, share, kem);
}

/** R2 without its tag. */
export function encodeR2({ nonce, share, kem }: ResumeShares, received: bigint): Uint8Array {
  return concat(head('r2'), nonce, share, kem, count(received));
}

/** R3 without its tag. */
export function encodeR3(received: bigint): Uint8Array {
  return concat(head('r3'), count(received));
}

/** @throws `handshake-malformed`, `protocol-version-unsupported` */
export function splitTag(name: ResumeMessageName, bytes: Uint8Array): TaggedMessage {
  const [type, versionHigh, versionLow] = bytes;
  if (type !== TYPES[name] || versionHigh === undefined || versionLow === undefined) {
    throw new LiveletError('handshake-malformed', `not an ${name} message`);
  }
  if (versionHigh * 256 + versionLow !== PROTOCOL_VERSION) {
    throw new LiveletError('protocol-version-unsupported', 'a resumption in another version');
  }
  if (bytes.length !== RESUME_SIZES[name]) {
    throw new LiveletError('handshake-malformed', `${name} has ${bytes.length} bytes`);
  }
  const tagAt = bytes.length - RESUME_FIELD_BYTES;
  return { untagged: Uint8Array.from(bytes.subarray(0, tagAt)), tag: bytes.subarray(tagAt) };
}

/** Of an R1 or R2 without its tag. */
export function sharesOf(name: 'r1' | 'r2', untagged: Uint8Array): ResumeShares {
  const kemEnd = name === 'r1' ? untagged.length : untagged.length - COUNT_BYTES;
  return {
    nonce: untagged.subarray(HEAD_BYTES, SHARES_AT),
    share: untagged.subarray(SHARES_AT, KEM_AT),
    kem: untagged.subarray(KEM_AT, kemEnd),
  };
}

/** Of an R2 or R3 without its tag. */
export function receivedOf(untagged: Uint8Array): bigint {
  const view = new DataView(untagged.buffer, untagged.byteOffset, untagged.length);
  return view.getBigUint64(untagged.length - COUNT_BYTES);
}

function head(name: ResumeMessageName): Uint8Array {
  return Uint8Array.of(TYPES[name], PROTOCOL_VERSION >> 8, PROTOCOL_VERSION & 0xff);
}

function count(received: bigint): Uint8Array {
  const bytes = new Uint8Array(COUNT_BYTES);
  new DataView(bytes.buffer).setBigUint64(0, received);
  return bytes;
}
