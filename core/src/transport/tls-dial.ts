import { connect, getCACertificates, type TLSSocket } from 'node:tls';
import { LiveletError } from '../errors.js';
import { spkiPin } from './spki-pin.js';
import { RELAY_TLS } from './tls-suites.js';

export interface TlsDialOptions {
  /** Name or address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** `sha256/<base64>` of accepted keys; none: the system's certificate authorities and the host's name decide. */
  readonly pins: readonly string[];
  /** What is spoken inside, told by ALPN. */
  readonly protocol: string;
  /** Ends the attempt; the one who calls puts the deadline in. */
  readonly signal: AbortSignal;
}

/**
 * A TLS connection to a relay whose key is the expected one, checked before a byte of ours is sent.
 * @throws `relay-unreachable` (data: host, port), `relay-certificate-not-pinned`, or the signal's reason
 */
export function tlsDial(options: TlsDialOptions): Promise<TLSSocket> {
  const { host, port, pins, signal } = options;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = connect({
      host,
      port,
      ...RELAY_TLS,
      ALPNProtocols: [options.protocol],
      // Judged below, so that pins and authorities have one path.
      rejectUnauthorized: false,
      ...(pins.length === 0 ? { ca: getCACertificates('system') } : {}),
    });
    const settle = (failure?: unknown): void => {
      signal.removeEventListener('abort', abort);
      socket.off('error', fail).off('close', fail).off('secureConnect', judge);
      // A reset can come before the next owner listens, or while the socket is being destroyed.
      socket.on('error', () => {});
      if (failure === undefined) {
        resolve(socket);
      } else {
        socket.destroy();
        reject(failure);
      }
    };
    const abort = (): void => settle(signal.reason);
    const fail = (cause?: unknown): void =>
      settle(new LiveletError('relay-unreachable', undefined, { cause, data: { host, port } }));
    const judge = (): void => {
      const trusted = pins.length === 0 ? socket.authorized : isPinned(socket, pins);
      const cause = pins.length === 0 ? socket.authorizationError : undefined;
      const data = { host, port };
      if (trusted) settle();
      else settle(new LiveletError('relay-certificate-not-pinned', undefined, { cause, data }));
    };
    signal.addEventListener('abort', abort, { once: true });
    socket.setNoDelay(true).on('error', fail).on('close', fail).on('secureConnect', judge);
  });
}

function isPinned(socket: TLSSocket, pins: readonly string[]): boolean {
  const certificate = socket.getPeerX509Certificate();
  return certificate !== undefined && pins.includes(spkiPin(certificate));
}
