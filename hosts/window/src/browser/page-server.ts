import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Clock, LiveletError } from '@livelet/core';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { decodeFrame, encodeFrame, MAX_FRAME, STREAM_PATH } from '../../page/link/frames.js';
import type { PageConnection } from '../page-connection.js';
import { readPageFile } from '../page-files.js';
import { securityHeaders } from '../security-headers.js';
import type { PageSpec } from '../window.js';
import { FrameStream } from './frame-stream.js';
import { randomSecret, sameSecret } from './secrets.js';

const LOOPBACK = '127.0.0.1';
/** ms for a socket to say its token. */
const HELLO_LIMIT = 5_000;
/** ms for a page that was let in to ask for its stream. */
const STREAM_LIMIT = 5_000;
/** ms that a reload may come before the end of the page that it replaces has been noticed. */
const TAKEOVER_LIMIT = 1_000;
const MAX_UNGREETED = 8;
const MAX_HTTP_SOCKETS = 64;
/** WebSocket close code for a page that isn't the one; private range of RFC 6455, section 7.4.2. */
const CLOSE_REFUSED = 4003;

export interface PageServerOptions {
  readonly page: PageSpec;
  readonly connection: PageConnection;
  readonly clock: Clock;
  readonly unsandboxed: boolean;
  readonly onProblem: (error: LiveletError) => void;
}

/** One page's files, its one WebSocket to the host and the stream from it, on a random port of the loopback interface. */
export class PageServer implements AsyncDisposable {
  readonly #options: PageServerOptions;
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME,
    perMessageDeflate: false,
    clientTracking: true,
  });
  /** In the address, for the first page only. */
  #token: string | undefined = randomSecret();
  /** What that page got instead, for its reloads. */
  readonly #pass = randomSecret();
  #ungreeted = 0;
  /** Of the page that is there. */
  #stream: FrameStream | undefined;

  private constructor(options: PageServerOptions) {
    this.#options = options;
    // Both limits are for what is asked, not for the answer: the stream may last.
    this.#server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 });
    this.#server.maxConnections = MAX_HTTP_SOCKETS;
    this.#server.on('request', (request, response) => void this.#answer(request, response));
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  static async start(options: PageServerOptions): Promise<PageServer> {
    const started = new PageServer(options);
    await new Promise<void>((resolve, reject) => {
      started.#server.once('error', reject);
      started.#server.listen(0, LOOPBACK, resolve);
    });
    return started;
  }

  /** `http://127.0.0.1:<port>` */
  get origin(): string {
    return `http://${this.#host}`;
  }

  /** With the one-time token; the same text as long as nobody used it. */
  get addressWithToken(): string {
    return `${this.origin}/#${this.#token ?? ''}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
    if (!this.#server.listening) return;
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  get #host(): string {
    return `${LOOPBACK}:${(this.#server.address() as AddressInfo).port}`;
  }

  /** A name that was made to point at this computer (DNS rebinding) shows in Host; another site's page in the other. */
  #isOurs(request: IncomingMessage): boolean {
    const site = request.headers['sec-fetch-site'];
    const foreign = site !== undefined && site !== 'same-origin' && site !== 'none';
    return request.headers.host === this.#host && !foreign;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(securityHeaders(this.#options.page))) {
      response.setHeader(name, value);
    }
    if (!this.#isOurs(request)) return this.#refuse(response, 403);
    if (request.method !== 'GET' && request.method !== 'HEAD') return this.#refuse(response, 405);
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    if (path === STREAM_PATH) return this.#giveStream(request, response);
    const file = await readPageFile(this.#options.page, path);
    if (!file) return this.#refuse(response, 404);
    response.setHeader('Content-Type', file.type);
    response.setHeader('Content-Length', Buffer.byteLength(file.body));
    response.end(request.method === 'HEAD' ? undefined : file.body);
  }

  #giveStream(request: IncomingMessage, response: ServerResponse): void {
    const secret = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    if (request.method === 'GET' && this.#stream?.open(secret, response)) return;
    this.#problem('a stream with a wrong secret');
    this.#refuse(response, 403);
  }

  #refuse(response: ServerResponse, status: number): void {
    response.writeHead(status, { Connection: 'close' }).end();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Without a listener an error of the socket would end the process; its close follows.
    socket.on('error', () => {});
    const { origin } = request.headers;
    const allowed = this.#isOurs(request) && origin === this.origin && request.url === '/link';
    if (!allowed || this.#ungreeted >= MAX_UNGREETED) {
      if (!allowed) this.#problem(`a socket from ${JSON.stringify(origin ?? 'no origin')} was refused`);
      socket.end(`HTTP/1.1 ${allowed ? 503 : 403} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (accepted) => this.#greet(accepted));
  }

  #greet(socket: WebSocket): void {
    this.#ungreeted += 1;
    const late = this.#options.clock.setTimer(HELLO_LIMIT, () => socket.terminate());
    let waiting = true;
    const settle = (): void => {
      if (!waiting) return;
      waiting = false;
      this.#ungreeted -= 1;
      late[Symbol.dispose]();
    };
    socket.on('error', () => {});
    socket.once('close', settle);
    socket.once('message', (data) => {
      const permit = this.#permit(data);
      settle();
      void this.#admit(socket, permit);
    });
  }

  #permit(data: RawData): 'token' | 'pass' | undefined {
    try {
      const { header } = decodeFrame(bytesOf(data));
      if (!('hello' in header)) return undefined;
      if (this.#token !== undefined && sameSecret(header.hello, this.#token)) return 'token';
      return sameSecret(header.hello, this.#pass) ? 'pass' : undefined;
    } catch {
      return undefined;
    }
  }

  async #admit(socket: WebSocket, permit: 'token' | 'pass' | undefined): Promise<void> {
    const { connection, unsandboxed } = this.#options;
    if (permit === 'pass') await this.#previousGone();
    if (permit === undefined || connection.connected) {
      this.#problem(permit === undefined ? 'a page with a wrong token' : 'a second page');
      socket.close(CLOSE_REFUSED);
      return;
    }
    if (socket.readyState !== socket.OPEN) return;
    this.#token = undefined;
    const late = this.#options.clock.setTimer(STREAM_LIMIT, () => socket.terminate());
    const stream = new FrameStream(
      () => late[Symbol.dispose](),
      () => attached.gone(),
    );
    this.#stream = stream;
    const attached = connection.attach({
      get bufferedBytes() {
        return stream.bufferedBytes;
      },
      send: (frame) => {
        if (!stream.send(frame)) socket.terminate();
      },
      close: () => {
        stream.end();
        socket.close();
      },
    });
    socket.on('message', (data) => attached.receive(bytesOf(data)));
    socket.once('close', () => {
      late[Symbol.dispose]();
      attached.gone();
    });
    const welcome = { pass: this.#pass, unsandboxed };
    socket.send(encodeFrame({ header: { welcome, stream: stream.secret } }));
  }

  /** A reload's socket can be heard of before the end of the old one. */
  async #previousGone(): Promise<void> {
    const { connection, clock } = this.#options;
    if (!connection.connected) return;
    await new Promise<void>((resolve) => {
      const timer = clock.setTimer(TAKEOVER_LIMIT, () => finish());
      const subscription = connection.onDisconnected(() => finish());
      const finish = (): void => {
        timer[Symbol.dispose]();
        subscription[Symbol.dispose]();
        resolve();
      };
    });
  }

  #problem(message: string): void {
    this.#options.onProblem(new LiveletError('window-refused', message));
  }
}

/** Text messages, which no page of ours sends, read as their bytes and are refused by the frame's parser. */
function bytesOf(data: RawData): Uint8Array {
  const buffer = Array.isArray(data) ? Buffer.concat(data) : data;
  return buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer)
    : new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
