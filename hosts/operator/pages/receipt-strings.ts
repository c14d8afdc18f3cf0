import type { Locale, LocalizedText, MissingSignature } from '@livelet/core/page';
import type { EndShown } from '@livelet/operator/page-protocol';

/** Why the customer's program ended the session, and what to do next where it wasn't the customer who did. */
export const END_BY_PEER: Readonly<
  Record<NonNullable<EndShown['reason']>, Readonly<Record<Locale, (name: string) => string>>>
> = {
  person: { en: (name) => `${name} ended it.`, it: (name) => `L’ha terminata ${name}.` },
  refused: {
    en: (name) => `${name} didn’t allow it.`,
    it: (name) => `${name} non l’ha permessa.`,
  },
  'display-lost': {
    en: (name) =>
      `The screen of ${name} went away: they logged out, or it was switched off or restarted. Ask them to log in and start Livelet again, then get a new code.`,
    it: (name) =>
      `Lo schermo di ${name} non c’è più: ha chiuso la sessione del desktop, o lo schermo è stato spento o riavviato. Chiedi di accedere e avviare di nuovo Livelet, poi prendi un nuovo codice.`,
  },
  'window-gone': {
    en: (name) =>
      `The Livelet window of ${name} was closed or out of sight, so their program ended it. To go on, ask them to start Livelet again, then get a new code.`,
    it: (name) =>
      `La finestra di Livelet di ${name} è stata chiusa o non era più in vista, quindi il suo programma l’ha terminata. Per continuare chiedi di avviare di nuovo Livelet, poi prendi un nuovo codice.`,
  },
  shutdown: {
    en: (name) =>
      `The Livelet program of ${name} was closed, or their computer was switched off. To go on, ask them to start Livelet again, then get a new code.`,
    it: (name) =>
      `Il programma Livelet di ${name} è stato chiuso, o il suo computer spento. Per continuare chiedi di avviare di nuovo Livelet, poi prendi un nuovo codice.`,
  },
  failure: {
    en: (name) =>
      `A fault of the Livelet program of ${name} ended it. To go on, ask them to start Livelet again, then get a new code.`,
    it: (name) =>
      `Un errore del programma Livelet di ${name} l’ha terminata. Per continuare chiedi di avviare di nuovo Livelet, poi prendi un nuovo codice.`,
  },
};

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
