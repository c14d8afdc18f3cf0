export { type BrowserShellOptions, createBrowserShell } from './browser/browser-shell.js';
export { createElectronShell, type ElectronShellOptions } from './electron/electron-shell.js';
export { type ElectronParts, insideElectron, relaunchInElectron } from './electron/load-electron.js';
export * from './window.js';
