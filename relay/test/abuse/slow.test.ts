import type { Socket } from 'node:net';
import { ManualClock } from '@livelet/core/test-support';
import { RELAY_ALPN } from '@livelet/core/wire';
import test from 'ava';
import { DEFAULT_SETTINGS } from '../../src/settings.js';
import { testRelay } from '../relay-fixture.js';
import { Events, startVictim } from './victim.js';
import { gone, pair, SteadyPair, sourceOf, tcp, tls } from './visitor.js';

const SECOND = 1000;
const MIB = 1024 * 1024;
/** All of a ClientHello would be some hundred bytes; the first of them promise 512. */
const CLIENT_HELLO = Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03]);
const REQUEST = Buffer.from(`GET /livelet/1 HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'a'.repeat(200)}`);
/** The header of a message of 200 bytes, and its beginning. */
const MESSAGE = Buffer.from([0, 0, 0, 200, ...Buffer.alloc(100, 0x20)]);

interface SlowCase {
  readonly what: string;
  readonly connect: (port: number) => Promise<Socket>;
  readonly bytes: Buffer;
  readonly limitMs: number;
  readonly event: string;
}

const { headersMs, unattachedMs } = DEFAULT_SETTINGS;
const CASES: readonly SlowCase[] = [
  {
    what: 'a TLS handshake',
    connect: (port) => tcp(port, sourceOf(1)),
    bytes: CLIENT_HELLO,
    limitMs: headersMs,
    event: 'dropped handshakeTimeout',
  },
  {
    what: 'a request’s headers',
    connect: (port) => tls(port, 'http/1.1', sourceOf(1)),
    bytes: REQUEST,
    limitMs: headersMs,
    event: 'dropped headersTimeout',
  },
  {
    what: 'a TLS-TCP message',
    connect: (port) => tls(port, RELAY_ALPN, sourceOf(1)),
    bytes: MESSAGE,
    limitMs: unattachedMs,
    event: 'refused unattachedTimeout',
  },
];

for (const { what, connect, bytes, limitMs, event } of CASES) {
  test(`one byte a second of ${what} is cut when its time is up`, async (t) => {
    const clock = new ManualClock();
    const events = new Events();
    const relay = await testRelay(t, { clock, log: events });
    const { operator, customer } = await pair('tls-tcp', relay.port, relay.authorize(), sourceOf(0));
    using steady = new SteadyPair(operator, customer);
    const slow = await connect(relay.port);
    t.teardown(() => slow.destroy());
    let isClosed = false;
    const closed = gone(slow).then(() => {
      isClosed = true;
    });
    slow.resume();
    let seconds = 0;
    // What the steady pair sends comes after the byte, so the relay has seen it when that is back.
    for (; events.count(event) === 0 && seconds < 60; seconds += 1) {
      t.false(isClosed);
      slow.write(bytes.subarray(seconds % bytes.length, (seconds % bytes.length) + 1));
      await steady.roundTrip();
      await clock.advance(SECOND);
    }
    const limit = limitMs / SECOND;
    t.true(seconds >= limit - 1 && seconds <= limit + 1, `${seconds} s of ${limit}`);
    t.is(events.count(event), 1);
    await closed;
    await steady.roundTrip();
  });
}

const isLong = process.env.LIVELET_LONG_TESTS === '1';

test('thousands of half-open sockets from many sources take little, and go', async (t) => {
  const sockets = isLong ? 10_000 : 2_000;
  t.timeout(5 * 60 * SECOND);
  // Few places and long times, so that it is the crowd that cuts; the limits of a source are the real ones.
  const unattached = isLong ? 5_000 : 1_000;
  const victim = await startVictim(t, { unattached, headersMs: 60 * SECOND, unattachedMs: 60 * SECOND });
  const steady = await victim.steadyPair();
  await steady.roundTrip();
  const before = await victim.memory();
  const perSource = DEFAULT_SETTINGS.unattachedPerSource;
  const open: Socket[] = [];
  t.teardown(() => {
    for (const socket of open) socket.destroy();
  });
  for (let index = 0; index < sockets; index += 1) {
    open.push(await tcp(victim.port, sourceOf(Math.floor(index / perSource))));
  }
  const tooMany = sockets - unattached;
  t.is(await victim.happened('dropped crowded', tooMany), tooMany, 'the oldest make room');
  const grown = (await victim.memory()).rss - before.rss;
  t.true(grown < unattached * 0.1 * MIB, `${(grown / MIB).toFixed(1)} MiB for ${unattached} sockets`);
  await steady.roundTrip();

  const { operator, customer } = await pair('websocket', victim.port, await victim.authorize(), '127.8.0.2');
  using second = new SteadyPair(operator, customer);
  await t.notThrowsAsync(second.roundTrip(), 'and new people still meet');
});
