/**
 * New keys from the old resume secret, with fresh shares of both ends. Each half runs once: the first message that it
 * refuses ends the attempt, and touches nothing that a later attempt needs.
 *
 *     handle(n) = Expand(RS, "livelet/1 resume handle" | 00 | n u32, 32)
 *     rth1 = H(lv("livelet/1 resume", SUITE, handle, R1, R2))     R1 with its tag, R2 without
 *     PRK  = Extract(salt = rth1, input = ML-KEM secret[32] | X25519 secret[32] | RS[64])
 *     rth2 = H(rth1 | R2's tag | R3 without its tag);   rth3 = H(rth2 | R3's tag)
 */
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import { LiveletError } from '../errors.js';
import { concat, lv, utf8 } from './bytes.js';
import {
  constantTimeEqual,
  HASH_BYTES,
  hkdfExpand,
  hkdfExtract,
  hmac,
  type RandomSource,
  sha512,
  wipe,
  X25519_BYTES,
  x25519PublicKey,
  x25519Shared,
} from './crypto.js';
import { SUITE } from './key-schedule.js';
import {
  encodeR1,
  encodeR2,
  encodeR3,
  RESUME_FIELD_BYTES,
  receivedOf,
  sharesOf,
  splitTag,
} from './resume-messages.js';

/** Bytes of the seed of an ML-KEM-768 key pair and of the randomness of one encapsulation. */
const KEM_SEED_BYTES = 64;
const KEM_COINS_BYTES = 32;

export interface ResumeAttempt {
  /** The resume secret, 64 bytes; read, neither kept nor overwritten. */
  readonly secret: Uint8Array;
  /** The handle that this end went to the relay with. */
  readonly handle: Uint8Array;
  /** Records of the other end that this end has. */
  readonly received: bigint;
  readonly random: RandomSource;
}

/** What a finished resumption leaves. */
export interface ResumedKeys {
  /** For records from the operator to the customer, 64 bytes. */
  readonly secretO2C: Uint8Array;
  /** For records from the customer to the operator, 64 bytes. */
  readonly secretC2O: Uint8Array;
  /** For the next resumption, 64 bytes. */
  readonly resume: Uint8Array;
  /** Records of this end that the other one has. */
  readonly peerReceived: bigint;
}

/** Where the two ends of a resume secret meet; `index` counts handles that the relay has used up. 32 bytes. */
export function resumeHandle(secret: Uint8Array, index: number): Uint8Array {
  const number = new Uint8Array(4);
  new DataView(number.buffer).setUint32(0, index);
  return hkdfExpand(secret, concat(utf8('livelet/1 resume handle\0'), number), 32);
}

/** The customer's half: R1, then R2 to R3. */
export class CustomerResumption {
  readonly r1: Uint8Array;
  readonly #attempt: ResumeAttempt;
  readonly #scalar: Uint8Array;
  readonly #kemSecretKey: Uint8Array;

  constructor(attempt: ResumeAttempt) {
    const { random, secret, handle } = attempt;
    this.#attempt = attempt;
    const nonce = random(RESUME_FIELD_BYTES);
    this.#scalar = random(X25519_BYTES);
    const seed = random(KEM_SEED_BYTES);
    const kem = ml_kem768.keygen(seed);
    wipe(seed);
    this.#kemSecretKey = kem.secretKey;
    const untagged = encodeR1({ nonce, share: x25519PublicKey(this.#scalar), kem: kem.publicKey });
    this.r1 = concat(untagged, firstTag(secret, handle, untagged));
  }

  /** @throws `handshake-malformed`, `handshake-failed`, `protocol-version-unsupported` */
  receiveR2(bytes: Uint8Array): { readonly r3: Uint8Array; readonly keys: ResumedKeys } {
    const { untagged, tag } = splitTag('r2', bytes);
    const { share, kem } = sharesOf('r2', untagged);
    const rth1 = hashShares(this.#attempt.handle, this.r1, untagged);
    const kemSecret = ml_kem768.decapsulate(kem, this.#kemSecretKey);
    const prk = extract(rth1, kemSecret, shared(this.#scalar, share), this.#attempt.secret);
    checkTag(confirm(prk, 'operator', rth1), tag, prk);
    const r3 = encodeR3(this.#attempt.received);
    const rth2 = sha512(rth1, tag, r3);
    const ownTag = confirm(prk, 'customer', rth2);
    return { r3: concat(r3, ownTag), keys: derive(prk, sha512(rth2, ownTag), receivedOf(untagged)) };
  }

  wipe(): void {
    wipe(this.#scalar, this.#kemSecretKey);
  }
}

/** The operator's half: R1 to R2, then R3. */
export class OperatorResumption {
  readonly #attempt: ResumeAttempt;
  #waiting: { readonly prk: Uint8Array; readonly rth1: Uint8Array; readonly tag: Uint8Array } | undefined;

  constructor(attempt: ResumeAttempt) {
    this.#attempt = attempt;
  }

  /** @throws as CustomerResumption's */
  receiveR1(bytes: Uint8Array): Uint8Array {
    const { secret, handle, random, received } = this.#attempt;
    const { untagged, tag } = splitTag('r1', bytes);
    checkTag(firstTag(secret, handle, untagged), tag);
    const peer = sharesOf('r1', untagged);
    const nonce = random(RESUME_FIELD_BYTES);
    const scalar = random(X25519_BYTES);
    const coins = random(KEM_COINS_BYTES);
    using _ = { [Symbol.dispose]: () => wipe(scalar, coins) };
    const kem = ml_kem768.encapsulate(peer.kem, coins);
    const r2 = encodeR2({ nonce, share: x25519PublicKey(scalar), kem: kem.cipherText }, received);
    const rth1 = hashShares(handle, bytes, r2);
    const prk = extract(rth1, kem.sharedSecret, shared(scalar, peer.share), secret);
    const ownTag = confirm(prk, 'operator', rth1);
    this.#waiting = { prk, rth1, tag: ownTag };
    return concat(r2, ownTag);
  }

  /** @throws as CustomerResumption's */
  receiveR3(bytes: Uint8Array): ResumedKeys {
    const { untagged, tag } = splitTag('r3', bytes);
    if (!this.#waiting) throw new LiveletError('handshake-failed', 'R3 before R1');
    const { prk, rth1, tag: ownTag } = this.#waiting;
    const rth2 = sha512(rth1, ownTag, untagged);
    checkTag(confirm(prk, 'customer', rth2), tag);
    this.#waiting = undefined;
    return derive(prk, sha512(rth2, tag), receivedOf(untagged));
  }

  wipe(): void {
    if (this.#waiting) wipe(this.#waiting.prk);
  }
}

/** Of R1: only who has the secret can make an end do the work of the rest. */
function firstTag(secret: Uint8Array, handle: Uint8Array, untagged: Uint8Array): Uint8Array {
  const key = hkdfExpand(secret, utf8('livelet/1 resume customer'), HASH_BYTES);
  const tag = hmac(key, lv(handle, untagged)).subarray(0, RESUME_FIELD_BYTES);
  wipe(key);
  return tag;
}

function hashShares(handle: Uint8Array, r1: Uint8Array, r2: Uint8Array): Uint8Array {
  return sha512(lv('livelet/1 resume', SUITE, handle, r1, r2));
}

function shared(scalar: Uint8Array, share: Uint8Array): Uint8Array {
  const secret = x25519Shared(scalar, share);
  if (!secret) throw new LiveletError('handshake-malformed', 'an X25519 share of small order');
  return secret;
}

function extract(rth1: Uint8Array, kem: Uint8Array, dh: Uint8Array, secret: Uint8Array): Uint8Array {
  const material = concat(kem, dh, secret);
  const prk = hkdfExtract(rth1, material);
  wipe(material, kem, dh);
  return prk;
}

function confirm(prk: Uint8Array, role: 'customer' | 'operator', transcript: Uint8Array): Uint8Array {
  const key = hkdfExpand(prk, utf8(`livelet/1 resume confirm ${role}`), HASH_BYTES);
  const tag = hmac(key, transcript).subarray(0, RESUME_FIELD_BYTES);
  wipe(key);
  return tag;
}

/** @param secrets overwritten when it is wrong */
function checkTag(expected: Uint8Array, tag: Uint8Array, ...secrets: readonly Uint8Array[]): void {
  if (constantTimeEqual(expected, tag)) return;
  wipe(...secrets);
  throw new LiveletError('handshake-failed', "a resumption's tag");
}

function derive(prk: Uint8Array, rth3: Uint8Array, peerReceived: bigint): ResumedKeys {
  const key = (label: string): Uint8Array =>
    hkdfExpand(prk, concat(utf8(`livelet/1 ${label}\0`), rth3), HASH_BYTES);
  const keys = {
    secretO2C: key('secret o2c'),
    secretC2O: key('secret c2o'),
    resume: key('resume'),
    peerReceived,
  };
  wipe(prk);
  return keys;
}
