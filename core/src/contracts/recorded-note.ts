import { durationText } from '../duration-text.js';
import type { LocalizedText } from '../localized-text.js';
import type { ReceiptNote } from './receipt-notes.js';

/** What becomes of a recording. `refused`: it was asked for, and the person who is recorded said no. */
export const RECORDED_STEPS = ['began', 'paused', 'resumed', 'ended', 'refused'] as const;
export type RecordedStep = (typeof RECORDED_STEPS)[number];

/** A step of a recording, as both ends put it into their receipts. */
export interface Recorded {
  readonly step: RecordedStep;
  /** Whether sound is recorded too. */
  readonly sound: boolean;
  /** How much was recorded, without pauses, whole seconds; of `ended`, where the recorder could tell the other end. */
  readonly seconds?: number;
}

const TEXTS: Readonly<Record<RecordedStep, LocalizedText>> = {
  began: { en: 'The helper began to record', it: 'Chi aiuta ha iniziato a registrare' },
  paused: { en: 'The helper paused the recording', it: 'Chi aiuta ha sospeso la registrazione' },
  resumed: { en: 'The helper went on recording', it: 'Chi aiuta ha ripreso a registrare' },
  ended: { en: 'The recording ended', it: 'La registrazione è terminata' },
  refused: { en: 'A recording was refused', it: 'Una registrazione è stata rifiutata' },
};
const PICTURE: LocalizedText = { en: 'picture', it: 'immagine' };
const SOUND: LocalizedText = { en: 'picture and sound', it: 'immagine e suono' };

/**
 * The note of a recording's step: `recording-began` and so on. Both ends add it, each when it happens there and with
 * the same values, so that both sign it; nothing in it says what was recorded.
 */
export function recordedNote({ step, sound, seconds }: Recorded): ReceiptNote {
  const of = sound ? SOUND : PICTURE;
  const lasted = seconds === undefined ? '' : `, ${durationText(seconds * 1000)}`;
  return {
    what: `recording-${step}`,
    text: {
      en: `${TEXTS[step].en} (${of.en}${lasted})`,
      it: `${TEXTS[step].it} (${of.it}${lasted})`,
    },
    facts: { sound, ...(seconds === undefined ? {} : { seconds }) },
  };
}
