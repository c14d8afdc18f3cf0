import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type {
  BrowserWindowConstructorOptions,
  DesktopCapturerSource,
  DownloadItem,
  Event,
  IpcMain,
  MessagePortMain,
  NativeImage,
  OnBeforeRequestListenerDetails,
  OpenDialogOptions,
  WebContents,
} from 'electron';
import type {
  ElectronParts,
  PageSession,
  ShellTray,
  ShellWebContents,
  ShellWindow,
} from '../src/electron/electron-parts.js';

/** A page's window as its own code sees it, with the real preload script in it. */
export class FakePage extends EventTarget {
  readonly location = { origin: 'livelet://demo', protocol: 'livelet:' };
  readonly ipcRenderer = new EventEmitter();
  readonly sent: string[] = [];

  constructor() {
    super();
    const code = readFileSync(new URL('../src/electron/preload.cjs', import.meta.url), 'utf8');
    const sent = (channel: string): void => {
      this.sent.push(channel);
      this.ipcRenderer.emit('sent', channel);
    };
    const ipcRenderer = Object.assign(this.ipcRenderer, { send: sent });
    new Function('require', 'exports', 'globalThis', code)(() => ({ ipcRenderer }), {}, this);
  }

  postMessage(data: unknown, _origin: string, ports: readonly unknown[] = []): void {
    const event = Object.assign(new Event('message'), { data, ports, source: this });
    queueMicrotask(() => this.dispatchEvent(event));
  }
}

/** Its `on` gives back nothing that a caller could use, so that it fits each of Electron's own, which give themselves. */
class Emitter extends EventEmitter {
  override on(event: string | symbol, listener: (...parts: never[]) => void): never {
    return super.on(event, listener as () => void) as never;
  }
}

class FakePort extends EventEmitter implements MessagePortMain {
  constructor(readonly inner: MessagePort) {
    super();
    inner.on('message', (data) => this.emit('message', { data, ports: [] }));
    inner.on('close', () => this.emit('close'));
  }
  start(): void {
    this.inner.start();
  }
  postMessage(message: unknown): void {
    this.inner.postMessage(message);
  }
  close(): void {
    this.inner.close();
  }
}

class FakeWebContents extends Emitter implements ShellWebContents {
  readonly ipc = new EventEmitter() as unknown as IpcMain;
  readonly mainFrame = { origin: 'livelet://demo' };
  page = new FakePage();
  openHandler: Parameters<WebContents['setWindowOpenHandler']>[0] | undefined;

  setWindowOpenHandler(handler: Parameters<WebContents['setWindowOpenHandler']>[0]): void {
    this.openHandler = handler;
  }

  postMessage(channel: string, message: unknown, transfer: MessagePortMain[] = []): void {
    const ports = transfer.map((port) => (port as FakePort).inner);
    this.page.ipcRenderer.emit(channel, { ports }, message);
  }
}

/** A window whose page asks for its port as the real one does. */
export class FakeWindow extends Emitter implements ShellWindow {
  readonly webContents = new FakeWebContents();
  readonly calls: string[] = [];
  #destroyed = false;
  minimized = false;

  constructor(readonly options: BrowserWindowConstructorOptions) {
    super();
    this.#join(this.webContents.page);
  }

  async loadURL(url: string): Promise<void> {
    this.calls.push(`loadURL ${url}`);
  }
  /** What the page asked before is forgotten with it. */
  reload(): FakePage {
    this.webContents.page = new FakePage();
    this.#join(this.webContents.page);
    return this.webContents.page;
  }
  askFrom(senderFrame: { readonly origin: string }): void {
    this.webContents.ipc.emit('livelet-connect', { senderFrame });
  }
  destroy(): void {
    this.#destroyed = true;
    this.emit('closed');
  }
  isDestroyed(): boolean {
    return this.#destroyed;
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  restore(): void {
    this.calls.push('restore');
  }
  show(): void {
    this.calls.push('show');
  }
  focus(): void {
    this.calls.push('focus');
  }

  #join(page: FakePage): void {
    page.ipcRenderer.on('sent', () => this.askFrom(this.webContents.mainFrame));
  }
}

type Handler<K extends keyof PageSession> = PageSession[K] extends (handler: infer H) => void
  ? NonNullable<H>
  : never;

export class FakeSession extends Emitter implements PageSession {
  permissionRequest: Handler<'setPermissionRequestHandler'> | undefined;
  permissionCheck: Handler<'setPermissionCheckHandler'> | undefined;
  device: Handler<'setDevicePermissionHandler'> | undefined;
  displayMedia: Handler<'setDisplayMediaRequestHandler'> | undefined;
  serve: ((request: Request) => Response | Promise<Response>) | undefined;
  #beforeRequest:
    | ((details: OnBeforeRequestListenerDetails, answer: (r: { cancel?: boolean }) => void) => void)
    | undefined;

  setPermissionRequestHandler(handler: Handler<'setPermissionRequestHandler'> | null): void {
    this.permissionRequest = handler ?? undefined;
  }
  setPermissionCheckHandler(handler: Handler<'setPermissionCheckHandler'> | null): void {
    this.permissionCheck = handler ?? undefined;
  }
  setDisplayMediaRequestHandler(handler: Handler<'setDisplayMediaRequestHandler'> | null): void {
    this.displayMedia = handler ?? undefined;
  }
  setDevicePermissionHandler(handler: Handler<'setDevicePermissionHandler'> | null): void {
    this.device = handler ?? undefined;
  }
  readonly webRequest: PageSession['webRequest'] = {
    onBeforeRequest: (...given: readonly unknown[]) => {
      this.#beforeRequest = given.at(-1) as never;
    },
  };
  readonly protocol: PageSession['protocol'] = {
    handle: (_, handler) => {
      this.serve = handler as never;
    },
  };

  /** Without a refusal, and a path set by the program, Electron asks the person where to keep the file. */
  refusesDownload(url: string): boolean {
    let refused = false;
    const event: Pick<Event, 'preventDefault'> = { preventDefault: () => (refused = true) };
    const item: Pick<DownloadItem, 'getURL'> = { getURL: () => url };
    this.emit('will-download', event, item);
    return refused;
  }

  cancels(url: string): boolean {
    let cancelled: boolean | undefined;
    this.#beforeRequest?.({ url } as OnBeforeRequestListenerDetails, ({ cancel }) => {
      cancelled = cancel;
    });
    if (cancelled === undefined) throw new Error('no answer');
    return cancelled;
  }
}

export class FakeTray extends Emitter implements ShellTray {
  destroyed = false;
  toolTip = '';
  setToolTip(text: string): void {
    this.toolTip = text;
  }
  destroy(): void {
    this.destroyed = true;
  }
}

export interface FakeElectron {
  readonly parts: ElectronParts;
  readonly windows: FakeWindow[];
  readonly trays: FakeTray[];
  readonly session: FakeSession;
  /** What desktopCapturer finds. */
  readonly screens: DesktopCapturerSource[];
  readonly order: string[];
  /** What the person chooses in the dialogue for folders; undefined: they close it. */
  folder: string | undefined;
}

export function fakeElectron(): FakeElectron {
  const windows: FakeWindow[] = [];
  const trays: FakeTray[] = [];
  const order: string[] = [];
  const session = new FakeSession();
  const screens: DesktopCapturerSource[] = [];
  const app = Object.assign(new Emitter(), {
    whenReady: async () => {
      order.push('ready');
    },
  });
  const parts = {
    app,
    protocol: {
      registerSchemesAsPrivileged: (schemes) => {
        order.push(`scheme ${schemes.map(({ scheme }) => scheme).join()}`);
      },
    },
    session: {
      fromPartition: (partition) => {
        order.push(`session ${partition}`);
        return session;
      },
    },
    BrowserWindow: class extends FakeWindow {
      constructor(options: BrowserWindowConstructorOptions) {
        super(options);
        windows.push(this);
      }
    },
    MessageChannelMain: class {
      readonly port1: FakePort;
      readonly port2: FakePort;
      constructor() {
        const channel = new MessageChannel();
        this.port1 = new FakePort(channel.port1);
        this.port2 = new FakePort(channel.port2);
      }
    },
    Tray: class extends FakeTray {
      constructor(_image: NativeImage) {
        super();
        trays.push(this);
      }
    },
    desktopCapturer: { getSources: async () => screens },
    dialog: {
      showOpenDialog: async (...asked: readonly unknown[]) => {
        const { properties, defaultPath } = asked.at(-1) as OpenDialogOptions;
        order.push(`choose ${properties?.join()} ${defaultPath}`);
        return {
          canceled: fake.folder === undefined,
          filePaths: fake.folder === undefined ? [] : [fake.folder],
        };
      },
    },
    shell: {
      showItemInFolder: (path) => {
        order.push(`show ${path}`);
      },
    },
    nativeImage: { createFromBitmap: () => ({}) as NativeImage },
  } satisfies ElectronParts;
  const fake: FakeElectron = { parts, windows, trays, session, screens, order, folder: undefined };
  return fake;
}

/** Waits until something has been sent through `page`'s preload script. */
export function asked(page: FakePage): Promise<unknown> {
  return once(page.ipcRenderer, 'sent', { signal: AbortSignal.timeout(20_000) });
}
