import { asLiveletError, type LiveletError, type PagePort } from '@livelet/core';
import type { Seen } from '../page/link/frames.js';
import { type Carrier, PortLink } from '../page/link/port-link.js';
import { Listeners } from '../page/listeners.js';

/** Until the page says otherwise, which it does at once. */
const SEEN: Seen = { shown: true, panel: false };

/** The host's end of one page, over however many connections its reloads make; one at a time. */
export class PageConnection {
  readonly #ports = new Listeners<PagePort>();
  readonly #gone = new Listeners<void>();
  readonly #reportProblem: (error: LiveletError) => void;
  #link: PortLink | undefined;
  #seen = SEEN;
  /** What the shell itself knows of the page's first window; a page can be told too late, or not at all. */
  windowVisible = true;
  #heard = false;

  constructor(reportProblem: (error: LiveletError) => void) {
    this.#reportProblem = reportProblem;
  }

  get connected(): boolean {
    return this.#link !== undefined;
  }

  /** Whether a person could see it. */
  get visible(): boolean {
    return this.#seen.shown && (this.windowVisible || this.#seen.panel);
  }

  onPort(listener: (port: PagePort) => void): Disposable {
    return this.#ports.add(listener);
  }

  /** The page that was connected has gone; another may come. */
  onDisconnected(listener: () => void): Disposable {
    return this.#gone.add(listener);
  }

  /** The page has come. `receive` takes its frames, `gone` ends the connection; the carrier is closed by both. */
  attach(carrier: Carrier): { receive(data: Uint8Array): void; gone(): void } {
    const link = new PortLink(carrier, {
      onPort: (port) => {
        if (this.#ports.size === 0) port.close();
        this.#ports.tell(port);
      },
      onPong: () => {
        this.#heard = true;
      },
      onSeen: (seen) => {
        this.#seen = seen;
      },
      onFailed: (error) => this.#reportProblem(asLiveletError(error)),
    });
    this.#link = link;
    this.#seen = SEEN;
    const gone = (): void => {
      link.close();
      if (this.#link !== link) return;
      this.#link = undefined;
      this.#gone.tell();
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
    this.#ports.clear();
    this.#gone.clear();
  }
}
