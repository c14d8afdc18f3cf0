import type { ErrorTexts } from './error-texts.js';

/** What goes wrong with pictures, chat, the clipboard, sound, cameras, files and recordings. */
export const CONTENT_ERROR_TEXTS_IT = {
  'picture-malformed': {
    what: 'È arrivata un’immagine danneggiata e non è stata mostrata.',
    next: 'Aspetta la prossima o, se continua, fate un codice nuovo.',
  },
  'picture-too-large': {
    what: 'È arrivata un’immagine troppo grande per essere mostrata.',
    next: 'Chiedi di ridurre le dimensioni dello schermo sull’altro computer.',
  },
  'chat-too-long': {
    what: 'Questo messaggio è troppo lungo.',
    next: 'Dividilo in messaggi più corti e inviali di nuovo.',
  },
  'chat-malformed': {
    what: 'È arrivato un messaggio che non si può leggere.',
    next: 'Chiedi all’altra persona di inviarlo di nuovo.',
  },
  'clipboard-too-large': {
    what: 'Ciò che è stato copiato è troppo grande per essere condiviso.',
    next: 'Copiane di meno, o invialo come file.',
  },
  'clipboard-malformed': {
    what: 'Ciò che è stato copiato è danneggiato, quindi è stato ignorato.',
    next: 'Copialo di nuovo.',
  },
  'clipboard-unreadable': {
    what: 'Il programma in cui è stato copiato qualcosa non lo mette a disposizione.',
    next: 'Copialo di nuovo, se serve in un altro programma.',
  },
  'clipboard-files': {
    what: 'I file copiati passano da «File».',
    next: 'Dalli o inviali da lì.',
  },
  'clipboard-format': {
    what: 'Ciò che è stato copiato ha una forma che non si può condividere.',
    next: 'Copialo come testo o come immagine.',
  },
  'clipboard-secret': {
    what: 'Il programma delle parole d’accesso ha segnato ciò che è stato copiato come segreto, quindi resta dov’è.',
    next: 'Scrivilo dove serve.',
  },
  'clipboard-refused': {
    what: 'Il browser non permette a questa pagina di usare gli appunti.',
    next: 'Permettilo nelle impostazioni del browser per questa pagina, o incolla a mano.',
  },
  'clipboard-unavailable': {
    what: 'Gli appunti di questo computer non si possono condividere.',
    next: 'Invia invece il testo come messaggio.',
  },
  'audio-malformed': {
    what: 'L’audio è arrivato danneggiato, quindi è stato spento.',
    next: 'Accendilo di nuovo.',
  },
  'audio-unavailable': {
    what: 'Da questo dispositivo non arriva alcun suono.',
    next: 'Controlla che microfono o altoparlante siano collegati, oppure scegline un altro.',
  },
  'audio-refused': {
    what: 'Il browser non permette a questa pagina di usare il microfono.',
    next: 'Permettilo nelle impostazioni del browser per questa pagina, poi accendilo di nuovo.',
  },
  'audio-unplugged': {
    what: 'Il microfono o l’altoparlante non c’è più, quindi il suono è stato spento.',
    next: 'Collegalo o scegline un altro, poi riaccendi il suono.',
  },
  'camera-malformed': {
    what: 'L’immagine della videocamera è arrivata danneggiata e non è stata mostrata.',
    next: 'Spegni e riaccendi la videocamera.',
  },
  'file-name-refused': {
    what: 'Questo nome non si può usare per un file.',
    next: 'Rinomina il file e invialo di nuovo.',
  },
  'file-unreadable': {
    what: 'Il file non si può leggere, o non c’è più.',
    next: 'Sceglilo di nuovo.',
  },
  'file-changed': {
    what: 'Il file è cambiato durante l’invio, quindi non ne è stato conservato nulla.',
    next: 'Chiudilo negli altri programmi e invialo di nuovo.',
  },
  'file-unwritable': {
    what: 'Non si possono salvare file nella cartella in cui arrivano.',
    next: 'Controlla che la cartella ci sia e che si possa modificare.',
  },
  'file-disk-full': {
    what: 'Non c’è abbastanza spazio sul disco, quindi del file non è stato conservato nulla.',
    next: 'Libera spazio e invialo di nuovo.',
  },
  'file-damaged': {
    what: 'Ciò che è arrivato non è ciò che è stato inviato, quindi non ne è stato conservato nulla.',
    next: 'Invia di nuovo il file.',
  },
  'file-too-many': {
    what: 'Sono troppi file in una volta.',
    next: 'Inviali in parti più piccole.',
  },
  'recording-disk-full': {
    what: 'Sul disco non c’è abbastanza spazio per registrare.',
    next: 'Libera spazio, e guarda ciò che è stato registrato fino ad allora.',
  },
  'recording-unwritable': {
    what: 'La registrazione non si può salvare nella sua cartella.',
    next: 'Controlla che la cartella delle registrazioni ci sia e che si possa scrivervi.',
  },
  'recording-failed': {
    what: 'L’immagine non si può registrare in questa finestra.',
    next: 'Usa un Chromium, Chrome o Edge più recente, o chiudi ciò che occupa il computer.',
  },
  'recording-not-shown': {
    what: 'Lo schermo dell’altra persona non poteva mostrare la registrazione, perciò non è iniziata.',
    next: 'Riprova quando la sua finestra risponde.',
  },
  'recordings-folder-refused': {
    what: 'Le registrazioni non si possono tenere in questa cartella.',
    next: 'Scrivi il percorso intero di una cartella in cui puoi scrivere, come /home/maria/Video.',
  },
} satisfies Partial<ErrorTexts>;
