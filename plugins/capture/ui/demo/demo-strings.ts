import type { Locale, LocalizedText } from '@livelet/core/page';
import type { ShowEnd, ShowState } from '../../src/demo/demo-protocol.js';

/** To the operator, while their screen is shown or about to be. */
export const SHOW_TEXT: Readonly<Record<Exclude<ShowState, 'off'>, LocalizedText>> = {
  choosing: {
    en: 'The browser is asking you what to show.',
    it: 'Il browser ti chiede che cosa mostrare.',
  },
  opening: { en: 'Your screen is about to be shown.', it: 'Il tuo schermo sta per essere mostrato.' },
  showing: { en: 'You are showing your screen', it: 'Stai mostrando il tuo schermo' },
  resuming: {
    en: 'You are showing your screen again as soon as the connection is back.',
    it: 'Il tuo schermo sarà mostrato di nuovo appena torna il collegamento.',
  },
};

/** To the operator, when it ended otherwise than by their Stop. */
export const END_TEXT: Readonly<Record<ShowEnd, LocalizedText>> = {
  closed: { en: 'The customer has closed it.', it: 'Il cliente lo ha chiuso.' },
  'taken-back': {
    en: 'The customer no longer allows it.',
    it: 'Il cliente non lo permette più.',
  },
  unseen: {
    en: 'It was stopped, because this page was gone.',
    it: 'È stato interrotto, perché questa pagina non c’era più.',
  },
  'not-chosen': { en: 'Nothing is shown.', it: 'Non è mostrato nulla.' },
  failed: {
    en: 'What you wanted to show can’t be shown. Try again, or choose something else.',
    it: 'Ciò che volevi mostrare non si può mostrare. Riprova, o scegli qualcos’altro.',
  },
};

const TEXTS = {
  what: { en: 'What to show', it: 'Che cosa mostrare' },
  all: { en: 'Whole screen', it: 'Tutto lo schermo' },
  monitor: { en: 'Monitor', it: 'Monitor' },
  picker: { en: 'A window or tab, chosen in the browser', it: 'Una finestra o scheda, scelta nel browser' },
  show: { en: 'Show it', it: 'Mostra' },
  stop: { en: 'Stop showing', it: 'Smetti di mostrare' },
  note: {
    en: 'They see all that appears there, messages too, and can touch nothing.',
    it: 'Vede tutto ciò che vi compare, anche i messaggi, e non può toccare nulla.',
  },
  picture: { en: 'Your helper’s screen', it: 'Lo schermo di chi ti aiuta' },
  watchingMark: { en: 'You see their screen', it: 'Vedi il suo schermo' },
  watching: {
    en: 'Your helper is showing you their screen.',
    it: 'Chi ti aiuta ti mostra il suo schermo.',
  },
  closed: {
    en: 'You no longer see your helper’s screen.',
    it: 'Non vedi più lo schermo di chi ti aiuta.',
  },
  close: { en: 'Close it', it: 'Chiudi' },
  actual: { en: 'Larger', it: 'Più grande' },
  whole: { en: 'Full screen', it: 'A schermo intero' },
  leaveWhole: { en: 'Leave full screen (Esc)', it: 'Esci da schermo intero (Esc)' },
} satisfies Record<string, LocalizedText>;

export function text(name: keyof typeof TEXTS, locale: Locale): string {
  return TEXTS[name][locale];
}

export const PICTURE: LocalizedText = TEXTS.picture;
