import type { ByteStream, LocalizedText, ReceiptNotes } from '@livelet/core';

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
  readonly #cameras = {
    customer: { count: 0, isOpen: false, isLost: false },
    helper: { count: 0, isOpen: false, isLost: false },
  };

  constructor(notes: ReceiptNotes) {
    this.#notes = notes;
  }

  /** @param stream that it is shown over: one after a drop of the line goes on with what was open before, at both ends */
  follow(whose: keyof typeof TEXTS, stream: ByteStream): void {
    const camera = this.#cameras[whose];
    void stream.closed.then((code) => {
      const isLost = code === 'reconnecting';
      camera.isLost = isLost && camera.isOpen;
      camera.isOpen = camera.isLost;
    });
  }

  opened(whose: keyof typeof TEXTS): void {
    const camera = this.#cameras[whose];
    const goesOn = camera.isLost;
    camera.isLost = false;
    camera.isOpen = true;
    if (goesOn) return;
    camera.count += 1;
    if (camera.count > MOST) return;
    this.#notes.add({ what: 'camera-opened', text: TEXTS[whose], facts: { whose } });
  }
}
