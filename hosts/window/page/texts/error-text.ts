import type { ErrorCode, Locale } from '@livelet/core/page';
import type { ErrorText, ErrorTexts } from './error-texts.js';
import { ERROR_TEXTS_EN } from './error-texts-en.js';
import { ERROR_TEXTS_IT } from './error-texts-it.js';

const TEXTS: Readonly<Record<Locale, ErrorTexts>> = {
  en: ERROR_TEXTS_EN,
  it: ERROR_TEXTS_IT,
};

/** What happened and what to do next, in the language of the person. */
export function errorText(code: ErrorCode, locale: Locale): ErrorText {
  return TEXTS[locale][code];
}
