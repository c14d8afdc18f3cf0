import { X509Certificate } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import type { ExecutionContext } from 'ava';
import { generate } from 'selfsigned';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Deployment } from '../../src/transport/deployment.js';
import { FrameKind, RELAY_ALPN } from '../../src/transport/relay-protocol.js';
import { spkiPin } from '../../src/transport/spki-pin.js';
import { TcpFrameReader, tcpCloseFrame, tcpFrame } from '../../src/transport/tcp-frames.js';

export type Way = 'tls-tcp' | 'websocket';

/** The relay's side of one connection, whose every word the test says itself. */
export interface RelaySide {
  readonly kind: Way;
  message(text: string): void;
  frame(bytes: Uint8Array): void;
  ping(): void;
  close(reason: number): void;
  /** Bytes that follow no rule. */
  nonsense(): void;
  cut(): void;
  pause(): void;
  resume(): void;
  /** The end's next message or frame. */
  heard(): Promise<string | Buffer>;
  /** The end's goodbye; undefined when it was cut. */
  readonly gone: Promise<number | undefined>;
}

export interface StandIn {
  readonly deployment: Deployment;
  /** PEM */
  readonly certificate: string;
  /** Bytes that came in over TLS, all sockets together. */
  receivedBytes(): number;
  /** TLS connections that were made. */
  connections(): number;
  /** The names that TLS clients asked for; undefined: none. */
  readonly names: readonly (string | undefined)[];
  /** The next connection that is ready to talk. */
  next(): Promise<RelaySide>;
}

/** A relay on 127.0.0.1 that knows these ways in, for those who come from an address that it accepts. */
export async function standIn(
  t: ExecutionContext,
  ways: readonly Way[] = ['tls-tcp', 'websocket'],
  accepts: (address: string | undefined) => boolean = () => true,
): Promise<StandIn> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  const protocols = { 'tls-tcp': RELAY_ALPN, websocket: 'http/1.1' };
  const server = createServer({ key, cert, ALPNProtocols: ways.map((way) => protocols[way]) });
  const http = createHttpServer();
  const webSockets = new WebSocketServer({ server: http, perMessageDeflate: false });
  const open = new Set<TLSSocket>();
  const sides = new EventEmitter();
  let received = 0;
  let connections = 0;
  const names: (string | undefined)[] = [];
  server.on('connection', (socket) => {
    if (!accepts(socket.remoteAddress)) socket.destroy();
  });
  server.on('secureConnection', (socket) => {
    connections += 1;
    names.push(servername(socket));
    open.add(socket);
    socket.on('error', () => {}).on('close', () => open.delete(socket));
    if (socket.alpnProtocol === RELAY_ALPN) sides.emit('side', tcpSide(socket));
    else http.emit('connection', socket);
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
  });
  webSockets.on('connection', (socket) => sides.emit('side', webSocketSide(socket)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    certificate: cert,
    deployment: {
      relayUrl: `wss://localhost:${port}`,
      deploymentId: 'test',
      pins: [spkiPin(new X509Certificate(cert))],
    },
    receivedBytes: () => received,
    connections: () => connections,
    names,
    next: async () => (await once(sides, 'side', { signal: AbortSignal.timeout(20_000) }))[0],
  };
}

/** Of the server's side; npm has no type for it. */
function servername(socket: TLSSocket): string | undefined {
  const { servername: name } = socket as { servername?: string | false };
  return name || undefined;
}

function tcpSide(socket: TLSSocket): RelaySide {
  const heard = queue<string | Buffer>();
  let goodbye: number | undefined;
  const reader = new TcpFrameReader((kind, body) => {
    if (kind === FrameKind.close) goodbye = body.readUInt16BE();
    else if (kind === FrameKind.message) heard.put(body.toString());
    else if (kind === FrameKind.frame) heard.put(body);
  });
  socket.on('data', (chunk: Buffer) => reader.push(chunk));
  return {
    kind: 'tls-tcp',
    message: (text) => socket.write(raw(FrameKind.message, Buffer.from(text))),
    frame: (bytes) => socket.write(raw(FrameKind.frame, bytes)),
    ping: () => socket.write(tcpFrame(FrameKind.ping, Buffer.of(7))),
    close: (reason) => void socket.end(tcpCloseFrame(reason)),
    nonsense: () => socket.write(Buffer.of(9, 0, 0, 1, 0)),
    cut: () => socket.destroy(),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    heard: heard.take,
    gone: new Promise((resolve) => socket.once('close', () => resolve(goodbye))),
  };
}

/** A frame that may break the limits. */
function raw(kind: FrameKind, body: Uint8Array): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt8(kind);
  header.writeUIntBE(body.length, 1, 3);
  return Buffer.concat([header, body]);
}

function webSocketSide(socket: WebSocket): RelaySide {
  const heard = queue<string | Buffer>();
  socket.on('error', () => {});
  socket.on('message', (data, isBinary) => heard.put(isBinary ? (data as Buffer) : data.toString()));
  return {
    kind: 'websocket',
    message: (text) => socket.send(text),
    frame: (bytes) => socket.send(bytes),
    ping: () => socket.ping(),
    close: (reason) => socket.close(reason),
    // A frame with a reserved opcode.
    nonsense: () => void (socket as unknown as { _socket: TLSSocket })._socket.write(Buffer.of(0x83, 0)),
    cut: () => socket.terminate(),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    heard: heard.take,
    gone: new Promise((resolve) => socket.once('close', (code) => resolve(code === 1006 ? undefined : code))),
  };
}

function queue<T>(): { put(item: T): void; take(): Promise<T> } {
  const items: T[] = [];
  const waiting: ((item: T) => void)[] = [];
  return {
    put: (item) => {
      const taker = waiting.shift();
      if (taker) taker(item);
      else items.push(item);
    },
    take: () => {
      const item = items.shift();
      return item === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(item);
    },
  };
}
