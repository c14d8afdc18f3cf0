import { CONTENT_ERROR_TEXTS_IT } from './content-error-texts-it.js';
import type { ErrorTexts } from './error-texts.js';

export const ERROR_TEXTS_IT: ErrorTexts = {
  'code-mistyped': {
    what: 'In questo codice c’è una cifra sbagliata.',
    next: 'Confrontalo con quello che ti dice chi ti aiuta e scrivilo di nuovo.',
  },
  'code-not-valid': {
    what: 'Questo codice non è più valido.',
    next: 'Chiedine uno nuovo a chi ti aiuta.',
  },
  'code-wrong-secret': {
    what: 'Questo codice non corrisponde a quello che è stato dato.',
    next: 'Fate un codice nuovo e scrivetelo con attenzione.',
  },
  'possible-attack': {
    what: 'Qualcuno nel mezzo potrebbe aver provato a inserirsi, quindi nulla è stato collegato.',
    next: 'Fate un codice nuovo e dettatelo solo al telefono.',
  },
  'relay-unreachable': {
    what: 'Il servizio che collega i due computer non è raggiungibile.',
    next: 'Controlla la connessione a internet e riprova.',
  },
  'relay-certificate-not-pinned': {
    what: 'Il servizio che ha risposto non è quello di cui questo programma si fida.',
    next: 'Prova un’altra rete e, se succede ancora, avvisa la tua organizzazione.',
  },
  'relay-token-refused': {
    what: 'Il servizio non ha accettato la chiave di questa postazione.',
    next: 'Controlla la chiave nelle impostazioni o chiedine una nuova all’amministratore.',
  },
  'relay-too-many-requests': {
    what: 'Da questa rete sono arrivati troppi tentativi.',
    next: 'Aspetta un minuto e riprova.',
  },
  'relay-too-many-codes': {
    what: 'Ci sono troppi codici in attesa nello stesso momento.',
    next: 'Annullane uno che non serve, o aspetta che ne scada uno.',
  },
  'relay-full': {
    what: 'In questo momento il servizio è occupato con altre persone.',
    next: 'Riprova tra qualche minuto.',
  },
  'relay-protocol': {
    what: 'Il servizio ha risposto in un modo che questo programma non capisce.',
    next: 'Installa l’ultima versione e riprova.',
  },
  'relay-closed': {
    what: 'Il servizio ha chiuso la connessione.',
    next: 'Fate un codice nuovo e collegatevi di nuovo.',
  },
  'proxy-invalid': {
    what: 'Le impostazioni di questo computer indicano una via verso internet che questo programma non può usare.',
    next: 'Chiedi a chi cura questo computer di controllare le impostazioni del proxy.',
  },
  'proxy-unreachable': {
    what: 'Il passaggio di questa rete verso internet non risponde.',
    next: 'Chiedi a chi cura questa rete di controllare il proxy.',
  },
  'proxy-refused': {
    what: 'Questa rete non lascia passare il collegamento.',
    next: 'Chiedi a chi cura questa rete di permetterlo, o usa un’altra rete.',
  },
  'proxy-authentication-required': {
    what: 'Questa rete chiede nome e parola segreta prima di lasciar passare qualcosa.',
    next: 'Chiedi a chi cura questo computer di inserirli nelle impostazioni del proxy.',
  },
  'relay-region-refused': {
    what: 'Il servizio che collega i due computer si trova in un luogo non permesso.',
    next: 'Usa un servizio in un luogo permesso, o chiedi all’amministratore di cambiare l’elenco.',
  },
  'relay-region-unexpected': {
    what: 'Il servizio dice di trovarsi in un luogo diverso da quello previsto.',
    next: 'Chiedi alla tua organizzazione il file attuale del servizio.',
  },
  'protocol-version-unsupported': {
    what: 'I due computer hanno versioni del programma che non vanno d’accordo.',
    next: 'Installate l’ultima versione su entrambi e riprovate.',
  },
  'handshake-malformed': {
    what: 'Il saluto dell’altro computer era danneggiato, quindi nulla è stato collegato.',
    next: 'Fate un codice nuovo e riprovate.',
  },
  'handshake-failed': {
    what: 'I due computer non sono riusciti a riconoscersi.',
    next: 'Fate un codice nuovo, dettatelo al telefono e riprovate.',
  },
  'handshake-timeout': {
    what: 'L’altro computer ha impiegato troppo tempo a rispondere.',
    next: 'Fate un codice nuovo e riprovate.',
  },
  'identity-invalid': {
    what: 'L’altro computer non ha potuto dimostrare chi è.',
    next: 'Se hai un dubbio chiudi la chiamata, altrimenti fate un codice nuovo e riprovate.',
  },
  'hello-invalid': {
    what: 'L’elenco di ciò che l’altro computer sa fare era sbagliato.',
    next: 'Installate l’ultima versione su entrambi e riprovate.',
  },
  'record-malformed': {
    what: 'Sono arrivati dati danneggiati, quindi la sessione è stata chiusa.',
    next: 'Fate un codice nuovo e collegatevi di nuovo.',
  },
  'record-refused': {
    what: 'Sono arrivati dati modificati, quindi la sessione è stata chiusa per la tua sicurezza.',
    next: 'Fate un codice nuovo e collegatevi di nuovo.',
  },
  'record-limit': {
    what: 'Questa sessione ha trasportato tutto ciò che una sessione può.',
    next: 'Fate un codice nuovo per continuare.',
  },
  'frame-malformed': {
    what: 'L’altro computer ha inviato qualcosa di danneggiato, quindi la sessione è stata chiusa.',
    next: 'Fate un codice nuovo e collegatevi di nuovo.',
  },
  'frame-unknown': {
    what: 'L’altro computer ha inviato qualcosa che questa versione non conosce.',
    next: 'Installate l’ultima versione su entrambi e riprovate.',
  },
  'credit-exceeded': {
    what: 'L’altro computer ha inviato più di quanto poteva, quindi la sessione è stata chiusa.',
    next: 'Fate un codice nuovo e collegatevi di nuovo.',
  },
  'too-many-streams': {
    what: 'Sono state avviate troppe cose insieme.',
    next: 'Chiudi qualcosa che non serve e riprova.',
  },
  'message-too-large': {
    what: 'Qualcosa era troppo grande per essere inviato in una volta.',
    next: 'Invia meno cose alla volta e riprova.',
  },
  'message-malformed': {
    what: 'È arrivato qualcosa che non si può leggere.',
    next: 'Riprova e, se continua, fate un codice nuovo.',
  },
  'peer-silent': {
    what: 'L’altro computer non risponde più.',
    next: 'Controllate le due connessioni a internet, poi fate un codice nuovo.',
  },
  'session-ended': {
    what: 'La sessione è finita.',
    next: 'Fate un codice nuovo se serve altro aiuto.',
  },
  'session-interrupted': {
    what: 'La connessione si è interrotta.',
    next: 'Controlla la connessione a internet e fate un codice nuovo.',
  },
  reconnecting: {
    what: 'La connessione si è interrotta e viene ristabilita.',
    next: 'Aspetta un momento: continua da sola.',
  },
  'not-granted': {
    what: 'L’altra persona non ha dato il permesso per questo.',
    next: 'Chiedile di permetterlo.',
  },
  revoked: {
    what: 'Il permesso per questo è stato tolto.',
    next: 'Chiedilo di nuovo se serve ancora.',
  },
  'service-unknown': {
    what: 'L’altro computer non sa fare questa cosa.',
    next: 'Installate l’ultima versione su entrambi.',
  },
  'method-unknown': {
    what: 'La versione dell’altro computer non sa fare questa cosa.',
    next: 'Installate l’ultima versione su entrambi.',
  },
  'deadline-exceeded': {
    what: 'La risposta ha impiegato troppo tempo.',
    next: 'Riprova tra un momento.',
  },
  cancelled: {
    what: 'Questa operazione è stata annullata.',
    next: 'Avviala di nuovo se serve ancora.',
  },
  'call-failed': {
    what: 'L’altro computer ci ha provato e non ci è riuscito.',
    next: 'Riprova, o continua senza.',
  },
  'request-too-soon': {
    what: 'Questo è stato chiesto troppo presto dopo l’ultima volta.',
    next: "Aspetta un po' prima di chiederlo di nuovo.",
  },
  'manifest-invalid': {
    what: 'Una delle estensioni del programma è descritta male, quindi non è stata avviata.',
    next: 'Installa di nuovo l’estensione o toglila.',
  },
  'manifest-capability-unknown': {
    what: 'Un’estensione vuole un permesso che non esiste, quindi non è stata avviata.',
    next: 'Installane una versione adatta a questo programma, o toglila.',
  },
  'manifest-contract-unsupported': {
    what: 'Un’estensione è fatta per un’altra versione di questo programma.',
    next: 'Installane una versione adatta, o toglila.',
  },
  'plugin-duplicate': {
    what: 'La stessa estensione è presente due volte.',
    next: 'Togline una e avvia di nuovo.',
  },
  'plugin-load-failed': {
    what: 'Non è stato possibile caricare un’estensione.',
    next: 'Installala di nuovo o toglila.',
  },
  'plugin-start-failed': {
    what: 'Una parte del programma non è partita in questa sessione.',
    next: 'Continua senza, o fate un codice nuovo e riprovate.',
  },
  'plugin-binding-leaks-session': {
    what: 'Un’estensione non tiene separate le sessioni, quindi non è stata avviata.',
    next: 'Installane una versione corretta o toglila.',
  },
  'display-unavailable': {
    what: 'Lo schermo di questo computer non è raggiungibile.',
    next: 'Entra nella scrivania del computer e avvia il programma da lì.',
  },
  'display-unsupported': {
    what: 'Lo schermo di questo computer ha una forma che non si può condividere, come troppo pochi colori.',
    next: 'Nelle impostazioni dello schermo scegli milioni di colori, poi avvia di nuovo il programma.',
  },
  'display-lost': {
    what: 'Lo schermo condiviso non c’è più.',
    next: 'Controlla che il computer sia acceso e con l’accesso fatto, poi fate un codice nuovo.',
  },
  'display-not-shared': {
    what: 'Lo schermo non è condiviso.',
    next: 'Se deve esserlo, premi «Riprova» e scegli uno schermo quando il browser lo chiede.',
  },
  'display-unknown': {
    what: 'Questo schermo non c’è più.',
    next: 'Scegli un altro schermo dall’elenco.',
  },
  'input-malformed': {
    what: 'Un tasto o un movimento del mouse è arrivato danneggiato ed è stato ignorato.',
    next: 'Prova di nuovo.',
  },
  'input-outside-screen': {
    what: 'Il mouse era fuori dallo schermo condiviso, quindi questo è stato ignorato.',
    next: 'Punta dentro l’immagine e riprova.',
  },
  'input-refused-own-window': {
    what: 'Solo chi è davanti a quel computer può premere nella finestra di questo programma.',
    next: 'Chiedigli di farlo.',
  },
  'input-unavailable': {
    what: 'Il mouse e la tastiera di questo computer non si possono usare da qui.',
    next: 'Guida la persona a voce o con i messaggi.',
  },
  ...CONTENT_ERROR_TEXTS_IT,
  'option-unknown': {
    what: 'Le impostazioni contengono un nome che questo programma non conosce.',
    next: 'Cerca un errore di battitura, o toglilo.',
  },
  'option-invalid': {
    what: 'Una delle impostazioni ha un valore non possibile.',
    next: 'Correggila e avvia di nuovo il programma.',
  },
  'command-missing': {
    what: 'Il programma è stato avviato senza dire che cosa deve fare.',
    next: 'Avvialo con uno dei suoi comandi.',
  },
  'command-unknown': {
    what: 'Il programma è stato avviato con un comando che non ha.',
    next: 'Cerca un errore di battitura.',
  },
  'named-file-unreadable': {
    what: 'Il file indicato non si può leggere.',
    next: 'Controlla il nome e che tu possa leggerlo.',
  },
  'receipt-invalid': {
    what: 'Il file non è la forma firmata di una ricevuta.',
    next: 'Scegli il suo file JSON.',
  },
  'organisation-key-unreadable': {
    what: 'La chiave dell’organizzazione non si può leggere.',
    next: 'Indica la cartella in cui si trova; una chiave nuova non apre nulla di prima.',
  },
  'config-unreadable': {
    what: 'Il file delle impostazioni non si può leggere.',
    next: 'Controlla che ci sia e che non sia danneggiato, poi avvia di nuovo.',
  },
  'port-in-use': {
    what: 'Un altro programma usa già questa porta di rete.',
    next: 'Chiudi quel programma o scegli un’altra porta.',
  },
  'identity-unreadable': {
    what: 'Il file con la chiave di questo computer non si può leggere.',
    next: 'Ripristinalo, oppure spostalo e avvia di nuovo per crearne uno nuovo.',
  },
  'browser-missing': {
    what: 'Non è stato trovato un browser che possa mostrare la finestra di questo programma.',
    next: 'Installa Chromium, Chrome o Edge e avvia di nuovo.',
  },
  'window-unavailable': {
    what: 'Questo programma non riesce ad aprire la sua finestra.',
    next: 'Accedi al computer e avvialo da lì, oppure avvialo con --no-open e apri l’indirizzo che scrive.',
  },
  'window-gone': {
    what: 'La finestra di questo programma non c’è più, quindi tutto è stato fermato.',
    next: 'Avvia di nuovo il programma se serve ancora aiuto.',
  },
  'window-refused': {
    what: 'Questa finestra non è quella aperta dal programma.',
    next: 'Chiudila e continua nell’altra, o avvia di nuovo il programma.',
  },
  'electron-missing': {
    what: 'La parte che apre la finestra di questo programma non è installata.',
    next: 'Installa Electron, oppure avvia il programma con il browser.',
  },
  'deployment-invalid': {
    what: 'Il file che indica il servizio della tua organizzazione è sbagliato o danneggiato.',
    next: 'Chiedine uno nuovo alla tua organizzazione.',
  },
  'operator-not-enrolled': {
    what: 'Il servizio non conosce ancora questo computer.',
    next: 'Chiedi un invito all’amministratore e inseriscilo qui.',
  },
  'operator-revoked': {
    what: 'L’amministratore ha tolto l’accesso a questo computer.',
    next: 'Rivolgiti all’amministratore se ti serve ancora.',
  },
  'clock-wrong': {
    what: 'L’orologio di questo computer non concorda con quello del servizio.',
    next: 'Regola data e ora, poi riprova.',
  },
  'admin-required': {
    what: 'Solo un amministratore può farlo.',
    next: 'Chiedi all’amministratore di farlo per te.',
  },
  'enrolment-refused': {
    what: 'Questo invito non è valido, o non lo è più.',
    next: 'Chiedine uno nuovo all’amministratore.',
  },
  'last-admin': {
    what: 'Non resterebbe nessun amministratore.',
    next: 'Prima nomina amministratore un’altra persona.',
  },
  'request-invalid': {
    what: 'Il servizio non ha capito la richiesta.',
    next: 'Controlla i dati inseriti e riprova.',
  },
  'entry-unknown': {
    what: 'Questa voce non esiste.',
    next: 'Ricarica l’elenco e scegli da lì.',
  },
  'audit-broken': {
    what: 'Il registro delle azioni degli amministratori è stato alterato.',
    next: 'Conserva una copia di tutto e scopri chi vi ha avuto accesso.',
  },
  'store-unavailable': {
    what: 'Il database del relay non è utilizzabile.',
    next: 'Riprova tra poco; chi gestisce il relay ne controlli il database.',
  },
  'store-too-new': {
    what: 'Una versione più recente del relay ha scritto questo database.',
    next: 'Installa di nuovo quella versione o ripristina un backup di questa.',
  },
  'store-in-use': {
    what: 'Un relay in funzione usa questo database.',
    next: 'Ferma il relay, poi riprova.',
  },
  'backup-invalid': {
    what: 'Questo non è un backup utilizzabile di un relay.',
    next: 'Scegli un altro file.',
  },
  'sealed-malformed': {
    what: 'Qualcosa di sigillato è danneggiato o è stato fatto per un’altra chiave.',
    next: 'Usa la chiave giusta.',
  },
  'archive-choice-refused': {
    what: 'La tua organizzazione non ha firmato questo luogo per i messaggi, quindi non vi si invia nulla.',
    next: 'Chiedi all’amministratore una scelta firmata dall’organizzazione.',
  },
  'archive-grant-refused': {
    what: 'Il servizio non ha accettato i messaggi.',
    next: 'Dillo alla tua organizzazione; ciò che non è stato accettato non viene conservato.',
  },
  'storage-full': {
    what: 'Il servizio non ha più spazio.',
    next: 'Dillo alla tua organizzazione e riprova più tardi.',
  },
  internal: {
    what: 'Qualcosa è andato storto dentro il programma.',
    next: 'Avvialo di nuovo e, se succede ancora, segnala il problema.',
  },
};
