export { type BrowserShellOptions, createBrowserShell } from './browser/browser-shell.js';
export * from './window.js';
