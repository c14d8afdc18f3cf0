import type { LocalizedText, ReceiptNotes } from '@livelet/core';

/** Openings that the receipt has room for, of both cameras together. */
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
  #count = 0;

  constructor(notes: ReceiptNotes) {
    this.#notes = notes;
  }

  opened(whose: keyof typeof TEXTS): void {
    this.#count += 1;
    if (this.#count > MOST) return;
    this.#notes.add({ what: 'camera-opened', text: TEXTS[whose], facts: { whose } });
  }
}
