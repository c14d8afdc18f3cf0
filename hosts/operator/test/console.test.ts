import {
  createHostContainer,
  createIdentity,
  joinNameplate,
  LiveletError,
  parseSessionCode,
  relayApi,
  type SessionChannel,
  systemClock,
  systemRandom,
} from '@livelet/core';
import { ManualClock } from '@livelet/core/test-support';
import test from 'ava';
import type { OperatorConsole } from '../src/console.js';
import { DEADLINE, joinAsCustomer, reached, testConsole, testRelay } from './fixture.js';

/** The digits that a new code is read out with. */
async function newCode(console: OperatorConsole): Promise<string> {
  console.newCode();
  return (await reached(console, 'waiting')).code;
}

function failure(console: OperatorConsole, code: string): Promise<unknown> {
  return reached(console, 'home', ({ notice }) => notice?.kind === 'failed' && notice.code === code);
}

async function meet(t: Parameters<typeof testRelay>[0]): Promise<{
  readonly console: OperatorConsole;
  readonly customer: SessionChannel;
}> {
  const relay = await testRelay(t);
  const console = await testConsole(t, relay);
  const customer = await joinAsCustomer(t, relay, await newCode(console));
  await reached(console, 'session');
  return { console, customer };
}

test('from a code to the receipt', async (t) => {
  const relay = await testRelay(t);
  const console = await testConsole(t, relay);
  t.deepEqual(console.state, { view: 'home', longCodes: false });

  console.newCode();
  t.is(console.state.view, 'getting-code');
  const waiting = await reached(console, 'waiting');
  t.regex(waiting.code, /^\d{3} \d{3} \d{3} \d{3}$/);
  const life = waiting.expiresAt - Date.now();
  t.true(life > 9 * 60_000 && life <= 10 * 60_000, `${life} ms`);

  const customer = await joinAsCustomer(t, relay, waiting.code);
  const session = await reached(console, 'session');
  t.deepEqual(session.peer, { name: 'Anna Bianchi', fingerprint: session.peer.fingerprint });
  t.deepEqual(session.sasWords, customer.sasWords);
  t.is(customer.peer.name, 'Maria Rossi');

  customer.ownGrants.grant('view');
  await reached(console, 'session', ({ grants }) => grants.some(({ state }) => state === 'granted'));
  const asked = new Promise((resolve) => customer.onAsked(resolve));
  await console.ask('control');
  t.is(await asked, 'control');
  customer.ownGrants.grant('control', { durationMs: 600_000 });
  await reached(console, 'session', ({ events }) => events.length === 3);
  customer.ownGrants.revoke('control');
  await reached(console, 'session', ({ events }) => events.length === 4);
  await customer.end('person');

  const { receipt } = await reached(console, 'ended');
  t.deepEqual(receipt.end, { how: 'ended-by-peer', reason: 'person' });
  t.deepEqual(
    receipt.events.map(({ capability, what, until }) => [capability, what, until !== undefined]),
    [
      ['view', 'granted', false],
      ['control', 'asked', false],
      ['control', 'granted', true],
      ['control', 'revoked', false],
    ],
  );
  t.is(receipt.operator, 'Maria Rossi');
  t.true(receipt.bytesReceived > 0 && receipt.endedAt >= receipt.startedAt);
  t.like(console.history[0], { peerName: 'Anna Bianchi', end: { how: 'ended-by-peer' } });
  console.home();
  t.deepEqual(console.state, { view: 'home', longCodes: false });
});

test('a refusal at the door is in the receipt, what the end takes back is not', async (t) => {
  const { console, customer } = await meet(t);
  const asked = new Promise((resolve) => customer.onAsked(resolve));
  await console.ask('view');
  await asked;
  customer.ownGrants.grant('chat');
  customer.ownGrants.deny('view');
  await reached(console, 'session', ({ events }) => events.length === 3);
  await customer.end('refused');
  const { receipt } = await reached(console, 'ended');
  t.is(receipt.end.reason, 'refused');
  t.deepEqual(
    receipt.events.map(({ capability, what }) => `${capability} ${what}`),
    ['view asked', 'chat granted', 'view denied'],
  );
});

test('what the customer decides in the same breath as the end is in the receipt', async (t) => {
  const { console, customer } = await meet(t);
  customer.ownGrants.grant('view');
  customer.ownGrants.grant('control');
  await reached(console, 'session', ({ events }) => events.length === 2);
  customer.ownGrants.revoke('control');
  await customer.end('person');
  const { receipt } = await reached(console, 'ended');
  t.deepEqual(
    receipt.events.map(({ capability, what }) => `${capability} ${what}`),
    ['view granted', 'control granted', 'control revoked'],
  );
});

test('the operator ends the session', async (t) => {
  const { console, customer } = await meet(t);
  customer.ownGrants.grant('view');
  await reached(console, 'session', ({ events }) => events.length === 1);
  console.end();
  const state = console.state;
  t.true(state.view === 'session' && state.ending);
  t.like(await customer.ended, { how: 'ended-by-peer', reason: 'person' });
  const { receipt } = await reached(console, 'ended');
  t.is(receipt.end.how, 'ended-here');
  t.deepEqual(
    receipt.events.map(({ what }) => what),
    ['granted'],
  );
});

test('a wrong secret spends the code', async (t) => {
  const relay = await testRelay(t);
  const console = await testConsole(t, relay);
  const code = await newCode(console);
  await t.throwsAsync(joinAsCustomer(t, relay, code, { wrongSecret: true }), { code: 'code-wrong-secret' });
  await failure(console, 'code-wrong-secret');
  await t.throwsAsync(joinAsCustomer(t, relay, code), { code: 'code-not-valid' });
  t.not(await newCode(console), code);
});

test('after three wrong secrets codes have ten secret digits, and such a code works', async (t) => {
  const relay = await testRelay(t);
  const console = await testConsole(t, relay);
  for (const told of ['code-wrong-secret', 'code-wrong-secret', 'possible-attack']) {
    const code = await newCode(console);
    t.is(code.replaceAll(' ', '').length, 12);
    await t.throwsAsync(joinAsCustomer(t, relay, code, { wrongSecret: true }));
    await failure(console, told);
  }
  t.like(console.state, { longCodes: true });
  const code = await newCode(console);
  t.is(code.replaceAll(' ', '').length, 16);
  await joinAsCustomer(t, relay, code);
  await reached(console, 'session');
});

test('who hangs up before the secret is tried is no attacker', async (t) => {
  const relay = await testRelay(t);
  const console = await testConsole(t, relay);
  for (let attempt = 0; attempt < 3; attempt++) {
    const { nameplate } = parseSessionCode(await newCode(console));
    const transport = await joinNameplate({ deployment: relay.deployment, nameplate });
    transport.attach({ frame: () => {}, drained: () => {}, closed: () => {} });
    transport.close();
    await failure(console, 'session-interrupted');
  }
  t.like(console.state, { longCodes: false });
});

test('an unused code expires', async (t) => {
  const relay = await testRelay(t, { codeLifetimeMs: 100 });
  const console = await testConsole(t, relay);
  console.newCode();
  const { notice } = await reached(console, 'home');
  t.deepEqual(notice, { kind: 'code-expired' });
});

test('cancel gives the code back', async (t) => {
  const relay = await testRelay(t);
  const console = await testConsole(t, relay);
  const code = await newCode(console);
  console.cancel();
  t.deepEqual(console.state, { view: 'home', longCodes: false });
  await t.throwsAsync(joinAsCustomer(t, relay, code), { code: 'code-not-valid' });
  t.is(relay.health().codes, 0);
});

test('cancel while a code is on its way, and while connecting', async (t) => {
  const relay = await testRelay(t);
  const console = await testConsole(t, relay);
  console.newCode();
  console.cancel();
  t.is(console.state.view, 'home');

  const { nameplate } = parseSessionCode(await newCode(console));
  const transport = await joinNameplate({ deployment: relay.deployment, nameplate });
  const closed = new Promise<void>((resolve) => {
    transport.attach({ frame: () => {}, drained: () => {}, closed: () => resolve() });
  });
  await reached(console, 'connecting');
  console.newCode();
  t.is(console.state.view, 'connecting', 'a code that was typed is not replaced');
  console.cancel();
  await closed;
  t.deepEqual(console.state, { view: 'home', longCodes: false });
});

test('cancel while the session is being prepared ends it', async (t) => {
  const relay = await testRelay(t);
  const host = await createHostContainer({ clock: systemClock, plugins: [] });
  const reachedHost = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const console = await testConsole(t, relay, {
    host: {
      ...host,
      openSession: async (channel) => {
        reachedHost.resolve();
        await gate.promise;
        return host.openSession(channel);
      },
    },
  });
  const customer = await joinAsCustomer(t, relay, await newCode(console));
  await reachedHost.promise;
  console.cancel();
  gate.resolve();
  t.like(await customer.ended, { how: 'ended-by-peer', reason: 'person' });
  t.deepEqual(console.state, { view: 'home', longCodes: false });
});

test('a session that cannot be opened is not left to the customer', async (t) => {
  const relay = await testRelay(t);
  const host = await createHostContainer({ clock: systemClock, plugins: [] });
  const console = await testConsole(t, relay, {
    host: { ...host, openSession: () => Promise.reject(new LiveletError('plugin-start-failed')) },
  });
  const customer = await joinAsCustomer(t, relay, await newCode(console));
  await failure(console, 'plugin-start-failed');
  t.like(await customer.ended, { how: 'ended-by-peer', reason: 'failure' });
});

test('a new code takes the place of one that nobody used', async (t) => {
  const relay = await testRelay(t, { codesPerOperator: 1 });
  const console = await testConsole(t, relay);
  const first = await newCode(console);
  console.newCode();
  const second = await reached(console, 'waiting', ({ code }) => code !== first);
  await t.throwsAsync(joinAsCustomer(t, relay, first), { code: 'code-not-valid' });
  await joinAsCustomer(t, relay, second.code);
  await reached(console, 'session');
});

test('a relay that doesn’t know the operator, is another one, or is gone', async (t) => {
  t.plan(1);
  const relay = await testRelay(t);
  const refused = await testConsole(t, relay, {
    api: relayApi({ deployment: relay.deployment, identity: createIdentity(systemRandom) }),
  });
  refused.newCode();
  await failure(refused, 'operator-not-enrolled');

  const pins = [`sha256/${Buffer.alloc(32).toString('base64')}`];
  const other = await testConsole(t, relay, { deployment: { ...relay.deployment, pins } });
  other.newCode();
  await failure(other, 'relay-certificate-not-pinned');

  const console = await testConsole(t, relay);
  await relay.close();
  console.newCode();
  await failure(console, 'relay-unreachable');
  t.deepEqual(console.history, []);
});

test('a relay in a region that isn’t allowed gives no code', async (t) => {
  const relay = await testRelay(t);
  const refusing = await testConsole(t, relay, { allowedRegions: ['CH', 'US'] });
  refusing.newCode();
  await failure(refusing, 'relay-region-refused');
  const allowing = await testConsole(t, relay, { allowedRegions: ['CH', 'EU'] });
  t.regex(await newCode(allowing), /^\d{3} \d{3} \d{3} \d{3}$/);
});

test('asking again too soon after a no is refused and changes nothing', async (t) => {
  const { console, customer } = await meet(t);
  customer.onAsked((capability) => customer.ownGrants.deny(capability));
  await console.ask('control');
  const state = await reached(console, 'session', ({ events }) =>
    events.some(({ what }) => what === 'denied'),
  );
  const grant = state.grants.find(({ capability }) => capability === 'control');
  const pause = (grant?.askAgainAt ?? 0) - Date.now();
  t.true(pause > 0 && pause <= 10_000, `${pause} ms`);
  await t.throwsAsync(console.ask('control'), { code: 'request-too-soon' });
  t.is(console.state.view, 'session');
});

test('after two refusals nothing can be asked for, and the page is told until when', async (t) => {
  const { console, customer } = await meet(t);
  customer.onAsked((capability) => customer.ownGrants.deny(capability));
  await console.ask('control');
  await console.ask('hear');
  const { grants } = await reached(
    console,
    'session',
    ({ events }) => events.filter(({ what }) => what === 'denied').length === 2,
  );
  const pause = (grants.find(({ capability }) => capability === 'camera')?.askAgainAt ?? 0) - Date.now();
  t.true(pause > 0 && pause <= 20_000, `${pause} ms`);
  await t.throwsAsync(console.ask('camera'), { code: 'request-too-soon' });
});

test('a connection that is lost is not an end that was said', async (t) => {
  const relay = await testRelay(t);
  const clock = new ManualClock(Date.now());
  const console = await testConsole(t, relay, { clock });
  await joinAsCustomer(t, relay, await newCode(console));
  await reached(console, 'session');
  await relay.close();
  await reached(console, 'session', ({ connection }) => connection.state === 'reconnecting');
  await clock.advance(120_000);
  const { receipt } = await reached(console, 'ended');
  t.is(receipt.end.how, 'interrupted');
  t.truthy(receipt.end.error);
});

test('closing the program ends the session and says so', async (t) => {
  const { console, customer } = await meet(t);
  await console[Symbol.asyncDispose]();
  t.like(await customer.ended, { how: 'ended-by-peer', reason: 'shutdown' });
});

test('closing the program while a code waits gives it back', async (t) => {
  const relay = await testRelay(t);
  const console = await testConsole(t, relay);
  const { nameplate } = parseSessionCode(await newCode(console));
  await console[Symbol.asyncDispose]();
  const signal = AbortSignal.timeout(DEADLINE);
  const error = await t.throwsAsync(joinNameplate({ deployment: relay.deployment, nameplate, signal }));
  t.true(error instanceof LiveletError && error.code === 'code-not-valid');
});

test('without a session there is nothing to ask for', async (t) => {
  const console = await testConsole(t, await testRelay(t));
  await t.throwsAsync(console.ask('view'), { code: 'session-ended' });
});
