import type { TLSSocket } from 'node:tls';
import { WebSocket } from 'ws';
import type { Clock } from '../clock.js';
import { LiveletError } from '../errors.js';
import { type Deployment, relayAddress } from './deployment.js';
import { type ProxyFinder, type ProxyServer, proxyLabel } from './proxy.js';
import type { RelayLink } from './relay-link.js';
import { RELAY_ALPN, RELAY_PATH } from './relay-protocol.js';
import { SocketLink } from './socket-link.js';
import { tlsDial, withinDial } from './tls-dial.js';
import { TlsTcpWire } from './tls-tcp.js';
import { MAX_TRANSPORT_FRAME, type Route } from './transport.js';
import { WebSocketWire } from './websocket.js';

export interface DialOptions {
  readonly deployment: Deployment;
  /** @default none: directly */
  readonly proxy?: ProxyFinder | undefined;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

/**
 * How long TLS over TCP may take before a WebSocket is tried beside it, ms: over a slow line one socket is enough,
 * where something swallows what it doesn't know half a second is lost.
 */
const HEAD_START = 500;
/** Fragments of one WebSocket message. */
const MAX_FRAGMENTS = 16;
/** ALPN name of HTTPS. */
const HTTPS_ALPN = 'http/1.1';

/**
 * Reaches the deployment's relay: over TLS-TCP, or over a WebSocket where that doesn't get through. Nothing is
 * remembered from one call to the next: a computer can change its network.
 * @throws `relay-unreachable`, `relay-certificate-not-pinned`, `relay-protocol`, `proxy-invalid`, `proxy-unreachable`,
 *   `proxy-refused`, `proxy-authentication-required`, `cancelled`
 */
export function dialRelay(options: DialOptions): Promise<RelayLink> {
  const { deployment, clock } = options;
  const address = relayAddress(deployment);
  return withinDial(options, async (signal) => {
    const proxy = await options.proxy?.(address, signal);
    const secure = (protocol: string, ending: AbortSignal): Promise<TLSSocket> =>
      tlsDial({ ...address, pins: deployment.pins, protocol, proxy, signal: ending });
    const tlsTcp = async (ending: AbortSignal): Promise<RelayLink> => {
      const socket = await secure(RELAY_ALPN, ending);
      const route = routeOf('tls-tcp', proxy);
      if (socket.alpnProtocol === RELAY_ALPN) return new SocketLink(new TlsTcpWire(socket), route, clock);
      socket.destroy();
      throw new LiveletError('relay-protocol', 'no TLS-TCP', { data: address });
    };
    const webSocket = async (ending: AbortSignal): Promise<RelayLink> => {
      const socket = await secure(HTTPS_ALPN, ending);
      const route = routeOf('websocket', proxy);
      return upgrade(
        socket,
        deployment,
        ending,
        (open) => new SocketLink(new WebSocketWire(open), route, clock),
      );
    };
    return race(tlsTcp, webSocket, clock, signal);
  });
}

type Way = (ending: AbortSignal) => Promise<RelayLink>;

/** The first of two ways that leads to a link; the second begins late, or when the first has failed. */
async function race(first: Way, second: Way, clock: Clock, signal: AbortSignal): Promise<RelayLink> {
  const over = new AbortController();
  const ending = AbortSignal.any([signal, over.signal]);
  const turn = Promise.withResolvers<void>();
  using _headStart = clock.setTimer(HEAD_START, turn.resolve);
  const attempts = [
    first(ending).catch((error: unknown) => {
      if (isFinal(error)) turn.reject(error);
      else turn.resolve();
      throw error;
    }),
    turn.promise.then(() => {
      ending.throwIfAborted();
      return second(ending);
    }),
  ];
  try {
    const winner = await Promise.any(attempts);
    for (const attempt of attempts) {
      // Both can have come through at the same moment.
      attempt.then((link) => {
        if (link !== winner) link.close();
      }, ignore);
    }
    return winner;
  } catch (error) {
    // The last one says most: the way that gets through where others don't.
    throw error instanceof AggregateError ? error.errors.at(-1) : error;
  } finally {
    over.abort(new LiveletError('cancelled', 'the other way was taken'));
    turn.reject(over.signal.reason);
  }
}

/** Whether another way would end the same. */
function isFinal(error: unknown): boolean {
  if (!(error instanceof LiveletError)) return true;
  return error.code === 'relay-certificate-not-pinned' || error.code.startsWith('proxy-');
}

function ignore(): void {}

function routeOf(kind: 'tls-tcp' | 'websocket', proxy: ProxyServer | undefined): Route {
  const first = kind === 'tls-tcp';
  if (proxy === undefined) return { kind, why: first ? 'first' : 'tcp-blocked' };
  return { kind, proxy: proxyLabel(proxy), why: first ? 'proxy-required' : 'proxy-websocket-only' };
}

/** `made` is called at once when the WebSocket is open: messages may follow in the same packet. */
function upgrade(
  tls: TLSSocket,
  deployment: Deployment,
  signal: AbortSignal,
  made: (open: WebSocket) => RelayLink,
): Promise<RelayLink> {
  const url = new URL(RELAY_PATH, deployment.relayUrl.replace(/^https:/, 'wss:'));
  const socket = new WebSocket(url, {
    createConnection: () => tls,
    perMessageDeflate: false,
    maxPayload: MAX_TRANSPORT_FRAME,
    maxFragments: MAX_FRAGMENTS,
  });
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason);
      socket.terminate();
    };
    // Between two steps nobody listens.
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    socket.once('close', () => signal.removeEventListener('abort', abort));
    socket.on('error', (cause: NodeJS.ErrnoException) => {
      const hungUp = cause.code === 'ECONNRESET' || cause.code === 'EPIPE';
      const code = hungUp ? 'relay-closed' : 'relay-protocol';
      reject(new LiveletError(code, 'no WebSocket', { cause, data: relayAddress(deployment) }));
    });
    socket.once('open', () => {
      signal.removeEventListener('abort', abort);
      resolve(made(socket));
    });
  });
}
