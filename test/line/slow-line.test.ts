import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import test from 'ava';
import { slowLine } from '../fixtures/slow-line.js';

interface Server extends AsyncDisposable {
  readonly port: number;
}

async function serve(answer: (socket: Socket) => void): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

test('everything passes in order, no sooner than the line allows', async (t) => {
  const sent = Array.from({ length: 6000 }, (_, index) => `${index},`).join('');
  await using server = await serve((socket) => socket.end(sent));
  await using line = await slowLine({ target: server.port, bitsPerSecond: 1_000_000, delayMs: 40 });
  const began = performance.now();
  const socket = connect(line.port, '127.0.0.1');
  t.is(await text(socket), sent);
  // Timers run within the millisecond before their time.
  t.true(performance.now() - began >= 40 + (sent.length * 8) / 1000 - 1);
  t.is(line.bytes(), sent.length);
  t.is(line.inward, 0);
});

test('what waits in front of the line is bounded', async (t) => {
  const megabytes = 4 * 1024 * 1024;
  await using server = await serve((socket) =>
    socket.end(Buffer.alloc(megabytes)).on('error', () => undefined),
  );
  await using line = await slowLine({
    target: server.port,
    bitsPerSecond: 8_000_000,
    delayMs: 10,
    queueBytes: 32 * 1024,
  });
  const socket = connect(line.port, '127.0.0.1');
  let most = 0;
  for await (const chunk of socket) {
    most = Math.max(most, line.inward + (chunk as Buffer).length);
    if (line.bytes() > 300_000) line.bitsPerSecond = 800_000_000;
  }
  t.is(line.bytes(), megabytes);
  // The queue, one read of a socket, what travels at the higher rate, and one read of this end's.
  t.true(most < 32 * 1024 + 64 * 1024 + 1_000_000 + 64 * 1024, `${most} bytes`);
});
