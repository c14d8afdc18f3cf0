import { type OpenLink, withinTime } from './open-link.js';
import { PortLink } from './port-link.js';

/** What the preload script and the page say to each other through the window. */
export const ELECTRON_CONNECT = 'livelet-connect';
export const ELECTRON_PORT = 'livelet-port';

const PORT_LIMIT = 10_000;

/** Electron's side of connectHost. @throws LiveletError `window-gone` */
export async function connectElectron(): Promise<OpenLink> {
  const port = await withinTime(askForPort(), PORT_LIMIT);
  const link = new PortLink({
    bufferedBytes: 0,
    send: (frame) => port.postMessage(frame),
    close: () => port.close(),
  });
  port.addEventListener('message', (event) => link.receive(event.data as Uint8Array));
  const lost = new Promise<void>((resolve) => {
    port.addEventListener('close', () => resolve());
  });
  port.start();
  return { link, welcome: { pass: '', unsandboxed: false }, lost: lost.then(() => link.close()) };
}

function askForPort(): Promise<MessagePort> {
  return new Promise((resolve) => {
    const onMessage = (event: MessageEvent): void => {
      const port = event.ports[0];
      if (event.source !== window || event.data !== ELECTRON_PORT || !port) return;
      removeEventListener('message', onMessage);
      resolve(port);
    };
    addEventListener('message', onMessage);
    postMessage(ELECTRON_CONNECT, location.origin);
  });
}
