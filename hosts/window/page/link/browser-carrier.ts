import { LiveletError } from '@livelet/core/page';
import { FrameReader } from './frame-reader.js';
import { decodeFrame, encodeFrame, type FrameHeader, STREAM_PATH } from './frames.js';
import { type OpenLink, withinTime } from './open-link.js';
import { PortLink } from './port-link.js';

/** Where the page keeps its pass, so that a reload finds it and no other tab does. */
const PASS_KEY = 'livelet-pass';
/** ms to wait for a token, for the host's answer, and for its stream. */
const TOKEN_LIMIT = 10_000;
const WELCOME_LIMIT = 10_000;
const STREAM_LIMIT = 10_000;
/** ms that the stream may bring what the host sent before the socket closed. */
const LAST_FRAMES_LIMIT = 1_000;

type Greeting = Extract<FrameHeader, { readonly stream: string }>;

/**
 * The browser shell's side of connectHost: a WebSocket to the host, and from it one response that never ends. Chromium
 * takes a response's bytes ten times as fast as a socket's messages.
 * @throws LiveletError `window-refused`, `window-gone`
 */
export async function connectBrowser(): Promise<OpenLink> {
  const secret = await findSecret();
  const socket = new WebSocket(`ws://${location.host}/link`);
  socket.binaryType = 'arraybuffer';
  const closed = new Promise<void>((resolve) => {
    socket.addEventListener('close', () => resolve());
  });
  const refused = closed.then((): never => {
    throw new LiveletError('window-refused', 'the host closed the socket');
  });
  const given = new AbortController();
  try {
    const greeting = await withinTime(Promise.race([greet(socket, secret), refused]), WELCOME_LIMIT);
    sessionStorage.setItem(PASS_KEY, greeting.welcome.pass);
    const stream = openStream(greeting.stream, given.signal);
    const reader = await withinTime(Promise.race([stream, refused]), STREAM_LIMIT);
    return link(socket, reader, closed, greeting);
  } catch (error) {
    given.abort();
    socket.close();
    throw error;
  }
}

function link(
  socket: WebSocket,
  reader: ReadableStreamBYOBReader,
  closed: Promise<void>,
  { welcome }: Greeting,
): OpenLink {
  const cancel = (): void => {
    reader.cancel().catch(() => undefined);
  };
  const opened = new PortLink({
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
    // What is posted while the connection closes reaches nobody; Chromium would complain in the console.
    send: (frame) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(encodeFrame(frame));
    },
    close: () => {
      cancel();
      socket.close();
    },
  });
  // The end of the socket may overtake the host's last frames.
  closed.then(() => setTimeout(cancel, LAST_FRAMES_LIMIT));
  const frames = new FrameReader(reader, (frame) => opened.receive(frame));
  const end = (): void => opened.close();
  const failed = (error: unknown): void => {
    end();
    // A stream that breaks off is how a host goes; anything else is a mistake, which the console shall show.
    if (error instanceof LiveletError) reportError(error);
  };
  return { link: opened, welcome, lost: frames.run().then(end, failed) };
}

/** The secret goes in a header, so that no address holds it. @throws LiveletError `window-refused` */
async function openStream(secret: string, signal: AbortSignal): Promise<ReadableStreamBYOBReader> {
  try {
    const headers = { Authorization: `Bearer ${secret}` };
    const { ok, body } = await fetch(STREAM_PATH, { headers, cache: 'no-store', signal });
    if (ok && body) return body.getReader({ mode: 'byob' });
  } catch (cause) {
    throw new LiveletError('window-refused', 'the host gave no stream', { cause });
  }
  throw new LiveletError('window-refused', 'the host refused its stream');
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

function greet(socket: WebSocket, secret: string): Promise<Greeting> {
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
          resolve(header);
        } catch (error) {
          reject(error);
        }
      },
      { once: true },
    );
  });
}
