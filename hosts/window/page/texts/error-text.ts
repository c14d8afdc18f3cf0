import type { ErrorCode, Locale } from '@livelet/core/page';
import { ERROR_TEXTS_EN } from './error-texts-en.js';
import { ERROR_TEXTS_IT } from './error-texts-it.js';

/** An error for people: one sentence each, shown in this order. */
export interface ErrorText {
  /** What happened. */
  readonly what: string;
  /** What to do next. */
  readonly next: string;
}

const TEXTS: Readonly<Record<Locale, Readonly<Record<ErrorCode, ErrorText>>>> = {
  en: ERROR_TEXTS_EN,
  it: ERROR_TEXTS_IT,
};

export function errorText(code: ErrorCode, locale: Locale): ErrorText {
  return TEXTS[locale][code];
}
