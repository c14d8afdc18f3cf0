import test from 'ava';
import type { Capability, LiveletError } from '../src/index.js';
import { connectedSessions, settled } from '../test-support/index.js';

test('a question reaches the person once, and their answer comes back', async (t) => {
  const { operator, customer } = await connectedSessions();
  const asked: string[] = [];
  customer.onAsked((capability) => asked.push(capability));
  await operator.ask('control');
  await operator.ask('control');
  t.deepEqual(asked, ['control']);
  t.is(operator.peerGrants.get('control').state, 'asked');
  customer.ownGrants.grant('control');
  await settled();
  t.true(operator.peerGrants.isGranted('control'));
  await operator.ask('control');
  t.deepEqual(asked, ['control']);
});

test('a question that came before anyone listened is not lost', async (t) => {
  const { operator, customer } = await connectedSessions();
  await operator.ask('control');
  await operator.ask('view');
  customer.ownGrants.deny('view');
  const asked: string[] = [];
  customer.onAsked((capability) => asked.push(capability));
  customer.onAsked(() => t.fail('not after its disposal'))[Symbol.dispose]();
  await settled();
  t.deepEqual(asked, ['control']);
});

for (const refusal of ['deny', 'revoke'] as const) {
  test(`after ${refusal} the question rests for 10 seconds`, async (t) => {
    const { operator, customer, clock } = await connectedSessions();
    let asked = 0;
    customer.onAsked(() => asked++);
    await operator.ask('control');
    if (refusal === 'revoke') customer.ownGrants.grant('control');
    customer.ownGrants[refusal]('control');
    const error = await t.throwsAsync(operator.ask('control'), { code: 'request-too-soon' });
    t.like(error, { data: { waitMs: 10_000 } });
    await clock.advance(9_999);
    await t.throwsAsync(operator.ask('control'), { code: 'request-too-soon' });
    await clock.advance(1);
    await operator.ask('control');
    t.is(asked, 2);
    // The person may always decide by themselves.
    customer.ownGrants.grant('control');
    t.true(customer.ownGrants.isGranted('control'));
  });
}

test('each further refusal in a row rests all questions, twice as long, until something is allowed', async (t) => {
  const { operator, customer, clock } = await connectedSessions();
  const own = customer.ownGrants;
  await operator.ask('control');
  await operator.ask('hear');
  own.deny('control');
  await operator.ask('speak');
  const waits: unknown[] = [];
  const refuse = async (capability: Capability): Promise<void> => {
    own.deny(capability);
    const error = await t.throwsAsync(operator.ask('camera'), { code: 'request-too-soon' });
    waits.push((error as LiveletError).data.waitMs);
  };
  await refuse('hear');
  await refuse('speak');
  const asked: readonly Capability[] = ['view', 'control', 'hear', 'speak'];
  for (const capability of asked) {
    await clock.advance(Number(waits.at(-1)) - 1);
    await t.throwsAsync(operator.ask(capability), { code: 'request-too-soon' });
    await clock.advance(1);
    await operator.ask(capability);
    await operator.ask(capability);
    await t.throwsAsync(operator.ask('camera'), { code: 'request-too-soon' }, 'one at a time');
    await refuse(capability);
  }
  t.deepEqual(waits, [20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);

  own.grant('view');
  await operator.ask('camera');
  await operator.ask('record');
  own.deny('camera');
  const error = await t.throwsAsync(operator.ask('camera'), { code: 'request-too-soon' });
  t.like(error, { data: { waitMs: 10_000 } });
  await operator.ask('send-files');
});

test('what this host never grants can not be asked for', async (t) => {
  const { operator, customer } = await connectedSessions({ customer: { allowed: ['view'] } });
  await t.throwsAsync(operator.ask('control'), { code: 'not-granted' });
  t.is(customer.ownGrants.get('control').state, 'none');
});
