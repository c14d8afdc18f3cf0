import type { Locale } from './localized-text.js';

/** `09:05`, or `09:05:07`, of a moment, ms since 1970: the same in every language, from 00:00 to 23:59. */
export function timeOfDay(at: number, locale: Locale, seconds = false): string {
  const options: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  if (seconds) options.second = '2-digit';
  return new Intl.DateTimeFormat(locale, options).format(at);
}
