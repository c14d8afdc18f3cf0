import { createServer, type Server as NetServer, type Socket } from 'node:net';
import {
  createServer as createTlsServer,
  type TLSSocket,
  type TlsOptions,
  type Server as TlsServer,
} from 'node:tls';
import { type Clock, RELAY_ALPN, RELAY_TLS } from '@livelet/core/wire';
import type { SourceLimits } from '../limits/source-limits.js';
import type { RelaySettings } from '../settings.js';
import type { Door, Visit } from './door.js';
import type { EndSocket } from './end-socket.js';
import { readFirstBytes } from './first-bytes.js';
import { HttpWay, type HttpWayParts } from './http-way.js';
import { readProxyHeader } from './proxy-header.js';
import type { TrustedProxies } from './source.js';
import { TcpEnd } from './tcp-end.js';

/** A key and its certificates, PEM. */
export interface TlsIdentity {
  readonly key: string;
  readonly certificate: string;
}

export interface EntranceParts {
  readonly clock: Clock;
  readonly settings: RelaySettings;
  readonly limits: SourceLimits;
  readonly proxies: TrustedProxies;
  readonly door: Door;
  /** Undefined: a proxy in front of the relay has ended TLS, and only trusted proxies are let in. */
  readonly identity: TlsIdentity | undefined;
  readonly enter: (end: EndSocket, visit: Visit) => void;
  readonly request: HttpWayParts['request'];
}

/** Who connects through a unix socket, which only local proxies with the right to its file can. */
const UNIX_PEER = '127.0.0.1';
/** The first byte of HTTP is a letter, that of TLS-TCP the kind of a frame. */
const FIRST_LETTER = 0x41;

/**
 * One port for everything: perhaps a PROXY header, then TLS, then by ALPN TLS-TCP or HTTP, in which WebSockets begin.
 * Behind a proxy that ends TLS, the first byte tells which.
 */
export class Entrance {
  /** To be made to listen. */
  readonly server: NetServer;
  readonly #parts: EntranceParts;
  readonly #http: HttpWay;
  readonly #tls: TlsServer | undefined;
  /** During their handshakes, by `peerKey`: TLS gives a connection another object. */
  readonly #handshakes = new Map<string, Visit>();

  constructor(parts: EntranceParts) {
    this.#parts = parts;
    this.#http = new HttpWay(parts);
    this.#tls = parts.identity === undefined ? undefined : this.#makeTls(parts.identity);
    this.server = createServer({
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: parts.settings.idleMs,
    });
    this.server.on('connection', (socket) => this.#enter(socket));
  }

  /** For connections from here on; those that are there keep what they agreed on. @throws what OpenSSL finds wrong */
  renew(identity: TlsIdentity): void {
    this.#tls?.setSecureContext(tlsOptions(identity));
  }

  /** Lets nobody in any more; resolves when everyone is gone. */
  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  #enter(socket: Socket): void {
    const { door, limits, proxies, settings, clock } = this.#parts;
    // Errors show as a close.
    socket.on('error', () => {});
    const isUnix = typeof this.server.address() === 'string';
    const peer = isUnix ? UNIX_PEER : socket.remoteAddress;
    if (peer === undefined) {
      socket.destroy();
      return;
    }
    const visit = door.enter(socket, peer);
    const isProxy = isUnix || proxies.has(peer);
    if (!isProxy && this.#tls === undefined) {
      visit.drop('notFromProxy');
    } else if (isProxy) {
      visit.expect(settings.headersMs, 'proxyHeader', clock);
      this.#readProxyHeader(socket, visit);
    } else if (visit.identify(peer, limits)) {
      visit.expect(settings.headersMs, 'handshakeTimeout', clock);
      // TLS takes its memory when it begins, of which an open socket alone gets nothing.
      readFirstBytes(
        socket,
        () => ({ take: 0 }),
        () => this.#secure(socket, visit),
      );
    }
  }

  /** What a trusted proxy may put before everything else. */
  #readProxyHeader(socket: Socket, visit: Visit): void {
    const { limits, proxies } = this.#parts;
    let origin: string | undefined;
    const look = (bytes: Buffer): 'more' | { take: number } => {
      const header = readProxyHeader(bytes);
      if (header === 'more') return 'more';
      if (header === 'none') return { take: 0 };
      if (header === 'malformed') {
        visit.drop('proxyHeader');
        return 'more';
      }
      origin = header.address;
      return { take: header.bytes };
    };
    readFirstBytes(socket, look, () => {
      if (origin !== undefined) visit.peer = origin;
      // A proxy that speaks HTTP tells in its requests for whom.
      if (!proxies.has(visit.peer) && !visit.identify(visit.peer, limits)) return;
      if (this.#tls === undefined) this.#tellByFirstByte(socket, visit);
      else this.#secure(socket, visit);
    });
  }

  #secure(socket: Socket, visit: Visit): void {
    const { clock, settings } = this.#parts;
    const key = peerKey(socket);
    this.#handshakes.set(key, visit);
    // The next connection may come from the same port before this one's end is told here.
    socket.once('close', () => {
      if (this.#handshakes.get(key) === visit) this.#handshakes.delete(key);
    });
    visit.expect(settings.headersMs, 'handshakeTimeout', clock);
    this.#tls?.emit('connection', socket);
  }

  #makeTls(identity: TlsIdentity): TlsServer {
    const server = createTlsServer({
      ...tlsOptions(identity),
      ALPNProtocols: [RELAY_ALPN, 'http/1.1'],
    });
    server.on('secureConnection', (socket) => this.#secured(socket));
    server.on('tlsClientError', (_error, socket) => {
      const visit = this.#handshakes.get(peerKey(socket));
      if (visit === undefined) socket.destroy();
      else visit.drop('handshakeFailed');
    });
    return server;
  }

  #secured(socket: TLSSocket): void {
    const key = peerKey(socket);
    const visit = this.#handshakes.get(key);
    this.#handshakes.delete(key);
    if (visit === undefined) {
      socket.destroy();
      return;
    }
    visit.tls = socket.getProtocol() ?? undefined;
    if (socket.alpnProtocol === RELAY_ALPN) this.#enterTcp(socket, visit);
    else this.#http.enter(socket, visit);
  }

  #tellByFirstByte(socket: Socket, visit: Visit): void {
    let isTcp = false;
    const look = (bytes: Buffer): { take: 0 } => {
      isTcp = bytes.readUInt8(0) < FIRST_LETTER;
      return { take: 0 };
    };
    readFirstBytes(socket, look, () => {
      if (isTcp) this.#enterTcp(socket, visit);
      else this.#http.enter(socket, visit);
      socket.resume();
    });
    socket.resume();
  }

  #enterTcp(socket: Socket, visit: Visit): void {
    const { clock, settings, limits, enter } = this.#parts;
    visit.relax();
    if (visit.identify(visit.peer, limits)) enter(new TcpEnd(socket, clock, settings.stalledMs), visit);
  }
}

function tlsOptions({ key, certificate }: TlsIdentity): TlsOptions {
  return { key, cert: certificate, ...RELAY_TLS, honorCipherOrder: true };
}

function peerKey({ remoteAddress, remotePort, localAddress }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress}`;
}
