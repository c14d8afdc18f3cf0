import { CAPABILITY_TEXT, type ErrorCode, type Locale, type LocalizedText } from '@livelet/core/page';

const TEXTS = {
  // Both
  transfers: { en: 'Transfers', it: 'Trasferimenti' },
  incoming: { en: 'Arriving', it: 'In arrivo' },
  outgoing: { en: 'Being sent', it: 'In invio' },
  arrived: { en: 'Arrived', it: 'Arrivato' },
  sent: { en: 'Sent', it: 'Inviato' },
  notArrived: { en: 'Not received', it: 'Non ricevuto' },
  notSent: { en: 'Not sent', it: 'Non inviato' },
  partArrived: { en: 'Received in part', it: 'Ricevuto in parte' },
  partSent: { en: 'Sent in part', it: 'Inviato in parte' },
  waiting: { en: 'Waits its turn', it: 'In attesa' },
  done: { en: 'Done', it: 'Finito' },
  broken: { en: 'Broke off', it: 'Interrotto' },
  cancelled: { en: 'Cancelled', it: 'Annullato' },
  waitsThere: { en: 'Waiting for the other side', it: 'In attesa dell’altra parte' },
  keptAs: { en: 'kept as', it: 'salvato come' },
  keptHere: { en: 'It is here:', it: 'È qui:' },
  copyPath: { en: 'Copy the path', it: 'Copia il percorso' },
  copied: { en: 'Copied', it: 'Copiato' },
  notCopied: {
    en: 'The browser didn’t allow copying: select the path and copy it.',
    it: 'Il browser non ha permesso di copiare: seleziona il percorso e copialo.',
  },
  showFolder: { en: 'Show in its folder', it: 'Mostra nella cartella' },
  pausedHere: { en: 'Paused', it: 'In pausa' },
  pausedThere: { en: 'Paused by the other person', it: 'In pausa: l’ha fermato l’altra persona' },
  pause: { en: 'Pause', it: 'Pausa' },
  resume: { en: 'Go on', it: 'Continua' },
  cancel: { en: 'Cancel', it: 'Annulla' },
  retry: { en: 'Try again', it: 'Riprova' },
  choose: { en: 'Choose files', it: 'Scegli i file' },
  exists: { en: 'A file with this name is there already:', it: 'Esiste già un file con questo nome:' },
  'keep-both': { en: 'Keep both', it: 'Tieni entrambi' },
  replace: { en: 'Replace it', it: 'Sostituiscilo' },
  skip: { en: 'Skip this one', it: 'Salta questo' },
  all: {
    en: 'Do the same for the rest of this transfer',
    it: 'Fai lo stesso per il resto di questo trasferimento',
  },
  unreadable: { en: 'can’t be read, or is no longer there', it: 'non si può leggere, o non c’è più' },
  changed: { en: 'changed while it was being sent', it: 'è cambiato durante l’invio' },
  unwritable: { en: 'can’t be saved there', it: 'non si può salvare' },
  diskFull: { en: 'no room on the disk', it: 'non c’è spazio sul disco' },
  damaged: { en: 'didn’t arrive as it was sent', it: 'non è arrivato com’era' },
  badName: { en: 'has a name that can’t be used', it: 'ha un nome che non si può usare' },
  tooMany: { en: 'too many files at once', it: 'troppi file in una volta' },
  notAllowed: { en: 'not allowed now', it: 'ora non è permesso' },
  stalled: { en: 'nothing moved for too long', it: 'non si è mosso nulla per troppo tempo' },
  failed: { en: 'didn’t work', it: 'non è riuscito' },
  // The customer's panel
  arrives: {
    en: 'Files from your helper arrive in this folder:',
    it: 'I file di chi ti aiuta arrivano in questa cartella:',
  },
  neverOpened: { en: 'Nothing is opened by itself.', it: 'Niente si apre da solo.' },
  offerFiles: { en: 'Choose files to give', it: 'Scegli i file da dare' },
  shareFolder: { en: 'Show a folder', it: 'Mostra una cartella' },
  unshare: { en: 'No longer show it', it: 'Non mostrarla più' },
  sharedNow: {
    en: 'Your helper can look into this folder, and nowhere else:',
    it: 'Chi ti aiuta può guardare in questa cartella e in nessun’altra:',
  },
  offered: { en: 'You offer to your helper:', it: 'Metti a disposizione di chi ti aiuta:' },
  withdraw: { en: 'Take back', it: 'Ritira' },
  allowToGive: {
    en: `You pasted files. To give them, first allow your helper above to “${CAPABILITY_TEXT['take-files'].en}”.`,
    it: `Hai incollato dei file. Per darli, prima permetti qui sopra a chi ti aiuta di «${CAPABILITY_TEXT['take-files'].it}».`,
  },
  // The operator's panel
  drop: {
    en: 'Drop files and folders anywhere in this window to send them, or copy and paste them.',
    it: 'Trascina file e cartelle ovunque in questa finestra per inviarli, oppure copiali e incollali.',
  },
  chooseFolder: { en: 'Choose a folder', it: 'Scegli una cartella' },
  nothing: {
    en: 'No files can be sent or received now. Ask for it above.',
    it: 'Ora non è permesso inviare né ricevere file. Chiedilo qui sopra.',
  },
  noEmptyFolders: {
    en: 'Choosing a folder leaves out the empty ones in it; dropping it here sends them too.',
    it: 'Scegliendo una cartella restano fuori quelle vuote al suo interno; trascinandola qui si inviano anche quelle.',
  },
  unreadableFolder: {
    en: 'Something in this folder can’t be read; nothing of it was sent.',
    it: 'In questa cartella c’è qualcosa che non si può leggere; non è stato inviato nulla.',
  },
  mayNotSend: {
    en: 'Sending files isn’t allowed now.',
    it: 'Inviare file ora non è permesso.',
  },
  askToSend: {
    en: 'You pasted files, and sending isn’t allowed now. Ask for it above, then paste them again.',
    it: 'Hai incollato dei file, ma inviarli ora non è permesso. Chiedilo qui sopra, poi incollali di nuovo.',
  },
  askToSendDropped: {
    en: 'You dropped files, and sending isn’t allowed now. Ask for it above, then drop them again.',
    it: 'Hai trascinato dei file, ma inviarli ora non è permesso. Chiedilo qui sopra, poi trascinali di nuovo.',
  },
  offers: { en: 'Offered to you', it: 'A tua disposizione' },
  noOffers: { en: 'Nothing is offered now.', it: 'Ora non c’è nulla da ricevere.' },
  take: { en: 'Receive', it: 'Ricevi' },
  ownFolder: { en: 'Your folder', it: 'La tua cartella' },
  theirFolder: { en: 'Shared folder', it: 'Cartella condivisa' },
  nothingShared: { en: 'The customer shares no folder now.', it: 'Il cliente ora non condivide cartelle.' },
  up: { en: 'Up', it: 'Su' },
  empty: { en: 'Empty', it: 'Vuota' },
  more: { en: 'Show more', it: 'Mostra altri' },
  tooManyShown: { en: 'No more than these can be shown.', it: 'Non se ne possono mostrare altri.' },
  keptThere: { en: 'In the customer’s folder:', it: 'Nella cartella del cliente:' },
  sendMarked: { en: 'Send the selected ones', it: 'Invia i selezionati' },
  takeMarked: { en: 'Receive the selected ones', it: 'Ricevi i selezionati' },
  refresh: { en: 'Refresh', it: 'Aggiorna' },
} as const satisfies Record<string, LocalizedText>;

export type TextName = keyof typeof TEXTS;

export function text(name: TextName, locale: Locale): string {
  return TEXTS[name][locale];
}

const PROBLEMS: Partial<Record<ErrorCode, TextName>> = {
  'file-unreadable': 'unreadable',
  'file-changed': 'changed',
  'file-unwritable': 'unwritable',
  'file-disk-full': 'diskFull',
  'file-damaged': 'damaged',
  'file-name-refused': 'badName',
  'file-too-many': 'tooMany',
  'not-granted': 'notAllowed',
  revoked: 'notAllowed',
  cancelled: 'cancelled',
  'deadline-exceeded': 'stalled',
};

export function problemText(code: ErrorCode, locale: Locale): string {
  return text(PROBLEMS[code] ?? 'failed', locale);
}

/** `1.2 MB`, `5 bytes` */
export function bytesText(bytes: number, locale: Locale): string {
  const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: UNITS[power] ?? 'byte',
    // The short form of a byte has no plural.
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: power === 0 ? 0 : 1,
  }).format(bytes / 1_000 ** power);
}

/** `3 of 5` */
export function countText(done: number, all: number, locale: Locale): string {
  const format = new Intl.NumberFormat(locale);
  return `${format.format(done)} ${locale === 'it' ? 'di' : 'of'} ${format.format(all)}`;
}

export function leftText(seconds: number, locale: Locale): string {
  const minutes = Math.ceil(seconds / 60);
  const [value, unit] = seconds < 90 ? [seconds, 'second'] : [minutes, 'minute'];
  const span = new Intl.NumberFormat(locale, { style: 'unit', unit: `${unit}`, unitDisplay: 'long' }).format(
    value,
  );
  return locale === 'it' ? `ancora ${span}` : `${span} left`;
}

export function failedText(count: number, locale: Locale): string {
  if (locale === 'it') return count === 1 ? '1 non è riuscito' : `${count} non sono riusciti`;
  return count === 1 ? '1 didn’t work' : `${count} didn’t work`;
}

/** `12 files`, folders among them. */
export function filesText(count: number, locale: Locale): string {
  const counted = new Intl.NumberFormat(locale).format(count);
  return `${counted} ${locale === 'en' && count !== 1 ? 'files' : 'file'}`;
}

/** Those that are over and not in a list. */
export function moreText(count: number, locale: Locale): string {
  const counted = new Intl.NumberFormat(locale).format(count);
  return locale === 'it' ? `e altri ${counted}` : `and ${counted} more`;
}

/** @param items all that there are: of one alone it isn't said how many */
export function leftOutText(
  count: number,
  items: number,
  by: 'here' | 'customer' | 'helper',
  locale: Locale,
): string {
  const it = count === 1 ? 'lasciato fuori' : 'lasciati fuori';
  const BY = {
    here: { en: 'left out by you', it: `${it} da te` },
    customer: { en: 'left out by the customer', it: `${it} dal cliente` },
    helper: { en: 'left out by your helper', it: `${it} da chi ti aiuta` },
  } as const satisfies Record<typeof by, LocalizedText>;
  return items > 1 ? `${count} ${BY[by][locale]}` : BY[by][locale];
}

/** Symlinks, devices and pipes of what was chosen. */
export function leftBehindText(count: number, locale: Locale): string {
  const counted = new Intl.NumberFormat(locale).format(count);
  if (locale === 'it')
    return `${counted} ${count === 1 ? 'lasciato fuori' : 'lasciati fuori'}: collegamenti e dispositivi`;
  return `${counted} left out: links and devices`;
}

/** Over the stage while files are held over the window. */
export function dropToText(name: string, locale: Locale): string {
  return locale === 'it' ? `Rilascia per inviare a ${name}` : `Drop to send to ${name}`;
}

/** Somebody offers something. */
export function offeredText(peer: string, what: string, locale: Locale): string {
  return locale === 'it' ? `${peer} mette a tua disposizione: ${what}` : `${peer} offers you: ${what}`;
}
