/** The primitives that the channel is made of, over node:crypto. No other file of the channel needs Node itself. */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  diffieHellman,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { freeMemory } from './bytes.js';

/** Gives `length` unpredictable bytes, in an array of its own that the caller may overwrite. */
export type RandomSource = (length: number) => Uint8Array;

/** The operating system's generator. */
export const systemRandom: RandomSource = (length) => plain(randomBytes(length));

/** Bytes of a SHA-512 value, and so of an HMAC and of an HKDF pseudorandom key. */
export const HASH_BYTES = 64;
/** Bytes of an AES-256 key. */
export const GCM_KEY_BYTES = 32;
export const GCM_NONCE_BYTES = 12;
/** The only tag length that is made or accepted. Node takes tags from 4 bytes when it isn't told. */
export const GCM_TAG_BYTES = 16;

export function sha512(...parts: readonly Uint8Array[]): Uint8Array {
  return digest('sha512', parts);
}

export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  return digest('sha256', parts);
}

/** HMAC-SHA-512 over the concatenation of `parts`. */
export function hmac(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const mac = createHmac('sha512', key);
  for (const part of parts) mac.update(part);
  return plain(mac.digest());
}

/** HKDF-Extract with SHA-512 (RFC 5869, 2.2). */
export function hkdfExtract(salt: Uint8Array, keyMaterial: Uint8Array): Uint8Array {
  return hmac(salt, keyMaterial);
}

/** HKDF-Expand with SHA-512 (RFC 5869, 2.3); `length` is at most 255 * 64 bytes. */
export function hkdfExpand(prk: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  const output = new Uint8Array(length);
  let block: Uint8Array = new Uint8Array();
  for (let counter = 1, filled = 0; filled < length; counter += 1, filled += HASH_BYTES) {
    const next = hmac(prk, block, info, Uint8Array.of(counter));
    wipe(block);
    block = next;
    output.set(block.subarray(0, length - filled), filled);
  }
  wipe(block);
  return output;
}

/** Whether both hold the same bytes; the time it takes depends on the lengths only. */
export function constantTimeEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}

/** A key as Node wants it: from bytes it would make one for each record, which takes longer than the record itself. */
export type GcmKey = KeyObject;

/** @param key copied; the copy is overwritten once nobody has it any more */
export function gcmKey(key: Uint8Array): GcmKey {
  return createSecretKey(key);
}

/**
 * Encrypts the concatenation of `plaintext` into `output`, which must have exactly room for it and the tag:
 * `ciphertext | tag[16]`.
 */
export function gcmSeal(
  key: GcmKey,
  nonce: Uint8Array,
  associatedData: Uint8Array,
  plaintext: readonly Uint8Array[],
  output: Uint8Array,
): void {
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: GCM_TAG_BYTES });
  cipher.setAAD(associatedData);
  let at = 0;
  for (const part of plaintext) {
    if (part.length === 0) continue;
    const sealed = cipher.update(part);
    output.set(sealed, at);
    freeMemory(sealed);
    at += part.length;
  }
  cipher.final();
  output.set(cipher.getAuthTag(), at);
}

/**
 * The plaintext of `sealed` (`ciphertext | tag[16]`), or undefined when it isn't authentic; then nothing of the
 * plaintext is left in memory that this function can reach.
 */
export function gcmOpen(
  key: GcmKey,
  nonce: Uint8Array,
  associatedData: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | undefined {
  const tagAt = sealed.length - GCM_TAG_BYTES;
  if (tagAt < 0) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: GCM_TAG_BYTES });
  decipher.setAAD(associatedData);
  decipher.setAuthTag(sealed.subarray(tagAt));
  const plaintext = decipher.update(sealed.subarray(0, tagAt));
  try {
    decipher.final();
    return plain(plaintext);
  } catch {
    wipe(plaintext);
    return undefined;
  }
}

/** Bytes of an X25519 private key, public key and shared secret (RFC 7748). */
export const X25519_BYTES = 32;
/** What stands before the 32 bytes in DER: PKCS #8 and SubjectPublicKeyInfo (RFC 8410, 7 and 4). */
const X25519_PRIVATE_DER = Buffer.from('302e020100300506032b656e04220420', 'hex');
const X25519_PUBLIC_DER = Buffer.from('302a300506032b656e032100', 'hex');

/** The public key of a private one. */
export function x25519PublicKey(privateKey: Uint8Array): Uint8Array {
  const der = createPublicKey(x25519Private(privateKey)).export({ type: 'spki', format: 'der' });
  return Uint8Array.from(der.subarray(X25519_PUBLIC_DER.length));
}

/** The shared secret; undefined for a public key of small order, with which it would be no secret. */
export function x25519Shared(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined {
  const key = Buffer.concat([X25519_PUBLIC_DER, publicKey]);
  try {
    return plain(
      diffieHellman({
        privateKey: x25519Private(privateKey),
        publicKey: createPublicKey({ key, format: 'der', type: 'spki' }),
      }),
    );
  } catch {
    return undefined;
  }
}

function x25519Private(privateKey: Uint8Array): ReturnType<typeof createPrivateKey> {
  const key = Buffer.concat([X25519_PRIVATE_DER, privateKey]);
  try {
    return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  } finally {
    wipe(key);
  }
}

/** Overwrites secrets. Copies that the engine or a library made (bigints, strings) are out of reach. */
export function wipe(...secrets: readonly Uint8Array[]): void {
  for (const secret of secrets) secret.fill(0);
}

/** Secrets of one piece of work, overwritten when it is over, however it ends. */
export class Scratch implements Disposable {
  readonly #secrets: Uint8Array[] = [];

  keep<Secret extends Uint8Array>(secret: Secret): Secret {
    this.#secrets.push(secret);
    return secret;
  }

  [Symbol.dispose](): void {
    wipe(...this.#secrets);
  }
}

function digest(algorithm: string, parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash(algorithm);
  for (const part of parts) hash.update(part);
  return plain(hash.digest());
}

/** The same bytes, not copied, without what Node's Buffer does differently. */
function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}
