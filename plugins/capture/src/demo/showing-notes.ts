import type { ByteStream, LocalizedText, ReceiptNotes } from '@livelet/core';

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
  /** The stream before went with the line. */
  #isLost = false;

  constructor(notes: ReceiptNotes) {
    this.#notes = notes;
  }

  /** @param stream that it is shown over: one after a drop of the line goes on with the showing before, at both ends */
  begin(stream: ByteStream): void {
    const goesOn = this.#isLost;
    this.#isLost = false;
    void stream.closed.then((code) => {
      this.#isLost = code === 'reconnecting';
    });
    if (goesOn) return;
    this.#count += 1;
    if (this.#count > MOST) return;
    this.#notes.add({ what: 'screen-shown', text: TEXT, facts: { time: this.#count } });
  }
}
