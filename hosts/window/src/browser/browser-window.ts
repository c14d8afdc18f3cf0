import type { Clock, LiveletError, PagePort } from '@livelet/core';
import { PageConnection } from '../page-connection.js';
import { watchPage } from '../watch-page.js';
import type { GoneReason, PageSpec, PageWindow } from '../window.js';
import type { AppWindow } from './app-window.js';
import { PageServer } from './page-server.js';

export interface BrowserWindowOptions {
  readonly page: PageSpec;
  readonly clock: Clock;
  readonly unsandboxed: boolean;
  readonly onProblem: (error: LiveletError) => void;
  /** Opens a window at an address and shows it the token; undefined where a person opens it by hand. */
  readonly openWindow: ((origin: string, address: string) => Promise<AppWindow>) | undefined;
}

/** A page served on the loopback interface, and the browser's window that shows it. */
export class BrowserWindow implements PageWindow {
  readonly #server: PageServer;
  readonly #connection: PageConnection;
  readonly #clock: Clock;
  readonly #onProblem: (error: LiveletError) => void;
  readonly #resources = new AsyncDisposableStack();
  #window: AppWindow | undefined;

  private constructor(server: PageServer, connection: PageConnection, options: BrowserWindowOptions) {
    this.#server = this.#resources.use(server);
    this.#connection = connection;
    this.#resources.defer(() => connection.close());
    this.#clock = options.clock;
    this.#onProblem = options.onProblem;
  }

  static async open(options: BrowserWindowOptions): Promise<BrowserWindow> {
    const { page, clock, unsandboxed, onProblem, openWindow } = options;
    const connection = new PageConnection(onProblem);
    const server = await PageServer.start({ page, connection, clock, unsandboxed, onProblem });
    const opened = new BrowserWindow(server, connection, options);
    if (!openWindow) return opened;
    try {
      opened.#window = opened.#resources.use(await openWindow(`${server.origin}/`, server.addressWithToken));
      return opened;
    } catch (error) {
      await opened[Symbol.asyncDispose]();
      throw error;
    }
  }

  get address(): string | undefined {
    return this.#window ? undefined : this.#server.addressWithToken;
  }

  processIds(): readonly number[] {
    return this.#window?.processIds ?? [];
  }

  onPort(listener: (port: PagePort) => void): Disposable {
    return this.#connection.onPort(listener);
  }

  watch(limit: number, listener: (reason: GoneReason) => void): Disposable {
    return this.#resources.use(
      watchPage({
        connection: this.#connection,
        clock: this.#clock,
        limit,
        ended: () => this.#window?.running === false,
        lookAtWindow: () => void this.#lookAtWindow(),
        raise: () => void this.raise(),
        onGone: listener,
      }),
    );
  }

  /** Does nothing for a window that a person opened by hand, or that is gone. */
  async raise(): Promise<void> {
    await this.#window?.raise().catch((error: LiveletError) => this.#onProblem(error));
  }

  /** A window that is minimised right after it was raised still looks visible to its page. */
  async #lookAtWindow(): Promise<void> {
    const minimized = await this.#window?.isMinimized().catch(() => false);
    this.#connection.windowVisible = !minimized;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }
}
