import type { ErrorCode, LocalizedText } from '@livelet/core/wire';

/** What happened, and what to do. `{name}` stands for a value of the error's data. */
export interface CliText {
  readonly what: LocalizedText;
  readonly next: LocalizedText;
}

export const CLI_ERROR_TEXTS: Readonly<Partial<Record<ErrorCode, CliText>>> = {
  'option-unknown': {
    what: {
      en: 'There is no option {option} (from {source}).',
      it: 'L’opzione {option} non esiste (da {source}).',
    },
    next: { en: 'See --help for all options.', it: 'Vedi --help per tutte le opzioni.' },
  },
  'option-invalid': {
    what: {
      en: 'The option {option} can’t be “{value}” (from {source}).',
      it: 'L’opzione {option} non può essere “{value}” (da {source}).',
    },
    next: { en: 'Allowed: {allowed}.', it: 'Ammesso: {allowed}.' },
  },
  'command-missing': {
    what: { en: 'A command is missing.', it: 'Manca un comando.' },
    next: {
      en: 'There are: {commands}. See --help for what they do.',
      it: 'Ci sono: {commands}. Vedi --help per sapere che cosa fanno.',
    },
  },
  'command-unknown': {
    what: { en: 'There is no command {command}.', it: 'Il comando {command} non esiste.' },
    next: {
      en: 'There are: {commands}. See --help for what they do.',
      it: 'Ci sono: {commands}. Vedi --help per sapere che cosa fanno.',
    },
  },
  'named-file-unreadable': {
    what: {
      en: 'The file {file} can’t be read: {problem}.',
      it: 'Il file {file} non è leggibile: {problem}.',
    },
    next: {
      en: 'Check its name with {option}, and that you may read it.',
      it: 'Controlla il nome dato con {option} e che tu possa leggerlo.',
    },
  },
  'receipt-invalid': {
    what: {
      en: 'The file {file} is no signed receipt: {problem}.',
      it: 'Il file {file} non è una ricevuta firmata: {problem}.',
    },
    next: {
      en: 'Name the whole .json that was saved or kept with the receipt, not the .txt.',
      it: 'Indica il file .json intero, salvato o conservato con la ricevuta, non il .txt.',
    },
  },
  'organisation-key-unreadable': {
    what: {
      en: 'The organisation’s key {file} can’t be used: {problem}.',
      it: 'La chiave dell’organizzazione {file} non è utilizzabile: {problem}.',
    },
    next: {
      en: 'Name its folder with --keys, and make the file yours and private (chmod 600). A new key opens nothing that was sealed to the old one.',
      it: 'Indica la sua cartella con --keys e rendi il file tuo e privato (chmod 600). Una chiave nuova non apre nulla di ciò che è sigillato per la vecchia.',
    },
  },
  'sealed-malformed': {
    what: {
      en: 'What is sealed can’t be opened{sealed}: it is damaged or cut short, or sealed to another key.',
      it: 'Ciò che è sigillato non si apre{sealed}: è danneggiato o incompleto, o sigillato per un’altra chiave.',
    },
    next: {
      en: 'Get the whole file again, and name with --keys the folder of the key that it was sealed to.',
      it: 'Procurati di nuovo il file intero e indica con --keys la cartella della chiave per cui è sigillato.',
    },
  },
  'config-unreadable': {
    what: {
      en: 'The file {file} can’t be read: {problem}.',
      it: 'Il file {file} non è leggibile: {problem}.',
    },
    next: {
      en: 'Check that it exists, is yours to read and is correct JSON.',
      it: 'Controlla che esista, che tu possa leggerlo e che sia JSON corretto.',
    },
  },
  'deployment-invalid': {
    what: {
      en: 'The deployment file isn’t right{key}.',
      it: 'Il file di distribuzione non è corretto{key}.',
    },
    next: {
      en: 'Copy deployment.json again from the relay’s state folder.',
      it: 'Copia di nuovo deployment.json dalla cartella di stato del relay.',
    },
  },
  'plugin-load-failed': {
    what: { en: 'The plugin {plugin} can’t be loaded.', it: 'Il modulo {plugin} non si carica.' },
    next: {
      en: 'Install the program again; --log-level debug tells more.',
      it: 'Installa di nuovo il programma; --log-level debug dice di più.',
    },
  },
  'port-in-use': {
    what: {
      en: 'Port {port} is in use by another program.',
      it: 'La porta {port} è usata da un altro programma.',
    },
    next: {
      en: 'Stop that program, or choose another port with --port.',
      it: 'Ferma quel programma o scegli un’altra porta con --port.',
    },
  },
  'identity-unreadable': {
    what: {
      en: 'The key file {file} can’t be used: {problem}.',
      it: 'Il file della chiave {file} non è utilizzabile: {problem}.',
    },
    next: {
      en: 'Make it yours and private (chmod 600), or delete it to get a new one.',
      it: 'Rendilo tuo e privato (chmod 600), oppure eliminalo per averne uno nuovo.',
    },
  },
  'relay-unreachable': {
    what: {
      en: 'The relay at {host}:{port} can’t be reached.',
      it: 'Il relay {host}:{port} non è raggiungibile.',
    },
    next: {
      en: 'Check the network, and that the relay is running.',
      it: 'Controlla la rete e che il relay sia in funzione.',
    },
  },
  'relay-certificate-not-pinned': {
    what: {
      en: 'The relay at {host}:{port} isn’t the one that the deployment file names.',
      it: 'Il relay {host}:{port} non è quello indicato nel file di distribuzione.',
    },
    next: {
      en: 'Nothing was sent. Ask whoever runs the relay for the current deployment.json.',
      it: 'Non è stato inviato nulla. Chiedi a chi gestisce il relay il deployment.json attuale.',
    },
  },
  'relay-token-refused': {
    what: {
      en: 'The relay did not accept the signed request.',
      it: 'Il relay non ha accettato la richiesta firmata.',
    },
    next: {
      en: 'Check that the key file is the enrolled one, and try again.',
      it: 'Controlla che il file della chiave sia quello registrato e riprova.',
    },
  },
  'proxy-invalid': {
    what: { en: 'The proxy {proxy} can’t be used.', it: 'Il proxy {proxy} non si può usare.' },
    next: {
      en: 'Only http:// proxies are supported: check HTTPS_PROXY, the system’s settings or --proxy.',
      it: 'Sono supportati solo proxy http://: controlla HTTPS_PROXY, le impostazioni del sistema o --proxy.',
    },
  },
  'proxy-unreachable': {
    what: { en: 'The proxy {proxy} doesn’t answer.', it: 'Il proxy {proxy} non risponde.' },
    next: {
      en: 'Check the system’s proxy settings, or name another with --proxy.',
      it: 'Controlla le impostazioni del proxy o indicane un altro con --proxy.',
    },
  },
  'proxy-refused': {
    what: {
      en: 'The proxy {proxy} doesn’t let connections to the relay through.',
      it: 'Il proxy {proxy} non lascia passare i collegamenti verso il relay.',
    },
    next: {
      en: 'Ask whoever runs it to allow CONNECT to the relay’s port.',
      it: 'Chiedi a chi lo gestisce di permettere CONNECT alla porta del relay.',
    },
  },
  'proxy-authentication-required': {
    what: {
      en: 'The proxy {proxy} wants a name and a password, or other ones.',
      it: 'Il proxy {proxy} vuole nome e password, o altri.',
    },
    next: {
      en: 'Give them as http://name:password@host:port in LIVELET_..._PROXY or HTTPS_PROXY.',
      it: 'Indicali come http://nome:password@host:porta in LIVELET_..._PROXY o HTTPS_PROXY.',
    },
  },
  'operator-not-enrolled': {
    what: {
      en: 'The relay knows no operator with this key.',
      it: 'Il relay non conosce nessun operatore con questa chiave.',
    },
    next: {
      en: 'Enrol it with a one-time token: livelet-relay admin enrol, or the operator’s console.',
      it: 'Registrala con un token monouso: livelet-relay admin enrol, o la postazione dell’operatore.',
    },
  },
  'operator-revoked': {
    what: {
      en: 'An administrator has taken this key’s access back.',
      it: 'Un amministratore ha tolto l’accesso a questa chiave.',
    },
    next: {
      en: 'Ask an administrator for a new invitation.',
      it: 'Chiedi un nuovo invito a un amministratore.',
    },
  },
  'clock-wrong': {
    what: {
      en: 'This computer’s clock and the relay’s are too far apart.',
      it: 'L’orologio di questo computer e quello del relay sono troppo distanti.',
    },
    next: {
      en: 'Set date and time on both, then try again.',
      it: 'Regola data e ora su entrambi, poi riprova.',
    },
  },
  'admin-required': {
    what: { en: 'Only an administrator may do this.', it: 'Solo un amministratore può farlo.' },
    next: {
      en: 'Use an administrator’s key with --identity.',
      it: 'Usa la chiave di un amministratore con --identity.',
    },
  },
  'enrolment-refused': {
    what: {
      en: 'The enrolment token is unknown, used or expired.',
      it: 'Il token di registrazione è sconosciuto, già usato o scaduto.',
    },
    next: {
      en: 'Ask an administrator for a new one; the first one’s is made anew when the relay starts.',
      it: 'Chiedine uno nuovo a un amministratore; quello del primo si rinnova all’avvio del relay.',
    },
  },
  'last-admin': {
    what: { en: 'There would be no administrator left.', it: 'Non resterebbe nessun amministratore.' },
    next: {
      en: 'Make somebody else an administrator first.',
      it: 'Prima nomina amministratore un’altra persona.',
    },
  },
  'request-invalid': {
    what: { en: 'The relay doesn’t take this value.', it: 'Il relay non accetta questo valore.' },
    next: { en: 'Check the options and try again.', it: 'Controlla le opzioni e riprova.' },
  },
  'entry-unknown': {
    what: { en: 'The relay knows no such entry.', it: 'Il relay non conosce questa voce.' },
    next: { en: 'List the entries to see which there are.', it: 'Elenca le voci per vedere quali ci sono.' },
  },
  'audit-broken': {
    what: {
      en: 'The audit log is not the one that was written, from entry {seq} on.',
      it: 'Il registro non è quello scritto, dalla voce {seq} in poi.',
    },
    next: {
      en: 'Keep a copy of the store and find out who had access to it.',
      it: 'Conserva una copia dell’archivio e scopri chi vi ha avuto accesso.',
    },
  },
  'relay-closed': {
    what: { en: 'The connection to the relay was lost.', it: 'La connessione con il relay si è interrotta.' },
    next: { en: 'Try again in a moment.', it: 'Riprova tra poco.' },
  },
  'display-unavailable': {
    what: {
      en: 'There is no X display to share{display}.',
      it: 'Non c’è uno schermo X da condividere{display}.',
    },
    next: {
      en: 'Start the program inside a desktop session, or name a display that is there with --display.',
      it: 'Avvia il programma in una sessione desktop o indica con --display uno schermo che c’è.',
    },
  },
  'display-unsupported': {
    what: {
      en: 'The X display{display} has a form that can’t be shared.',
      it: 'Lo schermo X{display} ha una forma che non si può condividere.',
    },
    next: {
      en: 'Set it to thousands or millions of colours (a depth of 16 or 24), then start the program again.',
      it: 'Impostalo su migliaia o milioni di colori (profondità 16 o 24), poi avvia di nuovo il programma.',
    },
  },
  'display-lost': {
    what: { en: 'The display went away.', it: 'Lo schermo non è più disponibile.' },
    next: { en: 'Start the program again.', it: 'Avvia di nuovo il programma.' },
  },
  'browser-missing': {
    what: {
      en: 'No Chromium, Chrome or Edge was found.',
      it: 'Non è stato trovato Chromium, Chrome o Edge.',
    },
    next: { en: 'Install one of them, then start again.', it: 'Installane uno, poi riavvia.' },
  },
  'electron-missing': {
    what: { en: 'Electron is not installed.', it: 'Electron non è installato.' },
    next: {
      en: 'Install it with npm, or start without --shell electron.',
      it: 'Installalo con npm o avvia senza --shell electron.',
    },
  },
  'window-unavailable': {
    what: {
      en: 'This program can’t open its own window.',
      it: 'Questo programma non riesce ad aprire la sua finestra.',
    },
    next: {
      en: 'Set DISPLAY to a display that is there, or start it with --no-open and open the address that it prints in a browser.',
      it: 'Imposta DISPLAY su uno schermo che c’è, oppure avvialo con --no-open e apri in un browser l’indirizzo che scrive.',
    },
  },
  'window-gone': {
    what: { en: 'The window was closed.', it: 'La finestra è stata chiusa.' },
    next: {
      en: 'Start the program again if that was a mistake.',
      it: 'Se è stato un errore, riavvia il programma.',
    },
  },
  'store-unavailable': {
    what: {
      en: 'The database can’t be used: {problem}.',
      it: 'Il database non è utilizzabile: {problem}.',
    },
    next: {
      en: 'Check that it runs and that the relay may use it.',
      it: 'Controlla che sia in funzione e che il relay possa usarlo.',
    },
  },
  'store-too-new': {
    what: {
      en: 'A newer version of the relay has written this database.',
      it: 'Una versione più recente del relay ha scritto questo database.',
    },
    next: {
      en: 'Install that version again, or restore a backup of this one.',
      it: 'Installa di nuovo quella versione o ripristina un backup di questa.',
    },
  },
  'store-in-use': {
    what: {
      en: 'A relay that runs is using this database.',
      it: 'Un relay in funzione usa questo database.',
    },
    next: {
      en: 'Stop the relay, then try again.',
      it: 'Ferma il relay, poi riprova.',
    },
  },
  'backup-invalid': {
    what: {
      en: 'The backup {file} can’t be used: {problem}.',
      it: 'Il backup {file} non è utilizzabile: {problem}.',
    },
    next: {
      en: 'Choose another file.',
      it: 'Scegli un altro file.',
    },
  },
};
