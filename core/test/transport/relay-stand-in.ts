import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ExecutionContext } from 'ava';
import { generate } from 'selfsigned';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Deployment } from '../../src/transport/deployment.js';
import { spkiPin } from '../../src/transport/spki-pin.js';

export interface StandIn {
  readonly deployment: Deployment;
  /** PEM */
  readonly certificate: string;
  /** Bytes that came in over TLS, all sockets together. */
  receivedBytes(): number;
  /** The next WebSocket that connects. */
  next(): Promise<WebSocket>;
}

/** A TLS WebSocket server on 127.0.0.1 whose every word the test says itself. */
export async function standIn(t: ExecutionContext): Promise<StandIn> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  const server = createServer({ key, cert });
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  let received = 0;
  server.on('secureConnection', (socket) => {
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.close();
    server.closeAllConnections();
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
    next: async () => {
      const [socket] = await once(sockets, 'connection', { signal: AbortSignal.timeout(20_000) });
      return socket as WebSocket;
    },
  };
}
