import { ManualClock } from '@livelet/core/test-support';
import test from 'ava';
import { Transfer } from '../src/transfer.js';

const nothing = (): void => undefined;

test('while nothing moves there is no rate and no time left, until it goes on', async (t) => {
  const clock = new ManualClock();
  let told = 0;
  const transfer = new Transfer({
    id: 1,
    way: 'out',
    title: 'film.mp4',
    clock,
    changed: () => {
      told += 1;
    },
    kept: nothing,
    sentInPart: nothing,
  });
  const step = async (): Promise<void> => {
    transfer.moved(1_000);
    await clock.advance(500);
    transfer.moved(1_000);
  };
  transfer.start({ setPaused: nothing, cancel: nothing });
  transfer.begun({ title: 'film.mp4', items: 1, bytes: 10_000 });
  await step();
  t.like(transfer.shown, { rate: 2_000, secondsLeft: 4 });
  const before = told;
  await clock.advance(2_000);
  t.true(told > before);
  t.is(transfer.shown.rate, undefined);
  t.is(transfer.shown.secondsLeft, undefined);
  // What it didn't move in between counts for nothing.
  await step();
  t.is(transfer.shown.rate, 2_000);
  transfer.end();
  t.is(transfer.shown.rate, undefined);
});
