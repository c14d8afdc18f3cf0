import type { Clock, PagePort, PluginUi } from '@livelet/core';
import type { LastCopied, SharerToPage } from './page-protocol.js';

/** What one of the customer's panels shows: kind and size of the last thing, never what it was. */
export class LastShown implements Disposable {
  readonly #clock: Clock;
  readonly #ports = new Set<PagePort>();
  readonly #listening: Disposable;
  #last: LastCopied | undefined;

  constructor(ui: PluginUi, piece: string, clock: Clock) {
    this.#clock = clock;
    this.#listening = ui.onPort(piece, (port) => {
      this.#ports.add(port);
      port.onClose(() => this.#ports.delete(port));
      this.#tell(port);
    });
  }

  show(last: Omit<LastCopied, 'at'>): void {
    this.#last = { ...last, at: this.#clock.wallTime() };
    for (const port of this.#ports) this.#tell(port);
  }

  forget(): void {
    this.#last = undefined;
    for (const port of this.#ports) this.#tell(port);
  }

  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]();
    for (const port of this.#ports) port.close();
  }

  #tell(port: PagePort): void {
    const message: SharerToPage = this.#last ? { type: 'state', last: this.#last } : { type: 'state' };
    // Interfaces have no index signature, so TypeScript doesn't see that this is JSON.
    port.post({ json: message as unknown as Parameters<PagePort['post']>[0]['json'] });
  }
}
