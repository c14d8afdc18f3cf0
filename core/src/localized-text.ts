/** The languages that every text of the project exists in. */
export const LOCALES = ['en', 'it'] as const;
export type Locale = (typeof LOCALES)[number];

/** One text in every language. */
export type LocalizedText = Readonly<Record<Locale, string>>;

/** The best of LOCALES for a BCP 47 tag or POSIX locale name such as `it-IT` or `it_IT.UTF-8`; English otherwise. */
export function bestLocale(tag: string | undefined): Locale {
  return tag?.toLowerCase().startsWith('it') ? 'it' : 'en';
}
