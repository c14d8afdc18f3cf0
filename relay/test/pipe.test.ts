import { ManualClock } from '@livelet/core/test-support';
import type { Clock } from '@livelet/core/wire';
import test from 'ava';
import { Pipe } from '../src/rendezvous/pipe.js';
import { Turns } from '../src/rendezvous/turns.js';
import { DEFAULT_SETTINGS } from '../src/settings.js';

/** Both ends of a pipe: what is sent waits until the test takes it. */
class FakeSocket {
  isPaused = false;
  readonly taken: Uint8Array[] = [];
  readonly #waiting: { readonly data: Uint8Array; readonly taken: () => void }[] = [];

  get bufferedAmount(): number {
    return this.#waiting.reduce((sum, { data }) => sum + data.byteLength, 0);
  }

  get frames(): number {
    return this.#waiting.length;
  }

  send(data: Uint8Array, taken: () => void): void {
    this.#waiting.push({ data, taken });
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  takeOne(): void {
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.taken.push(next.data);
    next.taken();
  }
}

interface Bench {
  readonly clock: ManualClock;
  readonly from: FakeSocket;
  readonly to: FakeSocket;
  readonly pipe: Pipe;
  readonly turns: Turns;
  stalls: number;
}

function bench(): Bench {
  const clock = new ManualClock();
  const turns = new Turns(clock);
  const [from, to] = [new FakeSocket(), new FakeSocket()];
  const pipe = new Pipe(
    from,
    (chunk, taken) => to.send(chunk, taken),
    { clock, settings: DEFAULT_SETTINGS, turns },
    Turns.share(),
    () => {
      made.stalls += 1;
    },
  );
  const made: Bench = { clock, from, to, pipe, turns, stalls: 0 };
  return made;
}

const KIB_64 = Buffer.alloc(65_536);

test('the sender is paused above 1 MiB and goes on at half of it', (t) => {
  const { from, to, pipe } = bench();
  for (let index = 0; index < 16; index += 1) pipe.pass(KIB_64);
  t.false(from.isPaused);
  pipe.pass(KIB_64);
  t.true(from.isPaused);
  for (let taken = 0; taken < 8; taken += 1) to.takeOne();
  t.true(from.isPaused);
  to.takeOne();
  t.false(from.isPaused);
  t.is(pipe.bytes, 17 * 65_536);
});

test('the receiver’s socket is given little at once, and all in order', (t) => {
  const { to, pipe } = bench();
  for (let index = 0; index < 16; index += 1) pipe.pass(Buffer.alloc(65_536, index));
  t.is(to.bufferedAmount, 128 * 1024);
  while (to.frames > 0) to.takeOne();
  t.deepEqual(
    to.taken.map((chunk) => chunk[0]),
    Array.from({ length: 16 }, (_, index) => index),
  );
});

test('a flush gives the receiver all at once', (t) => {
  const { to, pipe } = bench();
  for (let index = 0; index < 10; index += 1) pipe.pass(KIB_64);
  pipe.flush();
  t.is(to.bufferedAmount, 10 * 65_536);
});

test('tiny frames are counted too', (t) => {
  const { from, to, pipe } = bench();
  const tiny = Buffer.of(1);
  for (let index = 0; index < 1024; index += 1) pipe.pass(tiny);
  t.false(from.isPaused);
  pipe.pass(tiny);
  t.true(from.isPaused);
  for (let taken = 0; taken < 512; taken += 1) to.takeOne();
  t.true(from.isPaused);
  to.takeOne();
  t.false(from.isPaused);
});

test('a receiver has stalled when it takes nothing for 10 s while its sender is paused', async (t) => {
  const made = bench();
  for (let index = 0; index < 100; index += 1) made.pipe.pass(KIB_64);
  await made.clock.advance(9_999);
  made.to.takeOne();
  await made.clock.advance(9_999);
  t.is(made.stalls, 0);
  await made.clock.advance(1);
  t.is(made.stalls, 1);
});

test('a timer that comes late is followed by none in the past', (t) => {
  const delays: number[] = [];
  let now = 0;
  let late: (() => void) | undefined;
  let stalls = 0;
  const to = new FakeSocket();
  const clock: Clock = {
    now: () => now,
    wallTime: () => now,
    setTimer(delay, task) {
      delays.push(delay);
      late = task;
      return { [Symbol.dispose]() {} };
    },
  };
  const send = (chunk: Buffer, taken: () => void): void => to.send(chunk, taken);
  const pipe = new Pipe(
    new FakeSocket(),
    send,
    { clock, settings: DEFAULT_SETTINGS, turns: new Turns(clock) },
    Turns.share(),
    () => {
      stalls += 1;
    },
  );
  for (let index = 0; index < 100; index += 1) pipe.pass(KIB_64);
  now = 5;
  to.takeOne();
  now = 10_025;
  late?.();
  t.deepEqual(delays, [10_000]);
  t.is(stalls, 1);
});

test('a slow receiver that holds little, or takes all in time, has not stalled', async (t) => {
  const made = bench();
  made.pipe.pass(KIB_64);
  await made.clock.advance(3_600_000);
  for (let index = 0; index < 100; index += 1) made.pipe.pass(KIB_64);
  while (made.to.frames > 0) made.to.takeOne();
  await made.clock.advance(3_600_000);
  t.is(made.stalls, 0);
});

test('a disposed pipe sets off nothing', async (t) => {
  const made = bench();
  for (let index = 0; index < 100; index += 1) made.pipe.pass(KIB_64);
  made.pipe[Symbol.dispose]();
  await made.clock.advance(3_600_000);
  t.is(made.stalls, 0);
});

const turnOver = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a pair that is alone passes on as much as there is in one turn', (t) => {
  const { from, to, pipe } = bench();
  for (let index = 0; index < 8; index += 1) {
    pipe.pass(KIB_64);
    to.takeOne();
  }
  t.false(from.isPaused);
});

test('while others are heard, a pair that has had its share of a turn waits for the next one', async (t) => {
  const { clock, from, to, pipe, turns } = bench();
  const other = Turns.share();
  turns.isOver(other, 200);
  pipe.pass(Buffer.alloc(1000));
  t.false(from.isPaused);
  pipe.pass(KIB_64);
  t.true(from.isPaused);
  // What came before the pause took effect is passed on all the same.
  pipe.pass(Buffer.alloc(1000));
  while (to.frames > 0) to.takeOne();
  t.is(Buffer.concat(to.taken).length, 65_536 + 2000);
  t.true(from.isPaused);
  await turnOver();
  t.false(from.isPaused);
  await clock.advance(100);
  pipe.pass(KIB_64);
  t.false(from.isPaused);
});

test('a pair whose receiver is slow isn’t resumed by the next turn', async (t) => {
  const { from, to, pipe, turns } = bench();
  turns.isOver(Turns.share(), 200);
  for (let index = 0; index < 17; index += 1) pipe.pass(KIB_64);
  await turnOver();
  t.true(from.isPaused);
  while (to.frames > 0) to.takeOne();
  t.false(from.isPaused);
});

test('nothing is resumed once the pipe is disposed', async (t) => {
  const { from, pipe, turns } = bench();
  turns.isOver(Turns.share(), 200);
  pipe.pass(KIB_64);
  pipe[Symbol.dispose]();
  await turnOver();
  t.true(from.isPaused);
});
