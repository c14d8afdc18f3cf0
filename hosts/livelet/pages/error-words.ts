import type { ErrorCode, Locale, LocalizedText } from '@livelet/core/page';
import { type ErrorText, errorText } from '@livelet/window/page';

/** What the customer does next wherever a code is used up: the shared texts speak to both sides. */
const ASK_FOR_NEW: LocalizedText = {
  en: 'Ask your helper for a new code.',
  it: 'Chiedi un nuovo codice a chi ti aiuta.',
};

/** The other side didn't have the same secret: almost always digits that were heard wrong. */
const OTHER_DIGITS: LocalizedText = {
  en: 'This code is not the one that your helper gave out.',
  it: 'Questo codice non è quello dato da chi ti aiuta.',
};

/** After these the same digits can be tried again. */
const CODE_STILL_GOOD: ReadonlySet<ErrorCode> = new Set([
  'code-mistyped',
  'relay-unreachable',
  'relay-certificate-not-pinned',
  'relay-too-many-requests',
  'relay-full',
  'proxy-invalid',
  'proxy-unreachable',
  'proxy-refused',
  'proxy-authentication-required',
]);
/** Where the shared text is as right for the customer as for the helper. */
const SHARED: ReadonlySet<ErrorCode> = new Set([
  ...CODE_STILL_GOOD,
  'protocol-version-unsupported',
  'display-unavailable',
  'display-unsupported',
  'relay-region-unexpected',
]);

/** Whether the digits that led to this error may be sent once more. */
export function codeStillGood(code: ErrorCode): boolean {
  return CODE_STILL_GOOD.has(code);
}

/** An error in the customer's words. */
export function customerErrorText(code: ErrorCode, locale: Locale): ErrorText {
  const shared = errorText(code, locale);
  if (SHARED.has(code)) return shared;
  const wrongSecret = code === 'handshake-failed' || code === 'code-wrong-secret';
  return { what: wrongSecret ? OTHER_DIGITS[locale] : shared.what, next: ASK_FOR_NEW[locale] };
}
