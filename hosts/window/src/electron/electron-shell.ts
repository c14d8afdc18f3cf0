import { type Clock, type Desktop, type LiveletError, systemClock } from '@livelet/core';
import { Listeners } from '../../page/listeners.js';
import type { PageSpec, PageWindow, WindowShell } from '../window.js';
import type { ElectronParts, ShellTray } from './electron-parts.js';
import { ElectronWindow } from './electron-window.js';
import { loadElectron } from './load-electron.js';
import { SCHEME } from './page-session.js';
import { trayBitmap } from './tray-bitmap.js';

export interface ElectronShellOptions {
  /** @default that of this process */
  readonly electron?: ElectronParts;
  /** @default systemClock */
  readonly clock?: Clock;
}

/**
 * Shows pages in windows of Electron, with a place in the tray for each. To be called before Electron is ready, which
 * it is after the first turns of the program.
 * @throws LiveletError `electron-missing` outside of Electron
 */
export async function createElectronShell(options: ElectronShellOptions = {}): Promise<WindowShell> {
  const electron = options.electron ?? (await loadElectron());
  electron.protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
  // Without a listener Electron ends this program with its last window; the host decides that.
  electron.app.on('window-all-closed', () => {});
  await electron.app.whenReady();
  return new ElectronShell(electron, options.clock ?? systemClock);
}

class ElectronShell implements WindowShell {
  readonly kind = 'electron';
  readonly desktop: Desktop = {
    showInFolder: (path) => this.#electron.shell.showItemInFolder(path),
    chooseFolder: async (start) => {
      const { dialog } = this.#electron;
      const { canceled, filePaths } = await dialog.showOpenDialog({
        defaultPath: start,
        properties: ['openDirectory', 'createDirectory'],
      });
      return canceled ? undefined : filePaths[0];
    },
  };
  readonly #electron: ElectronParts;
  readonly #clock: Clock;
  readonly #resources = new AsyncDisposableStack();
  readonly #problems = new Listeners<LiveletError>();

  constructor(electron: ElectronParts, clock: Clock) {
    this.#electron = electron;
    this.#clock = clock;
  }

  async open(page: PageSpec): Promise<PageWindow> {
    const opened = await ElectronWindow.open({
      electron: this.#electron,
      page,
      clock: this.#clock,
      unsandboxed: process.getuid?.() === 0,
      onProblem: (error) => this.#problems.tell(error),
    });
    this.#resources.use(opened);
    this.#resources.adopt(this.#tray(page, opened), (tray) => tray.destroy());
    return opened;
  }

  onProblem(listener: (error: LiveletError) => void): Disposable {
    return this.#problems.add(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }

  #tray(page: PageSpec, window: PageWindow): ShellTray {
    const { nativeImage, Tray } = this.#electron;
    const { bytes, size } = trayBitmap();
    const tray = new Tray(nativeImage.createFromBitmap(Buffer.from(bytes), { width: size, height: size }));
    tray.setToolTip(page.title);
    tray.on('click', () => void window.raise());
    return tray;
  }
}
