import type { Clock, JsonValue, Locale, PagePort, PortMessage } from '@livelet/core';
import type { PageWindow } from '@livelet/window';
import {
  type HostToPage,
  type LiveletView,
  PAGE_PORT,
  type PageToHost,
  type PieceShown,
  readPageMessage,
} from './page-protocol.js';

/** How long a page may be away before it counts as closed, ms: a reload takes less. */
const RELOAD_TIME = 2_500;
/** How long the page in a window of our own may take to come, ms: a browser's first start on a slow computer. */
const FIRST_TIME = 30_000;

/** What every view carries with it. */
export interface PageFacts {
  readonly relay: string;
  readonly region?: string;
  readonly locale?: Locale;
  /** The plugins' pieces that are there in every view. */
  readonly help: readonly PieceShown[];
}

/** The host's end of the page: remembers what is shown, so that a page that reloads shows it again. */
export class PageLink implements Disposable {
  readonly #facts: PageFacts;
  readonly #clock: Clock;
  readonly #listeners = new Set<(message: PageToHost) => void>();
  readonly #connectListeners = new Set<() => void>();
  readonly #showListeners = new Set<(view: LiveletView) => void>();
  readonly #resources = new DisposableStack();
  readonly #gone = new AbortController();
  #view: LiveletView = { step: 'code' };
  #reading = false;
  #port: PagePort | undefined;
  #absence: Disposable | undefined;
  #pluginPort: ((port: PagePort) => boolean) | undefined;
  #helpPort: ((port: PagePort) => boolean) | undefined;

  constructor(window: PageWindow, facts: PageFacts, clock: Clock) {
    this.#facts = facts;
    this.#clock = clock;
    this.#resources.use(window.onPort((port) => this.#connect(port)));
    // Where a person opens the page there is no hurry.
    if (window.address === undefined) this.#allowAbsence(FIRST_TIME);
  }

  /** Aborted once a page has been there and is there no more. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  get view(): LiveletView {
    return this.#view;
  }

  /** Whether the person has something open over the view that they need time for. */
  get reading(): boolean {
    return this.#reading;
  }

  show(view: LiveletView): void {
    this.#view = view;
    for (const listener of [...this.#showListeners]) listener(view);
    this.#post();
  }

  /** Called for each view that is shown. */
  onShow(listener: (view: LiveletView) => void): Disposable {
    this.#showListeners.add(listener);
    return { [Symbol.dispose]: () => void this.#showListeners.delete(listener) };
  }

  /** Where ports of the pieces go that are there in every view. */
  routeHelp(connect: (port: PagePort) => boolean): void {
    this.#helpPort = connect;
  }

  onMessage(listener: (message: PageToHost) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Called each time that a page has come. */
  onConnected(listener: () => void): Disposable {
    this.#connectListeners.add(listener);
    return { [Symbol.dispose]: () => void this.#connectListeners.delete(listener) };
  }

  /** Where ports of plugins' pages go; ports with no taker are closed. */
  routePlugins(connect: (port: PagePort) => boolean): Disposable {
    this.#pluginPort = connect;
    return {
      [Symbol.dispose]: () => {
        this.#pluginPort = undefined;
      },
    };
  }

  [Symbol.dispose](): void {
    this.#absence?.[Symbol.dispose]();
    this.#resources.dispose();
    this.#listeners.clear();
  }

  #connect(port: PagePort): void {
    if (port.name !== PAGE_PORT) {
      if (!this.#helpPort?.(port) && !this.#pluginPort?.(port)) port.close();
      return;
    }
    this.#absence?.[Symbol.dispose]();
    this.#port = port;
    this.#reading = false;
    for (const listener of [...this.#connectListeners]) listener();
    port.onMessage((message) => this.#receive(message));
    port.onClose(() => {
      if (this.#port !== port) return;
      this.#port = undefined;
      this.#allowAbsence(RELOAD_TIME);
    });
    this.#post();
  }

  #allowAbsence(limit: number): void {
    this.#absence = this.#clock.setTimer(limit, () => this.#gone.abort());
  }

  #receive({ json }: PortMessage): void {
    const message = readPageMessage(json);
    if (message?.type === 'reading') this.#reading = message.reading;
    if (message) for (const listener of [...this.#listeners]) listener(message);
  }

  #post(): void {
    const message: HostToPage = { type: 'view', ...this.#facts, view: this.#view };
    // Only plain data; an interface has no index signature for the compiler to see that.
    this.#port?.post({ json: message as unknown as JsonValue });
  }
}
