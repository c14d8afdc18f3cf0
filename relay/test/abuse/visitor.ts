import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import {
  CloseReason,
  FrameKind,
  RELAY_ALPN,
  RELAY_PATH,
  RELAY_TLS,
  TcpFrameReader,
  tcpFrame,
} from '@livelet/core/wire';
import { type RawData, WebSocket } from 'ws';

/** Long enough for a busy machine, ms. */
const PATIENCE = 60_000;

export type Way = 'websocket' | 'tls-tcp';
export const WAYS: readonly Way[] = ['tls-tcp', 'websocket'];

export type Heard =
  | { readonly type: string; readonly nameplate?: string }
  /** It was closed: with this reason, or without a word. */
  | { readonly closed: string };

/** One end as an attacker has it: below any rule of the transports. */
export interface Visitor extends Disposable {
  /** Below the frames. */
  readonly socket: Socket;
  say(message: object): void;
  frame(bytes: Uint8Array): void;
  /** The next message of the relay, or how it closed. */
  hear(): Promise<Heard>;
  /** The next frame of the other end. */
  take(): Promise<Buffer>;
}

/** The n-th address that one machine can come from. */
export function sourceOf(index: number): string {
  return `127.9.${index >> 8}.${index & 255}`;
}

/** A TCP connection. */
export async function tcp(port: number, source = '127.0.0.1'): Promise<Socket> {
  const socket = connectTcp({ host: '127.0.0.1', port, localAddress: source });
  await once(socket, 'connect', { signal: AbortSignal.timeout(PATIENCE) });
  return socket.on('error', () => {});
}

/** Resolves when a socket is closed, well or not. */
export function gone(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) resolve();
    else socket.once('close', () => resolve());
  });
}

/** A TLS connection; rejects when the relay cuts it first. */
export async function tls(port: number, protocol: string, source?: string): Promise<TLSSocket> {
  const below = await tcp(port, source);
  const options = { ...RELAY_TLS, rejectUnauthorized: false, ALPNProtocols: [protocol] };
  const socket = connectTls({ socket: below, ...options });
  await Promise.race([
    once(socket, 'secureConnect', { signal: AbortSignal.timeout(PATIENCE) }),
    gone(below).then(() => {
      throw new Error('cut before TLS');
    }),
  ]);
  return socket.on('error', () => {});
}

export async function visit(way: Way, port: number, source?: string): Promise<Visitor> {
  const socket = await tls(port, way === 'tls-tcp' ? RELAY_ALPN : 'http/1.1', source);
  return way === 'tls-tcp' ? overTcp(socket) : overWebSocket(socket, port);
}

/** Asks once and hears the answer: a message's type or a close reason. */
export async function ask(way: Way, port: number, question: object, source?: string): Promise<string> {
  let visitor: Visitor;
  try {
    visitor = await visit(way, port, source);
  } catch {
    return 'cut';
  }
  using _visitor = visitor;
  visitor.say(question);
  const heard = await visitor.hear();
  return 'closed' in heard ? heard.closed : heard.type;
}

/** Things that come, in their order, and those who wait for them. */
class Mailbox<T> {
  readonly #letters: T[] = [];
  readonly #waiting: ((letter: T) => void)[] = [];

  put(letter: T): void {
    const waiting = this.#waiting.shift();
    if (waiting) waiting(letter);
    else this.#letters.push(letter);
  }

  next(): Promise<T> {
    const letter = this.#letters.shift();
    if (letter !== undefined) return Promise.resolve(letter);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`nothing came in ${PATIENCE} ms`)), PATIENCE);
      this.#waiting.push((late) => {
        clearTimeout(timer);
        resolve(late);
      });
    });
  }
}

function overTcp(socket: TLSSocket): Visitor {
  const heard = new Mailbox<Heard>();
  const frames = new Mailbox<Buffer>();
  let closed = 'cut';
  const reader = new TcpFrameReader((kind, body) => {
    if (kind === FrameKind.message) heard.put(JSON.parse(body.toString()));
    if (kind === FrameKind.frame) frames.put(body);
    if (kind === FrameKind.close) closed = nameOf(body.readUInt16BE());
    if (kind === FrameKind.ping) socket.write(tcpFrame(FrameKind.pong, body));
  });
  socket.on('data', (chunk: Buffer) => reader.push(chunk));
  socket.on('close', () => heard.put({ closed }));
  return {
    socket,
    say: (message) => socket.write(tcpFrame(FrameKind.message, Buffer.from(JSON.stringify(message)))),
    frame: (bytes) => socket.write(tcpFrame(FrameKind.frame, bytes)),
    hear: () => heard.next(),
    take: () => frames.next(),
    [Symbol.dispose]: () => socket.destroy(),
  };
}

async function overWebSocket(socket: TLSSocket, port: number): Promise<Visitor> {
  const heard = new Mailbox<Heard>();
  const frames = new Mailbox<Buffer>();
  const url = `wss://127.0.0.1:${port}${RELAY_PATH}`;
  const webSocket = new WebSocket(url, { createConnection: () => socket, perMessageDeflate: false });
  webSocket.on('error', () => {});
  webSocket.on('message', (data: RawData, isBinary) => {
    if (isBinary) frames.put(data as Buffer);
    else heard.put(JSON.parse(String(data)));
  });
  webSocket.on('close', (code) => heard.put({ closed: code === 1006 ? 'cut' : nameOf(code) }));
  await once(webSocket, 'open', { signal: AbortSignal.timeout(PATIENCE) });
  return {
    socket,
    say: (message) => webSocket.send(JSON.stringify(message)),
    frame: (bytes) => webSocket.send(bytes),
    hear: () => heard.next(),
    take: () => frames.next(),
    [Symbol.dispose]: () => webSocket.terminate(),
  };
}

function nameOf(code: number): string {
  return Object.entries(CloseReason).find(([, number]) => number === code)?.[0] ?? String(code);
}

/** Two honest people at work while others misbehave. */
export class SteadyPair implements Disposable {
  readonly #operator: Visitor;
  readonly #customer: Visitor;

  constructor(operator: Visitor, customer: Visitor) {
    this.#operator = operator;
    this.#customer = customer;
  }

  /** Something new goes to the customer and back; rejects unless it comes back as it was. */
  async roundTrip(): Promise<void> {
    const bytes = randomBytes(200);
    this.#operator.frame(bytes);
    const there = await this.#customer.take();
    this.#customer.frame(there);
    const back = await this.#operator.take();
    if (!back.equals(bytes)) throw new Error('what came back is not what was sent');
  }

  [Symbol.dispose](): void {
    this.#operator[Symbol.dispose]();
    this.#customer[Symbol.dispose]();
  }
}

/** Two ends joined, both by the same way. */
export async function pair(
  way: Way,
  port: number,
  authorization: string,
  source?: string,
): Promise<{ readonly operator: Visitor; readonly customer: Visitor }> {
  const operator = await visit(way, port, source);
  operator.say({ type: 'allocate', authorization });
  const code = await operator.hear();
  const customer = await visit(way, port, source);
  customer.say({ type: 'join', nameplate: 'nameplate' in code ? code.nameplate : JSON.stringify(code) });
  for (const end of [operator, customer]) {
    const heard = await end.hear();
    if (!('type' in heard) || heard.type !== 'joined')
      throw new Error(`not joined: ${JSON.stringify(heard)}`);
  }
  return { operator, customer };
}
