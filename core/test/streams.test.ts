import test from 'ava';
import fc from 'fast-check';
import { STREAM_PROFILES } from '../src/channel/byte-stream.js';
import type { ByteStream } from '../src/index.js';
import { ManualClock, SeededRandom, SimulatedNetwork, settled } from '../test-support/index.js';
import {
  CHAT,
  FILES,
  INPUT,
  readAll,
  readUntilError,
  SCREEN,
  SERVICES,
  type Service,
  streams,
} from './streams-fixture.js';

test('bytes arrive whole and in order both ways, however they are cut into writes', async (t) => {
  const { open } = await streams();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 5_000 }), { maxLength: 12 }),
      fc.array(fc.uint8Array({ maxLength: 200_000 }), { maxLength: 4 }),
      fc.constantFrom(...SERVICES),
      async (there, back, service) => {
        const { near, far } = await open(service);
        for (const bytes of there) void near.write(bytes);
        for (const bytes of back) void far.write(bytes);
        near.closeWrite();
        far.closeWrite();
        const [atFar, atNear] = await Promise.all([readAll(far), readAll(near)]);
        t.true(atFar.equals(Buffer.concat(there)));
        t.true(atNear.equals(Buffer.concat(back)));
        t.deepEqual(await Promise.all([near.closed, far.closed]), [undefined, undefined]);
      },
    ),
    { numRuns: 40 },
  );
});

test('a key press waits for at most one record of a 10 MB file', async (t) => {
  const { open, link } = await streams();
  const file = await open(FILES);
  const input = await open(INPUT);
  let keys = 0;
  const reading = (async () => {
    for await (const chunk of input.far) keys += chunk.length;
  })();
  const received = readAll(file.far);
  const lane = link.toCustomer;
  let ofFile = 0;
  lane.intercept = (frame) => {
    if (frame.length > 1024) ofFile++;
    return [frame];
  };
  lane.stall();
  const written = file.near.write(new Uint8Array(10 * 1024 * 1024));
  const random = new SeededRandom(7);
  let waits = 0;
  const pass = async (): Promise<void> => {
    lane.pass();
    await settled();
  };
  for (let press = 1; press <= 60; press++) {
    for (let records = random.integer(0, 5); records > 0; records--) await pass();
    t.true(lane.bufferedBytes <= 64 * 1024);
    const before = ofFile;
    void input.near.write(Uint8Array.of(press));
    await settled();
    while (keys < press && ofFile - before <= 1) await pass();
    t.is(keys, press, `press ${press} waits for more than a record`);
    waits += ofFile - before;
  }
  t.true(waits > 30, 'the file was being sent all the while');
  lane.resume();
  await written;
  file.near.closeWrite();
  input.near.closeWrite();
  t.is((await received).length, 10 * 1024 * 1024);
  await reading;
});

test('streams of one priority take turns', async (t) => {
  const { open, link } = await streams();
  const first = await open(FILES);
  const second = await open(FILES);
  const counts = [0, 0];
  const count = async (stream: ByteStream, index: number): Promise<void> => {
    for await (const chunk of stream) counts[index] = (counts[index] ?? 0) + chunk.length;
  };
  void count(first.far, 0);
  void count(second.far, 1);
  link.toCustomer.stall();
  void first.near.write(new Uint8Array(200 * 1024));
  void second.near.write(new Uint8Array(200 * 1024));
  for (let records = 0; records < 8; records++) {
    await settled();
    link.toCustomer.pass();
    await settled();
    t.true(Math.abs((counts[0] ?? 0) - (counts[1] ?? 0)) <= STREAM_PROFILES.files.chunk, counts.join());
  }
});

test('what nobody reads stays with the writer beyond the window', async (t) => {
  const { open, operator } = await streams();
  const { near, far } = await open(FILES);
  const size = 4 * STREAM_PROFILES.files.window;
  const written = near.write(new Uint8Array(size));
  await settled();
  t.is(near.queuedBytes, size - STREAM_PROFILES.files.window);
  t.is(operator.statistics().queuedBytes, near.queuedBytes);
  near.closeWrite();
  t.is((await readAll(far)).length, size);
  await written;
});

test('a write that has not begun can be taken back, another one not', async (t) => {
  const { open } = await streams();
  const { near, far } = await open(FILES);
  const window = STREAM_PROFILES.files.window;
  const cancel = new AbortController();
  const begun = near.write(new Uint8Array(window + 1), cancel.signal);
  const waiting = near.write(new Uint8Array(10), cancel.signal);
  const last = near.write(Uint8Array.of(9));
  await settled();
  cancel.abort();
  await t.throwsAsync(waiting, { code: 'cancelled' });
  near.closeWrite();
  const all = await readAll(far);
  await Promise.all([begun, last]);
  t.is(all.length, window + 2);
  t.is(all.at(-1), 9);
  await t.throwsAsync(near.write(new Uint8Array(1), AbortSignal.abort()), { code: 'cancelled' });
});

test('a half-closed stream still carries the other direction', async (t) => {
  const { open } = await streams();
  const { near, far } = await open(CHAT);
  near.closeWrite();
  t.is((await readAll(far)).length, 0);
  await t.throwsAsync(near.write(Uint8Array.of(1)), { code: 'cancelled' });
  void far.write(Buffer.from('answer'));
  far.closeWrite();
  t.is((await readAll(near)).toString(), 'answer');
  t.is(await near.closed, undefined);
});

test('a reset ends both directions at both ends with its code, and drops what is queued', async (t) => {
  const { open } = await streams();
  const { near, far } = await open(CHAT);
  const stuck = near.write(new Uint8Array(4 * STREAM_PROFILES.files.window));
  await settled();
  far.reset('chat-malformed');
  await t.throwsAsync(stuck, { code: 'chat-malformed' });
  await t.throwsAsync(readAll(near), { code: 'chat-malformed' });
  await t.throwsAsync(readAll(far), { code: 'chat-malformed' });
  await t.throwsAsync(far.write(Uint8Array.of(1)), { code: 'chat-malformed' });
  t.deepEqual(await Promise.all([near.closed, far.closed]), ['chat-malformed', 'chat-malformed']);
});

test('a reader who leaves early resets the stream', async (t) => {
  const { open } = await streams();
  const { near, far } = await open(CHAT);
  void near.write(Uint8Array.of(1));
  for await (const _ of far) break;
  t.is(await near.closed, 'cancelled');
});

test('writers who do not wait need not handle a reset', async (t) => {
  const { open } = await streams();
  const { near, far } = await open(CHAT);
  void near.write(new Uint8Array(1024 * 1024));
  far.reset('cancelled');
  await settled();
  void near.write(Uint8Array.of(1));
  await settled();
  // An unhandled rejection would have failed the run.
  t.is(await near.closed, 'cancelled');
});

test('1,000 streams, ended in every way, leave nothing behind', async (t) => {
  const { open, operator, customer, clock } = await streams();
  // Consent has a stream of its own.
  await settled();
  const before = [operator, customer].map((side) => side.statistics().streams);
  for (let index = 0; index < 1_000; index++) {
    const { near, far } = await open(SERVICES[index % SERVICES.length] as Service);
    void near.write(Uint8Array.of(1));
    if (index % 5 === 0) near.reset('cancelled');
    else if (index % 5 === 1) far.reset('cancelled');
    else {
      near.closeWrite();
      far.closeWrite();
      await readAll(far);
    }
    await Promise.all([near.closed, far.closed]);
  }
  await clock.advance(200);
  t.deepEqual(
    [operator, customer].map((side) => side.statistics().streams),
    before,
  );
  t.is(operator.statistics().queuedBytes, 0);
});

test('the 65th stream of a peer is refused, and only that one', async (t) => {
  const { open } = await streams();
  const opened = await Promise.all(Array.from({ length: 64 }, () => open(CHAT)));
  await t.throwsAsync(open(CHAT), { code: 'too-many-streams' });
  opened[0]?.near.reset('cancelled');
  await settled();
  const { near, far } = await open(CHAT);
  void near.write(Buffer.from('x'));
  near.closeWrite();
  t.is((await readAll(far)).toString(), 'x');
});

test('records are acknowledged', async (t) => {
  const { open, clock, operator } = await streams();
  const { near, far } = await open(FILES);
  const received = readAll(far);
  await near.write(new Uint8Array(200 * 1024));
  near.closeWrite();
  t.is((await received).length, 200 * 1024);
  await clock.advance(500);
  const { recordsSent, recordsAcknowledged } = operator.statistics();
  t.true(recordsAcknowledged >= 9, `${recordsAcknowledged} of ${recordsSent}`);
});

test('what a peer doesn’t keep is acknowledged late, and soon with what it keeps', async (t) => {
  const { open, clock, operator } = await streams();
  const [screen, files] = [await open(SCREEN), await open(FILES)];
  await clock.advance(10_000);
  const sends = async (...streams: readonly { readonly near: ByteStream }[]): Promise<number> => {
    for (const { near } of streams) await near.write(Uint8Array.of(1));
    return operator.statistics().recordsSent;
  };
  const known = (): number => operator.statistics().recordsAcknowledged;
  const passing = await sends(screen);
  await clock.advance(1_900);
  t.true(known() < passing);
  await clock.advance(100);
  t.true(known() >= passing);
  const kept = await sends(screen, files);
  t.true(known() < kept);
  await clock.advance(500);
  t.true(known() >= kept);
});

test('END comes after everything that was queued', async (t) => {
  const { open, operator } = await streams();
  const { near, far } = await open(FILES);
  const size = 200 * 1024;
  void near.write(new Uint8Array(size));
  const end = operator.end('person');
  await t.throwsAsync(near.write(Uint8Array.of(1)), { code: 'session-ended' });
  const { bytes, error } = await readUntilError(far);
  t.is(bytes.length, size);
  t.like(error, { code: 'session-ended' });
  t.is((await end).how, 'ended-here');
});

test('an end waits a second for a peer who reads nothing, and then says END', async (t) => {
  const { open, operator, customer, clock } = await streams();
  const { near } = await open(FILES);
  const stuck = near.write(new Uint8Array(1024 * 1024));
  const end = operator.end('shutdown');
  await clock.advance(900);
  t.false(customer.signal.aborted);
  await clock.advance(200);
  t.is((await end).how, 'ended-here');
  t.deepEqual(await customer.ended, { how: 'ended-by-peer', reason: 'shutdown' });
  await t.throwsAsync(stuck, { code: 'session-ended' });
});

test('both ends may say END at once', async (t) => {
  const { operator, customer } = await streams();
  const ends = await Promise.all([operator.end('person'), customer.end('window-gone')]);
  t.deepEqual(ends, [
    { how: 'ended-here', reason: 'person' },
    { how: 'ended-here', reason: 'window-gone' },
  ]);
});

test('opens, reads and writes after the end throw session-ended', async (t) => {
  const { open, operator, customer } = await streams();
  const { near, far } = await open(CHAT);
  await customer.end('person');
  await operator.ended;
  await t.throwsAsync(open(CHAT), { code: 'session-ended' });
  await t.throwsAsync(near.write(Uint8Array.of(1)), { code: 'session-ended' });
  await t.throwsAsync(readAll(far), { code: 'session-ended' });
  t.is(await near.closed, 'session-ended');
});

test('cut anywhere, an end is never silent and a said end never loses data', async (t) => {
  const random = new SeededRandom(2026);
  const seen = { said: 0, interrupted: 0 };
  for (let round = 0; round < 60; round++) {
    const clock = new ManualClock();
    const network = new SimulatedNetwork({ seed: round, clock, delay: { min: 0, max: 30 } });
    const link = network.connect();
    const setUp = streams({ clock, link });
    await clock.advance(500);
    const { open, operator, customer } = await setUp;
    const opening = open(FILES);
    await clock.advance(200);
    const { near, far } = await opening;
    const size = random.integer(1, 150_000);
    link.toCustomer.cutAfterBytes(link.toCustomer.bytes + random.integer(0, 220_000));
    void near.write(new Uint8Array(size));
    const reading = readUntilError(far);
    void operator.end('person');
    await clock.advance(60_000);
    const [here, there, { bytes, error }] = await Promise.all([operator.ended, customer.ended, reading]);
    if (there.how === 'ended-by-peer') {
      seen.said++;
      t.is(bytes.length, size);
      t.like(error, { code: 'session-ended' });
      t.is(here.how, 'ended-here');
    } else {
      seen.interrupted++;
      t.is(there.how, 'interrupted');
      t.true(bytes.length <= size);
      t.like(error, { code: 'session-interrupted' });
    }
    t.is(clock.pending, 0);
  }
  t.true(seen.said > 5 && seen.interrupted > 5, JSON.stringify(seen));
});
