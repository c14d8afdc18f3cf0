import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type Deployment, type EndToRelay, RELAY_TLS, spkiPin } from '@livelet/core';
import { generate } from 'selfsigned';
import { type WebSocket, WebSocketServer } from 'ws';
import { Visitor } from './visitor.js';

/**
 * A relay that speaks the protocol to both ends, over real TLS, and then does with their frames what a test says.
 * It lets anyone in, and tells every lie that it can.
 */
export class HostileRelay implements AsyncDisposable {
  readonly deployment: Deployment;
  readonly #server: Server;
  readonly #sockets: WebSocketServer;
  readonly #operators = new Map<string, Visitor>();
  readonly #joined: ((pair: readonly [operator: Visitor, customer: Visitor]) => void)[] = [];
  #nameplates = 10_000;

  private constructor(server: Server, certificate: string) {
    this.#server = server;
    this.#sockets = new WebSocketServer({ server, perMessageDeflate: false });
    this.#sockets.on('connection', (socket) => {
      socket.once('message', (data) => {
        const first: EndToRelay = JSON.parse(String(data));
        if (first.type === 'allocate') this.#admitOperator(socket);
        else if (first.type === 'join') this.#admitCustomer(socket, first.nameplate);
        else socket.terminate();
      });
    });
    const { port } = server.address() as AddressInfo;
    this.deployment = {
      relayUrl: `wss://127.0.0.1:${port}`,
      deploymentId: 'hostile',
      pins: [spkiPin(new X509Certificate(certificate))],
    };
  }

  static async start(): Promise<HostileRelay> {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
      keyType: 'ec',
      algorithm: 'sha256',
    });
    const server = createServer({ key, cert, ...RELAY_TLS });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new HostileRelay(server, cert);
  }

  /** The next two ends that meet. Nothing passes between them but what the test passes on. */
  nextPair(): Promise<readonly [operator: Visitor, customer: Visitor]> {
    return new Promise((resolve) => this.#joined.push(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #admitOperator(socket: WebSocket): void {
    const nameplate = String(this.#nameplates);
    this.#nameplates += 1;
    this.#operators.set(nameplate, new Visitor(socket, 'operator', nameplate));
    socket.send(JSON.stringify({ type: 'code', nameplate, lifetimeMs: 600_000 }));
  }

  #admitCustomer(socket: WebSocket, nameplate: string): void {
    const operator = this.#operators.get(nameplate);
    const customer = new Visitor(socket, 'customer', nameplate);
    if (operator === undefined) {
      customer.close();
      return;
    }
    operator.join();
    customer.join();
    this.#joined.shift()?.([operator, customer]);
  }
}
