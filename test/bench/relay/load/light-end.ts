import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { CloseReason, RELAY_ALPN, RELAY_PATH, RELAY_TLS } from '@livelet/core/wire';
import { FRAMINGS, type Framing, type Way } from './frames.js';

/** How long an end waits for a connection, an upgrade or a message, ms. */
const PATIENCE = 30_000;
/** WebSocket close code for "done", RFC 6455. */
const NORMAL_CLOSURE = 1000;

/** Where an end goes, and from where. Crosses between processes as JSON. */
export interface Destination {
  readonly way: Way;
  readonly port: number;
  /** Address to come from, one of 127.0.0.0/8, so that limits for one source hold as they do outside. @default any */
  readonly source?: string;
  /** Without TLS, and with the source in a PROXY header: as a proxy in front of the relay comes. @default false */
  readonly proxied?: boolean;
  /** Path of the upgrade. @default RELAY_PATH */
  readonly path?: string;
}

/**
 * One end that costs its process as little as can be, so that what is measured is the relay: frames are made once and
 * sent many times, and what comes in is looked at only as far as asked.
 */
export class LightEnd {
  readonly socket: Socket;
  readonly #way: Way;
  readonly #framing: Framing;
  #rest: Buffer = Buffer.alloc(0);
  #messages: ((message: Record<string, unknown>) => void)[] = [];
  #early: Record<string, unknown>[] = [];
  /** What to do with a frame's body. */
  onFrame: (body: Buffer) => void = () => undefined;

  constructor(socket: Socket, way: Way) {
    this.socket = socket;
    this.#way = way;
    this.#framing = FRAMINGS[way];
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('data', this.#read).resume();
  }

  /** A frame as `send` takes it. */
  wrap(body: Uint8Array): Buffer {
    return this.#framing.wrap('frame', body);
  }

  say(message: object): void {
    this.socket.write(this.#framing.wrap('text', Buffer.from(JSON.stringify(message))));
  }

  ping(): void {
    this.socket.write(this.#framing.wrap('ping', new Uint8Array()));
  }

  /** The next JSON message; rejects when the socket closes first, with the reason where one was given. */
  hear(): Promise<Record<string, unknown>> {
    const early = this.#early.shift();
    if (early) return Promise.resolve(early);
    return new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer);
        this.socket.off('close', gone);
      };
      const gone = (): void => {
        clearTimeout(timer);
        reject(new Error(`closed: ${this.closeReason ?? 'cut'}`));
      };
      const timer = setTimeout(() => {
        done();
        reject(new Error(`no message in ${PATIENCE} ms`));
      }, PATIENCE);
      this.socket.once('close', gone);
      this.#messages.push((message) => {
        done();
        resolve(message);
      });
      if (this.socket.destroyed) gone();
    });
  }

  /** Number of the close frame that came, if one did. */
  closeReason: number | undefined;

  /** From now on only bytes are counted: nothing is taken apart, and no ping answered. */
  countOnly(count: (bytes: number) => void): void {
    this.socket.off('data', this.#read);
    this.socket.on('data', (chunk: Buffer) => count(chunk.length));
  }

  /** Says goodbye and hangs up. */
  close(): void {
    const reason = Buffer.alloc(2);
    reason.writeUInt16BE(this.#way === 'websocket' ? NORMAL_CLOSURE : CloseReason.peerClosed);
    this.socket.end(this.#framing.wrap('close', reason));
    this.socket.resume();
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }

  readonly #read = (chunk: Buffer): void => {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const header = this.#framing.header(bytes);
      if (header === undefined || bytes.length < header.size + header.length) break;
      const body = bytes.subarray(header.size, header.size + header.length);
      bytes = bytes.subarray(header.size + header.length);
      if (header.kind === 'frame') this.onFrame(body);
      else if (header.kind === 'ping') this.socket.write(this.#framing.wrap('pong', body));
      else if (header.kind === 'close') this.closeReason = body.length < 2 ? 0 : body.readUInt16BE(0);
      else if (header.kind === 'text') this.#heard(JSON.parse(body.toString()) as Record<string, unknown>);
    }
    // A copy: the rest of a big chunk would keep all of it.
    this.#rest = bytes.length === 0 ? bytes : Buffer.from(bytes);
  };

  #heard(message: Record<string, unknown>): void {
    const waiting = this.#messages.shift();
    if (waiting) waiting(message);
    else this.#early.push(message);
  }
}

/** Writes the same bytes as fast as they are taken, for `ms` or until the connection ends. */
export function pour({ socket }: LightEnd, bytes: Buffer, ms: number): Promise<void> {
  const until = performance.now() + ms;
  return new Promise((resolve) => {
    const write = (): void => {
      while (performance.now() < until) if (!socket.write(bytes)) return;
    };
    const finish = (): void => {
      clearTimeout(timer);
      socket.off('drain', write).off('close', finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    socket.on('drain', write).on('close', finish);
    write();
  });
}

/** Connects, and over WebSocket upgrades. */
export async function dial(destination: Destination): Promise<LightEnd> {
  const socket = await connectSocket(destination);
  try {
    if (destination.way === 'websocket') await upgrade(socket, destination);
    return new LightEnd(socket, destination.way);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** A connected socket, TLS done. */
export async function connectSocket({ way, port, source, proxied }: Destination): Promise<Socket> {
  const from = source === undefined || proxied ? {} : { localAddress: source };
  const signal = AbortSignal.timeout(PATIENCE);
  const tcp = connect({ host: '127.0.0.1', port, ...from });
  try {
    await once(tcp, 'connect', { signal });
    if (proxied) {
      tcp.write(`PROXY TCP4 ${source ?? '127.0.0.1'} 127.0.0.1 1 1\r\n`);
      return tcp;
    }
    const protocol = way === 'tls-tcp' ? RELAY_ALPN : 'http/1.1';
    const tls = connectTls({
      socket: tcp,
      ...RELAY_TLS,
      rejectUnauthorized: false,
      ALPNProtocols: [protocol],
    });
    await once(tls, 'secureConnect', { signal });
    return tls;
  } catch (error) {
    tcp.on('error', () => undefined).destroy();
    throw error;
  }
}

async function upgrade(socket: Socket, { path = RELAY_PATH }: Destination): Promise<void> {
  const lines = [
    `GET ${path} HTTP/1.1`,
    'Host: localhost',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  let answer = Buffer.alloc(0);
  const signal = AbortSignal.timeout(PATIENCE);
  while (answer.indexOf('\r\n\r\n') === -1) {
    const [chunk] = (await once(socket, 'data', { signal })) as [Buffer];
    answer = Buffer.concat([answer, chunk]);
    if (answer.length > 8192) throw new Error('the upgrade’s answer has no end');
  }
  const end = answer.indexOf('\r\n\r\n') + 4;
  if (!answer.subarray(0, 12).equals(Buffer.from('HTTP/1.1 101')))
    throw new Error(`no upgrade: ${answer.subarray(0, end).toString()}`);
  // Stops the flow until the end listens.
  socket.pause();
  if (answer.length > end) socket.unshift(answer.subarray(end));
}
