import {
  type ClipboardFormat,
  type ClipboardRefusal,
  type Locale,
  type LocalizedText,
  timeOfDay,
} from '@livelet/core/page';
import type { LastCopied } from '../src/page-protocol.js';

const TEXTS = {
  clipboard: { en: 'Clipboard', it: 'Appunti' },
  off: { en: 'The clipboard is not shared.', it: 'Gli appunti non sono condivisi.' },
  sends: {
    en: 'What you copy is shared now: it goes to them when you come back to their screen.',
    it: 'Ciò che copi ora è condiviso: arriva all’altra persona quando torni sul suo schermo.',
  },
  takes: {
    en: 'What they copy is shared now.',
    it: 'Ciò che copia l’altra persona ora è condiviso.',
  },
  before: {
    en: 'What you had copied before was not sent.',
    it: 'Ciò che avevi copiato prima non è stato inviato.',
  },
  sendNow: { en: 'Send what I copied', it: 'Invia ciò che ho copiato' },
  offered: {
    en: 'They copied something. Put it on your clipboard to paste it.',
    it: 'L’altra persona ha copiato qualcosa. Mettilo nei tuoi appunti per incollarlo.',
  },
  placeNow: { en: 'Put it on my clipboard', it: 'Metti nei miei appunti' },
  denied: {
    en: 'Your browser doesn’t let this page read what you copy. Allow it in the browser’s settings of this page, or paste it here:',
    it: 'Il browser non permette a questa pagina di leggere ciò che copi. Permettilo nelle impostazioni del browser per questa pagina, oppure incollalo qui:',
  },
  pasteHere: { en: 'Paste here to send', it: 'Incolla qui per inviare' },
  iCopy: { en: 'What you copy is shared now.', it: 'Ciò che copi ora è condiviso.' },
  theyCopy: {
    en: 'You can paste what your helper copies.',
    it: 'Puoi incollare ciò che copia chi ti aiuta.',
  },
  nothingYet: { en: 'Nothing yet.', it: 'Ancora niente.' },
  last: { en: 'Last', it: 'Ultima copia' },
} as const satisfies Record<string, LocalizedText>;
export type TextName = keyof typeof TEXTS;

const FORMATS: Readonly<Record<ClipboardFormat, LocalizedText>> = {
  text: { en: 'text', it: 'testo' },
  html: { en: 'formatted text', it: 'testo formattato' },
  png: { en: 'picture', it: 'immagine' },
};

const REFUSALS: Readonly<Record<ClipboardRefusal, LocalizedText>> = {
  'clipboard-too-large': {
    en: 'Too large to be shared: at most 15 MB, 4 MB of it text. Send it as a file.',
    it: 'Troppo grande per essere condiviso: al massimo 15 MB, di cui 4 MB di testo. Invialo come file.',
  },
  'clipboard-malformed': { en: 'It is damaged. Copy it again.', it: 'È danneggiato. Copialo di nuovo.' },
  'clipboard-unreadable': {
    en: 'The program in which it was copied doesn’t give it out. Copy it again.',
    it: 'Il programma in cui è stato copiato non lo mette a disposizione. Copialo di nuovo.',
  },
  'clipboard-files': {
    en: 'Files aren’t shared by copying. Send them as files.',
    it: 'I file non si condividono copiandoli. Inviali come file.',
  },
  'clipboard-format': {
    en: 'It is neither text nor a picture that can be shared.',
    it: 'Non è un testo né un’immagine che si possa condividere.',
  },
  'clipboard-secret': {
    en: 'A password manager marked it as secret, so it was not sent.',
    it: 'Il gestore delle password lo ha segnato come segreto, quindi non è stato inviato.',
  },
  'clipboard-refused': { en: 'The browser didn’t allow it.', it: 'Il browser non lo ha permesso.' },
  'clipboard-unavailable': {
    en: 'The other side couldn’t take it.',
    it: 'L’altra parte non ha potuto riceverlo.',
  },
  'request-too-soon': {
    en: 'Too much was copied in a short time. Wait a moment.',
    it: 'Sono state copiate troppe cose in poco tempo. Aspetta un momento.',
  },
};

export function text(name: TextName, locale: Locale): string {
  return TEXTS[name][locale];
}

export function refusalText(refusal: ClipboardRefusal, locale: Locale): string {
  return REFUSALS[refusal][locale];
}

/** Kind and size, or why not; never what it was. */
export function lastText(last: LastCopied | undefined, locale: Locale): string {
  if (last === undefined) return text('nothingYet', locale);
  const name = `${text('last', locale)} (${timeOfDay(last.at, locale)})`;
  if (last.refusal !== undefined) return `${name}: ${refusalText(last.refusal, locale)}`;
  const kinds = last.formats.map((format) => FORMATS[format][locale]).join(', ');
  return `${name}: ${kinds}, ${size(last.bytes, locale)}`;
}

function size(bytes: number, locale: Locale): string {
  const [unit, value] =
    bytes < 1000
      ? (['byte', bytes] as const)
      : bytes < 1_000_000
        ? (['kilobyte', bytes / 1000] as const)
        : (['megabyte', bytes / 1_000_000] as const);
  // The short form of a byte has no plural.
  const unitDisplay = unit === 'byte' ? 'long' : 'short';
  const options = { style: 'unit', unit, unitDisplay, maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(locale, options).format(value);
}
