import { ManualClock } from '@livelet/core/test-support';
import test from 'ava';
import { BackOff } from '../../src/access/back-off.js';
import { UsedNonces } from '../../src/access/used-nonces.js';

test('waits begin after the free failures, double up to the longest, and are forgotten', async (t) => {
  const clock = new ManualClock();
  const backOff = new BackOff(clock, { free: 1, firstMs: 100, longestMs: 400 });
  backOff.failed('a');
  t.false(backOff.blocks('a'));
  for (const wait of [100, 200, 400, 400]) {
    backOff.failed('a');
    t.false(backOff.blocks('b'));
    await clock.advance(wait - 1);
    t.true(backOff.blocks('a'), `${wait}`);
    await clock.advance(1);
    t.false(backOff.blocks('a'));
  }
  await clock.advance(401);
  backOff.failed('a');
  t.false(backOff.blocks('a'), 'as if it were the first');
  backOff.failed('a');
  t.true(backOff.blocks('a'));
  backOff.succeeded('a');
  t.false(backOff.blocks('a'));
});

test('many who fail push out those longest without a failure, and no more is kept', (t) => {
  const backOff = new BackOff(new ManualClock(), { free: 0, firstMs: 1000, longestMs: 1000 });
  backOff.failed('first');
  backOff.failed('second');
  for (let count = 0; count < 49_998; count += 1) backOff.failed(`${count}`);
  t.true(backOff.blocks('first'));
  backOff.failed('first');
  backOff.failed('one more');
  t.true(backOff.blocks('first'));
  t.false(backOff.blocks('second'));
});

test('a nonce is new once in its time, and a full memory says so', async (t) => {
  const clock = new ManualClock();
  const nonces = new UsedNonces(clock, 1000);
  t.is(nonces.use('0', 'a'), 'new');
  await clock.advance(1000);
  t.is(nonces.use('0', 'a'), 'used');
  await clock.advance(1);
  t.is(nonces.use('0', 'a'), 'new');
  for (let count = 1; count < 10_000; count += 1) t.is(nonces.use('0', `${count}`), 'new');
  t.is(nonces.use('0', 'b'), 'full');
  t.is(nonces.use('1', 'a'), 'new', 'one key doesn’t fill it for all');
  for (let count = 1; count < 90_000; count += 1) t.is(nonces.use(`${1 + (count % 9)}`, `${count}`), 'new');
  t.is(nonces.use('10', 'b'), 'full');
  t.is(nonces.use('0', 'a'), 'used');
  await clock.advance(1001);
  t.is(nonces.use('0', 'b'), 'new');
  for (let count = 1; count < 10_000; count += 1) t.is(nonces.use('0', `${count}`), 'new');
});
