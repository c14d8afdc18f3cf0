/**
 * What only the holder of one key can read: kept chats and problem reports, sealed before they leave a computer.
 *
 *     version u8 = 1 | purpose u8 | ephemeral key[32] | box
 *     box: X25519, XSalsa20-Poly1305 (NaCl) over   length u32 BE | content | zeros up to a size step
 *     nonce: first 24 bytes of SHA-512("livelet/1 sealed" | version | purpose | ephemeral key | recipient's key)
 *
 * The ephemeral key is made for one envelope and its secret forgotten, so nobody, the sender included, opens it
 * without the recipient's secret. It says nothing of who sent it: whoever needs to know that looks for a signature in
 * the content.
 */
import nacl from 'tweetnacl';
import { concat, utf8 } from '../channel/bytes.js';
import { type RandomSource, sha512, wipe } from '../channel/crypto.js';
import { LiveletError } from '../errors.js';

const VERSION = 1;
const PURPOSES = { chat: 1, report: 2 } as const;
/** What an envelope is for; one that was made for the other doesn't open. */
export type SealedPurpose = keyof typeof PURPOSES;

const KEY_BYTES = 32;
const HEADER_BYTES = 2;
const BOX_AT = HEADER_BYTES + KEY_BYTES;
const LENGTH_BYTES = 4;
const KIB = 1024;
const SMALLEST_STEP = KIB;
/** Above this, steps are of this size; below, each is twice the one before. */
const LARGEST_STEP = 64 * KIB;
/** Bytes that an envelope has more than what is padded. */
const OVERHEAD = BOX_AT + nacl.box.overheadLength;

/** Bytes of the largest envelope of each purpose. */
export const MAX_ENVELOPE: Readonly<Record<SealedPurpose, number>> = {
  chat: 128 * KIB + OVERHEAD,
  report: 8 * KIB * KIB,
};

/** A key pair to seal to. */
export interface SealKeys {
  /** X25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
}

export function createSealKeys(random: RandomSource): SealKeys {
  const secret = random(KEY_BYTES);
  const keys = sealKeysFromSecret(secret);
  wipe(secret);
  return keys;
}

/** @throws `sealed-malformed` unless `secret` has 32 bytes */
export function sealKeysFromSecret(secret: Uint8Array): SealKeys {
  if (secret.length !== KEY_BYTES) throw malformed('a key has 32 bytes');
  return nacl.box.keyPair.fromSecretKey(Uint8Array.from(secret));
}

/**
 * @param recipient X25519 public key
 * @throws `sealed-malformed` for a key that isn't one, and for content that is too large for its purpose
 */
export function sealEnvelope(
  purpose: SealedPurpose,
  content: Uint8Array,
  recipient: Uint8Array,
  random: RandomSource,
): Uint8Array {
  const padded = sizeStep(LENGTH_BYTES + content.length);
  if (padded + OVERHEAD > MAX_ENVELOPE[purpose]) throw malformed('too large');
  const ephemeral = createSealKeys(random);
  const plaintext = new Uint8Array(padded);
  new DataView(plaintext.buffer).setUint32(0, content.length);
  plaintext.set(content, LENGTH_BYTES);
  const head = concat(Uint8Array.of(VERSION, PURPOSES[purpose]), ephemeral.publicKey);
  const shared = sharedKey(recipient, ephemeral.secretKey);
  const box = nacl.box.after(plaintext, nonce(head, recipient), shared);
  wipe(plaintext, shared, ephemeral.secretKey);
  return concat(head, box);
}

/** The content of an envelope. @throws `sealed-malformed` also when it is for another key or purpose */
export function openEnvelope(purpose: SealedPurpose, envelope: Uint8Array, keys: SealKeys): Uint8Array {
  checkEnvelope(purpose, envelope);
  const head = envelope.subarray(0, BOX_AT);
  const shared = sharedKey(head.subarray(HEADER_BYTES), keys.secretKey);
  const plaintext = nacl.box.open.after(envelope.subarray(BOX_AT), nonce(head, keys.publicKey), shared);
  wipe(shared);
  if (plaintext === null) throw malformed('not for this key, or damaged');
  const length = new DataView(plaintext.buffer, plaintext.byteOffset).getUint32(0);
  if (length > plaintext.length - LENGTH_BYTES) throw malformed('length');
  return plaintext.slice(LENGTH_BYTES, LENGTH_BYTES + length);
}

/** What can be said of an envelope without its key. @throws `sealed-malformed` */
export function checkEnvelope(purpose: SealedPurpose, envelope: Uint8Array): void {
  const padded = envelope.length - OVERHEAD;
  if (envelope.length > MAX_ENVELOPE[purpose] || padded < SMALLEST_STEP || padded !== sizeStep(padded)) {
    throw malformed('size');
  }
  if (envelope[0] !== VERSION || envelope[1] !== PURPOSES[purpose]) throw malformed('version or purpose');
}

function sizeStep(length: number): number {
  if (length > LARGEST_STEP) return Math.ceil(length / LARGEST_STEP) * LARGEST_STEP;
  let step = SMALLEST_STEP;
  while (step < length) step *= 2;
  return step;
}

function sharedKey(publicKey: Uint8Array, secretKey: Uint8Array): Uint8Array {
  if (publicKey.length !== KEY_BYTES) throw malformed('a key has 32 bytes');
  const shared = nacl.scalarMult(secretKey, publicKey);
  // A point of small order: anybody could compute what follows from it.
  const weak = shared.every((byte) => byte === 0);
  wipe(shared);
  if (weak) throw malformed('not a key');
  return nacl.box.before(publicKey, secretKey);
}

function nonce(head: Uint8Array, recipient: Uint8Array): Uint8Array {
  return sha512(utf8('livelet/1 sealed'), head, recipient).subarray(0, nacl.box.nonceLength);
}

function malformed(message: string): LiveletError {
  return new LiveletError('sealed-malformed', message);
}
