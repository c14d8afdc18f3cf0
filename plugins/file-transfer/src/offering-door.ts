import { type FileOffering, LiveletError, type OfferableFile } from '@livelet/core';
import { injectable } from 'inversify';
import { offerableFiles } from './own-files.js';

/** Through which other plugins of this host reach the depot, in whichever session runs. */
@injectable()
export class OfferingDoor implements FileOffering {
  #offer: ((paths: readonly string[]) => Promise<void>) | undefined;

  /** What is offered goes to `offer` until this is disposed. */
  open(offer: (paths: readonly string[]) => Promise<void>): Disposable {
    this.#offer = offer;
    return {
      [Symbol.dispose]: () => {
        if (this.#offer === offer) this.#offer = undefined;
      },
    };
  }

  async look(paths: readonly string[], signal: AbortSignal): Promise<readonly OfferableFile[]> {
    return await offerableFiles(paths, signal);
  }

  async offer(paths: readonly string[]): Promise<void> {
    if (!this.#offer) throw new LiveletError('not-granted', 'no session');
    await this.#offer(paths);
  }
}
