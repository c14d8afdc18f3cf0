import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { STREAM_PROFILES } from '../src/channel/byte-stream.js';
import * as frames from '../src/channel/frames.js';
import { Multiplexer } from '../src/channel/multiplexer.js';
import { RECORD_TYPES } from '../src/channel/records.js';
import { ConsentGate } from '../src/consent/gate.js';
import { GrantKeeper } from '../src/consent/own-grants.js';
import {
  type ByteStream,
  CAPABILITIES,
  type ErrorCode,
  type ServedPath,
  type ServicePath,
} from '../src/index.js';
import { ManualClock, settled } from '../test-support/index.js';
import { FakePipe } from './fake-pipe.js';

const CHAT: ServedPath = { path: '/test/chat/1', priority: 'chat', capability: 'chat' };
const VIEW: ServedPath = { path: '/test/view/1', priority: 'screen', capability: 'view' };
const LATER: ServicePath = '/test/later/1';
const WINDOW = STREAM_PROFILES.chat.window;

/** The customer's end, whose peer is the test: numbers of the peer's streams are odd. */
function customer() {
  const clock = new ManualClock();
  const pipe = new FakePipe();
  const grants = new GrantKeeper(clock, CAPABILITIES);
  const gate = new ConsentGate(grants, [CHAT.path, VIEW.path, LATER], []);
  const serving = gate.serve([CHAT, VIEW]);
  const multiplexer = new Multiplexer({ pipe, side: 'customer', clock, gate });
  grants.onChange(() => multiplexer.recheck());
  const accepted: ByteStream[] = [];
  for (const { path } of [CHAT, VIEW]) multiplexer.accept(path, (stream) => accepted.push(stream));
  grants.grant('chat');
  multiplexer.start();
  return { clock, pipe, grants, gate, serving, multiplexer, accepted };
}

type Customer = ReturnType<typeof customer>;

function open({ pipe }: Customer, stream: number, path: ServicePath = CHAT.path, credit = 1_000): void {
  pipe.say(RECORD_TYPES.open, frames.encodeOpen({ stream, credit, path }));
}

function data({ pipe }: Customer, stream: number, length: number): void {
  const body = new Uint8Array(frames.DATA_HEADER + length);
  new DataView(body.buffer).setUint32(0, stream);
  pipe.say(RECORD_TYPES.data, body);
}

async function resets({ pipe }: Customer): Promise<frames.ResetFrame[]> {
  await settled();
  return pipe.bodies(RECORD_TYPES.reset).map(frames.decodeReset);
}

async function fails(t: ExecutionContext, end: Customer, code: ErrorCode): Promise<void> {
  t.true(end.pipe.closed, 'closed at once');
  t.like(await end.multiplexer.ended, { how: 'failed', error: { code } });
}

test('an open of a path that nobody serves, or that is not granted, is refused alone', async (t) => {
  const end = customer();
  open(end, 1, '/test/unknown/1');
  open(end, 3, VIEW.path);
  open(end, 5, CHAT.path);
  t.deepEqual(await resets(end), [
    { stream: 1, code: 'service-unknown' },
    { stream: 3, code: 'not-granted' },
  ]);
  t.is(end.accepted.length, 1);
  t.deepEqual(end.pipe.bodies(RECORD_TYPES.credit).map(frames.decodeCredit), [{ stream: 5, bytes: WINDOW }]);
});

test('an open waits for the plugin that serves its path, then goes through the gate', async (t) => {
  const end = customer();
  open(end, 1, LATER);
  open(end, 3, LATER);
  t.deepEqual(await resets(end), []);
  end.gate.serve([{ path: LATER, priority: 'files', capability: 'take-files' }]);
  end.multiplexer.accept(LATER, (stream) => end.accepted.push(stream));
  t.deepEqual(
    (await resets(end)).map(({ code }) => code),
    ['not-granted', 'not-granted'],
  );
  end.grants.grant('take-files');
  open(end, 5, LATER);
  t.is(end.accepted.length, 1);
});

test('an open waits ten seconds for its plugin', async (t) => {
  const end = customer();
  open(end, 1, LATER);
  await end.clock.advance(9_900);
  t.deepEqual(await resets(end), []);
  await end.clock.advance(200);
  t.deepEqual(await resets(end), [{ stream: 1, code: 'service-unknown' }]);
  t.is(end.multiplexer.streamCount, 0);
});

for (const [what, ids] of [
  ['of this end', [2]],
  ['zero', [0]],
  ['used before', [1, 1]],
  ['lower than one before', [5, 3]],
] as const) {
  test(`an open with a number ${what} is malformed`, async (t) => {
    const end = customer();
    for (const id of ids) open(end, id);
    await fails(t, end, 'frame-malformed');
  });
}

test('a frame of a stream that was never opened is malformed', async (t) => {
  for (const say of [
    (end: Customer) => data(end, 7, 1),
    (end: Customer) => end.pipe.say(RECORD_TYPES.close, frames.encodeClose(7)),
    (end: Customer) => end.pipe.say(RECORD_TYPES.credit, frames.encodeCredit({ stream: 2, bytes: 1 })),
    (end: Customer) => end.pipe.say(RECORD_TYPES.reset, frames.encodeReset({ stream: 7, code: 'cancelled' })),
  ]) {
    const end = customer();
    open(end, 5);
    say(end);
    await fails(t, end, 'frame-malformed');
  }
});

test('a frame of a stream that is over is nothing', (t) => {
  const end = customer();
  open(end, 1);
  end.accepted[0]?.reset('cancelled');
  data(end, 1, 10);
  end.pipe.say(RECORD_TYPES.credit, frames.encodeCredit({ stream: 1, bytes: 1 }));
  end.pipe.say(RECORD_TYPES.close, frames.encodeClose(1));
  end.pipe.say(RECORD_TYPES.reset, frames.encodeReset({ stream: 1, code: 'cancelled' }));
  t.false(end.pipe.closed);
});

test('more bytes than there is credit for end the session', async (t) => {
  const end = customer();
  open(end, 1);
  await settled();
  for (let sent = 0; sent < WINDOW; sent += 32_768) data(end, 1, 32_768);
  t.false(end.pipe.closed);
  data(end, 1, 1);
  await fails(t, end, 'credit-exceeded');
});

test('bytes before a stream is accepted end the session', async (t) => {
  const end = customer();
  open(end, 1, LATER);
  data(end, 1, 1);
  await fails(t, end, 'credit-exceeded');
});

test('more credit than a stream can have ends the session', async (t) => {
  const end = customer();
  open(end, 1);
  end.pipe.say(RECORD_TYPES.credit, frames.encodeCredit({ stream: 1, bytes: frames.MAX_CREDIT }));
  await fails(t, end, 'credit-exceeded');
});

test('data after a close, and a second close, are malformed', async (t) => {
  for (const say of [
    (end: Customer) => data(end, 1, 1),
    (end: Customer) => end.pipe.say(RECORD_TYPES.close, frames.encodeClose(1)),
  ]) {
    const end = customer();
    open(end, 1);
    end.pipe.say(RECORD_TYPES.close, frames.encodeClose(1));
    say(end);
    await fails(t, end, 'frame-malformed');
  }
});

test('a type that this version does not know ends the session', async (t) => {
  for (const type of [0x00, RECORD_TYPES.identity, RECORD_TYPES.hello, 0x15, 0xff]) {
    const end = customer();
    end.pipe.say(type, new Uint8Array(8));
    await fails(t, end, 'frame-unknown');
  }
});

test('an ack of what was not sent, or less than before, is malformed', async (t) => {
  for (const acks of [[2n], [1n, 0n]]) {
    const end = customer();
    for (const seq of acks) end.pipe.say(RECORD_TYPES.ack, frames.encodeAck(seq));
    await fails(t, end, 'frame-malformed');
  }
});

test('an END with another final number is no end', async (t) => {
  const end = customer();
  end.pipe.say(RECORD_TYPES.end, frames.encodeEnd({ finalSeq: 3n, reason: 'person' }));
  await fails(t, end, 'frame-malformed');
});

test('an END is answered with END, and nothing is sent after it', async (t) => {
  const end = customer();
  open(end, 1);
  void end.accepted[0]?.write(new Uint8Array(10));
  end.pipe.say(RECORD_TYPES.end, frames.encodeEnd({ finalSeq: 3n, reason: 'person' }));
  await settled();
  t.deepEqual(await end.multiplexer.ended, { how: 'ended-by-peer', reason: 'person' });
  t.is(end.pipe.records.at(-1)?.type, RECORD_TYPES.end);
});

test('a flood of opens costs one refusal each, and its answers are bounded when nobody takes them', async (t) => {
  const end = customer();
  for (let id = 1; id < 10_000; id += 2) {
    open(end, id, '/test/unknown/1');
    if (id % 99 === 0) await settled();
  }
  t.false(end.pipe.closed);
  t.is(end.multiplexer.streamCount, 0);
  end.pipe.ready = false;
  for (let id = 10_001; id < 20_000 && !end.pipe.closed; id += 2) open(end, id, '/test/unknown/1');
  await fails(t, end, 'too-many-streams');
});

test('a flood of pings is answered once when nobody takes the answers', async (t) => {
  const end = customer();
  await settled();
  end.pipe.ready = false;
  for (let token = 1n; token <= 5_000n; token++) end.pipe.say(RECORD_TYPES.ping, frames.encodePing(token));
  end.pipe.becomeReady();
  await settled();
  t.deepEqual(end.pipe.bodies(RECORD_TYPES.pong).map(frames.decodePing), [5_000n]);
});

test('a close without an acceptance, a handler that throws: that stream only', async (t) => {
  const end = customer();
  const serving = end.gate.serve([{ path: '/test/bad/1', priority: 'chat', capability: 'chat' }]);
  end.multiplexer.accept('/test/bad/1', () => {
    throw new Error('a plugin at fault');
  });
  open(end, 1, '/test/bad/1');
  t.deepEqual(await resets(end), [{ stream: 1, code: 'call-failed' }]);
  serving[Symbol.dispose]();
  t.false(end.pipe.closed);
});

test('a revocation has reset the streams when it returns, and what was unread is gone', async (t) => {
  const end = customer();
  open(end, 1);
  await settled();
  data(end, 1, 100);
  end.grants.revoke('chat');
  const [stream] = end.accepted as [ByteStream];
  await t.throwsAsync(stream[Symbol.asyncIterator]().next(), { code: 'revoked' });
  await t.throwsAsync(stream.write(Uint8Array.of(1)), { code: 'revoked' });
  t.deepEqual(await resets(end), [{ stream: 1, code: 'revoked' }]);
  open(end, 3);
  t.deepEqual((await resets(end)).at(-1), { stream: 3, code: 'not-granted' });
});

test('a plugin that stops takes its streams with it', async (t) => {
  const end = customer();
  open(end, 1);
  end.serving[Symbol.dispose]();
  end.multiplexer.recheck();
  t.deepEqual(await resets(end), [{ stream: 1, code: 'service-unknown' }]);
});

test('control, chat and input are padded, the rest is not', async (t) => {
  const end = customer();
  end.grants.grant('view');
  open(end, 1, CHAT.path);
  open(end, 3, VIEW.path);
  for (const stream of end.accepted) void stream.write(new Uint8Array(10));
  await settled();
  const padded = end.pipe.records.filter(({ type }) => type === RECORD_TYPES.data).map(({ pad }) => pad);
  // The screen goes first.
  t.deepEqual(padded, [false, true]);
  t.true(end.pipe.records.filter(({ type }) => type !== RECORD_TYPES.data).every(({ pad }) => pad));
});

test('an own open is settled by credit, reset, deadline, signal or the end', async (t) => {
  const end = customer();
  const opening = (signal?: AbortSignal) => end.multiplexer.open('/peer/x/1', 'files', signal);
  const accepted = opening();
  const refused = opening();
  const cancel = new AbortController();
  const cancelled = opening(cancel.signal);
  const late = opening();
  await settled();
  t.deepEqual(
    end.pipe.bodies(RECORD_TYPES.open).map((body) => frames.decodeOpen(body).stream),
    [2, 4, 6, 8],
  );
  end.pipe.say(RECORD_TYPES.credit, frames.encodeCredit({ stream: 2, bytes: 5 }));
  t.is((await accepted).id, 2);
  end.pipe.say(RECORD_TYPES.reset, frames.encodeReset({ stream: 4, code: 'not-granted' }));
  await t.throwsAsync(refused, { code: 'not-granted' });
  cancel.abort();
  await t.throwsAsync(cancelled, { code: 'cancelled' });
  const expiry = t.throwsAsync(late, { code: 'deadline-exceeded' });
  await end.clock.advance(10_000);
  await expiry;
  const unsettled = t.throwsAsync(opening(), { code: 'session-ended' });
  end.pipe.say(RECORD_TYPES.end, frames.encodeEnd({ finalSeq: 4n, reason: 'person' }));
  await unsettled;
  await t.throwsAsync(opening(), { code: 'session-ended' });
});

test('whatever a peer says, the end is one of the known ones and memory stays bounded', async (t) => {
  const frame = fc.oneof(
    fc.record({
      type: fc.constantFrom(...Object.values(RECORD_TYPES)),
      body: fc.uint8Array({ maxLength: 40 }),
    }),
    fc
      .record({
        stream: fc.integer({ min: 1, max: 9 }),
        bytes: fc.uint8Array({ minLength: 1, maxLength: 9 }),
      })
      .map(({ stream, bytes }) => ({
        type: RECORD_TYPES.data,
        body: Uint8Array.of(0, 0, 0, stream, ...bytes),
      })),
    fc.integer({ min: 0, max: 30 }).map((stream) => ({
      type: RECORD_TYPES.open,
      body: frames.encodeOpen({ stream, credit: 100, path: CHAT.path }),
    })),
    fc
      .integer({ min: 1, max: 30 })
      .map((stream) => ({ type: RECORD_TYPES.close, body: frames.encodeClose(stream) })),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { maxLength: 60 }), async (said) => {
      const end = customer();
      for (const { type, body } of said) end.pipe.say(type, body);
      await settled();
      t.true(end.multiplexer.streamCount <= 64);
      if (end.pipe.closed) t.true(['failed', 'ended-by-peer'].includes((await end.multiplexer.ended).how));
    }),
    { numRuns: 500 },
  );
});
