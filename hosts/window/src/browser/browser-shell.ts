import { type Clock, type LiveletError, systemClock } from '@livelet/core';
import { Listeners } from '../../page/listeners.js';
import type { PageSpec, PageWindow, WindowShell } from '../window.js';
import { AppWindow } from './app-window.js';
import { BrowserWindow } from './browser-window.js';
import { findBrowser } from './find-browser.js';

export interface BrowserShellOptions {
  /** Whether to open the page in an app window of the installed browser, or leave it to a person. @default true */
  readonly open?: boolean;
  /** The browser's program. @default the first of Chromium, Chrome and Edge that is installed */
  readonly executable?: string;
  /** X11 display to open the windows on. @default that of this program */
  readonly display?: string;
  /** The browser's way to the screen. @default what the browser chooses */
  readonly platform?: 'x11' | 'wayland';
  /** @default systemClock */
  readonly clock?: Clock;
}

/** Shows pages in the installed browser, over a WebSocket and a stream on the loopback interface. */
export function createBrowserShell(options: BrowserShellOptions = {}): WindowShell {
  return new BrowserShell(options);
}

class BrowserShell implements WindowShell {
  readonly kind = 'browser';
  readonly #options: BrowserShellOptions;
  readonly #clock: Clock;
  readonly #windows = new Set<PageWindow>();
  readonly #problems = new Listeners<LiveletError>();

  constructor(options: BrowserShellOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  async open(page: PageSpec): Promise<PageWindow> {
    const { open = true, display, platform } = this.#options;
    const executable = open ? await findBrowser(this.#options.executable) : undefined;
    const unsandboxed = open && process.getuid?.() === 0;
    const clock = this.#clock;
    const opened = await BrowserWindow.open({
      page,
      clock,
      unsandboxed,
      onProblem: (error) => this.#problems.tell(error),
      openWindow:
        executable === undefined
          ? undefined
          : (origin, address) =>
              AppWindow.open({ executable, page, origin, address, display, platform, unsandboxed, clock }),
    });
    this.#windows.add(opened);
    return opened;
  }

  onProblem(listener: (error: LiveletError) => void): Disposable {
    return this.#problems.add(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const windows = [...this.#windows];
    this.#windows.clear();
    await Promise.all(windows.map((window) => window[Symbol.asyncDispose]()));
  }
}
