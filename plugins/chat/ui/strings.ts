import type { ChatKeeping, Locale, LocalizedText } from '@livelet/core/page';

const TEXTS = {
  log: { en: 'Messages', it: 'Messaggi' },
  empty: { en: 'No messages yet.', it: 'Ancora nessun messaggio.' },
  write: { en: 'Write a message', it: 'Scrivi un messaggio' },
  send: { en: 'Send', it: 'Invia' },
  you: { en: 'You', it: 'Tu' },
  peer: { en: 'Other person', it: 'Altra persona' },
  sending: { en: 'Sending', it: 'Invio in corso' },
  delivered: { en: 'Delivered', it: 'Consegnato' },
  failed: { en: 'Not delivered', it: 'Non consegnato' },
  again: { en: 'Try again', it: 'Riprova' },
  unread: { en: 'New', it: 'Nuovi' },
  closed: { en: 'Messages are not allowed now.', it: 'I messaggi ora non sono permessi.' },
  keepingUnknown: {
    en: 'Before your first message you read here whether this chat is kept.',
    it: 'Prima del primo messaggio leggerai qui se i messaggi vengono conservati.',
  },
  notKept: { en: 'This chat is not kept.', it: 'Questi messaggi non vengono conservati.' },
  refused: {
    en: 'This chat is not kept: the place named for it was not signed by the organisation.',
    it: 'Questi messaggi non vengono conservati: il luogo indicato non è firmato dall’organizzazione.',
  },
  tooLong: {
    en: 'This message is too long. Send it in parts.',
    it: 'Questo messaggio è troppo lungo. Invialo in più parti.',
  },
  malformed: {
    en: 'This text can’t be sent. Write it again.',
    it: 'Questo testo non si può inviare. Riscrivilo.',
  },
} as const satisfies Record<string, LocalizedText>;

export type TextName = keyof typeof TEXTS;

export function text(name: TextName, locale: Locale): string {
  return TEXTS[name][locale];
}

/** Who keeps the chat, for both people. */
export function keepingText(keeping: ChatKeeping | undefined, locale: Locale): string {
  if (keeping === undefined) return text('keepingUnknown', locale);
  if (!keeping.kept) return text(keeping.refused ? 'refused' : 'notKept', locale);
  const { by } = keeping;
  return locale === 'it' ? `Questi messaggi vengono conservati da ${by}.` : `This chat is kept by ${by}.`;
}

/** How many characters may still be written; below zero too many are there. */
export function charactersLeft(left: number, locale: Locale): string {
  const count = new Intl.NumberFormat(locale).format(Math.abs(left));
  const one = Math.abs(left) === 1;
  if (locale === 'it') {
    const characters = one ? 'carattere' : 'caratteri';
    return left < 0 ? `${count} ${characters} di troppo` : `Ancora ${count} ${characters}`;
  }
  const characters = one ? 'character' : 'characters';
  return left < 0 ? `${count} ${characters} too many` : `${count} ${characters} left`;
}
