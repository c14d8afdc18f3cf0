import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Clock, RELAY_PATH } from '@livelet/core/wire';
import { WebSocketServer } from 'ws';
import type { SourceLimits } from '../limits/source-limits.js';
import type { RelaySettings } from '../settings.js';
import type { Door, Visit } from './door.js';
import type { TrustedProxies } from './source.js';
import { WebSocketEnd } from './websocket-end.js';

/** Whoever asks for something over HTTP. */
export interface HttpGuest {
  /** True source, for the log. */
  readonly address: string;
  /** Who pays, see `sourceKey`. */
  readonly source: string;
  /** Its request comes on as it should: its time begins anew. */
  readonly onProgress: () => void;
}

export interface HttpWayParts {
  readonly clock: Clock;
  readonly settings: RelaySettings;
  readonly limits: SourceLimits;
  readonly proxies: TrustedProxies;
  readonly door: Door;
  readonly enter: (end: WebSocketEnd, visit: Visit) => void;
  readonly request: (request: IncomingMessage, response: ServerResponse, guest: HttpGuest) => void;
}

const NOT_FOUND = 'HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/** HTTP on connections that are already there: requests, and WebSockets at RELAY_PATH. */
export class HttpWay {
  readonly #parts: HttpWayParts;
  readonly #server: Server;
  readonly #sockets: WebSocketServer;
  readonly #visits = new WeakMap<Duplex, Visit>();
  /** The last answer of each connection. */
  readonly #answers = new WeakMap<Duplex, ServerResponse>();

  constructor(parts: HttpWayParts) {
    this.#parts = parts;
    const { settings } = parts;
    // Its own timeouts need a server that listens; each connection has its deadlines from its visit instead.
    this.#server = createServer(
      {
        maxHeaderSize: settings.headersBytes,
        headersTimeout: 0,
        requestTimeout: 0,
        // Before its visit drops it: a browser that asks no more has done nothing wrong. Node waits 1 s longer.
        keepAliveTimeout: settings.headersMs / 2,
      },
      (request, response) => this.#request(request, response),
    );
    this.#sockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: settings.frameBytes,
      maxFragments: settings.fragments,
    });
    // Whoever asks first is told to go on by the one that reads the body, once nothing speaks against it.
    this.#server.on('checkContinue', (request, response) => this.#request(request, response));
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    this.#server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      if (!socket.writable) return;
      const status =
        error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request';
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    });
  }

  /** A connection that speaks HTTP from here on. */
  enter(socket: Socket, visit: Visit): void {
    const { clock, settings } = this.#parts;
    this.#visits.set(socket, visit);
    visit.expect(settings.headersMs, 'headersTimeout', clock);
    // For those that are cut between requests.
    socket.on('error', () => {});
    this.#server.emit('connection', socket);
  }

  #request(request: IncomingMessage, response: ServerResponse): void {
    const { clock, settings, limits } = this.#parts;
    const visit = this.#visits.get(request.socket);
    if (visit === undefined) {
      request.socket.destroy();
      return;
    }
    if (this.#isAnswering(request.socket)) {
      visit.drop('malformedRequest');
      return;
    }
    this.#answers.set(request.socket, response);
    const address = this.#origin(request, visit);
    // A kept connection was counted with its first request.
    if (!visit.isIdentifiedAs(address) && !visit.identify(address, limits)) return;
    visit.settle();
    const onProgress = (): void => visit.expect(settings.requestMs, 'requestTimeout', clock);
    onProgress();
    response.once('close', () => visit.expect(settings.headersMs, 'headersTimeout', clock));
    if (visit.isRefused) response.writeHead(429, { connection: 'close' }).end();
    else this.#parts.request(request, response, { address, source: visit.source, onProgress });
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { clock, settings, limits, door, enter } = this.#parts;
    const connection = request.socket;
    const visit = this.#visits.get(connection);
    this.#visits.delete(connection);
    const isAlone = visit !== undefined && !this.#isAnswering(connection);
    if (!isAlone || !visit.identify(this.#origin(request, visit), limits)) {
      socket.destroy();
      return;
    }
    if (request.url !== RELAY_PATH) {
      socket.end(NOT_FOUND);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      visit.relax();
      // After earlier requests on the same connection its time begins here.
      door.await(visit);
      enter(new WebSocketEnd(webSocket, connection, clock, settings.stalledMs), visit);
    });
  }

  /** Nobody who means it asks again before the answer: many questions at once would pass the limits as one visit. */
  #isAnswering(connection: Duplex): boolean {
    return this.#answers.get(connection)?.writableEnded === false;
  }

  /** Behind a proxy each request may be someone else's. */
  #origin(request: IncomingMessage, visit: Visit): string {
    return this.#parts.proxies.origin(visit.peer, String(request.headers['x-forwarded-for'] ?? ''));
  }
}
