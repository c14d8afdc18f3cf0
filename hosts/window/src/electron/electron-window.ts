import { fileURLToPath } from 'node:url';
import { type Clock, LiveletError, type PagePort } from '@livelet/core';
import type { IpcMainEvent } from 'electron';
import { ELECTRON_CONNECT, ELECTRON_PORT } from '../../page/link/electron-carrier.js';
import { encodeFrame, type Welcome } from '../../page/link/frames.js';
import { PageConnection } from '../page-connection.js';
import { watchPage } from '../watch-page.js';
import type { GoneReason, PageSpec, PageWindow } from '../window.js';
import type { ElectronParts, ShellWindow } from './electron-parts.js';
import { pageOrigin, preparePageSession } from './page-session.js';

const PRELOAD = fileURLToPath(new URL('preload.cjs', import.meta.url));

export interface ElectronWindowOptions {
  readonly electron: ElectronParts;
  readonly page: PageSpec;
  readonly clock: Clock;
  readonly unsandboxed: boolean;
  readonly onProblem: (error: LiveletError) => void;
}

/** A page in a window of Electron: sandboxed, alone in a session that keeps nothing, unable to go anywhere else. */
export class ElectronWindow implements PageWindow {
  readonly address = undefined;
  readonly #options: ElectronWindowOptions;
  readonly #window: ShellWindow;
  readonly #connection: PageConnection;
  readonly #resources = new DisposableStack();
  #leave: (() => void) | undefined;

  private constructor(window: ShellWindow, options: ElectronWindowOptions) {
    this.#window = window;
    this.#options = options;
    this.#connection = new PageConnection(options.onProblem);
    this.#resources.defer(() => {
      if (!window.isDestroyed()) window.destroy();
    });
    this.#resources.defer(() => this.#connection.close());
  }

  /** @throws LiveletError `window-gone` when the page can't be shown */
  static async open(options: ElectronWindowOptions): Promise<ElectronWindow> {
    const { electron, page } = options;
    // Without `persist:` the session lives in memory.
    const partition = `livelet-${page.id}`;
    preparePageSession(electron.session.fromPartition(partition, { cache: false }), page, electron);
    const window = new electron.BrowserWindow({
      title: page.title,
      width: page.width,
      height: page.height,
      useContentSize: true,
      alwaysOnTop: page.alwaysOnTop ?? false,
      autoHideMenuBar: true,
      webPreferences: {
        partition,
        preload: PRELOAD,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
        spellcheck: false,
        // A covered page must answer; whether the window is minimised the window itself says.
        backgroundThrottling: false,
      },
    });
    const opened = new ElectronWindow(window, options);
    opened.#guard();
    opened.#listen();
    try {
      await window.loadURL(`${pageOrigin(page)}/`);
      return opened;
    } catch (cause) {
      await opened[Symbol.asyncDispose]();
      throw new LiveletError('window-gone', 'the page can not be shown', { cause });
    }
  }

  processIds(): readonly number[] {
    // The main process owns the windows of all pages.
    return this.#window.isDestroyed() ? [] : [process.pid];
  }

  onPort(listener: (port: PagePort) => void): Disposable {
    return this.#connection.onPort(listener);
  }

  watch(limit: number, listener: (reason: GoneReason) => void): Disposable {
    return this.#resources.use(
      watchPage({
        connection: this.#connection,
        clock: this.#options.clock,
        limit,
        ended: () => this.#window.isDestroyed(),
        raise: () => void this.raise(),
        onGone: listener,
      }),
    );
  }

  async raise(): Promise<void> {
    if (this.#window.isDestroyed()) return;
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.show();
    this.#window.focus();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#resources.dispose();
  }

  /** The page stays where it is, whatever its code or a link wants. */
  #guard(): void {
    const { webContents } = this.#window;
    for (const event of ['will-navigate', 'will-redirect', 'will-attach-webview'] as const) {
      webContents.on(event as 'will-navigate', (details) => {
        details.preventDefault();
        this.#problem(`a page that wanted to leave (${event})`);
      });
    }
    webContents.setWindowOpenHandler(() => {
      this.#problem('a page that wanted another window');
      return { action: 'deny' };
    });
  }

  #listen(): void {
    const { webContents } = this.#window;
    webContents.ipc.on(ELECTRON_CONNECT, (event) => this.#connect(event));
    webContents.on('render-process-gone', () => this.#leave?.());
    this.#window.on('closed', () => this.#leave?.());
    const visible = (value: boolean) => () => {
      this.#connection.windowVisible = value;
    };
    this.#window.on('minimize', visible(false));
    this.#window.on('hide', visible(false));
    this.#window.on('restore', visible(true));
    this.#window.on('show', visible(true));
  }

  #connect(event: IpcMainEvent): void {
    const { electron, page, unsandboxed } = this.#options;
    const { webContents } = this.#window;
    const ours = event.senderFrame === webContents.mainFrame && event.senderFrame.origin === pageOrigin(page);
    if (!ours) {
      this.#problem('a frame that is not the page asked for a port');
      return;
    }
    // A reload: what the page was is gone.
    this.#leave?.();
    const { port1, port2 } = new electron.MessageChannelMain();
    const attached = this.#connection.attach({
      bufferedBytes: 0,
      send: (frame) => port1.postMessage(encodeFrame(frame)),
      close: () => port1.close(),
    });
    this.#leave = attached.gone;
    port1.on('message', ({ data }) => {
      // Anything else than bytes reads as an empty frame, which is refused.
      attached.receive(data instanceof Uint8Array ? data : new Uint8Array(0));
    });
    port1.on('close', attached.gone);
    port1.start();
    const welcome: Welcome = { pass: '', unsandboxed };
    webContents.postMessage(ELECTRON_PORT, welcome, [port2]);
  }

  #problem(message: string): void {
    this.#options.onProblem(new LiveletError('window-refused', message));
  }
}
