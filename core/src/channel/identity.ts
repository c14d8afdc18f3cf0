/**
 * Who an end is: an Ed25519 key that its host keeps, shown as a fingerprint. The first record of each direction is
 *
 *     pk[32] | sig[64] | name (UTF-8, at most 128 bytes)        sig over "livelet/1 id" | role | th3
 *
 * where role is `operator` or `customer`. The name is claimed; the key is proven.
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import nacl from 'tweetnacl';
import type { PeerIdentity, Side } from '../contracts/session.js';
import { LiveletError } from '../errors.js';
import { concat, utf8 } from './bytes.js';
import { type RandomSource, sha256, wipe } from './crypto.js';

const IDENTITY_SEED_BYTES = 32;
/** Bytes of a name in UTF-8. */
export const MAX_NAME_BYTES = 128;

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const NAME_AT = KEY_BYTES + SIGNATURE_BYTES;
/** Bytes of the smallest and the largest identity record's body. */
export const IDENTITY_RECORD_SIZES = { min: NAME_AT, max: NAME_AT + MAX_NAME_BYTES } as const;

/** A key pair for signing. */
export interface Identity {
  /** 32 bytes */
  readonly publicKey: Uint8Array;
  /** 64 bytes: the seed and the public key. Its first 32 bytes are what a host stores. */
  readonly secretKey: Uint8Array;
}

/** A new key pair; what `random` gave for it is wiped. */
export function createIdentity(random: RandomSource): Identity {
  const seed = random(IDENTITY_SEED_BYTES);
  const identity = identityFromSeed(seed);
  wipe(seed);
  return identity;
}

/** @throws `identity-invalid` unless `seed` has 32 bytes */
export function identityFromSeed(seed: Uint8Array): Identity {
  if (seed.length !== IDENTITY_SEED_BYTES) throw invalid('a seed has 32 bytes');
  return nacl.sign.keyPair.fromSeed(Uint8Array.from(seed));
}

/** First 16 bytes of SHA-256 over the key, as eight groups of four hexadecimal digits: `a1b2 c3d4 ...`. */
export function fingerprint(publicKey: Uint8Array): string {
  return Array.from(sha256(publicKey).subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .replace(/.{4}(?=.)/g, '$& ');
}

/** A name as it travels. @throws `identity-invalid` over 128 bytes */
export function encodeName(name: string): Uint8Array {
  const bytes = utf8(cleanName(name));
  if (bytes.length > MAX_NAME_BYTES) throw invalid('a name has at most 128 bytes');
  return bytes;
}

/**
 * The body of this end's identity record.
 * @throws `identity-invalid` when the name is longer than 128 bytes
 */
export function encodeIdentityRecord(
  identity: Identity,
  name: string,
  side: Side,
  th3: Uint8Array,
): Uint8Array {
  const nameBytes = encodeName(name);
  const signature = nacl.sign.detached(signedBytes(side, th3), identity.secretKey);
  return concat(identity.publicKey, signature, nameBytes);
}

/**
 * The identity of the peer, who is `side`, in the session that `th3` is of.
 * @throws `identity-invalid`
 */
export function decodeIdentityRecord(body: Uint8Array, side: Side, th3: Uint8Array): PeerIdentity {
  if (body.length < IDENTITY_RECORD_SIZES.min || body.length > IDENTITY_RECORD_SIZES.max) {
    throw invalid(`a record of ${body.length} bytes`);
  }
  const publicKey = Uint8Array.from(body.subarray(0, KEY_BYTES));
  const signature = body.subarray(KEY_BYTES, NAME_AT);
  checkPublicKey(publicKey);
  checkScalar(signature.subarray(32));
  if (!nacl.sign.detached.verify(signedBytes(side, th3), signature, publicKey)) {
    throw invalid('the signature is wrong');
  }
  return { name: decodeName(body.subarray(NAME_AT)), publicKey, fingerprint: fingerprint(publicKey) };
}

/**
 * Only canonical points of the prime-order subgroup: under a key of small order, one signature fits many messages,
 * and tweetnacl doesn't look.
 * @throws `identity-invalid`
 */
export function checkPublicKey(publicKey: Uint8Array): void {
  let good = false;
  try {
    const point = ed25519.Point.fromBytes(publicKey, false);
    good = !point.isSmallOrder() && point.isTorsionFree();
  } catch (cause) {
    throw invalid('not an encoded key', cause);
  }
  if (!good) throw invalid('the key is of small or mixed order');
}

/** S below the group's order L, which tweetnacl doesn't check: else S + L would be a second valid signature. */
function checkScalar(littleEndian: Uint8Array): void {
  let scalar = 0n;
  for (const byte of littleEndian.toReversed()) scalar = (scalar << 8n) | BigInt(byte);
  if (scalar >= ed25519.Point.Fn.ORDER) throw invalid('the signature is not canonical');
}

function signedBytes(side: Side, th3: Uint8Array): Uint8Array {
  return concat(utf8(`livelet/1 id${side}`), th3);
}

function decodeName(bytes: Uint8Array): string {
  try {
    return cleanName(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw invalid('the name is not UTF-8', cause);
  }
}

/** What shows nothing by itself, but for the joiners and the emoji style that scripts and emoji need. */
const INVISIBLE = /(?!\u200c|\u200d|\ufe0f)[\p{Cc}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufeff]/gu;
/** Marks on one letter that no language needs and that would cover the lines above and below. */
const PILE_OF_MARKS = /(\p{M}{4})\p{M}+/gu;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}](?<!\u2800)/u;

/** Without what could disguise a name: control characters, marks that turn the writing direction, gaps, invisible ones. */
function cleanName(name: string): string {
  const cleaned = name.replace(INVISIBLE, '').replace(PILE_OF_MARKS, '$1').replace(/\s+/gu, ' ').trim();
  return VISIBLE.test(cleaned) ? cleaned : '';
}

function invalid(message: string, cause?: unknown): LiveletError {
  return new LiveletError('identity-invalid', message, { cause });
}
