import type { Locale } from '@livelet/core/page';

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A moment's day in words, ms since 1970. */
export function day(moment: number, locale: Locale): string {
  return new Date(moment).toLocaleDateString(locale, { dateStyle: 'long' });
}
