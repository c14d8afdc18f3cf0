import { defineStrings } from '@livelet/window/page';

/** Every string of what the relay knows of this operator: enrolment and the sessions of today. */
export const ACCOUNT_STRINGS = defineStrings({
  en: {
    notEnrolled: 'This computer is not enrolled yet',
    notEnrolledText:
      'Ask your administrator for an enrolment token and enter it here. It is good once; after that this computer has its own key.',
    revoked: 'This computer’s access was ended',
    revokedText: 'Your administrator took it back. With a new enrolment token you can come in again.',
    token: 'Enrolment token',
    enrol: 'Enrol this computer',
    enrolling: 'Enrolling…',
    enrolled: 'This computer is enrolled.',
    today: 'Today',
    noSessions: 'No sessions today.',
    running: 'now',
    endUnknown: 'end unknown',
    note: 'Note',
    noteFor: (time: string) => `Note for the session of ${time}`,
    offline: 'The relay can’t be reached. Notes and the full list come back with it.',
    retry: 'Try again',
    saveAs: 'Save all my sessions',
    saveAsFile: (format: string) => `Save all my sessions as ${format}`,
    noteSaved: 'Note saved.',
  },
  it: {
    notEnrolled: 'Questo computer non è ancora registrato',
    notEnrolledText:
      'Chiedi all’amministratore un codice di registrazione e inseriscilo qui. Vale una volta; dopo, questo computer ha la sua chiave.',
    revoked: 'L’accesso di questo computer è stato chiuso',
    revokedText: 'L’amministratore lo ha tolto. Con un nuovo codice di registrazione puoi rientrare.',
    token: 'Codice di registrazione',
    enrol: 'Registra questo computer',
    enrolling: 'Registrazione in corso…',
    enrolled: 'Questo computer è registrato.',
    today: 'Oggi',
    noSessions: 'Nessuna sessione oggi.',
    running: 'in corso',
    endUnknown: 'fine sconosciuta',
    note: 'Nota',
    noteFor: (time: string) => `Nota per la sessione delle ${time}`,
    offline: 'Il relay non è raggiungibile. Note ed elenco completo torneranno quando lo sarà.',
    retry: 'Riprova',
    saveAs: 'Salva tutte le mie sessioni',
    saveAsFile: (format: string) => `Salva tutte le mie sessioni in ${format}`,
    noteSaved: 'Nota salvata.',
  },
});
