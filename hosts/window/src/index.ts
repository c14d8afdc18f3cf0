export { type BrowserShellOptions, createBrowserShell } from './browser/browser-shell.js';
export type { ElectronParts } from './electron/electron-parts.js';
export { createElectronShell, type ElectronShellOptions } from './electron/electron-shell.js';
export { insideElectron, relaunchInElectron } from './electron/load-electron.js';
export * from './window.js';
