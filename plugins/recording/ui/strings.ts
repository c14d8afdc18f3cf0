import type { ErrorCode, Locale, LocalizedText } from '@livelet/core/page';

const TEXTS = {
  record: { en: 'Record', it: 'Registra' },
  recording: { en: 'Recording', it: 'Registrazione' },
  rec: { en: 'REC', it: 'REC' },
  asked: {
    en: 'You asked to record; no answer yet.',
    it: 'Hai chiesto di registrare; ancora nessuna risposta.',
  },
  notAllowed: {
    en: 'The other person has to allow it first, and can take it back at any time.',
    it: 'L’altra persona deve prima permetterlo, e può ripensarci in ogni momento.',
  },
  withSound: { en: 'With sound', it: 'Con il suono' },
  whichSound: {
    en: 'All that this page plays, and your voice where its own microphone takes it up.',
    it: 'Tutto ciò che questa pagina riproduce, e la tua voce se la raccoglie il suo microfono.',
  },
  noSound: {
    en: 'No sound is allowed now, so there is none to record.',
    it: 'Ora nessun suono è permesso, quindi non ce n’è da registrare.',
  },
  begin: { en: 'Start recording', it: 'Inizia a registrare' },
  pause: { en: 'Pause', it: 'Pausa' },
  resume: { en: 'Go on', it: 'Riprendi' },
  stop: { en: 'Stop recording', it: 'Termina la registrazione' },
  starting: {
    en: 'Waiting until the other person can see it…',
    it: 'In attesa che l’altra persona lo veda…',
  },
  began: {
    en: 'The recording has begun. The other person sees that too.',
    it: 'La registrazione è iniziata. Lo vede anche l’altra persona.',
  },
  paused: { en: 'The recording is paused.', it: 'La registrazione è in pausa.' },
  waiting: {
    en: 'The recording is paused until the connection is back.',
    it: 'La registrazione è in pausa finché non torna il collegamento.',
  },
  ended: { en: 'Recording ended', it: 'Registrazione terminata' },
  finishing: { en: 'Closing the file…', it: 'Chiudo il file…' },
  onlyHere: {
    en: 'It stays on this computer, in this folder:',
    it: 'Resta su questo computer, in questa cartella:',
  },
  writing: { en: 'It is being written to:', it: 'Viene scritta in:' },
  kept: { en: 'The recording is here:', it: 'La registrazione è qui:' },
  keptOpen: {
    en: 'What was recorded until then is here and can be played:',
    it: 'Ciò che è stato registrato fino ad allora è qui e si può guardare:',
  },
  showFolder: { en: 'Show in its folder', it: 'Mostra nella cartella' },
  nothing: { en: 'Nothing was recorded.', it: 'Non è stato registrato nulla.' },
  off: {
    en: 'Your helper may record, and isn’t recording now.',
    it: 'Chi ti aiuta può registrare, e ora non sta registrando.',
  },
  ownMark: { en: 'You are recording', it: 'Stai registrando' },
  mark: { en: 'Being recorded', it: 'Registrazione in corso' },
  markPaused: { en: 'Recording paused', it: 'Registrazione sospesa' },
  on: {
    en: 'Your helper is recording your screen.',
    it: 'Chi ti aiuta sta registrando il tuo schermo.',
  },
  onWithSound: {
    en: 'Your helper is recording your screen and the sound.',
    it: 'Chi ti aiuta sta registrando il tuo schermo e il suono.',
  },
  onPaused: {
    en: 'The recording is paused.',
    it: 'La registrazione è in pausa.',
  },
  howToEnd: {
    en: 'Switch off “record this session” to end it.',
    it: 'Disattiva “registrare questa sessione” per terminarla.',
  },
} as const satisfies Record<string, LocalizedText>;

export type TextName = keyof typeof TEXTS;

export function text(name: TextName, locale: Locale): string {
  return TEXTS[name][locale];
}

/** Why a recording ended by itself. */
const ENDS: Readonly<Partial<Record<ErrorCode | 'ranOut', LocalizedText>>> = {
  ranOut: {
    en: 'The time for which it was allowed is over.',
    it: 'Il tempo per cui era permesso è finito.',
  },
  revoked: {
    en: 'The other person took the permission back.',
    it: 'L’altra persona ha ritirato il permesso.',
  },
  'recording-disk-full': {
    en: 'Less is free on the disk than a recording needs.',
    it: 'Sul disco è libero meno di quanto serve a una registrazione.',
  },
  'recording-unwritable': {
    en: 'The folder can’t be written to.',
    it: 'Non si può scrivere nella cartella.',
  },
  'recording-failed': {
    en: 'The picture can’t be recorded in this window.',
    it: 'L’immagine non si può registrare in questa finestra.',
  },
  'recording-not-shown': {
    en: 'The other person’s screen couldn’t show that it is recorded.',
    it: 'Lo schermo dell’altra persona non ha potuto mostrare che viene registrato.',
  },
};
const OTHER_END: LocalizedText = { en: 'It ended by itself.', it: 'È terminata da sola.' };

export function endText(code: ErrorCode | 'ranOut', locale: Locale): string {
  return (ENDS[code] ?? OTHER_END)[locale];
}
