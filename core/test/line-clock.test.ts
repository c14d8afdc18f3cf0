import test from 'ava';
import { LineClock } from '../src/channel/line-clock.js';
import { ManualClock } from '../test-support/index.js';

test('timers and now stand still in a pause, wall time goes on', async (t) => {
  const clock = new ManualClock();
  const line = new LineClock(clock);
  const wall = line.wallTime();
  const ran: string[] = [];
  line.setTimer(100, () => ran.push('early'));
  line.setTimer(200, () => ran.push('late'));
  await clock.advance(150);
  line.pause();
  line.setTimer(10, () => ran.push('set in the pause'));
  await clock.advance(10_000);
  t.deepEqual([ran, line.now(), line.wallTime() - wall], [['early'], 150, 10_150]);
  line.resume();
  await clock.advance(10);
  t.deepEqual(ran, ['early', 'set in the pause']);
  await clock.advance(40);
  t.deepEqual([ran.at(-1), line.now()], ['late', 200]);
  t.is(clock.pending, 0);
});

test('pausing twice is pausing once, and a disposed timer never runs', async (t) => {
  const clock = new ManualClock();
  const line = new LineClock(clock);
  const ran: number[] = [];
  const [first, second] = [10, 20].map((delay) => line.setTimer(delay, () => ran.push(delay)));
  line.pause();
  first?.[Symbol.dispose]();
  await clock.advance(5);
  line.pause();
  await clock.advance(5);
  line.resume();
  line.resume();
  second?.[Symbol.dispose]();
  await clock.advance(100);
  t.deepEqual([ran, line.now(), clock.pending], [[], 100, 0]);
});

test('a timer that sets another one in its turn', async (t) => {
  const clock = new ManualClock();
  const line = new LineClock(clock);
  let ran = 0;
  const again = (): void => {
    if (++ran < 3) line.setTimer(10, again);
  };
  line.setTimer(10, again);
  await clock.advance(15);
  line.pause();
  await clock.advance(100);
  line.resume();
  await clock.advance(15);
  t.is(ran, 3);
});
