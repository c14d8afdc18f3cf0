import { once } from 'node:events';
import { FrameKind, MAX_TRANSPORT_FRAME, RELAY_ALPN, tcpFrame } from '@livelet/core/wire';
import test from 'ava';
import { DEFAULT_SETTINGS } from '../../src/settings.js';
import { startVictim } from './victim.js';
import { ask, gone, pair, sourceOf, tls, type Visitor, visit, WAYS } from './visitor.js';

const KIB = 1024;
const MIB = KIB * KIB;
const FIN = 0x80;
const MASK = Buffer.alloc(4);
/** What a process may grow by beside what the limits bound: garbage, buffers of the system. */
const SLACK = 96 * MIB;

/** A WebSocket fragment of a client; opcode 2 begins a binary message, 0 goes on with it. */
function fragment(opcode: number, length: number, isLast = false): Buffer {
  const extended = length < 126 ? Buffer.alloc(0) : Buffer.alloc(8);
  if (extended.length > 0) extended.writeBigUInt64BE(BigInt(length));
  const first = Buffer.from([opcode | (isLast ? FIN : 0), 0x80 | (extended.length > 0 ? 127 : length)]);
  return Buffer.concat([first, extended, MASK]);
}

/** Writes until the connection ends or `bytes` are written. */
async function pour({ socket }: Visitor, chunk: Buffer, bytes: number): Promise<number> {
  let written = 0;
  const closed = gone(socket);
  while (written < bytes && !socket.destroyed) {
    written += chunk.length;
    if (socket.write(chunk)) continue;
    const drained = new AbortController();
    await Promise.race([once(socket, 'drain', drained).catch(() => undefined), closed]);
    drained.abort();
  }
  return written;
}

interface Bomb {
  readonly what: string;
  readonly way: (typeof WAYS)[number];
  readonly bytes: Buffer;
}

const BOMBS: readonly Bomb[] = [
  {
    what: 'a message in ever more fragments',
    way: 'websocket',
    bytes: Buffer.concat([
      fragment(2, 1),
      Buffer.alloc(1),
      ...Array.from({ length: 100_000 }, () => Buffer.concat([fragment(0, 1), Buffer.alloc(1)])),
    ]),
  },
  {
    what: 'a message announced with a gigabyte',
    way: 'websocket',
    bytes: Buffer.concat([fragment(2, 1024 * MIB, true), Buffer.alloc(MIB)]),
  },
  {
    what: 'fragments that are too large together',
    way: 'websocket',
    bytes: Buffer.concat([
      ...[fragment(2, 60_000), Buffer.alloc(60_000), fragment(0, 60_000), Buffer.alloc(60_000)],
    ]),
  },
  {
    what: 'a frame announced with 16 MiB',
    way: 'tls-tcp',
    bytes: Buffer.concat([Buffer.from([FrameKind.message, 0xff, 0xff, 0xff]), Buffer.alloc(MIB)]),
  },
  {
    what: 'a message of more than is allowed',
    way: 'tls-tcp',
    bytes: Buffer.concat([Buffer.from([FrameKind.message, 0, 4, 1]), Buffer.alloc(1025, 0x20)]),
  },
  { what: 'a frame of a kind that isn’t', way: 'tls-tcp', bytes: Buffer.from([9, 0, 0, 1, 0]) },
  {
    what: 'a frame before a place',
    way: 'tls-tcp',
    bytes: tcpFrame(FrameKind.frame, Buffer.alloc(MAX_TRANSPORT_FRAME)),
  },
  {
    what: 'a frame before a place',
    way: 'websocket',
    bytes: Buffer.concat([fragment(2, 100, true), Buffer.alloc(100)]),
  },
];

for (const { what, way, bytes } of BOMBS) {
  test.serial(`${what} over ${way} is refused at once, and costs nobody anything`, async (t) => {
    const victim = await startVictim(t, { socketsPerMinute: 1000 });
    const steady = await victim.steadyPair();
    await steady.roundTrip();
    const before = await victim.memory();
    for (let index = 0; index < 10; index += 1) {
      using bomber = await visit(way, victim.port, sourceOf(index));
      bomber.socket.write(bytes);
      const heard = await bomber.hear();
      // A WebSocket that breaks RFC 6455 is told so in its own words, or not at all when it goes on sending.
      t.true(
        'closed' in heard && /^(protocol|1002|1008|1009|cut)$/.test(heard.closed),
        JSON.stringify(heard),
      );
    }
    await victim.events.counted('refused protocol', 10);
    t.true((await victim.memory()).rss - before.rss < SLACK);
    await steady.roundTrip();
  });
}

for (const way of WAYS) {
  test.serial(`a peer over ${way} that floods one that doesn’t read waits, then both are cut`, async (t) => {
    const stalledMs = 2000;
    const victim = await startVictim(t, { stalledMs });
    const steady = await victim.steadyPair();
    await steady.roundTrip();
    const before = await victim.memory();
    const { operator, customer } = await pair(way, victim.port, await victim.authorize(), sourceOf(1));
    customer.socket.pause();
    const chunk = way === 'tls-tcp' ? tcpFrame(FrameKind.frame, Buffer.alloc(64 * KIB)) : binary(64 * KIB);
    const flooding = pour(operator, chunk, 1024 * MIB);
    await victim.events.counted('ended stalledWriter');
    const grown = (await victim.memory()).rss - before.rss;
    t.true(grown < DEFAULT_SETTINGS.bufferBytes + SLACK, `${(grown / MIB).toFixed(1)} MiB`);
    const written = await flooding;
    // What the relay didn't hold waits in the two ends' own systems.
    t.true(written < 64 * MIB, `${(written / MIB).toFixed(1)} MiB went out`);
    customer[Symbol.dispose]();
    await steady.roundTrip();
  });

  test.serial(
    `a flood over ${way} to one that reads goes through, and others are heard meanwhile`,
    async (t) => {
      const victim = await startVictim(t);
      const steady = await victim.steadyPair();
      const { operator, customer } = await pair(way, victim.port, await victim.authorize(), sourceOf(1));
      customer.socket.removeAllListeners('data').on('data', () => undefined);
      const before = await victim.memory();
      const chunk = way === 'tls-tcp' ? tcpFrame(FrameKind.frame, Buffer.alloc(64 * KIB)) : binary(64 * KIB);
      const flood = pour(operator, chunk, 128 * MIB);
      for (let trip = 0; trip < 20; trip += 1) await steady.roundTrip();
      t.true((await flood) >= 128 * MIB);
      const grown = (await victim.memory()).rss - before.rss;
      t.true(grown < 2 * DEFAULT_SETTINGS.bufferBytes + SLACK, `${(grown / MIB).toFixed(1)} MiB`);
      operator[Symbol.dispose]();
      customer[Symbol.dispose]();
    },
  );
}

test.serial('tiny frames by the hundred thousand are passed on within bounded memory', async (t) => {
  const victim = await startVictim(t);
  const steady = await victim.steadyPair();
  const { operator, customer } = await pair('websocket', victim.port, await victim.authorize(), sourceOf(1));
  customer.socket.removeAllListeners('data').on('data', () => undefined);
  const before = await victim.memory();
  const many = Buffer.concat(Array.from({ length: 4096 }, () => binary(1)));
  const flood = pour(operator, many, 100 * many.length);
  for (let trip = 0; trip < 5; trip += 1) await steady.roundTrip();
  await flood;
  const grown = (await victim.memory()).rss - before.rss;
  t.true(grown < 2 * DEFAULT_SETTINGS.bufferBytes + SLACK, `${(grown / MIB).toFixed(1)} MiB`);
  operator[Symbol.dispose]();
  customer[Symbol.dispose]();
});

test.serial(
  'too many sockets of one source are told so, and above twice as many cut before TLS',
  async (t) => {
    const victim = await startVictim(t);
    const steady = await victim.steadyPair();
    const { socketsPerMinute } = DEFAULT_SETTINGS;
    const answers: string[] = [];
    for (let index = 0; index < 3 * socketsPerMinute; index += 1) {
      answers.push(await ask('tls-tcp', victim.port, { type: 'nonsense' }, sourceOf(1)));
    }
    t.deepEqual(answers.slice(0, socketsPerMinute), Array(socketsPerMinute).fill('protocol'));
    const refused = answers.slice(socketsPerMinute, 2 * socketsPerMinute);
    t.deepEqual(refused, Array(socketsPerMinute).fill('tooManyRequests'));
    t.deepEqual(answers.slice(2 * socketsPerMinute), Array(socketsPerMinute).fill('cut'));
    await victim.events.counted('dropped tooManyRequests', socketsPerMinute);
    await t.throwsAsync(tls(victim.port, RELAY_ALPN, sourceOf(1)));
    await steady.roundTrip();
  },
);

/** A whole binary WebSocket message of zeros. */
function binary(length: number): Buffer {
  return Buffer.concat([fragment(2, length, true), Buffer.alloc(length)]);
}
