import { LiveletError } from '@livelet/core/page';
import { decodeFrame, encodeFrame, type Welcome } from './frames.js';
import { type OpenLink, withinTime } from './open-link.js';
import { PortLink } from './port-link.js';

/** Where the page keeps its pass, so that a reload finds it and no other tab does. */
const PASS_KEY = 'livelet-pass';
/** ms to wait for a token, and for the host's answer. */
const TOKEN_LIMIT = 10_000;
const WELCOME_LIMIT = 10_000;

/** The browser shell's side of connectHost. @throws LiveletError `window-refused`, `window-gone` */
export async function connectWebSocket(): Promise<OpenLink> {
  const secret = await findSecret();
  const socket = new WebSocket(`ws://${location.host}/link`);
  socket.binaryType = 'arraybuffer';
  const lost = new Promise<void>((resolve) => {
    socket.addEventListener('close', () => resolve());
  });
  const refused = lost.then((): never => {
    throw new LiveletError('window-refused', 'the host closed the socket');
  });
  const welcome = await withinTime(Promise.race([greet(socket, secret), refused]), WELCOME_LIMIT).catch(
    (error: unknown) => {
      socket.close();
      throw error;
    },
  );
  sessionStorage.setItem(PASS_KEY, welcome.pass);

  const link = new PortLink({
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
    // What is posted while the connection closes reaches nobody; Chromium would complain in the console.
    send: (frame) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(frame);
    },
    close: () => socket.close(),
  });
  socket.addEventListener('message', (event) => link.receive(new Uint8Array(event.data as ArrayBuffer)));
  return { link, welcome, lost: lost.then(() => link.close()) };
}

/** The token of the address, taken out of sight at once; else the pass of the page before the reload. */
async function findSecret(): Promise<string> {
  const secret = takeToken() ?? sessionStorage.getItem(PASS_KEY);
  if (secret) return secret;
  // The shell opens the window without the token, which a list of processes would show, and adds it afterwards.
  let onChange = (): void => {};
  const token = new Promise<string>((resolve) => {
    onChange = () => {
      const found = takeToken();
      if (found) resolve(found);
    };
    addEventListener('hashchange', onChange);
  });
  try {
    return await withinTime(token, TOKEN_LIMIT);
  } catch {
    throw new LiveletError('window-refused', 'an address without its token');
  } finally {
    removeEventListener('hashchange', onChange);
  }
}

function takeToken(): string | undefined {
  const token = location.hash.slice(1);
  if (!token) return undefined;
  history.replaceState(undefined, '', location.pathname);
  return token;
}

function greet(socket: WebSocket, secret: string): Promise<Welcome> {
  socket.addEventListener('open', () => socket.send(encodeFrame({ header: { hello: secret } })), {
    once: true,
  });
  return new Promise((resolve, reject) => {
    socket.addEventListener(
      'message',
      (event) => {
        try {
          const { header } = decodeFrame(new Uint8Array(event.data as ArrayBuffer));
          if (!('welcome' in header)) throw new LiveletError('message-malformed', 'not a welcome');
          resolve(header.welcome);
        } catch (error) {
          reject(error);
        }
      },
      { once: true },
    );
  });
}
