import type { LocalizedText } from '@livelet/core/page';
import type { ViewState } from '../src/viewer/page-protocol.js';

/** What stands on the stage while there is no picture. */
export const STATE_TEXT: Readonly<Record<Exclude<ViewState, 'viewing' | 'resuming'>, LocalizedText>> = {
  waiting: { en: 'The screen is not shared yet.', it: 'Lo schermo non è ancora condiviso.' },
  opening: {
    en: 'The picture is on its way. The customer may have to choose first what to share.',
    it: 'L’immagine sta arrivando. Forse il cliente deve prima scegliere che cosa condividere.',
  },
  paused: { en: 'The customer no longer shares the screen.', it: 'Il cliente non condivide più lo schermo.' },
  ended: { en: 'The session has ended.', it: 'La sessione è terminata.' },
  failed: { en: 'The screen can’t be shown.', it: 'Non è possibile mostrare lo schermo.' },
};

/** More about `failed`, where there is more to say. */
export const FAILURE_TEXT: Readonly<Record<string, LocalizedText>> = {
  'display-unavailable': {
    en: 'The customer has no screen that can be shared. Ask them to log in to their desktop, then try again.',
    it: 'Il cliente non ha uno schermo da condividere. Chiedigli di accedere al desktop, poi riprova.',
  },
  'display-unsupported': {
    en: 'The customer’s screen has a form that can’t be shared, such as too few colours. Ask them to choose millions of colours in the settings of the screen, then try again.',
    it: 'Lo schermo del cliente ha una forma che non si può condividere, come troppo pochi colori. Chiedigli di scegliere milioni di colori nelle impostazioni dello schermo, poi riprova.',
  },
  'display-lost': {
    en: 'The customer’s screen was switched off or restarted. Try again in a moment.',
    it: 'Lo schermo del cliente è stato spento o riavviato. Riprova tra poco.',
  },
  'display-not-shared': {
    en: 'The customer was asked which screen to share and chose none, or ended it. Talk to them, then try again: they are asked once more.',
    it: 'Al cliente è stato chiesto quale schermo condividere e non ne ha scelto nessuno, o ha smesso. Parlane con il cliente, poi riprova: la domanda comparirà di nuovo.',
  },
  'picture-malformed': {
    en: 'The other side sent a picture that is not valid. Try again.',
    it: 'L’altra parte ha inviato un’immagine non valida. Riprova.',
  },
};

export const TEXT = {
  again: { en: 'Try again', it: 'Riprova' },
  picture: { en: 'The customer’s screen', it: 'Lo schermo del cliente' },
  monitors: { en: 'Monitor', it: 'Monitor' },
  all: { en: 'All monitors', it: 'Tutti i monitor' },
} satisfies Record<string, LocalizedText>;

/** That a monitor which was shown is gone, or back. */
export function monitorText(name: string, isThere: boolean): LocalizedText {
  return isThere
    ? { en: `Monitor ${name} is back.`, it: `Il monitor ${name} è tornato.` }
    : {
        en: `Monitor ${name} is gone: what you see now is another picture.`,
        it: `Il monitor ${name} non c’è più: ora vedi un’altra immagine.`,
      };
}
