// The only code between Electron and the page: carries the page's question to the main process and the answer's port
// back. It runs in the sandbox, where it can load no other file of ours. Its words are those of electron-carrier.ts.
import electron = require('electron');

interface PageWindow {
  readonly location: { readonly origin: string };
  addEventListener(type: 'message', listener: (event: { source: unknown; data: unknown }) => void): void;
  postMessage(message: unknown, targetOrigin: string, transfer: readonly unknown[]): void;
}

const page = globalThis as unknown as PageWindow;

page.addEventListener('message', ({ source, data }) => {
  if (source === page && data === 'livelet-connect') electron.ipcRenderer.send('livelet-connect');
});

electron.ipcRenderer.on('livelet-port', (event, welcome: unknown) => {
  page.postMessage({ livelet: welcome }, page.location.origin, event.ports);
});
