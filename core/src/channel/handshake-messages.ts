/**
 * The four messages of the handshake. `ver` is PROTOCOL_VERSION, numbers are big-endian, `lv` is in bytes.ts.
 *
 *     M0 customer -> operator  01 | ver u16 | sidB[32]
 *     M1 operator -> customer  02 | ver u16 | sidA[32] | Ya[32] | lv(ADa)      ADa = lv("operator", cA[32], ek[1184])
 *     M2 customer -> operator  03 | ver u16 | Yb[32] | lv(ADb) | Tb[32]        ADb = lv("customer", nb[32], ct[1088])
 *     M3 operator -> customer  04 | ver u16 | Ta[32] | na[32]
 *
 * Every field has a fixed length, so each message has one length and is checked by encoding it again.
 */
import { LiveletError } from '../errors.js';
import { concat, lv } from './bytes.js';
import { constantTimeEqual } from './crypto.js';

/** The one version that this code speaks. */
export const PROTOCOL_VERSION = 1;

/** Bytes of each whole message. */
export const HANDSHAKE_SIZES = { m0: 35, m1: 1297, m2: 1201, m3: 67 } as const;

const TYPES = { m0: 0x01, m1: 0x02, m2: 0x03, m3: 0x04 } as const;
type MessageName = keyof typeof TYPES;

/** Bytes of an ML-KEM-768 encapsulation key and ciphertext (FIPS 203, table 3). */
const EK_BYTES = 1184;
const CT_BYTES = 1088;
/** Bytes of the type and version in front of every message. */
const HEAD_BYTES = 3;
/** Bytes of every field that isn't ML-KEM's. */
const FIELD_BYTES = 32;

export interface M0 {
  readonly sidB: Uint8Array;
}

export interface M1 {
  readonly sidA: Uint8Array;
  readonly shareA: Uint8Array;
  /** Commitment to the operator's nonce, revealed in M3. */
  readonly commitment: Uint8Array;
  readonly encapsulationKey: Uint8Array;
}

export interface M2 {
  readonly shareB: Uint8Array;
  readonly nonceB: Uint8Array;
  readonly kemCiphertext: Uint8Array;
}

export interface M3 {
  readonly confirmationA: Uint8Array;
  readonly nonceA: Uint8Array;
}

export function encodeM0(message: M0): Uint8Array {
  return concat(head('m0'), message.sidB);
}

export function encodeM1(message: M1): Uint8Array {
  return concat(head('m1'), message.sidA, message.shareA, lv(operatorData(message)));
}

/** M2 without its last field Tb, which depends on the rest. */
export function encodeM2WithoutConfirmation(message: M2): Uint8Array {
  return concat(head('m2'), message.shareB, lv(customerData(message)));
}

export function encodeM3(message: M3): Uint8Array {
  return concat(head('m3'), message.confirmationA, message.nonceA);
}

/** ADa: what the operator's share is sent with. */
export function operatorData(message: M1): Uint8Array {
  return lv('operator', message.commitment, message.encapsulationKey);
}

/** ADb: what the customer's share is sent with. */
export function customerData(message: M2): Uint8Array {
  return lv('customer', message.nonceB, message.kemCiphertext);
}

/** @throws `handshake-malformed`, `protocol-version-unsupported`; so do the others below */
export function decodeM0(bytes: Uint8Array): M0 {
  const read = fieldReader('m0', bytes);
  return { sidB: read(FIELD_BYTES) };
}

export function decodeM1(bytes: Uint8Array): M1 {
  const read = fieldReader('m1', bytes);
  const sidA = read(FIELD_BYTES);
  const shareA = read(FIELD_BYTES);
  // Past the lengths of ADa, the text "operator" and the commitment, which the comparison below checks.
  read(2 + 9 + 1);
  const commitment = read(FIELD_BYTES);
  read(2);
  const message = { sidA, shareA, commitment, encapsulationKey: read(EK_BYTES) };
  checkSame(encodeM1(message), bytes);
  return message;
}

export function decodeM2(bytes: Uint8Array): {
  message: M2;
  unconfirmed: Uint8Array;
  confirmation: Uint8Array;
} {
  const read = fieldReader('m2', bytes);
  const shareB = read(FIELD_BYTES);
  read(2 + 9 + 1);
  const nonceB = read(FIELD_BYTES);
  read(2);
  const message = { shareB, nonceB, kemCiphertext: read(CT_BYTES) };
  const unconfirmed = encodeM2WithoutConfirmation(message);
  checkSame(unconfirmed, bytes.subarray(0, unconfirmed.length));
  return { message, unconfirmed, confirmation: read(FIELD_BYTES) };
}

export function decodeM3(bytes: Uint8Array): M3 {
  const read = fieldReader('m3', bytes);
  return { confirmationA: read(FIELD_BYTES), nonceA: read(FIELD_BYTES) };
}

function head(name: MessageName): Uint8Array {
  return Uint8Array.of(TYPES[name], PROTOCOL_VERSION >> 8, PROTOCOL_VERSION & 0xff);
}

/** Checks type, version and length, then copies one field after another out of `bytes`. */
function fieldReader(name: MessageName, bytes: Uint8Array): (length: number) => Uint8Array {
  const [type, versionHigh, versionLow] = bytes;
  if (type !== TYPES[name] || versionHigh === undefined || versionLow === undefined) {
    throw new LiveletError('handshake-malformed', `not an ${name} message`);
  }
  const version = versionHigh * 256 + versionLow;
  if (version !== PROTOCOL_VERSION) {
    throw new LiveletError('protocol-version-unsupported', `the peer speaks version ${version}`, {
      data: { ours: PROTOCOL_VERSION, theirs: version },
    });
  }
  if (bytes.length !== HANDSHAKE_SIZES[name]) {
    throw new LiveletError('handshake-malformed', `${name} has ${bytes.length} bytes`);
  }
  let at = HEAD_BYTES;
  return (length) => {
    at += length;
    return Uint8Array.from(bytes.subarray(at - length, at));
  };
}

function checkSame(expected: Uint8Array, bytes: Uint8Array): void {
  if (!constantTimeEqual(expected, bytes)) {
    throw new LiveletError('handshake-malformed', 'a length or a role is not as it must be');
  }
}
