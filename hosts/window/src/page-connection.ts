import { asLiveletError, type LiveletError, type PagePort } from '@livelet/core';
import { type Carrier, PortLink } from '../page/link/port-link.js';

/** The host's end of one page, over however many connections its reloads make; one at a time. */
export class PageConnection {
  readonly #portListeners = new Set<(port: PagePort) => void>();
  readonly #goneListeners = new Set<() => void>();
  readonly #reportProblem: (error: LiveletError) => void;
  #link: PortLink | undefined;
  #visible = true;
  #heard = false;

  constructor(reportProblem: (error: LiveletError) => void) {
    this.#reportProblem = reportProblem;
  }

  get connected(): boolean {
    return this.#link !== undefined;
  }

  /** Whether a person could see it, as the page last said. */
  get visible(): boolean {
    return this.#visible;
  }

  onPort(listener: (port: PagePort) => void): Disposable {
    const entry = (port: PagePort): void => listener(port);
    this.#portListeners.add(entry);
    return { [Symbol.dispose]: () => this.#portListeners.delete(entry) };
  }

  /** The page that was connected has gone; another may come. */
  onDisconnected(listener: () => void): Disposable {
    const entry = (): void => listener();
    this.#goneListeners.add(entry);
    return { [Symbol.dispose]: () => this.#goneListeners.delete(entry) };
  }

  /** The page has come. `receive` takes its frames, `gone` ends the connection; the carrier is closed by both. */
  attach(carrier: Carrier): { receive(data: Uint8Array): void; gone(): void } {
    const link = new PortLink(carrier, {
      onPort: (port) => {
        if (this.#portListeners.size === 0) port.close();
        for (const listener of [...this.#portListeners]) listener(port);
      },
      onPong: () => {
        this.#heard = true;
      },
      onVisible: (visible) => {
        this.#visible = visible;
      },
      onFailed: (error) => this.#reportProblem(asLiveletError(error)),
    });
    this.#link = link;
    this.#visible = true;
    const gone = (): void => {
      link.close();
      if (this.#link !== link) return;
      this.#link = undefined;
      for (const listener of [...this.#goneListeners]) listener();
    };
    return {
      receive: (data) => {
        try {
          link.receive(data);
        } catch (error) {
          this.#reportProblem(asLiveletError(error, 'message-malformed'));
          gone();
        }
      },
      gone,
    };
  }

  /** Asks the page whether it is there. */
  ping(): void {
    this.#link?.ping(0);
  }

  /** Whether the page has answered since the last call of this. */
  takeHeard(): boolean {
    const heard = this.#heard;
    this.#heard = false;
    return heard;
  }

  close(): void {
    this.#link?.close();
    this.#link = undefined;
    this.#portListeners.clear();
    this.#goneListeners.clear();
  }
}
