import type { Locale, LocalizedText, ReportItem } from '@livelet/core/page';

const TEXTS = {
  gathering: { en: 'Gathering what could help…', it: 'Raccolta delle informazioni utili…' },
  intro: {
    en: 'This is all that would be sent, word for word. Change any of it, or untick what you don’t want to send. Nothing leaves this computer before you press Send.',
    it: 'Questo è tutto ciò che verrebbe inviato, parola per parola. Puoi modificarlo o togliere la spunta a ciò che non vuoi inviare. Nulla esce da questo computer finché non premi Invia.',
  },
  introToSave: {
    en: 'This is all that the report has in it, word for word. Change any of it, or untick what you don’t want in it. Nothing is sent.',
    it: 'Questo è tutto ciò che la segnalazione contiene, parola per parola. Puoi modificarlo o togliere la spunta a ciò che non vuoi. Non viene inviato nulla.',
  },
  waiting: {
    en: 'Earlier reports wait on this computer, sealed, until they can be sent.',
    it: 'Alcune segnalazioni precedenti aspettano, sigillate, su questo computer finché non si potranno inviare.',
  },
  discard: { en: 'Delete what waits', it: 'Elimina ciò che aspetta' },
  discarded: {
    en: 'No report waits on this computer any more.',
    it: 'Nessuna segnalazione aspetta più su questo computer.',
  },
  noKey: {
    en: 'Your organisation named nobody to send reports to. You can save this one as a text file.',
    it: 'La tua organizzazione non ha indicato a chi inviare le segnalazioni. Puoi salvare questa come file di testo.',
  },
  note: { en: 'What happened?', it: 'Che cosa è successo?' },
  program: { en: 'This program', it: 'Questo programma' },
  window: { en: 'Window and screen', it: 'Finestra e schermo' },
  session: { en: 'The session and its connection', it: 'La sessione e la connessione' },
  log: { en: 'Log of this program', it: 'Registro di questo programma' },
  picture: { en: 'Picture', it: 'Immagine' },
  include: { en: 'Send', it: 'Invia' },
  noPicture: { en: 'No picture is sent.', it: 'Nessuna immagine viene inviata.' },
  pictureText: {
    en: 'A picture can show private things. Look at it before you send it.',
    it: 'Un’immagine può mostrare cose private. Guardala prima di inviarla.',
  },
  takeStage: { en: 'Add what the session shows', it: 'Aggiungi ciò che mostra la sessione' },
  takeScreen: { en: 'Add my screen', it: 'Aggiungi il mio schermo' },
  takeFile: { en: 'Add a picture file', it: 'Aggiungi un file immagine' },
  removePicture: { en: 'Remove the picture', it: 'Togli l’immagine' },
  pictureFailed: {
    en: 'There is no picture to add. Try another way.',
    it: 'Non c’è un’immagine da aggiungere. Prova in un altro modo.',
  },
  send: { en: 'Send', it: 'Invia' },
  save: { en: 'Save as a file', it: 'Salva come file' },
  saveText: { en: 'Save as text', it: 'Salva come testo' },
  cancel: { en: 'Cancel', it: 'Annulla' },
  sending: { en: 'Sealing and sending…', it: 'Sigillatura e invio…' },
  sent: { en: 'Sent. Thank you.', it: 'Inviata. Grazie.' },
  queued: {
    en: 'The relay can’t take it now. Your report waits on this computer, sealed, and is sent when the connection is back or this program is started again. If that won’t be, save it as a file for your support.',
    it: 'Il relay ora non può riceverla. La segnalazione attende su questo computer, sigillata, e verrà inviata quando torna la connessione o si riavvia questo programma. Se non sarà così, salvala come file per la tua assistenza.',
  },
  saved: {
    en: 'The sealed file goes to your downloads, unless you are asked where. Only your organisation’s support can open it.',
    it: 'Il file sigillato va tra i file scaricati, se non ti viene chiesto dove. Solo l’assistenza della tua organizzazione può aprirlo.',
  },
  savedText: {
    en: 'The text goes to your downloads, unless you are asked where.',
    it: 'Il testo va tra i file scaricati, se non ti viene chiesto dove.',
  },
  cancelled: { en: 'Not sent.', it: 'Non inviata.' },
  failed: {
    en: 'It could not be sent. Save it as a file and give that to your support.',
    it: 'Non è stato possibile inviarla. Salvala come file e consegnalo alla tua assistenza.',
  },
  full: {
    en: 'Too many reports wait already. Save this one as a file.',
    it: 'Troppe segnalazioni sono già in attesa. Salva questa come file.',
  },
  tooLong: { en: 'This text is too long to send.', it: 'Questo testo è troppo lungo per l’invio.' },
  empty: { en: 'Nothing is chosen.', it: 'Non è stato scelto nulla.' },
} as const satisfies Record<string, LocalizedText>;

export type TextName = keyof typeof TEXTS;

export function text(name: TextName, locale: Locale): string {
  return TEXTS[name][locale];
}

/** Who gets it, how much it is, and who can read it. */
export function sealedText(relay: string, bytes: number, locale: Locale): string {
  const size = sizeText(bytes, locale);
  return locale === 'it'
    ? `${size} in tutto. Viene sigillata su questo computer: ${relay} la conserva senza poterla leggere, solo l’assistenza può aprirla.`
    : `${size} in all. It is sealed on this computer: ${relay} keeps it and can’t read it, only the support opens it.`;
}

export function sizeText(bytes: number, locale: Locale): string {
  const kib = bytes / 1024;
  return `${kib.toLocaleString(locale, { maximumFractionDigits: kib < 10 ? 1 : 0 })} KiB`;
}

/** As a person reads it, for a text file. */
export function plainText(items: readonly ReportItem[], locale: Locale): string {
  return items
    .flatMap((item) => (item.id === 'picture' ? [] : [`${text(item.id, locale)}\n\n${item.text}\n`]))
    .join('\n');
}
