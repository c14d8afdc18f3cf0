import { createHash, type X509Certificate } from 'node:crypto';
import { connect, getCACertificates, type TLSSocket } from 'node:tls';
import { LiveletError } from '../errors.js';
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

/** `sha256/<base64 of SHA-256 over the SubjectPublicKeyInfo in DER>`, the usual notation of a pin. */
export function spkiPin(certificate: X509Certificate): string {
  const spki = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return `sha256/${createHash('sha256').update(spki).digest('base64')}`;
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
      if (failure === undefined) {
        resolve(socket);
      } else {
        // A reset can still arrive while the socket is being destroyed; the caller already knows.
        socket.on('error', () => {}).destroy();
        reject(failure);
      }
    };
    const abort = (): void => settle(signal.reason);
    const fail = (cause?: unknown): void =>
      settle(new LiveletError('relay-unreachable', undefined, { cause, data: { host, port } }));
    const judge = (): void => {
      const trusted = pins.length === 0 ? socket.authorized : isPinned(socket, pins);
      const cause = pins.length === 0 ? socket.authorizationError : undefined;
      const refusal = new LiveletError('relay-certificate-not-pinned', undefined, {
        cause,
        data: { host, port },
      });
      settle(trusted ? undefined : refusal);
    };
    signal.addEventListener('abort', abort, { once: true });
    socket.setNoDelay(true).on('error', fail).on('close', fail).on('secureConnect', judge);
  });
}

function isPinned(socket: TLSSocket, pins: readonly string[]): boolean {
  const certificate = socket.getPeerX509Certificate();
  return certificate !== undefined && pins.includes(spkiPin(certificate));
}
