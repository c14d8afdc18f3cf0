import { once } from 'node:events';
import { ManualClock } from '@livelet/core/test-support';
import { RELAY_ALPN, RELAY_PATH } from '@livelet/core/wire';
import test from 'ava';
import type { LogEntry } from '../src/log.js';
import { gone, pair, tcp, tls, visit, WAYS } from './abuse/visitor.js';
import { testRelay } from './relay-fixture.js';

const UPGRADE = `GET ${RELAY_PATH} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;
const HEALTH = 'GET /livelet/1/api/none HTTP/1.1\r\nHost: x\r\n\r\n';

/** A log that keeps why connections were cut without an answer. */
function drops(): { write: (entry: LogEntry) => void; readonly reasons: (string | undefined)[] } {
  const reasons: (string | undefined)[] = [];
  return {
    reasons,
    write: ({ event, reason }) => {
      if (event === 'dropped') reasons.push(reason);
    },
  };
}

/** Resolves once the relay has answered `socket`. */
async function answered(socket: Awaited<ReturnType<typeof tls>>, text: string): Promise<string> {
  const answer = once(socket, 'data');
  socket.write(text);
  return String((await answer)[0]).split('\r\n', 1)[0] ?? '';
}

test('of too many without a place, the one that waits longest makes room', async (t) => {
  const log = drops();
  const relay = await testRelay(t, { log, settings: { unattached: 3 } });
  const idle = [
    await tls(relay.port, RELAY_ALPN),
    await tls(relay.port, RELAY_ALPN),
    await tls(relay.port, RELAY_ALPN),
  ];
  for (const socket of idle) socket.resume();
  const cut = gone(idle[0] as (typeof idle)[0]);
  const { operator } = await pair('tls-tcp', relay.port, relay.authorize());
  await cut;
  t.true(log.reasons.includes('crowded'));
  t.is(relay.health().sessions, 1);
  operator[Symbol.dispose]();
});

test('each way of taking too long is cut and counted by its name', async (t) => {
  const clock = new ManualClock();
  const log = drops();
  const relay = await testRelay(t, {
    clock,
    log,
    trustedProxies: ['127.9.0.1'],
    settings: { unattachedMs: 60_000 },
  });
  const handshake = await tcp(relay.port);
  const header = await tcp(relay.port, '127.9.0.1');
  const headers = await tls(relay.port, 'http/1.1');
  // One that is answered proves that the relay has seen those before it.
  const kept = await tls(relay.port, 'http/1.1');
  t.regex(await answered(kept, HEALTH), /^HTTP\/1\.1 404/);
  for (const socket of [handshake, header, headers, kept]) socket.resume();
  await clock.advance(5000);
  await Promise.all([handshake, header, headers, kept].map(gone));
  t.deepEqual(log.reasons.toSorted(), ['handshakeTimeout', 'headersTimeout', 'proxyHeader']);
});

test('a WebSocket that says nothing is closed after 10 s, and cut when it takes no goodbye', async (t) => {
  const clock = new ManualClock();
  const relay = await testRelay(t, { clock });
  const socket = await tls(relay.port, 'http/1.1');
  t.regex(await answered(socket, UPGRADE), /^HTTP\/1\.1 101/);
  const closed = gone(socket);
  socket.resume();
  await clock.advance(10_000);
  // The goodbye isn't answered.
  await clock.advance(10_000);
  await t.notThrowsAsync(closed);
});

test('requests that break HTTP are told so', async (t) => {
  const relay = await testRelay(t);
  const socket = await tls(relay.port, 'http/1.1');
  t.regex(await answered(socket, 'nonsense\r\n\r\n'), /^HTTP\/1\.1 400 /);
});

for (const way of WAYS) {
  test(`a draining relay takes nobody by ${way}, lets a session end, and is then done`, async (t) => {
    const relay = await testRelay(t);
    const waiting = await visit(way, relay.port);
    waiting.say({ type: 'allocate', authorization: relay.authorize() });
    await waiting.hear();
    const { operator, customer } = await pair(way, relay.port, relay.authorize());
    const drained = relay.drain();
    t.deepEqual(await waiting.hear(), { closed: 'shuttingDown' });
    const late = await visit(way, relay.port);
    t.deepEqual(await late.hear(), { closed: 'shuttingDown' });
    operator.frame(Buffer.from('still'));
    t.is(String(await customer.take()), 'still');
    operator[Symbol.dispose]();
    customer[Symbol.dispose]();
    await t.notThrowsAsync(drained);
  });
}

test('a session that does not end is not waited for longer than 10 s', async (t) => {
  const clock = new ManualClock();
  const relay = await testRelay(t, { clock });
  const { operator } = await pair('websocket', relay.port, relay.authorize());
  const drained = relay.drain();
  await clock.advance(10_000);
  await drained;
  await relay.close();
  t.deepEqual(await operator.hear(), { closed: 'shuttingDown' });
});
