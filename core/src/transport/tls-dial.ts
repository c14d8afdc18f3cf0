import { isIP, type Socket } from 'node:net';
import { connect, getCACertificates, type TLSSocket } from 'node:tls';
import type { Clock } from '../clock.js';
import { LiveletError } from '../errors.js';
import { startDeadline } from './deadline.js';
import { type Deployment, relayAddress } from './deployment.js';
import { connectThrough } from './http-connect.js';
import type { ProxyFinder, ProxyServer } from './proxy.js';
import { spkiPin } from './spki-pin.js';
import { RELAY_TLS } from './tls-suites.js';

/** From the first packet to a connection that can be used, ms. */
const DIAL_DEADLINE = 10_000;

export interface DialTlsOptions {
  readonly deployment: Deployment;
  /** What is spoken inside, told by ALPN. */
  readonly protocol: string;
  /** @default none: directly */
  readonly proxy?: ProxyFinder | undefined;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A TLS connection to the deployment's relay, over the proxy that leads there if there is one.
 * @throws those of tlsDial and of the proxy finder, `cancelled`
 */
export async function dialTls(options: DialTlsOptions): Promise<TLSSocket> {
  const { deployment, protocol } = options;
  const address = relayAddress(deployment);
  return withinDial(options, async (signal) => {
    const proxy = await options.proxy?.(address, signal);
    return tlsDial({ ...address, pins: deployment.pins, protocol, proxy, signal });
  });
}

/**
 * Runs `work` with DIAL_DEADLINE.
 * @throws `relay-unreachable` when it passes, `cancelled` by the outer signal, or those of `work`
 */
export async function withinDial<T>(
  { deployment, clock, signal }: Pick<DialTlsOptions, 'deployment' | 'clock' | 'signal'>,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  using limit = startDeadline(clock, DIAL_DEADLINE, signal);
  try {
    return await work(limit.signal);
  } catch (error) {
    if (!(error instanceof LiveletError && error.code === 'deadline-exceeded')) throw error;
    const data = relayAddress(deployment);
    throw new LiveletError('relay-unreachable', 'no answer in time', { cause: error, data });
  }
}

export interface TlsDialOptions {
  /** Name or address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** `sha256/<base64>` of accepted keys; none: the system's certificate authorities and the host's name decide. */
  readonly pins: readonly string[];
  /** What is spoken inside, told by ALPN. */
  readonly protocol: string;
  /** Only passes bytes on: TLS is with the relay. @default none: directly */
  readonly proxy?: ProxyServer | undefined;
  /** Ends the attempt; the one who calls puts the deadline in. */
  readonly signal: AbortSignal;
}

/**
 * A TLS connection to a relay whose key is the expected one, checked before a byte of ours is sent.
 * @throws `relay-unreachable` (data: host, port), `relay-certificate-not-pinned`, `proxy-unreachable`, `proxy-refused`,
 *   `proxy-authentication-required`, or the signal's reason
 */
export async function tlsDial(options: TlsDialOptions): Promise<TLSSocket> {
  const { proxy, signal } = options;
  return secure(options, proxy && (await connectThrough(proxy, options, signal)));
}

function secure(options: TlsDialOptions, tunnel: Socket | undefined): Promise<TLSSocket> {
  const { host, port, pins, signal } = options;
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      tunnel?.destroy();
      throw signal.reason;
    }
    const socket = connect({
      host,
      port,
      ...(tunnel === undefined ? {} : { socket: tunnel }),
      // A proxy in front of several relays needs the name; an address is none (RFC 6066, 3).
      servername: isIP(host) === 0 ? host : '',
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
