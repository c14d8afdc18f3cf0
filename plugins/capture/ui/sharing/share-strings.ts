import type { LocalizedText } from '@livelet/core/page';
import type { ShareState } from '../../src/web-display/web-capture-protocol.js';

/** What the person reads beside the button. */
export const SHARE_TEXT: Readonly<Record<Exclude<ShareState, 'idle'>, LocalizedText>> = {
  asking: {
    en: 'Your helper is waiting to see your screen. Press the button, then choose in the browser what to share: the entire screen if in doubt.',
    it: 'Chi ti aiuta aspetta di vedere lo schermo. Premi il pulsante, poi scegli nel browser che cosa condividere: nel dubbio, l’intero schermo.',
  },
  choosing: {
    en: 'The browser is asking you what to share.',
    it: 'Il browser ti chiede che cosa condividere.',
  },
  sharing: {
    en: 'The browser is sharing what you chose, with the pointer in it.',
    it: 'Il browser condivide ciò che hai scelto, puntatore compreso.',
  },
  refused: {
    en: 'Nothing is shared. If your helper asks again, you can choose again here.',
    it: 'Non è condiviso nulla. Se chi ti aiuta lo chiede di nuovo, potrai scegliere di nuovo qui.',
  },
  unavailable: {
    en: 'This browser can’t share the screen. Tell your helper.',
    it: 'Questo browser non può condividere lo schermo. Dillo a chi ti aiuta.',
  },
};

export const CHOOSE: LocalizedText = { en: 'Choose what to share', it: 'Scegli che cosa condividere' };
