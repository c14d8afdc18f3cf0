import { createHash, type Hash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  allocateNameplate,
  joinNameplate,
  type LiveletError,
  MAX_TRANSPORT_FRAME,
  type Transport,
} from '@livelet/core';
import { ManualClock } from '@livelet/core/test-support';
import test from 'ava';
import type { WebSocket } from 'ws';
import { closing, joinedPair, type TestRelay, testRelay } from './relay-fixture.js';

async function joinedTransports(relay: TestRelay): Promise<[operator: Transport, customer: Transport]> {
  const { deployment, authorize } = relay;
  const { nameplate, joined } = await allocateNameplate({ deployment, authorization: authorize() });
  const customer = await joinNameplate({ deployment, nameplate });
  return [await joined, customer];
}

/** One end that sends random frames of `sizes`, waiting whenever it is told to, and hashes what it gets. */
class Talker {
  readonly sent = createHash('sha256');
  readonly received = createHash('sha256');
  readonly #transport: Transport;
  #drained = (): void => {};
  #left: number;
  #finish = (_error?: LiveletError): void => {};
  readonly #done = new Promise<void>((resolve, reject) => {
    this.#finish = (error) => (error === undefined ? resolve() : reject(error));
  });

  constructor(transport: Transport, frames: number) {
    this.#transport = transport;
    this.#left = frames;
    transport.attach({
      frame: (bytes) => this.#receive(bytes),
      drained: () => this.#drained(),
      closed: (error) => this.#finish(error),
    });
  }

  async talk(sizes: readonly number[]): Promise<void> {
    for (const size of sizes) {
      const frame = randomBytes(size);
      addFrame(this.sent, frame);
      if (this.#transport.send(frame)) continue;
      await new Promise<void>((resolve) => {
        this.#drained = resolve;
      });
    }
    await this.#done;
  }

  #receive(bytes: Uint8Array): void {
    addFrame(this.received, bytes);
    this.#left -= 1;
    if (this.#left === 0) this.#finish();
  }
}

/** The length goes in too, so that the hash sees where frames begin. */
function addFrame(hash: Hash, frame: Uint8Array): void {
  hash.update(`${frame.byteLength} `).update(frame);
}

test('20 MB pass both ways at once, every frame whole and in order', async (t) => {
  const relay = await testRelay(t);
  const [operator, customer] = await joinedTransports(relay);
  const sizes = Array.from({ length: 600 }, (_, index) => 1 + ((index * 7919) % MAX_TRANSPORT_FRAME));
  const ends = [new Talker(operator, sizes.length), new Talker(customer, sizes.length)] as const;
  await Promise.all(ends.map((end) => end.talk(sizes)));
  t.is(ends[0].sent.digest('hex'), ends[1].received.digest('hex'));
  t.is(ends[1].sent.digest('hex'), ends[0].received.digest('hex'));
});

test('a slow reader loses no frame', async (t) => {
  // 32 MB: more than the relay and the kernel's buffers hold.
  const frames = 512;
  const relay = await testRelay(t);
  const { operator, customer } = await joinedPair(relay);
  customer.pause();
  const sent = createHash('sha256');
  for (let index = 0; index < frames; index += 1) {
    const frame = randomBytes(65_536);
    addFrame(sent, frame);
    operator.send(frame);
  }
  const received = createHash('sha256');
  for (let left = frames; left > 0; left -= 1) {
    customer.resume();
    const [data] = await once(customer, 'message');
    customer.pause();
    addFrame(received, data);
  }
  t.is(received.digest('hex'), sent.digest('hex'));
});

test('a receiver that takes nothing is closed, and its sender told', async (t) => {
  const clock = new ManualClock();
  const relay = await testRelay(t, { clock });
  const { operator, customer } = await joinedPair(relay);
  customer.pause();
  for (let index = 0; index < 512; index += 1) operator.send(randomBytes(65_536));
  const told = closing(operator);
  while (relay.health().sessions === 1) {
    await clock.advance(1000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  t.is(await told, '4001 peerLost');
});

const closings: Record<string, (operator: WebSocket) => void> = {
  '4000 peerClosed': (operator) => operator.close(1000),
  '4001 peerLost': (operator) => operator.terminate(),
};
for (const [expected, leave] of Object.entries(closings)) {
  test(`the other end learns ${expected}`, async (t) => {
    const relay = await testRelay(t);
    const { operator, customer } = await joinedPair(relay);
    leave(operator);
    t.is(await closing(customer), expected);
    t.is(relay.health().sessions, 0);
  });
}

test('what was sent before a good close arrives before it', async (t) => {
  const relay = await testRelay(t);
  const [operator, customer] = await joinedTransports(relay);
  const frames: number[] = [];
  const closed = new Promise<LiveletError | undefined>((resolve) => {
    customer.attach({ frame: (bytes) => frames.push(bytes[0] ?? -1), drained: () => {}, closed: resolve });
  });
  for (let index = 0; index < 50; index += 1) operator.send(new Uint8Array(10_000).fill(index));
  operator.close();
  t.is(await closed, undefined);
  t.deepEqual(
    frames,
    Array.from({ length: 50 }, (_, index) => index),
  );
});

const misbehaviours: Record<string, (socket: WebSocket) => void> = {
  'text after the splice': (socket) => socket.send('hello'),
  'a frame above 66 KiB': (socket) => socket.send(randomBytes(MAX_TRANSPORT_FRAME + 1)),
  'more than 16 fragments': (socket) => {
    for (let index = 0; index < 20; index += 1) socket.send(randomBytes(10), { fin: false, binary: true });
  },
};
for (const [name, misbehave] of Object.entries(misbehaviours)) {
  test(`${name} ends the session for both`, async (t) => {
    const relay = await testRelay(t);
    const { operator, customer } = await joinedPair(relay);
    const frames: unknown[] = [];
    operator.on('message', (data) => frames.push(data));
    const ends = Promise.all([closing(customer), closing(operator)]);
    misbehave(customer);
    const [culprit, other] = await ends;
    t.regex(culprit, /^(4008 protocol|1009 |1008 )/);
    t.is(other, '4001 peerLost');
    t.deepEqual(frames, []);
  });
}

test('a session ends after 12 h', async (t) => {
  const clock = new ManualClock();
  const relay = await testRelay(t, { clock, settings: { pingMs: 24 * 3_600_000 } });
  const { operator, customer } = await joinedPair(relay);
  const ends = Promise.all([closing(operator), closing(customer)]);
  await clock.advance(12 * 3_600_000 - 1);
  t.is(relay.health().sessions, 1);
  await clock.advance(1);
  t.deepEqual(await ends, ['4012 sessionTooLong', '4012 sessionTooLong']);
});

test('a silent end is noticed after 60 s, one that answers pings is not', async (t) => {
  const clock = new ManualClock();
  const relay = await testRelay(t, { clock });
  const { operator, customer } = await joinedPair(relay);
  operator.pause();
  const told = closing(customer);
  for (let step = 0; step < 3; step += 1) {
    t.is(relay.health().sessions, 1);
    const pinged = once(customer, 'ping');
    await clock.advance(20_000);
    if (step < 2) await pinged;
    const read = once(customer, 'pong');
    customer.ping();
    if (step < 2) await read;
  }
  t.is(await told, '4001 peerLost');
});

test('a stopping relay says so to both ends and leaves no socket', async (t) => {
  const relay = await testRelay(t);
  const { operator, customer } = await joinedPair(relay);
  const ends = Promise.all([closing(operator), closing(customer)]);
  await relay.close();
  t.deepEqual(await ends, ['4013 shuttingDown', '4013 shuttingDown']);
});
