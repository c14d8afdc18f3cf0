/**
 * What only the holder of one key can read: kept chats and problem reports, sealed before they leave a computer.
 *
 *     version u8 = 1 | purpose u8 | ephemeral key[32] | box[48] | chunks
 *     box: X25519, XSalsa20-Poly1305 (NaCl) over   content key[32]
 *       nonce: first 24 bytes of SHA-512("livelet/1 sealed" | version | purpose | ephemeral key | recipient's key)
 *     chunks: AES-256-GCM under the content key over each 64 KiB of   length u32 BE | content | zeros up to a size step
 *       nonce: the chunk's number, u96 BE from 0; associated data: 01 for the last chunk, 00 for the others
 *
 * Both keys are made for one envelope and forgotten, so nobody, the sender included, opens it without the recipient's
 * secret. It says nothing of who sent it: whoever needs to know that looks for a signature in
 * the content.
 */
import nacl from 'tweetnacl';
import { concat, utf8 } from '../channel/bytes.js';
import {
  GCM_KEY_BYTES,
  GCM_NONCE_BYTES,
  GCM_TAG_BYTES,
  gcmKey,
  gcmOpen,
  gcmSeal,
  type RandomSource,
  sha512,
  wipe,
} from '../channel/crypto.js';
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
const CHUNKS_AT = BOX_AT + nacl.box.overheadLength + GCM_KEY_BYTES;
const CHUNK_BYTES = 64 * KIB;

/** Bytes of the largest envelope of each purpose. */
export const MAX_ENVELOPE: Readonly<Record<SealedPurpose, number>> = {
  chat: CHUNKS_AT + sealedBytes(128 * KIB),
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
  const size = CHUNKS_AT + sealedBytes(padded);
  if (size > MAX_ENVELOPE[purpose]) throw malformed('too large');
  const ephemeral = createSealKeys(random);
  const shared = sharedKey(recipient, ephemeral.secretKey);
  const contentKey = random(GCM_KEY_BYTES);
  const plaintext = new Uint8Array(padded);
  new DataView(plaintext.buffer).setUint32(0, content.length);
  plaintext.set(content, LENGTH_BYTES);
  const envelope = new Uint8Array(size);
  const head = concat(Uint8Array.of(VERSION, PURPOSES[purpose]), ephemeral.publicKey);
  envelope.set(head);
  envelope.set(nacl.box.after(contentKey, nonce(head, recipient), shared), BOX_AT);
  sealChunks(contentKey, plaintext, envelope.subarray(CHUNKS_AT));
  wipe(plaintext, contentKey, shared, ephemeral.secretKey);
  return envelope;
}

/** The content of an envelope. @throws `sealed-malformed` also when it is for another key or purpose */
export function openEnvelope(purpose: SealedPurpose, envelope: Uint8Array, keys: SealKeys): Uint8Array {
  checkEnvelope(purpose, envelope);
  const head = envelope.subarray(0, BOX_AT);
  const shared = sharedKey(head.subarray(HEADER_BYTES), keys.secretKey);
  const box = envelope.subarray(BOX_AT, CHUNKS_AT);
  const contentKey = nacl.box.open.after(box, nonce(head, keys.publicKey), shared);
  wipe(shared);
  if (contentKey === null) throw malformed('not for this key, or damaged');
  const plaintext = openChunks(contentKey, envelope.subarray(CHUNKS_AT));
  wipe(contentKey);
  const length = new DataView(plaintext.buffer).getUint32(0);
  if (length > plaintext.length - LENGTH_BYTES) throw malformed('length');
  return plaintext.slice(LENGTH_BYTES, LENGTH_BYTES + length);
}

/** What can be said of an envelope without its key. @throws `sealed-malformed` */
export function checkEnvelope(purpose: SealedPurpose, envelope: Uint8Array): void {
  const padded = plainBytes(envelope.length - CHUNKS_AT);
  if (envelope.length > MAX_ENVELOPE[purpose] || padded < SMALLEST_STEP || padded !== sizeStep(padded)) {
    throw malformed('size');
  }
  if (envelope[0] !== VERSION || envelope[1] !== PURPOSES[purpose]) throw malformed('version or purpose');
}

function sealChunks(contentKey: Uint8Array, plaintext: Uint8Array, output: Uint8Array): void {
  const key = gcmKey(contentKey);
  for (let at = 0, number = 0; at < plaintext.length; at += CHUNK_BYTES, number++) {
    const chunk = plaintext.subarray(at, at + CHUNK_BYTES);
    const to = sealedBytes(at);
    const isLast = at + CHUNK_BYTES >= plaintext.length;
    const sealed = output.subarray(to, to + chunk.length + GCM_TAG_BYTES);
    gcmSeal(key, chunkNonce(number), Uint8Array.of(isLast ? 1 : 0), [chunk], sealed);
  }
}

/** @throws `sealed-malformed` */
function openChunks(contentKey: Uint8Array, sealed: Uint8Array): Uint8Array {
  const key = gcmKey(contentKey);
  const plaintext = new Uint8Array(plainBytes(sealed.length));
  for (let at = 0, number = 0; at < plaintext.length; at += CHUNK_BYTES, number++) {
    const isLast = at + CHUNK_BYTES >= plaintext.length;
    const from = sealedBytes(at);
    const chunk = sealed.subarray(from, from + CHUNK_BYTES + GCM_TAG_BYTES);
    const opened = gcmOpen(key, chunkNonce(number), Uint8Array.of(isLast ? 1 : 0), chunk);
    if (!opened) throw malformed('damaged');
    plaintext.set(opened, at);
    wipe(opened);
  }
  return plaintext;
}

function chunkNonce(number: number): Uint8Array {
  const bytes = new Uint8Array(GCM_NONCE_BYTES);
  new DataView(bytes.buffer).setUint32(GCM_NONCE_BYTES - 4, number);
  return bytes;
}

/** Bytes of the chunks of so many plain ones. */
function sealedBytes(plain: number): number {
  return plain + Math.ceil(plain / CHUNK_BYTES) * GCM_TAG_BYTES;
}

/** Plain bytes of so many in chunks. */
function plainBytes(sealed: number): number {
  return sealed - Math.ceil(sealed / (CHUNK_BYTES + GCM_TAG_BYTES)) * GCM_TAG_BYTES;
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
