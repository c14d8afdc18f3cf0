import type { LocalizedText, MissingSignature } from '@livelet/core/page';

/** What the row about signatures is called. */
export const SIGNED: LocalizedText = { en: 'Signed', it: 'Firmata' };

/** Who signed the receipt, and why the customer's program didn't. */
export const SIGNED_BY: Readonly<Record<MissingSignature | 'both', LocalizedText>> = {
  both: { en: 'By both programs', it: 'Da entrambi i programmi' },
  unanswered: {
    en: 'By this program alone: the customer’s didn’t answer in time',
    it: 'Solo da questo programma: quello del cliente non ha risposto in tempo',
  },
  lost: {
    en: 'By this program alone: the connection was lost',
    it: 'Solo da questo programma: la connessione si era interrotta',
  },
  differs: {
    en: 'By this program alone: the customer’s signed something else',
    it: 'Solo da questo programma: quello del cliente ha firmato altro',
  },
  invalid: {
    en: 'By this program alone: what the customer’s sent is not its signature',
    it: 'Solo da questo programma: ciò che ha inviato quello del cliente non è la sua firma',
  },
};
