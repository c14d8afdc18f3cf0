import test from 'ava';
import { GrantKeeper } from '../src/consent/own-grants.js';
import { ManualClock } from '../test-support/index.js';

test('a grant whose use is over expires, and can be asked for at once', (t) => {
  const grants = new GrantKeeper(new ManualClock(), ['record']);
  grants.spend('record');
  t.is(grants.get('record').state, 'none', 'there was nothing to spend');
  grants.grant('record', { durationMs: 600_000 });
  grants.spend('record');
  t.is(grants.get('record').state, 'expired');
  t.is(grants.get('record').until, undefined);
  t.true(grants.ask('record'));
});
