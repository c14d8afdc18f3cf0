import test from 'ava';
import type { ErrorCode } from '../src/index.js';
import { ManualClock, SeededRandom, SimulatedNetwork, settled } from '../test-support/index.js';

function listen(transport: ReturnType<SimulatedNetwork['connect']>['operator']) {
  const got: number[] = [];
  const ends: (ErrorCode | undefined)[] = [];
  let drained = 0;
  transport.attach({
    frame: (bytes) => got.push(bytes[0] ?? 0),
    drained: () => drained++,
    closed: (error) => ends.push(error?.code),
  });
  return { got, ends, drained: () => drained };
}

test('the same seed gives the same numbers', (t) => {
  t.deepEqual(new SeededRandom(5).bytes(20), new SeededRandom(5).bytes(20));
  t.notDeepEqual(new SeededRandom(5).bytes(20), new SeededRandom(6).bytes(20));
});

test('a manual clock runs timers in their order, and none after its disposal', async (t) => {
  const clock = new ManualClock(1_000);
  const ran: string[] = [];
  clock.setTimer(20, () => ran.push(`b ${clock.now()}`));
  clock.setTimer(10, () => {
    ran.push(`a ${clock.now()}`);
    clock.setTimer(5, () => ran.push(`c ${clock.now()}`));
  });
  clock.setTimer(15, () => ran.push('never'))[Symbol.dispose]();
  await clock.advance(20);
  t.deepEqual(ran, ['a 10', 'c 15', 'b 20']);
  t.is(clock.wallTime(), 1_020);
  t.is(clock.pending, 0);
});

test('frames keep their order whatever their delays', async (t) => {
  const clock = new ManualClock();
  const link = new SimulatedNetwork({ seed: 3, clock, delay: { min: 1, max: 50 } }).connect();
  const { got } = listen(link.customer);
  for (let index = 0; index < 50; index++) link.operator.send(Uint8Array.of(index));
  await clock.advance(10);
  t.true(got.length < 50);
  await clock.advance(40);
  t.deepEqual(
    got,
    Array.from({ length: 50 }, (_, index) => index),
  );
});

test('a stalled lane fills the sender and drains when it goes on', async (t) => {
  const link = new SimulatedNetwork().connect();
  const { got } = listen(link.customer);
  const sender = listen(link.operator);
  link.toCustomer.stall();
  t.true(link.operator.send(new Uint8Array(20_000)));
  t.false(link.operator.send(new Uint8Array(20_000)));
  await settled();
  t.is(link.operator.bufferedBytes, 40_000);
  t.is(got.length, 0);
  link.toCustomer.pass();
  await settled();
  t.deepEqual([got.length, sender.drained()], [1, 0]);
  link.toCustomer.resume();
  await settled();
  t.deepEqual([got.length, sender.drained()], [2, 1]);
});

test('a close delivers what was sent before; a cut does not', async (t) => {
  const network = new SimulatedNetwork();
  const closed = network.connect();
  const atClosed = listen(closed.customer);
  closed.operator.send(Uint8Array.of(1));
  closed.operator.close();
  t.false(closed.operator.send(Uint8Array.of(2)));
  await settled();
  t.deepEqual([atClosed.got, atClosed.ends], [[1], [undefined]]);

  const cut = network.connect();
  const ends = [listen(cut.customer), listen(cut.operator)];
  cut.toCustomer.cutAfterFrames(1);
  cut.operator.send(Uint8Array.of(1));
  cut.operator.send(Uint8Array.of(2));
  await settled();
  t.deepEqual(ends[0]?.got, [1]);
  for (const end of ends) t.deepEqual(end.ends, ['relay-closed']);
});

test('frames that come before anyone listens are kept', async (t) => {
  const link = new SimulatedNetwork().connect();
  link.operator.send(Uint8Array.of(1));
  link.operator.close();
  await settled();
  const { got, ends } = listen(link.customer);
  t.deepEqual([got, ends], [[1], [undefined]]);
});
