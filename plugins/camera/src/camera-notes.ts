import type { LocalizedText, ReceiptNotes } from '@livelet/core';

/** Openings of each camera that are noted: whoever opens theirs more often says nothing new, and takes no room from the other's. */
const MOST = 20;
const TEXTS = {
  customer: {
    en: 'The customer’s camera was open.',
    it: 'La videocamera del cliente era accesa.',
  },
  helper: { en: 'The helper’s camera was open.', it: 'La videocamera di chi aiuta era accesa.' },
} satisfies Record<string, LocalizedText>;

/** Each opening of a camera in this end's receipt. */
export class CameraNotes {
  readonly #notes: ReceiptNotes;
  readonly #counts = { customer: 0, helper: 0 };

  constructor(notes: ReceiptNotes) {
    this.#notes = notes;
  }

  opened(whose: keyof typeof TEXTS): void {
    this.#counts[whose] += 1;
    if (this.#counts[whose] > MOST) return;
    this.#notes.add({ what: 'camera-opened', text: TEXTS[whose], facts: { whose } });
  }
}
