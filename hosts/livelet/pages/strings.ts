import type { Capability, Locale, LocalizedText, MissingSignature } from '@livelet/core/page';
import { defineStrings } from '@livelet/window/page';
import type { AnswerTime, EndCause, ReceiptLine } from '../src/page-protocol.js';

/** Every string of the customer's page. */
export const STRINGS = defineStrings({
  en: {
    language: 'Language',
    footer: (relay: string, region: string | undefined) =>
      region
        ? `Connected through ${relay}. The computer in between is in: ${region}.`
        : `Connected through ${relay}`,
    unsandboxed: 'The browser runs without its own protection, because the program was started as “root”.',

    // The code
    codeTitle: 'Get help on this computer',
    codeText: 'Your helper gives you a code with 12 digits. Type it here.',
    codeLabel: 'Code from your helper',
    codeHint: 'For example 482 917 056 183. Spaces don’t matter.',
    codeWrong: 'One of the digits is not right. Compare them with your helper’s.',
    codeShort: (missing: number) =>
      missing === 1 ? 'One digit is missing.' : `${missing} digits are missing.`,
    codeCount: (count: number) => `${count} of 12 digits`,
    codeReady: 'The code is complete.',
    codeSafe: 'Nobody can see or use this computer until you allow it.',
    next: 'Continue',

    connectingTitle: 'Looking for your helper…',
    connectingText: 'This takes a few seconds.',
    cancel: 'Cancel',

    // Who
    noName: 'Someone without a name',
    whoTitle: (name: string) => `${name} wants to help you`,
    whoText: 'Is this the person you are talking to?',
    wordsTitle: 'Your helper sees these four words too',
    wordsText: 'Ask your helper to read them out. If they are different, press Refuse.',
    fingerprint: 'Your helper’s key',
    allowTitle: 'What may your helper do?',
    allowText: 'You can change this at any time.',
    warningTitle: 'Did someone call you without being asked?',
    warningText:
      'Then hang up and press Refuse. A bank, the police or a computer company never asks for this. Never open your bank while someone is helping.',
    refuse: 'Refuse',
    allow: 'Allow',
    allowIn: (seconds: number) => `Allow (${seconds})`,
    allowSoon: (seconds: number) => `Read this first. Allow can be pressed in ${seconds} seconds.`,
    allowNow: 'Allow can be pressed now.',

    // The panel
    panelNothing: (name: string) => `${name} is connected and sees nothing`,
    panelView: (name: string) => `${name} sees your screen`,
    panelViewHeldBack: (name: string) => `${name} may see your screen, but nothing is shared now`,
    panelControl: (name: string) => `${name} sees your screen and can use your mouse and keyboard`,
    panelControlOnly: (name: string) => `${name} can use your mouse and keyboard`,
    panelControlHeldBack: (name: string) =>
      `${name} can use your mouse and keyboard, but nothing of your screen is shared now`,
    since: (time: string) => `since ${time}`,
    lasting: (minutes: number) =>
      minutes === 0 ? 'less than a minute' : minutes === 1 ? '1 minute' : `${minutes} minutes`,
    allowedNow: 'Your helper may',
    allowMore: 'More that you can allow',
    until: (time: string) => `until ${time}`,
    switchedOn: (what: string) => `Your helper may ${what}`,
    switchedOff: (what: string) => `Your helper may no longer ${what}`,
    stop: 'Stop',
    stopping: 'Stopping…',
    openNow: 'Open now',
    stopHint: 'or press Esc twice',
    inSmallWindow: 'The small window shows what your helper can do. It stays in front.',
    panelBroken: 'A part of this window could not be shown.',
    panelReconnecting: (name: string) => `The connection to ${name} was lost`,
    reconnectingTitle: 'It is being restored.',
    reconnectingText: 'Until then nobody sees or uses your computer, and you can stop at any time.',
    reconnectingUntil: (time: string) => `If it isn’t back by ${time}, the help ends by itself.`,
    reconnected: 'The connection is back.',

    // A question
    asks: (name: string, what: string) => `${name} asks to ${what}`,
    timeTitle: 'For how long?',
    questionNo: 'No',
    questionYes: 'Allow',

    // The end
    refusedText: 'Nobody has seen or used your computer.',
    nobodyCan: 'Nobody can connect to this computer now.',
    programClosed: 'The program has closed. Nobody can connect.',
    closesIn: (seconds: number) =>
      seconds === 1 ? 'The program closes in 1 second.' : `The program closes in ${seconds} seconds.`,
    close: 'Close',
    save: 'Save this as text',
    saveSigned: 'Save it signed (.json)',
    keepingText: (by: string, seconds: number) =>
      `Your messages are on their way to ${by}, where they are kept. This takes ${seconds} seconds at most.`,
    closeNow: 'Close now',
    messages: 'Messages',
    messagesKept: (by: string) => `Kept by ${by}`,
    messagesLost: (by: string) =>
      `Kept by ${by}, but some of what this computer had to send there didn’t arrive. Nothing of it stays here.`,
    receiptTitle: 'What happened',
    helper: 'Who helped',
    when: 'When',
    duration: 'Time connected',
    wasAllowed: 'What you allowed',
    nothingAllowed: 'Nothing',
    interruptions: 'Without connection',
    done: 'What was done',
    signed: 'Signed',
    signedByBoth: (name: string) => `By your program and by that of ${name}`,
    events: 'Step by step',
    lost: 'The program has closed. Nobody can connect.',
    lostText: 'To be helped again, start the program again.',
    unusableTitle: 'This computer can’t be helped right now',
  },
  it: {
    language: 'Lingua',
    footer: (relay: string, region: string | undefined) =>
      region
        ? `Collegamento tramite ${relay}. Il computer che fa da tramite si trova in: ${region}.`
        : `Collegamento tramite ${relay}`,
    unsandboxed:
      'Il browser funziona senza la propria protezione, perché il programma è stato avviato come “root”.',

    codeTitle: 'Ricevi aiuto su questo computer',
    codeText: 'Chi ti aiuta ti dà un codice di 12 cifre. Scrivilo qui.',
    codeLabel: 'Codice di chi ti aiuta',
    codeHint: 'Per esempio 482 917 056 183. Gli spazi non contano.',
    codeWrong: 'Una delle cifre non è giusta. Confrontale con quelle di chi ti aiuta.',
    codeShort: (missing: number) => (missing === 1 ? 'Manca una cifra.' : `Mancano ${missing} cifre.`),
    codeCount: (count: number) => `${count} cifre su 12`,
    codeReady: 'Il codice è completo.',
    codeSafe: 'Nessuno può vedere o usare questo computer finché non lo permetti tu.',
    next: 'Continua',

    connectingTitle: 'Sto cercando chi ti aiuta…',
    connectingText: 'Bastano pochi secondi.',
    cancel: 'Annulla',

    noName: 'Una persona senza nome',
    whoTitle: (name: string) => `${name} vuole aiutarti`,
    whoText: 'È la persona con cui stai parlando?',
    wordsTitle: 'Anche chi ti aiuta vede queste quattro parole',
    wordsText: 'Chiedi a chi ti aiuta di leggerle. Se sono diverse, premi Rifiuta.',
    fingerprint: 'Chiave di chi ti aiuta',
    allowTitle: 'Che cosa può fare chi ti aiuta?',
    allowText: 'Puoi cambiare idea in ogni momento.',
    warningTitle: 'Qualcuno ti ha telefonato senza che tu lo chiedessi?',
    warningText:
      'Allora riaggancia e premi Rifiuta. Una banca, la polizia o un’azienda di computer non lo chiedono mai. Non aprire mai la tua banca mentre qualcuno ti aiuta.',
    refuse: 'Rifiuta',
    allow: 'Permetti',
    allowIn: (seconds: number) => `Permetti (${seconds})`,
    allowSoon: (seconds: number) => `Prima leggi. Potrai premere Permetti tra ${seconds} secondi.`,
    allowNow: 'Ora puoi premere Permetti.',

    panelNothing: (name: string) => `${name} è in collegamento e non vede nulla`,
    panelView: (name: string) => `${name} vede il tuo schermo`,
    panelViewHeldBack: (name: string) => `${name} può vedere il tuo schermo, ma ora non è condiviso nulla`,
    panelControl: (name: string) => `${name} vede il tuo schermo e può usare il tuo mouse e la tua tastiera`,
    panelControlOnly: (name: string) => `${name} può usare il tuo mouse e la tua tastiera`,
    panelControlHeldBack: (name: string) =>
      `${name} può usare il tuo mouse e la tua tastiera, ma ora del tuo schermo non è condiviso nulla`,
    since: (time: string) => `dalle ${time}`,
    lasting: (minutes: number) =>
      minutes === 0 ? 'meno di un minuto' : minutes === 1 ? '1 minuto' : `${minutes} minuti`,
    allowedNow: 'Chi ti aiuta può',
    allowMore: 'Altre cose che puoi permettere',
    until: (time: string) => `fino alle ${time}`,
    switchedOn: (what: string) => `Chi ti aiuta può ${what}`,
    switchedOff: (what: string) => `Chi ti aiuta non può più ${what}`,
    stop: 'Ferma tutto',
    stopping: 'Sto fermando tutto…',
    openNow: 'Aperto ora',
    stopHint: 'oppure premi due volte Esc',
    inSmallWindow: 'La finestra piccola mostra che cosa può fare chi ti aiuta. Resta davanti alle altre.',
    panelBroken: 'Una parte di questa finestra non può essere mostrata.',
    panelReconnecting: (name: string) => `Il collegamento con ${name} è caduto`,
    reconnectingTitle: 'Lo sto ripristinando.',
    reconnectingText: 'Intanto nessuno vede o usa il tuo computer, e puoi fermare tutto in ogni momento.',
    reconnectingUntil: (time: string) => `Se entro le ${time} non è tornato, l’aiuto finisce da solo.`,
    reconnected: 'Il collegamento è tornato.',

    asks: (name: string, what: string) => `${name} ti chiede di ${what}`,
    timeTitle: 'Per quanto tempo?',
    questionNo: 'No',
    questionYes: 'Permetti',

    refusedText: 'Nessuno ha visto o usato il tuo computer.',
    nobodyCan: 'Ora nessuno può collegarsi a questo computer.',
    programClosed: 'Il programma si è chiuso. Nessuno può collegarsi.',
    closesIn: (seconds: number) =>
      seconds === 1
        ? 'Il programma si chiude tra 1 secondo.'
        : `Il programma si chiude tra ${seconds} secondi.`,
    close: 'Chiudi',
    save: 'Salva come testo',
    saveSigned: 'Salva la versione firmata (.json)',
    keepingText: (by: string, seconds: number) =>
      `I tuoi messaggi vengono inviati a ${by}, che li conserva. Ci vogliono al massimo ${seconds} secondi.`,
    closeNow: 'Chiudi subito',
    messages: 'Messaggi',
    messagesKept: (by: string) => `Conservati da ${by}`,
    messagesLost: (by: string) =>
      `Conservati da ${by}, ma una parte di ciò che questo computer doveva inviare non è arrivata. Qui non ne resta nulla.`,
    receiptTitle: 'Che cosa è successo',
    helper: 'Chi ti ha aiutato',
    when: 'Quando',
    duration: 'Tempo di collegamento',
    wasAllowed: 'Che cosa hai permesso',
    nothingAllowed: 'Nulla',
    interruptions: 'Senza connessione',
    done: 'Che cosa è stato fatto',
    signed: 'Firmato',
    signedByBoth: (name: string) => `Dal tuo programma e da quello di ${name}`,
    events: 'Passo per passo',
    lost: 'Il programma si è chiuso. Nessuno può collegarsi.',
    lostText: 'Per ricevere ancora aiuto, avvia di nuovo il programma.',
    unusableTitle: 'Ora non è possibile ricevere aiuto su questo computer',
  },
});

export type Words = (typeof STRINGS)[Locale];

/** What stays true when something is allowed, in one sentence, where the name alone doesn't say it. */
export const MEANING: Readonly<Partial<Record<Capability, LocalizedText>>> = {
  view: {
    en: 'Everything on it, also messages that appear.',
    it: 'Tutto quello che mostra, anche i messaggi che compaiono.',
  },
  control: {
    en: 'They can click and type as if they sat here. You can too, at the same time.',
    it: 'Può cliccare e scrivere come se fosse qui al tuo posto. Puoi farlo anche tu, nello stesso momento.',
  },
  hear: {
    en: 'Your microphone is on until you switch this off.',
    it: 'Il tuo microfono resta acceso finché non togli questo permesso.',
  },
  'hear-computer': {
    en: 'Everything it plays: music, calls, what a page says.',
    it: 'Tutto quello che riproduce: musica, chiamate, ciò che dice una pagina.',
  },
  camera: {
    en: 'Your camera is on until you switch this off.',
    it: 'La tua videocamera resta accesa finché non togli questo permesso.',
  },
  'show-screen': {
    en: 'You only look, and can close it at any time.',
    it: 'Guardi soltanto, e puoi chiuderlo quando vuoi.',
  },
  'send-files': {
    en: 'You see each file, and where it is put.',
    it: 'Vedi ogni file, e dove viene messo.',
  },
  'take-files': {
    en: 'Only what you choose, nothing else on your computer.',
    it: 'Solo quello che scegli tu, nient’altro del tuo computer.',
  },
  'take-clipboard': {
    en: 'What you copy from now on, also a password. Nothing of before.',
    it: 'Quello che copi da ora in poi, anche una password. Niente di quello che hai copiato prima.',
  },
  record: {
    en: 'They keep a film of what they see, and of what they hear if you allow sound, on their computer only.',
    it: 'Conserva un filmato di quello che vede, e di quello che sente se permetti il suono, solo sul suo computer.',
  },
};

export const TIME_WORDS: Readonly<Record<AnswerTime, LocalizedText>> = {
  once: { en: 'Just now (1 minute)', it: 'Solo ora (1 minuto)' },
  'ten-minutes': { en: '10 minutes', it: '10 minuti' },
  session: { en: 'Until the end', it: 'Fino alla fine' },
};

export const END_WORDS: Readonly<Record<EndCause, LocalizedText>> = {
  'you-stopped': { en: 'You have stopped the help', it: 'Hai fermato tutto' },
  'you-refused': { en: 'You have refused', it: 'Hai rifiutato' },
  'helper-ended': { en: 'Your helper has finished', it: 'Chi ti aiuta ha finito' },
  interrupted: { en: 'The connection was lost', it: 'Il collegamento si è interrotto' },
  'display-lost': {
    en: 'Your screen can no longer be shown',
    it: 'Il tuo schermo non può più essere mostrato',
  },
  'window-gone': {
    en: 'This window was out of sight, so the help was stopped',
    it: 'Questa finestra non era più in vista, quindi l’aiuto è stato fermato',
  },
  failed: { en: 'The help was stopped', it: 'L’aiuto è stato fermato' },
};

/** Each is followed by a capability's text, such as "see your screen". */
export const EVENT_WORDS: Readonly<Record<ReceiptLine['what'], LocalizedText>> = {
  asked: { en: 'Your helper asked to', it: 'Chi ti aiuta ha chiesto di' },
  granted: { en: 'You allowed your helper to', it: 'Hai permesso a chi ti aiuta di' },
  denied: { en: 'You said no: your helper can’t', it: 'Hai detto no: chi ti aiuta non può' },
  revoked: {
    en: 'You took back: your helper can no longer',
    it: 'Hai cambiato idea: chi ti aiuta non può più',
  },
  expired: { en: 'It was over: your helper can no longer', it: 'È finito: chi ti aiuta non può più' },
};

/** Why only the customer's program signed what is kept of the session. */
export const SIGNED_ALONE: Readonly<Record<MissingSignature, LocalizedText>> = {
  unanswered: {
    en: 'By your program only: your helper’s didn’t answer in time',
    it: 'Solo dal tuo programma: quello di chi ti aiuta non ha risposto in tempo',
  },
  lost: {
    en: 'By your program only: the connection was lost',
    it: 'Solo dal tuo programma: il collegamento si è interrotto',
  },
  differs: {
    en: 'By your program only: your helper’s signed something else',
    it: 'Solo dal tuo programma: quello di chi ti aiuta ha firmato altro',
  },
  invalid: {
    en: 'By your program only: what your helper’s sent is not its signature',
    it: 'Solo dal tuo programma: ciò che ha inviato quello di chi ti aiuta non è la sua firma',
  },
};
