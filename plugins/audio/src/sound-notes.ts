import type { AudioTrack, LocalizedText, ReceiptNotes } from '@livelet/core';

const TEXTS: Readonly<Record<AudioTrack, LocalizedText>> = {
  hear: { en: 'The customer’s microphone was open.', it: 'Il microfono del cliente era acceso.' },
  'hear-computer': {
    en: 'The sound of the customer’s computer was sent.',
    it: 'L’audio del computer del cliente è stato trasmesso.',
  },
  speak: { en: 'The helper’s microphone was open.', it: 'Il microfono di chi aiuta era acceso.' },
};

/** That a device was really open, once for each in this end's receipt: both ends note the same, however often it is opened. */
export class SoundNotes {
  readonly #notes: ReceiptNotes;
  readonly #told = new Set<AudioTrack>();

  constructor(notes: ReceiptNotes) {
    this.#notes = notes;
  }

  opened(track: AudioTrack): void {
    if (this.#told.has(track)) return;
    this.#told.add(track);
    this.#notes.add({ what: 'sound-opened', text: TEXTS[track], facts: { track } });
  }
}
