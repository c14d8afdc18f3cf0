import type { PagePort, PortMessage } from '@livelet/core';
import type { GoneReason, PageWindow } from '@livelet/window';
import type { HostToPage, LiveletView, PageToHost } from '../src/page-protocol.js';

/** The page's end of the port `page`, played by a test. */
class FakePort implements PagePort {
  readonly name = 'page';
  readonly bufferedBytes = 0;
  readonly #messages = new Set<(message: PortMessage) => void>();
  readonly #closes = new Set<() => void>();
  readonly views: LiveletView[] = [];

  post({ json }: PortMessage): void {
    this.views.push((json as unknown as HostToPage).view);
  }

  onMessage(listener: (message: PortMessage) => void): Disposable {
    this.#messages.add(listener);
    return { [Symbol.dispose]: () => void this.#messages.delete(listener) };
  }

  onClose(listener: () => void): Disposable {
    this.#closes.add(listener);
    return { [Symbol.dispose]: () => void this.#closes.delete(listener) };
  }

  close(): void {
    for (const listener of [...this.#closes]) listener();
  }

  deliver(message: PortMessage): void {
    for (const listener of [...this.#messages]) listener(message);
  }
}

/** A window with one page in it that does what a test says. */
export class FakePage implements PageWindow {
  readonly address: string | undefined;
  raised = 0;
  readonly #portListeners = new Set<(port: PagePort) => void>();
  #port = new FakePort();
  #gone: ((reason: GoneReason) => void) | undefined;
  /** How long it may be out of view, ms, while somebody watches that it stays there. */
  watchLimit: number | undefined;

  /** `own`: in a window of the program's own. */
  constructor(own: boolean) {
    this.address = own ? undefined : 'http://127.0.0.1:1/#token';
  }

  /** What the page shows. */
  get view(): LiveletView {
    const view = this.#port.views.at(-1);
    if (!view) throw new Error('the page shows nothing yet');
    return view;
  }

  processIds(): readonly number[] {
    return [];
  }

  onPort(listener: (port: PagePort) => void): Disposable {
    this.#portListeners.add(listener);
    return { [Symbol.dispose]: () => void this.#portListeners.delete(listener) };
  }

  watch(limit: number, listener: (reason: GoneReason) => void): Disposable {
    this.#gone = listener;
    this.watchLimit = limit;
    return {
      [Symbol.dispose]: () => {
        this.#gone = undefined;
        this.watchLimit = undefined;
      },
    };
  }

  async raise(): Promise<void> {
    this.raised += 1;
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  // What the test does

  load(): void {
    this.#port = new FakePort();
    for (const listener of this.#portListeners) listener(this.#port);
  }

  press(message: PageToHost): void {
    this.#port.deliver({ json: message });
  }

  /** Anything at all, as a broken page would send it. */
  send(json: PortMessage['json']): void {
    this.#port.deliver({ json });
  }

  unload(): void {
    this.#port.close();
  }

  /** What watching finds. */
  goAway(reason: GoneReason): void {
    this.#gone?.(reason);
  }
}
