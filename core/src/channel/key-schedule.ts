/** From the handshake's transcript and two shared secrets to the session's keys. H is SHA-512, KDF HKDF-SHA-512. */
import { concat, lv, utf8 } from './bytes.js';
import { HASH_BYTES, hkdfExpand, hkdfExtract, hmac, sha512, wipe } from './crypto.js';

/** Names the whole fixed set of algorithms, and is bound into the handshake. There is no other. */
export const SUITE = 'CPACE-RISTR255-SHA512+MLKEM768+HKDF-SHA512+AES-256-GCM';

/** Bytes of a confirmation and of the commitment, which are cut from 64. */
const SHORT_BYTES = 32;

/** What a finished handshake leaves. All of it is secret but `th3`, and `sas` is for the two people. */
export interface SessionKeys {
  /** For records from the operator to the customer, 64 bytes. */
  readonly secretO2C: Uint8Array;
  /** For records from the customer to the operator, 64 bytes. */
  readonly secretC2O: Uint8Array;
  /** For a later resumption, 64 bytes. */
  readonly resume: Uint8Array;
  /** What the four words say, 4 bytes. */
  readonly sas: Uint8Array;
  /** Hash of the whole transcript, 64 bytes: what identities sign. */
  readonly th3: Uint8Array;
}

/** The password-related string of CPace. */
export function passwordString(secret: string): Uint8Array {
  return utf8(`livelet/1 code ${secret}`);
}

/** The channel identifier of CPace. */
export function channelIdentifier(deploymentId: string, nameplate: string): Uint8Array {
  return lv('livelet/1', SUITE, deploymentId, nameplate, 'operator', 'customer');
}

/** cA: binds the operator to `nonceA` before it sees the customer's share. 32 bytes. */
export function commitTo(nonceA: Uint8Array): Uint8Array {
  return sha512(utf8('livelet/1 commit'), nonceA).subarray(0, SHORT_BYTES);
}

/** th1, over everything before the first confirmation. */
export function hashTranscript(m0: Uint8Array, m1: Uint8Array, m2Unconfirmed: Uint8Array): Uint8Array {
  return sha512(lv('livelet/1 transcript', m0, m1, m2Unconfirmed));
}

/** PRK, from both shared secrets: an attacker must break ML-KEM and CPace both. Overwrites its two inputs. */
export function extractKey(th1: Uint8Array, kemSecret: Uint8Array, cpaceSecret: Uint8Array): Uint8Array {
  const material = concat(kemSecret, cpaceSecret);
  const prk = hkdfExtract(th1, material);
  wipe(material, kemSecret, cpaceSecret);
  return prk;
}

/** Tb, 32 bytes. */
export function confirmAsCustomer(prk: Uint8Array, th1: Uint8Array): Uint8Array {
  return confirm(prk, 'customer', th1);
}

/** Ta, 32 bytes. */
export function confirmAsOperator(prk: Uint8Array, th2: Uint8Array, nonceA: Uint8Array): Uint8Array {
  return confirm(prk, 'operator', concat(th2, nonceA));
}

/** th2, which covers the customer's confirmation. */
export function hashConfirmation(th1: Uint8Array, confirmationB: Uint8Array): Uint8Array {
  return sha512(th1, confirmationB);
}

/** The session's keys. `prk` is of no more use then. */
export function deriveSessionKeys(
  prk: Uint8Array,
  th2: Uint8Array,
  confirmationA: Uint8Array,
  nonceA: Uint8Array,
): SessionKeys {
  const th3 = sha512(th2, confirmationA, nonceA);
  const derive = (label: string, length: number): Uint8Array =>
    hkdfExpand(prk, concat(utf8(`livelet/1 ${label}\0`), th3), length);
  return {
    secretO2C: derive('secret o2c', HASH_BYTES),
    secretC2O: derive('secret c2o', HASH_BYTES),
    resume: derive('resume', HASH_BYTES),
    sas: derive('sas', 4),
    th3,
  };
}

function confirm(prk: Uint8Array, role: 'operator' | 'customer', transcript: Uint8Array): Uint8Array {
  const key = hkdfExpand(prk, utf8(`livelet/1 confirm ${role}`), HASH_BYTES);
  const confirmation = hmac(key, transcript).subarray(0, SHORT_BYTES);
  wipe(key);
  return confirmation;
}
