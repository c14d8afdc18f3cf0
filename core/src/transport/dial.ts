import { WebSocket } from 'ws';
import type { Clock } from '../clock.js';
import { LiveletError } from '../errors.js';
import { startDeadline } from './deadline.js';
import { type Deployment, relayAddress } from './deployment.js';
import type { RelayLink } from './relay-link.js';
import { tlsDial } from './tls-dial.js';
import { MAX_TRANSPORT_FRAME } from './transport.js';
import { WebSocketTransport } from './websocket.js';

export interface DialOptions {
  readonly deployment: Deployment;
  /** RELAY_OPERATOR_PATH or RELAY_CUSTOMER_PATH. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

/** From the first packet to an open WebSocket, ms. */
const DIAL_DEADLINE = 10_000;
/** Fragments of one WebSocket message. */
const MAX_FRAGMENTS = 16;

/**
 * Reaches the deployment's relay.
 * @throws `relay-unreachable`, `relay-certificate-not-pinned`, `relay-protocol`, `cancelled`
 */
export async function dialRelay(options: DialOptions): Promise<RelayLink> {
  const address = relayAddress(options.deployment);
  using limit = startDeadline(options.clock, DIAL_DEADLINE, options.signal);
  try {
    return await dialWebSocket(options, address, limit.signal);
  } catch (error) {
    if (!(error instanceof LiveletError && error.code === 'deadline-exceeded')) throw error;
    throw new LiveletError('relay-unreachable', 'no answer in time', { cause: error, data: address });
  }
}

async function dialWebSocket(
  options: DialOptions,
  address: { host: string; port: number },
  signal: AbortSignal,
): Promise<RelayLink> {
  const { pins, relayUrl } = options.deployment;
  const tls = await tlsDial({ ...address, pins, protocol: 'http/1.1', signal });
  const url = new URL(options.path, relayUrl.replace(/^https:/, 'wss:'));
  const socket = new WebSocket(url, {
    createConnection: () => tls,
    headers: { ...options.headers },
    perMessageDeflate: false,
    maxPayload: MAX_TRANSPORT_FRAME,
    maxFragments: MAX_FRAGMENTS,
  });
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason);
      socket.terminate();
    };
    signal.addEventListener('abort', abort, { once: true });
    socket.once('close', () => signal.removeEventListener('abort', abort));
    socket.on('error', (cause: NodeJS.ErrnoException) => {
      const hungUp = cause.code === 'ECONNRESET' || cause.code === 'EPIPE';
      const code = hungUp ? 'relay-closed' : 'relay-protocol';
      reject(new LiveletError(code, 'no WebSocket', { cause, data: address }));
    });
    socket.once('open', () => {
      signal.removeEventListener('abort', abort);
      // Made at once: messages may follow in the same packet.
      resolve(new WebSocketTransport(socket, options.clock));
    });
  });
}
