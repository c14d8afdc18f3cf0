import {
  CAPABILITY_TEXT,
  type ClipboardFormat,
  type ClipboardRefusal,
  type ErrorCode,
  type Locale,
  type LocalizedText,
  timeOfDay,
} from '@livelet/core/page';
import type { CopiedFilesShown, LastCopied } from '../src/page-protocol.js';

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
  pasteFiles: {
    en: 'To send files that you copied, press Ctrl+V.',
    it: 'Per inviare file che hai copiato, premi Ctrl+V.',
  },
  iCopy: { en: 'What you copy is shared now.', it: 'Ciò che copi ora è condiviso.' },
  theyCopy: {
    en: 'You can paste what your helper copies.',
    it: 'Puoi incollare ciò che copia chi ti aiuta.',
  },
  give: { en: 'Give to your helper', it: 'Dai a chi ti aiuta' },
  leave: { en: 'Don’t give', it: 'Non dare' },
  given: {
    en: 'Your helper can receive it now. You can take it back under “Files”.',
    it: 'Chi ti aiuta ora può riceverlo. Puoi ritirarlo in «File».',
  },
  inFolder: { en: 'in', it: 'in' },
  notNamed: {
    en: 'Your helper isn’t told what it is.',
    it: 'A chi ti aiuta non viene detto che cos’è.',
  },
  notAll: {
    en: 'Not all that you copied can be given: only files and folders of this computer.',
    it: 'Non tutto ciò che hai copiato si può dare: solo file e cartelle di questo computer.',
  },
  filesGone: {
    en: 'It can’t be given: it is no longer there, or can’t be read.',
    it: 'Non si può dare: non c’è più o non si può leggere.',
  },
  filesTooMany: {
    en: 'These are too many to be given at once.',
    it: 'Sono troppi per essere dati in una volta.',
  },
  filesFailed: { en: 'Giving it didn’t work.', it: 'Non è stato possibile darlo.' },
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
    en: 'Copied files are not shared by themselves: they are given by “Files”.',
    it: 'I file copiati non passano da soli: si danno con «File».',
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

/** `You copied 2 files and 1 folder, with all that is in it:` */
export function copiedFilesText({ files, folders }: CopiedFilesShown, locale: Locale): string {
  const count = new Intl.NumberFormat(locale).format;
  const words =
    locale === 'it'
      ? {
          files: `${count(files)} file`,
          folders: `${count(folders)} ${folders === 1 ? 'cartella' : 'cartelle'}`,
          inside: folders === 1 ? ', con tutto ciò che contiene' : ', con tutto ciò che contengono',
        }
      : {
          files: `${count(files)} ${files === 1 ? 'file' : 'files'}`,
          folders: `${count(folders)} ${folders === 1 ? 'folder' : 'folders'}`,
          inside: folders === 1 ? ', with all that is in it' : ', with all that is in them',
        };
  const kinds = [...(files > 0 ? [words.files] : []), ...(folders > 0 ? [words.folders] : [])];
  const what = kinds.join(locale === 'it' ? ' e ' : ' and ');
  return `${locale === 'it' ? 'Hai copiato' : 'You copied'} ${what}${folders > 0 ? words.inside : ''}:`;
}

/** After the names that are shown. */
export function othersText(count: number, locale: Locale): string {
  const number = new Intl.NumberFormat(locale).format(count);
  return locale === 'it' ? `e altri ${number}` : `and ${number} more`;
}

/** What the person can do so that they may give files. */
export function allowFirstText(locale: Locale): string {
  const what = CAPABILITY_TEXT['take-files'][locale];
  return locale === 'it'
    ? `Per dare file, prima permetti qui sopra a chi ti aiuta di «${what}».`
    : `To give files, first allow your helper above to “${what}”.`;
}

export function givingFailedText(error: ErrorCode, locale: Locale): string {
  if (error === 'file-too-many') return text('filesTooMany', locale);
  return text(error === 'file-unreadable' ? 'filesGone' : 'filesFailed', locale);
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
