/**
 * CPace over ristretto255 with SHA-512 (draft-irtf-cfrg-cpace), initiator-responder mode: two ends that share a
 * password agree on a key, and an active attacker gets one guess at the password for each run.
 */
import { ristretto255, ristretto255_hasher } from '@noble/curves/ed25519.js';
import { LiveletError } from '../errors.js';
import { concat, lv, utf8 } from './bytes.js';
import { type RandomSource, sha512, wipe } from './crypto.js';

const DSI = utf8('CPaceRistretto255');
const DSI_ISK = utf8('CPaceRistretto255_ISK');
/** Input block of SHA-512, bytes; the password fills the first block. */
const HASH_BLOCK = 128;

/** Bytes of an encoded group element and of a scalar. */
const CPACE_ELEMENT_BYTES = 32;

type Point = InstanceType<typeof ristretto255.Point>;

/** What both ends must have the same of. */
export interface CpaceContext {
  /** The password-related string. */
  readonly prs: Uint8Array;
  /** The channel identifier. */
  readonly ci: Uint8Array;
  /** The session id that both ends contributed to. */
  readonly sid: Uint8Array;
}

/** What one end sends: its share, and data that the key is bound to. */
export interface CpaceMessage {
  readonly share: Uint8Array;
  readonly associatedData: Uint8Array;
}

/** The string that the group's generator for this password is hashed from. */
export function cpaceGeneratorString({ prs, ci, sid }: CpaceContext): Uint8Array {
  const padding = Math.max(0, HASH_BLOCK - 1 - lv(prs).length - lv(DSI).length);
  return lv(DSI, prs, new Uint8Array(padding), ci, sid);
}

/** A uniform secret scalar below 2^252, 32 bytes little-endian. */
export function cpaceScalar(random: RandomSource): Uint8Array {
  const scalar = random(CPACE_ELEMENT_BYTES);
  scalar[31] = (scalar[31] ?? 0) & 0x0f;
  return scalar;
}

/** This end's share, 32 bytes: its scalar times the password's generator. */
export function cpaceShare(context: CpaceContext, scalar: Uint8Array): Uint8Array {
  const seed = cpaceGeneratorString(context);
  const hash = sha512(seed);
  const generator = ristretto255_hasher.deriveToCurve?.(hash);
  wipe(seed, hash);
  if (generator === undefined) throw new LiveletError('internal', 'ristretto255 has no element derivation');
  return generator.multiply(decodeScalar(scalar)).toBytes();
}

/**
 * The peer's share times this end's scalar, 32 bytes: the draft's `scalar_mult_vfy`.
 * @throws `handshake-malformed` when `share` is no canonical encoding, or the result is the group's identity
 */
export function cpaceMultiply(scalar: Uint8Array, share: Uint8Array): Uint8Array {
  const product = decodePoint(share).multiply(decodeScalar(scalar));
  if (product.is0()) throw new LiveletError('handshake-malformed', 'the shared point is the identity');
  return product.toBytes();
}

/** The intermediate session key, 64 bytes. `shared` is what cpaceMultiply gave. */
export function cpaceKey(
  sid: Uint8Array,
  shared: Uint8Array,
  initiator: CpaceMessage,
  responder: CpaceMessage,
): Uint8Array {
  const secret = lv(DSI_ISK, sid, shared);
  const transcript = concat(
    lv(initiator.share, initiator.associatedData),
    lv(responder.share, responder.associatedData),
  );
  const key = sha512(secret, transcript);
  wipe(secret);
  return key;
}

function decodePoint(bytes: Uint8Array): Point {
  let point: Point;
  try {
    point = ristretto255.Point.fromBytes(bytes);
  } catch (cause) {
    throw new LiveletError('handshake-malformed', 'not an encoded group element', { cause });
  }
  // The library decodes 32 zero bytes to the identity without complaint.
  if (point.is0()) throw new LiveletError('handshake-malformed', 'the share is the identity');
  return point;
}

function decodeScalar(bytes: Uint8Array): bigint {
  let scalar = 0n;
  for (const byte of bytes.toReversed()) scalar = (scalar << 8n) | BigInt(byte);
  return scalar;
}
