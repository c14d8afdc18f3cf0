import {
  type Locale,
  type LocalizedText,
  RECORDED_STEPS,
  recordedNote,
  type SharedNote,
  type Side,
} from '@livelet/core';

const FROM: Readonly<Record<Side, LocalizedText>> = {
  operator: { en: 'a file from the helper', it: 'un file di chi ha aiutato' },
  customer: { en: 'a file from the helped person', it: 'un file di chi è stato aiutato' },
};
const CAMERAS: ReadonlyMap<unknown, LocalizedText> = new Map([
  [
    'customer',
    { en: 'The helped person’s camera was open', it: 'La videocamera di chi è aiutato era accesa' },
  ],
  ['helper', { en: 'The helper’s camera was open', it: 'La videocamera di chi aiuta era accesa' }],
]);
const SOUNDS: ReadonlyMap<unknown, LocalizedText> = new Map([
  ['hear', { en: 'The helped person’s microphone was open', it: 'Il microfono di chi è aiutato era acceso' }],
  [
    'hear-computer',
    {
      en: 'The sound of the helped person’s computer was sent',
      it: 'L’audio del computer di chi è aiutato è stato trasmesso',
    },
  ],
  ['speak', { en: 'The helper’s microphone was open', it: 'Il microfono di chi aiuta era acceso' }],
]);
const SHOWN: LocalizedText = {
  en: 'The helper began to show their screen',
  it: 'Chi aiuta ha iniziato a mostrare il suo schermo',
};

/**
 * What both ends signed, in a sentence made of that alone: the sentence that stands in a receipt is its end's own. What
 * this version doesn't know is named by its facts.
 */
export function signedNoteText(note: SharedNote, locale: Locale): string {
  const { plugin, what, from, facts } = note;
  const { sound, seconds, name, size, 'sha-256': hash, whose, track } = facts;
  switch (plugin) {
    case 'livelet.recording': {
      const step = RECORDED_STEPS.find((each) => what === `recording-${each}`);
      if (step === undefined || typeof sound !== 'boolean') break;
      const lasted = typeof seconds === 'number' ? { seconds } : {};
      return recordedNote({ step, sound, ...lasted }).text[locale];
    }
    case 'livelet.camera': {
      const text = what === 'camera-opened' ? CAMERAS.get(whose) : undefined;
      if (text === undefined) break;
      return text[locale];
    }
    case 'livelet.audio': {
      const text = what === 'sound-opened' ? SOUNDS.get(track) : undefined;
      if (text === undefined) break;
      return text[locale];
    }
    case 'livelet.demo':
      if (what !== 'screen-shown') break;
      return SHOWN[locale];
    default:
      if (from === undefined || name === undefined || size === undefined || hash === undefined) break;
      return `${FROM[from][locale]}, “${name}”, ${size} byte${locale === 'en' && size !== 1 ? 's' : ''}, SHA-256 ${hash}`;
  }
  const values = Object.entries(facts).map(([fact, value]) => `${fact} ${JSON.stringify(value)}`);
  return [plugin, ...(what ? [what] : []), ...(from ? [from] : []), ...values].join(' ');
}
