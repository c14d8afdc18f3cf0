/**
 * The digits that the operator reads out and the customer types:
 *
 *     NNNNN SSSSSS C       12 digits; with a long secret NNNNN SSSSSSSSSS C, 16 digits
 *
 * N is the relay's nameplate and routes, S is the secret that never leaves the two ends, and C is a Damm check digit
 * over both, so that a slip of the finger is noticed before anything is sent.
 */
import { LiveletError } from '../errors.js';
import type { RandomSource } from './crypto.js';

const NAMEPLATE_DIGITS = 5;
/** Digits of the secret: ordinary, and for high security. */
export const SECRET_DIGITS = [6, 10] as const;
/** How long a secret is: ordinary, or after a suspected attack. */
export type SecretDigits = (typeof SECRET_DIGITS)[number];

/** A code without its check digit. */
export interface SessionCode {
  /** 5 digits; known to the relay. */
  readonly nameplate: string;
  /** 6 or 10 digits; known to the two people only. */
  readonly secret: string;
}

/** Longest text that is looked at; 16 digits with generous separators. Characters. */
const MAX_TEXT = 64;

/** Damm's quasigroup of order 10 (H. M. Damm, 2004): finds every single wrong digit and every swap of neighbours. */
const DAMM = [
  '0317598642',
  '7092154863',
  '4206871359',
  '1750983426',
  '6123045978',
  '3674209581',
  '5869720134',
  '8945362017',
  '9438617205',
  '2581436790',
] as const;

/** The Damm check digit of a string of digits. */
function checkDigit(digits: string): string {
  let interim = 0;
  for (const digit of digits) interim = Number(DAMM[interim]?.[Number(digit)]);
  return String(interim);
}

/** A new secret. The decimal reduction of 128 random bits favours no secret by more than 2^-94. */
export function createSecret(random: RandomSource, digits: SecretDigits): string {
  let value = 0n;
  for (const byte of random(16)) value = (value << 8n) | BigInt(byte);
  return String(value % 10n ** BigInt(digits)).padStart(digits, '0');
}

/**
 * The code as people see it: `482 917 056 183`, or `4829 1705 6183 4275` with a long secret.
 * @throws `code-mistyped` when a part has another number of digits
 */
export function formatSessionCode(code: SessionCode): string {
  const digits = code.nameplate + code.secret;
  if (
    code.nameplate.length !== NAMEPLATE_DIGITS ||
    !isSecretLength(code.secret.length) ||
    /\D/.test(digits)
  ) {
    throw new LiveletError('code-mistyped', 'a code has 5 digits of nameplate and 6 or 10 of secret');
  }
  const group = code.secret.length === SECRET_DIGITS[0] ? /.{3}(?=.)/g : /.{4}(?=.)/g;
  return (digits + checkDigit(digits)).replace(group, '$& ');
}

/**
 * Reads a code as people type or paste it: any spaces, hyphens, dots or other grouping, full-width digits too.
 * @throws `code-mistyped`, with `data.reason` `length`, `character` or `check-digit`
 */
export function parseSessionCode(text: string): SessionCode {
  if (text.length > MAX_TEXT) throw mistyped('length');
  const digits = text.normalize('NFKC').replace(/[\s\p{Pd}\p{Cf}._\u2212]/gu, '');
  if (/[^0-9]/.test(digits)) throw mistyped('character');
  const secretEnd = digits.length - 1;
  if (!isSecretLength(secretEnd - NAMEPLATE_DIGITS)) throw mistyped('length');
  if (checkDigit(digits) !== '0') throw mistyped('check-digit');
  return {
    nameplate: digits.slice(0, NAMEPLATE_DIGITS),
    secret: digits.slice(NAMEPLATE_DIGITS, secretEnd),
  };
}

function isSecretLength(length: number): length is SecretDigits {
  return (SECRET_DIGITS as readonly number[]).includes(length);
}

function mistyped(reason: 'length' | 'character' | 'check-digit'): LiveletError {
  return new LiveletError('code-mistyped', `not a session code: ${reason}`, { data: { reason } });
}
