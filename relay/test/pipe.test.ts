import { ManualClock } from '@livelet/core/test-support';
import test from 'ava';
import type { WebSocket } from 'ws';
import { Pipe } from '../src/rendezvous/pipe.js';
import { DEFAULT_SETTINGS } from '../src/settings.js';

/** As much of a WebSocket as a Pipe uses: what is sent waits until the test takes it. */
class FakeSocket {
  isPaused = false;
  readonly #waiting: { readonly bytes: number; readonly taken: () => void }[] = [];

  get bufferedAmount(): number {
    return this.#waiting.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get frames(): number {
    return this.#waiting.length;
  }

  send(data: Uint8Array, _options: unknown, taken: () => void): void {
    this.#waiting.push({ bytes: data.byteLength, taken });
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  takeOne(): void {
    this.#waiting.shift()?.taken();
  }

  get asSocket(): WebSocket {
    return this as unknown as WebSocket;
  }
}

interface Bench {
  readonly clock: ManualClock;
  readonly from: FakeSocket;
  readonly to: FakeSocket;
  readonly pipe: Pipe;
  stalls: number;
}

function bench(): Bench {
  const clock = new ManualClock();
  const [from, to] = [new FakeSocket(), new FakeSocket()];
  const pipe = new Pipe(from.asSocket, to.asSocket, clock, DEFAULT_SETTINGS, () => {
    made.stalls += 1;
  });
  const made: Bench = { clock, from, to, pipe, stalls: 0 };
  return made;
}

const KIB_64 = new Uint8Array(65_536);

test('the sender is paused above 1 MiB and goes on at half of it', (t) => {
  const { from, to, pipe } = bench();
  for (let index = 0; index < 16; index += 1) pipe.pass(KIB_64);
  t.false(from.isPaused);
  pipe.pass(KIB_64);
  t.true(from.isPaused);
  while (to.bufferedAmount > 512 * 1024 + 65_536) to.takeOne();
  t.true(from.isPaused);
  to.takeOne();
  t.false(from.isPaused);
  t.is(pipe.bytes, 17 * 65_536);
});

test('tiny frames are counted too', (t) => {
  const { from, to, pipe } = bench();
  const tiny = Uint8Array.of(1);
  for (let index = 0; index < 1024; index += 1) pipe.pass(tiny);
  t.false(from.isPaused);
  pipe.pass(tiny);
  t.true(from.isPaused);
  while (to.frames > 513) to.takeOne();
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
