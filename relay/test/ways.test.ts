import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { ManualClock } from '@livelet/core/test-support';
import { FrameKind, MAX_TRANSPORT_FRAME, tcpFrame } from '@livelet/core/wire';
import test from 'ava';
import fc from 'fast-check';
import { type Visitor, visit, WAYS, type Way } from './abuse/visitor.js';
import { type TestRelay, testRelay } from './relay-fixture.js';

const MIXES = WAYS.flatMap((operator) => WAYS.map((customer) => [operator, customer] as const));

interface Joined {
  readonly operator: Visitor;
  readonly customer: Visitor;
}

async function joined(relay: TestRelay, operatorWay: Way, customerWay: Way): Promise<Joined> {
  const operator = await visit(operatorWay, relay.port);
  operator.say({ type: 'allocate', authorization: relay.authorize() });
  const code = await operator.hear();
  const customer = await visit(customerWay, relay.port);
  customer.say({ type: 'join', nameplate: 'nameplate' in code ? code.nameplate : '' });
  await Promise.all([operator.hear(), customer.hear()]);
  return { operator, customer };
}

/** Sends frames; over TLS-TCP as one stream cut into `pieces`. */
async function send(
  way: Way,
  end: Visitor,
  frames: readonly Buffer[],
  pieces: readonly number[],
): Promise<void> {
  if (way === 'websocket') {
    for (const frame of frames) end.frame(frame);
    return;
  }
  let rest = Buffer.concat(frames.map((frame) => tcpFrame(FrameKind.frame, frame)));
  for (const length of pieces) {
    end.socket.write(rest.subarray(0, length));
    rest = rest.subarray(length);
    await setImmediate();
  }
  end.socket.write(rest);
}

const frameSize = fc.oneof(
  fc.integer({ min: 1, max: 20 }),
  fc.integer({ min: 1, max: MAX_TRANSPORT_FRAME }),
  fc.integer({ min: MAX_TRANSPORT_FRAME - 2, max: MAX_TRANSPORT_FRAME }),
);
const pieceSize = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 50_000 }));

for (const [operatorWay, customerWay] of MIXES) {
  test(`${operatorWay} with ${customerWay}: frames cut anywhere arrive whole, both ways, in order`, async (t) => {
    const relay = await testRelay(t);
    const { operator, customer } = await joined(relay, operatorWay, customerWay);
    const side = fc.record({
      sizes: fc.array(frameSize, { minLength: 1, maxLength: 6 }),
      pieces: fc.array(pieceSize, { maxLength: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(side, side, async (there, back) => {
        const [out, home] = [there, back].map(({ sizes }) => sizes.map((size) => randomBytes(size)));
        await Promise.all([
          send(operatorWay, operator, out ?? [], there.pieces),
          send(customerWay, customer, home ?? [], back.pieces),
        ]);
        for (const frame of out ?? []) t.true(frame.equals(await customer.take()));
        for (const frame of home ?? []) t.true(frame.equals(await operator.take()));
      }),
      // What a failed run leaves behind would fail the smaller ones too, and hide why.
      { numRuns: 25, endOnFailure: true },
    );
    operator[Symbol.dispose]();
    customer[Symbol.dispose]();
  });

  test(`${operatorWay} with ${customerWay}: a reader that stops for a while loses nothing`, async (t) => {
    const relay = await testRelay(t);
    const { operator, customer } = await joined(relay, operatorWay, customerWay);
    customer.socket.pause();
    const sent = createHash('sha256');
    for (let index = 0; index < 300; index += 1) {
      const frame = randomBytes(65_536);
      sent.update(frame);
      operator.frame(frame);
    }
    await setImmediate();
    customer.socket.resume();
    const received = createHash('sha256');
    for (let index = 0; index < 300; index += 1) received.update(await customer.take());
    t.is(received.digest('hex'), sent.digest('hex'));
    operator[Symbol.dispose]();
    t.deepEqual(
      await customer.hear(),
      customerWay === operatorWay && customerWay === 'tls-tcp' ? { closed: 'cut' } : { closed: 'peerLost' },
    );
  });
}

test('a TLS-TCP receiver that takes nothing is cut, and its sender with it', async (t) => {
  const clock = new ManualClock();
  const relay = await testRelay(t, { clock });
  const { operator, customer } = await joined(relay, 'tls-tcp', 'tls-tcp');
  customer.socket.pause();
  for (let index = 0; index < 512; index += 1) operator.frame(randomBytes(65_536));
  while (relay.health().sessions === 1) {
    await clock.advance(1000);
    await setImmediate();
  }
  t.deepEqual(await operator.hear(), { closed: 'cut' });
});

test('between two TLS-TCP ends the relay is silent, and cuts them when one of them is', async (t) => {
  const clock = new ManualClock();
  const relay = await testRelay(t, { clock });
  const { operator, customer } = await joined(relay, 'tls-tcp', 'tls-tcp');
  for (let minute = 0; minute < 3; minute += 1) {
    operator.frame(Buffer.of(minute));
    customer.frame(Buffer.of(minute));
    t.deepEqual([await customer.take(), await operator.take()], [Buffer.of(minute), Buffer.of(minute)]);
    await clock.advance(20_000);
    await clock.advance(20_000);
  }
  t.is(relay.health().sessions, 1);
  await clock.advance(60_000);
  t.is(relay.health().sessions, 0);
  t.deepEqual(await operator.hear(), { closed: 'cut' });
});

test('pings and a goodbye pass between two TLS-TCP ends as they are', async (t) => {
  const relay = await testRelay(t);
  const { operator, customer } = await joined(relay, 'tls-tcp', 'tls-tcp');
  const close = tcpFrame(FrameKind.close, Buffer.of(4000 >> 8, 4000 & 255));
  const ping = tcpFrame(FrameKind.ping, Buffer.from('12345678'));
  const received: Buffer[] = [];
  customer.socket.on('data', (chunk: Buffer) => received.push(chunk));
  const ended = once(customer.socket, 'end');
  operator.socket.end(Buffer.concat([ping, close]));
  await ended;
  t.deepEqual(Buffer.concat(received), Buffer.concat([ping, close]));
});

const oversized = Buffer.concat([Buffer.of(0, 0, 4, 1), Buffer.alloc(1025)]);
const unwanted: Record<string, Buffer> = {
  'a frame before joined': tcpFrame(FrameKind.frame, Buffer.of(1)),
  'an unknown kind': Buffer.of(9, 0, 0, 1, 0),
  'a message above 1,024 bytes': oversized,
  'an empty message': Buffer.of(0, 0, 0, 0),
  'a ping above 8 bytes': Buffer.of(2, 0, 0, 9),
  'a close without reason': Buffer.of(4, 0, 0, 0),
  'a message that is not JSON': tcpFrame(FrameKind.message, Buffer.from('hello')),
  'a second message': Buffer.concat(
    Array<Buffer>(2).fill(
      tcpFrame(FrameKind.message, Buffer.from('{"type":"allocate","authorization":"x"}')),
    ),
  ),
};
for (const [name, bytes] of Object.entries(unwanted)) {
  test(`TLS-TCP: ${name} is refused`, async (t) => {
    const relay = await testRelay(t);
    const end = await visit('tls-tcp', relay.port);
    end.socket.write(bytes);
    t.deepEqual(await end.hear(), { closed: 'protocol' });
  });
}

test('a message after joined ends a mixed session', async (t) => {
  const relay = await testRelay(t);
  const { operator, customer } = await joined(relay, 'websocket', 'tls-tcp');
  customer.say({ type: 'join', nameplate: '12345' });
  t.deepEqual(await customer.hear(), { closed: 'protocol' });
  t.deepEqual(await operator.hear(), { closed: 'peerLost' });
});

for (const [size, frameBytes] of [
  [0, MAX_TRANSPORT_FRAME],
  [MAX_TRANSPORT_FRAME + 1, 2 * MAX_TRANSPORT_FRAME],
] as const) {
  test(`a frame of ${size} bytes, which TLS-TCP doesn't have, ends a mixed session and nothing else`, async (t) => {
    const relay = await testRelay(t, { settings: { frameBytes } });
    const { operator, customer } = await joined(relay, 'tls-tcp', 'websocket');
    customer.frame(Buffer.alloc(size));
    t.deepEqual(await customer.hear(), { closed: 'protocol' });
    t.deepEqual(await operator.hear(), { closed: 'peerLost' });
    await joined(relay, 'tls-tcp', 'websocket');
  });
}

test('a TLS-TCP end that waits is pinged, its pings are answered, and its goodbye frees the code', async (t) => {
  const clock = new ManualClock();
  const relay = await testRelay(t, { clock });
  const operator = await visit('tls-tcp', relay.port);
  operator.say({ type: 'allocate', authorization: relay.authorize() });
  await operator.hear();
  const pinged = once(operator.socket, 'data');
  await clock.advance(20_000);
  t.deepEqual((await pinged)[0], tcpFrame(FrameKind.ping, Buffer.alloc(0)));
  const ponged = once(operator.socket, 'data');
  operator.socket.write(tcpFrame(FrameKind.ping, Buffer.from('abc')));
  t.deepEqual((await ponged)[0], tcpFrame(FrameKind.pong, Buffer.from('abc')));
  t.is(relay.health().codes, 1);
  operator.socket.write(tcpFrame(FrameKind.close, Buffer.of(4000 >> 8, 4000 & 255)));
  t.deepEqual(await operator.hear(), { closed: 'peerClosed' });
  t.is(relay.health().codes, 0);
});
