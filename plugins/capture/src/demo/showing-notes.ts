import type { LocalizedText, ReceiptNotes } from '@livelet/core';

/** Showings that the receipt has room for: whoever begins more often says nothing new by it. */
const MOST = 20;
const TEXT: LocalizedText = {
  en: 'The helper began to show their screen.',
  it: 'Chi aiuta ha iniziato a mostrare il suo schermo.',
};

/** Each showing in this end's receipt; when it ended is the grant's business. */
export class ShowingNotes {
  readonly #notes: ReceiptNotes;
  #count = 0;

  constructor(notes: ReceiptNotes) {
    this.#notes = notes;
  }

  begin(): void {
    this.#count += 1;
    if (this.#count > MOST) return;
    this.#notes.add({ what: 'screen-shown', text: TEXT, facts: { time: this.#count } });
  }
}
