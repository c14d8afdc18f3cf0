import type { Locale, LocalizedText } from '@livelet/core/page';
import type { OwnState, TheirState } from '../src/page-protocol.js';

const TEXTS = {
  camera: { en: 'Camera', it: 'Videocamera' },
  turnOn: { en: 'Turn my camera on', it: 'Accendi la mia videocamera' },
  turnOff: { en: 'Turn my camera off', it: 'Spegni la mia videocamera' },
  asked: {
    en: 'You asked to show your camera; no answer yet.',
    it: 'Hai chiesto di mostrare la tua videocamera; ancora nessuna risposta.',
  },
  notAllowed: {
    en: 'The customer has to allow it before they see your camera.',
    it: 'Il cliente deve permetterlo prima di vedere la tua videocamera.',
  },
  which: { en: 'Which camera', it: 'Quale videocamera' },
  unnamed: { en: 'Camera', it: 'Videocamera' },
  preview: { en: 'What your camera sees', it: 'Ciò che vede la tua videocamera' },
  onHelper: {
    en: 'Your camera is on: your helper sees you.',
    it: 'La tua videocamera è accesa: chi ti aiuta ti vede.',
  },
  offHelper: {
    en: 'Your camera is off: your helper can’t see you.',
    it: 'La tua videocamera è spenta: chi ti aiuta non ti vede.',
  },
  ownMark: { en: 'Camera open', it: 'Videocamera accesa' },
  theirsMark: { en: 'You see their camera', it: 'Vedi la sua videocamera' },
  onCustomer: { en: 'Your camera is on', it: 'La tua videocamera è accesa' },
  offCustomer: { en: 'Your camera is off', it: 'La tua videocamera è spenta' },
  closed: {
    en: 'The customer has closed your picture.',
    it: 'Il cliente ha chiuso la tua immagine.',
  },
  theirsHelper: {
    en: 'Your helper shows you their camera.',
    it: 'Chi ti aiuta ti mostra la sua videocamera.',
  },
  theirsCustomer: { en: 'You see the customer’s camera', it: 'Vedi la videocamera del cliente' },
  theirs: { en: 'The customer’s camera', it: 'La videocamera del cliente' },
  pictureHelper: { en: 'Your helper', it: 'Chi ti aiuta' },
  pictureCustomer: { en: 'The customer', it: 'Il cliente' },
  close: { en: 'Close it', it: 'Chiudi' },
  hide: { en: 'Hide', it: 'Nascondi' },
  move: { en: 'Move to another corner', it: 'Sposta in un altro angolo' },
} satisfies Record<string, LocalizedText>;

export type TextName = keyof typeof TEXTS;

export function text(name: TextName, locale: Locale): string {
  return TEXTS[name][locale];
}

/** What the person reads of their own camera besides that it is on. */
export const LENS_TEXT: Readonly<Record<Exclude<OwnState, 'on' | 'off'>, LocalizedText>> = {
  opening: {
    en: 'The browser may ask you whether it may use the camera.',
    it: 'Il browser potrebbe chiederti se può usare la videocamera.',
  },
  waiting: {
    en: 'Off until the connection is back.',
    it: 'Spenta finché non torna il collegamento.',
  },
  refused: {
    en: 'The browser doesn’t let this page use the camera.',
    it: 'Il browser non permette a questa pagina di usare la videocamera.',
  },
  missing: { en: 'There is no camera on this computer.', it: 'In questo computer non c’è una videocamera.' },
  failed: {
    en: 'The camera has stopped. Another program may be using it.',
    it: 'La videocamera si è fermata. Forse la usa un altro programma.',
  },
};

/** What the operator is told of the customer's camera. */
export const THEIR_TEXT: Readonly<Record<Exclude<TheirState, 'none'>, LocalizedText>> = {
  waiting: { en: 'Their camera is off', it: 'La sua videocamera è spenta' },
  shown: TEXTS.theirsCustomer,
};
