import { bestLocale, LOCALES, type Locale, type LocalizedText } from '@livelet/core/page';
import { Listeners } from './listeners.js';

const STORAGE_KEY = 'livelet-locale';

/** The language that the person reads: the system's, until they switch it. */
export class Localizer {
  readonly #listeners = new Listeners<Locale>();
  #locale: Locale;

  /** Takes the switch that was made in this tab before, else the best of `languages`. */
  constructor(languages: readonly string[] = navigator.languages) {
    const stored = sessionStorage.getItem(STORAGE_KEY);
    this.#locale = LOCALES.find((locale) => locale === stored) ?? bestLocale(languages[0]);
    document.documentElement.lang = this.#locale;
  }

  get locale(): Locale {
    return this.#locale;
  }

  /** Switches every text of the page, and of its panels. */
  setLocale(locale: Locale): void {
    if (locale === this.#locale) return;
    this.#locale = locale;
    sessionStorage.setItem(STORAGE_KEY, locale);
    document.documentElement.lang = locale;
    this.#listeners.tell(locale);
  }

  text(text: LocalizedText): string {
    return text[this.#locale];
  }

  onChange(listener: (locale: Locale) => void): Disposable {
    return this.#listeners.add(listener);
  }
}

/**
 * A page's own strings, all of them in each language; the compiler refuses a missing one. English is
 * first because its keys are the ones that the others must have.
 * A string with parts is a function: `waiting: (minutes: number) => \`${minutes} min\``.
 */
export function defineStrings<S extends Strings>(strings: {
  readonly en: S;
  readonly it: SameStrings<S>;
}): {
  readonly [L in Locale]: S;
} {
  return strings as { readonly [L in Locale]: S };
}

// biome-ignore lint/suspicious/noExplicitAny: each string's parts have their own types; this only says that they are strings
export type Strings = Readonly<Record<string, string | ((...parts: any[]) => string)>>;

type SameStrings<S extends Strings> = {
  readonly [K in keyof S]: S[K] extends string ? string : S[K];
};
