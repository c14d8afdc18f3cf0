// A reference for the benchmark: what Node and `ws` can do at the very best. No limits, no log, no back-pressure
// beyond pausing, no authority: it joins every two WebSockets that come one after the other.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { RELAY_TLS } from '@livelet/core/wire';
import { type WebSocket, WebSocketServer } from 'ws';

const MIB = 1024 * 1024;
const [, , key = '', cert = ''] = process.argv;
const server = createServer({ key: readFileSync(key), cert: readFileSync(cert), ...RELAY_TLS });
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
let waiting: WebSocket | undefined;
sockets.on('connection', (socket: WebSocket) => {
  if (waiting === undefined) {
    waiting = socket;
    return;
  }
  pass(waiting, socket);
  pass(socket, waiting);
  waiting = undefined;
});
server.listen(0, '127.0.0.1', () => console.log(`port ${(server.address() as AddressInfo).port}`));

function pass(from: WebSocket, to: WebSocket): void {
  from.on('message', (data, binary) => {
    to.send(data, { binary }, () => from.resume());
    if (to.bufferedAmount > MIB) from.pause();
  });
  from.on('error', () => undefined);
  from.on('close', () => to.terminate());
}
