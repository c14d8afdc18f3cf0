import { defineStrings } from '@livelet/window/page';

/** Every string of the settings. */
export const SETTINGS_STRINGS = defineStrings({
  en: {
    chats: 'Chats',
    keptBy: (by: string) =>
      `What is written in sessions is kept by ${by}, sealed to your organisation’s key. Both people read that before their first message.`,
    notKept: 'What is written in sessions is not kept. Both people read that before their first message.',
    chosen: 'Your organisation chose this computer.',
    own: 'This is your organisation’s own relay.',
    problem: 'The choice that is stored here doesn’t hold, so nothing is kept.',
    load: 'Load a signed choice…',
    loadText:
      'An administrator makes such a file with livelet-archive choose. Nobody else can send chats elsewhere.',
    noOrganisation: 'The deployment file names no organisation, so no other computer can be chosen.',
    reset: 'Back to your organisation’s relay',
    waiting: (count: number) =>
      count === 1
        ? '1 sealed part of a chat waits to be sent.'
        : `${count} sealed parts of chats wait to be sent.`,
    lost: (count: number) =>
      count === 1 ? '1 part of a chat was lost.' : `${count} parts of chats were lost.`,
    tokenLabel: 'One-time token',
    tokenText:
      'The computer that keeps the chats doesn’t know you yet. Its administrator can give you a token.',
    tokenSend: 'Use the token',
    recordings: 'Recordings',
    recordingsIn: 'They stay on this computer, in this folder:',
    amongVideos: 'Livelet, among your videos',
    recordingsFixed: 'Set with --recordings-dir at the start.',
    recordingsLabel: 'Another folder, as a whole path',
    recordingsText: 'It is made if it isn’t there yet. It holds for the next recording.',
    recordingsSet: 'Use it',
    recordingsBrowse: 'Choose…',
    recordingsReset: 'Back to my videos',
    connection: 'Connection',
    proxy: 'Proxy',
    noProxy: 'None: straight to the relay',
    proxyText: 'From this computer’s settings, or --proxy at the start.',
    regions: 'Allowed regions',
    anywhere: 'Anywhere',
    regionsText: 'Set with --allowed-regions at the start. A relay that stands elsewhere is refused.',
    language: 'Language',
    saved: 'Done.',
  },
  it: {
    chats: 'Messaggi',
    keptBy: (by: string) =>
      `Ciò che si scrive nelle sessioni viene conservato da ${by}, sigillato con la chiave della tua organizzazione. Entrambe le persone lo leggono prima del primo messaggio.`,
    notKept:
      'Ciò che si scrive nelle sessioni non viene conservato. Entrambe le persone lo leggono prima del primo messaggio.',
    chosen: 'Questo computer è stato scelto dalla tua organizzazione.',
    own: 'È il relay della tua organizzazione.',
    problem: 'La scelta salvata qui non è valida, quindi non si conserva nulla.',
    load: 'Carica una scelta firmata…',
    loadText:
      'La prepara un amministratore con livelet-archive choose. Nessun altro può mandare i messaggi altrove.',
    noOrganisation:
      'Il file di distribuzione non indica un’organizzazione, quindi non si può scegliere un altro computer.',
    reset: 'Torna al relay della tua organizzazione',
    waiting: (count: number) =>
      count === 1
        ? '1 parte sigillata di messaggi attende l’invio.'
        : `${count} parti sigillate di messaggi attendono l’invio.`,
    lost: (count: number) =>
      count === 1 ? '1 parte di messaggi è andata persa.' : `${count} parti di messaggi sono andate perse.`,
    tokenLabel: 'Codice monouso',
    tokenText:
      'Il computer che conserva i messaggi non ti conosce ancora. Il suo amministratore può darti un codice.',
    tokenSend: 'Usa il codice',
    recordings: 'Registrazioni',
    recordingsIn: 'Restano su questo computer, in questa cartella:',
    amongVideos: 'Livelet, tra i tuoi video',
    recordingsFixed: 'Si imposta con --recordings-dir all’avvio.',
    recordingsLabel: 'Un’altra cartella, con il percorso intero',
    recordingsText: 'Se non c’è ancora, viene creata. Vale dalla prossima registrazione.',
    recordingsSet: 'Usala',
    recordingsBrowse: 'Scegli…',
    recordingsReset: 'Torna ai miei video',
    connection: 'Collegamento',
    proxy: 'Proxy',
    noProxy: 'Nessuno: direttamente al relay',
    proxyText: 'Dalle impostazioni di questo computer, oppure --proxy all’avvio.',
    regions: 'Regioni ammesse',
    anywhere: 'Ovunque',
    regionsText:
      'Si impostano con --allowed-regions all’avvio. Un relay che si trova altrove viene rifiutato.',
    language: 'Lingua',
    saved: 'Fatto.',
  },
});
