import { encodeFrame, type Welcome } from './frames.js';
import { type OpenLink, withinTime } from './open-link.js';
import { PortLink } from './port-link.js';

/** What the page asks the preload script through the window, and the preload script the main process. */
export const ELECTRON_CONNECT = 'livelet-connect';
/** The answer of the main process to the preload script, which hands `{ livelet: welcome }` and the port on. */
export const ELECTRON_PORT = 'livelet-port';

const PORT_LIMIT = 10_000;

/** Electron's side of connectHost. @throws LiveletError `window-gone` */
export async function connectElectron(): Promise<OpenLink> {
  const { port, welcome } = await withinTime(askForPort(), PORT_LIMIT);
  const link = new PortLink({
    bufferedBytes: 0,
    send: (frame) => port.postMessage(encodeFrame(frame)),
    close: () => port.close(),
  });
  port.addEventListener('message', (event) => link.receive(event.data as Uint8Array));
  const lost = new Promise<void>((resolve) => {
    port.addEventListener('close', () => resolve());
  });
  port.start();
  return { link, welcome, lost: lost.then(() => link.close()) };
}

function askForPort(): Promise<{ port: MessagePort; welcome: Welcome }> {
  return new Promise((resolve) => {
    const onMessage = (event: MessageEvent): void => {
      const [port] = event.ports;
      const welcome = (event.data as { livelet?: Welcome } | null)?.livelet;
      if (event.source !== window || !port || !welcome) return;
      removeEventListener('message', onMessage);
      resolve({ port, welcome });
    };
    addEventListener('message', onMessage);
    postMessage(ELECTRON_CONNECT, location.origin);
  });
}
