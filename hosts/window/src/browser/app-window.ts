import { asLiveletError, type Clock, LiveletError } from '@livelet/core';
import type { PageSpec } from '../window.js';
import { browserFlags } from './browser-flags.js';
import { BrowserProcess } from './browser-process.js';

export interface AppWindowOptions {
  readonly executable: string;
  readonly page: PageSpec;
  /** Where the window opens. Other people of this computer can read it in the list of processes. */
  readonly origin: string;
  /** The same with the token, which the window is told afterwards, through the pipe. */
  readonly address: string;
  readonly display: string | undefined;
  readonly platform: 'x11' | 'wayland' | undefined;
  readonly unsandboxed: boolean;
  readonly clock: Clock;
}

/** ms for the browser to show its window. */
const START_LIMIT = 20_000;
const LOOK_AGAIN = 50;

/** The app window of a browser of our own. */
export class AppWindow implements AsyncDisposable {
  readonly #browser: BrowserProcess;
  readonly #targetId: string;
  readonly #sessionId: string;

  private constructor(browser: BrowserProcess, targetId: string, sessionId: string) {
    this.#browser = browser;
    this.#targetId = targetId;
    this.#sessionId = sessionId;
  }

  /** @throws LiveletError `window-unavailable` when the browser can't show one */
  static async open(options: AppWindowOptions): Promise<AppWindow> {
    const { executable, page, origin, address, display, platform, unsandboxed, clock } = options;
    const browser = await BrowserProcess.start({
      executable,
      flags: (profile) => browserFlags({ page, address: origin, profile, unsandboxed, platform }),
      environment: display === undefined ? {} : { DISPLAY: display },
      clock,
    });
    try {
      const targetId = await findPage(browser, origin, clock);
      const attached = await browser.devtools.call('Target.attachToTarget', { targetId, flatten: true });
      const sessionId = String(attached.sessionId);
      const opened = new AppWindow(browser, targetId, sessionId);
      // Not by --window-size, which would be the size of every panel's window too.
      await opened.#setBounds({ width: page.width, height: page.height });
      await browser.devtools.call('Page.navigate', { url: address }, sessionId);
      return opened;
    } catch (error) {
      const cause = asLiveletError(error);
      await browser[Symbol.asyncDispose]();
      throw new LiveletError('window-unavailable', `no window of the browser: ${browser.complaint}`, {
        cause,
      });
    }
  }

  get running(): boolean {
    return this.#browser.running;
  }

  get processIds(): readonly number[] {
    return this.#browser.processIds;
  }

  /** @throws LiveletError `call-failed`, `deadline-exceeded`, `window-gone` */
  async isMinimized(): Promise<boolean> {
    const { bounds } = await this.#window();
    return bounds.windowState === 'minimized';
  }

  /** @throws LiveletError `call-failed`, `deadline-exceeded`, `window-gone` */
  async raise(): Promise<void> {
    // One step, so that a person who minimises it meanwhile isn't overruled by a second.
    if (await this.isMinimized()) await this.#setBounds({ windowState: 'normal' });
    else await this.#browser.devtools.call('Page.bringToFront', {}, this.#sessionId);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#browser[Symbol.asyncDispose]();
  }

  async #setBounds(bounds: object): Promise<void> {
    const { windowId } = await this.#window();
    await this.#browser.devtools.call('Browser.setWindowBounds', { windowId, bounds });
  }

  async #window(): Promise<WindowInfo> {
    const found = await this.#browser.devtools.call('Browser.getWindowForTarget', {
      targetId: this.#targetId,
    });
    return found as unknown as WindowInfo;
  }
}

interface WindowInfo {
  readonly windowId: number;
  readonly bounds: { readonly windowState?: string };
}

interface TargetInfo {
  readonly targetId: string;
  readonly type: string;
  readonly url: string;
}

async function findPage(browser: BrowserProcess, origin: string, clock: Clock): Promise<string> {
  const deadline = clock.now() + START_LIMIT;
  while (clock.now() < deadline) {
    const { targetInfos } = await browser.devtools.call('Target.getTargets');
    const page = (targetInfos as TargetInfo[]).find(
      ({ type, url }) => type === 'page' && url.startsWith(origin),
    );
    if (page) return page.targetId;
    await new Promise<void>((resolve) => {
      clock.setTimer(LOOK_AGAIN, resolve);
    });
  }
  throw new LiveletError('deadline-exceeded', 'the browser opened no window');
}
