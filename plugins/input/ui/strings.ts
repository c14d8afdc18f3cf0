import { type Locale, type LocalizedText } from '@livelet/core/page';

const TEXTS = {
  sink: {
    en: 'Keyboard of the customer. Ctrl+Alt+Shift leaves it.',
    it: 'Tastiera del cliente. Ctrl+Alt+Maiusc per uscire.',
  },
  captured: {
    en: 'Keys go to the customer. Ctrl+Alt+Shift leaves.',
    it: 'I tasti vanno al cliente. Ctrl+Alt+Maiusc per uscire.',
  },
  left: { en: 'Keys are yours again.', it: 'I tasti sono di nuovo tuoi.' },
  ownWindow: {
    en: 'This window can only be used by the customer.',
    it: 'Questa finestra può essere usata solo dal cliente.',
  },
  outsideScreen: {
    en: 'This place is outside the screen.',
    it: 'Questo punto è fuori dallo schermo.',
  },
  unavailable: {
    en: 'The customer’s screen didn’t take this. Try again.',
    it: 'Lo schermo del cliente non ha risposto. Riprova.',
  },
  noControl: {
    en: 'Mouse and keyboard can’t be used on the customer’s screen.',
    it: 'Mouse e tastiera non si possono usare sullo schermo del cliente.',
  },
  revoked: {
    en: 'The customer took mouse and keyboard back.',
    it: 'Il cliente ha ripreso mouse e tastiera.',
  },
  expired: {
    en: 'The time for mouse and keyboard is over.',
    it: 'Il tempo per mouse e tastiera è finito.',
  },
  keys: { en: 'Keys', it: 'Tasti' },
  keysHelp: { en: 'Press keys on the customer’s computer', it: 'Premi tasti sul computer del cliente' },
  windowsKey: { en: 'Windows key', it: 'Tasto Windows' },
  printScreen: { en: 'Print Screen', it: 'Stamp' },
  capsLock: { en: 'Caps Lock', it: 'Bloc Maiusc' },
  altTab: { en: 'Alt+Tab', it: 'Alt+Tab' },
  altF4: { en: 'Alt+F4', it: 'Alt+F4' },
  ctrlAltDelete: { en: 'Ctrl+Alt+Del', it: 'Ctrl+Alt+Canc' },
} as const satisfies Record<string, LocalizedText>;

export type TextName = keyof typeof TEXTS;

export function text(name: TextName, locale: Locale): string {
  return TEXTS[name][locale];
}
