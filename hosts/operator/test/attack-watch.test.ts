import { ManualClock } from '@livelet/core/test-support';
import test from 'ava';
import { AttackWatch } from '../src/attack-watch.js';

const MINUTE = 60_000;

test('the third wrong secret in ten minutes is a possible attack, and stays one', async (t) => {
  const clock = new ManualClock();
  const watch = new AttackWatch(clock);
  t.is(watch.failed('code-wrong-secret'), 'code-wrong-secret');
  await clock.advance(4 * MINUTE);
  t.is(watch.failed('handshake-failed'), 'handshake-failed');
  t.false(watch.suspected);
  await clock.advance(5 * MINUTE);
  t.is(watch.failed('code-wrong-secret'), 'possible-attack');
  t.true(watch.suspected);
  await clock.advance(24 * 60 * MINUTE);
  t.true(watch.suspected);
});

test('failures more than ten minutes apart are slips', async (t) => {
  const clock = new ManualClock();
  const watch = new AttackWatch(clock);
  for (let attempt = 0; attempt < 10; attempt++) {
    t.is(watch.failed('code-wrong-secret'), 'code-wrong-secret');
    await clock.advance(5 * MINUTE);
  }
  t.false(watch.suspected);
});

test('what is no guess at a code does not count', (t) => {
  const watch = new AttackWatch(new ManualClock());
  for (const code of [
    'relay-unreachable',
    'session-interrupted',
    'handshake-timeout',
    'relay-closed',
  ] as const) {
    t.is(watch.failed(code), code);
  }
  t.false(watch.suspected);
});
