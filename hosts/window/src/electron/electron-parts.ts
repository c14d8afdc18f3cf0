import type {
  App,
  BrowserWindow,
  BrowserWindowConstructorOptions,
  DesktopCapturer,
  Dialog,
  FromPartitionOptions,
  IpcMain,
  MessagePortMain,
  NativeImage,
  Protocol,
  Session,
  Shell,
  Size,
  Tray,
  WebContents,
  WebFrameMain,
  WebRequest,
} from 'electron';

/**
 * What the shell takes of Electron, in Electron's own types, so that a test's stand-in is held to them. The module
 * `electron` itself fits.
 */
export interface ElectronParts {
  readonly app: Pick<App, 'on' | 'whenReady'>;
  readonly protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>;
  readonly session: { fromPartition(partition: string, options: FromPartitionOptions): PageSession };
  readonly BrowserWindow: new (options: BrowserWindowConstructorOptions) => ShellWindow;
  readonly MessageChannelMain: new () => { readonly port1: MessagePortMain; readonly port2: MessagePortMain };
  readonly Tray: new (image: NativeImage) => ShellTray;
  readonly desktopCapturer: Pick<DesktopCapturer, 'getSources'>;
  readonly dialog: Pick<Dialog, 'showOpenDialog'>;
  readonly shell: Pick<Shell, 'showItemInFolder'>;
  readonly nativeImage: { createFromBitmap(buffer: Buffer, options: Size): NativeImage };
}

export type PageSession = Pick<
  Session,
  | 'on'
  | 'setDevicePermissionHandler'
  | 'setDisplayMediaRequestHandler'
  | 'setPermissionCheckHandler'
  | 'setPermissionRequestHandler'
> & {
  readonly webRequest: Pick<WebRequest, 'onBeforeRequest'>;
  readonly protocol: Pick<Protocol, 'handle'>;
};

export type ShellWindow = Pick<
  BrowserWindow,
  'destroy' | 'focus' | 'isDestroyed' | 'isMinimized' | 'loadURL' | 'on' | 'restore' | 'show'
> & { readonly webContents: ShellWebContents };

export type ShellWebContents = Pick<WebContents, 'on' | 'postMessage' | 'setWindowOpenHandler'> & {
  readonly ipc: Pick<IpcMain, 'on'>;
  readonly mainFrame: Pick<WebFrameMain, 'origin'>;
};

export type ShellTray = Pick<Tray, 'destroy' | 'on' | 'setToolTip'>;
