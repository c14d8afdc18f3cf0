import { randomBytes } from 'node:crypto';
import { resumeRendezvous } from '@livelet/core';
import { ManualClock } from '@livelet/core/test-support';
import test from 'ava';
import { type Heard, type Visitor, visit, WAYS, type Way } from './abuse/visitor.js';
import { type TestRelay, testRelay } from './relay-fixture.js';

const newHandle = (): string => randomBytes(32).toString('base64url');

async function resumes(relay: TestRelay, way: Way, message: object): Promise<Visitor> {
  const end = await visit(way, relay.port);
  end.say({ type: 'resume', ...message });
  return end;
}

/** Until the relay has taken in what was sent to it. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

async function answers(...ends: readonly Visitor[]): Promise<readonly Heard[]> {
  return Promise.all(ends.map((end) => end.hear()));
}

for (const way of WAYS) {
  for (const otherWay of WAYS) {
    test(`an operator by ${way} and a customer by ${otherWay} meet at a handle, once`, async (t) => {
      const relay = await testRelay(t);
      const handle = newHandle();
      const customer = await resumes(relay, otherWay, { handle });
      await until(() => relay.health().resumes === 1);
      const operator = await resumes(relay, way, { handle, authorization: relay.authorize() });
      t.deepEqual(await answers(customer, operator), [{ type: 'joined' }, { type: 'joined' }]);
      t.like(relay.health(), { sessions: 1, resumes: 0 });
      operator.frame(Buffer.from('there'));
      t.is(String(await customer.take()), 'there');
      customer.frame(Buffer.from('back'));
      t.is(String(await operator.take()), 'back');
      const thirds = [
        await resumes(relay, way, { handle }),
        await resumes(relay, way, { handle, authorization: relay.authorize() }),
      ];
      t.deepEqual(await answers(...thirds), [{ closed: 'codeNotValid' }, { closed: 'codeNotValid' }]);
    });
  }
}

test('a relay that was started anew brings them together too', async (t) => {
  const first = await testRelay(t);
  await first.close();
  const relay = await testRelay(t, { stateDir: first.stateDir });
  const handle = randomBytes(32);
  const { deployment } = relay;
  const transports = await Promise.all([
    resumeRendezvous({ deployment, handle }),
    resumeRendezvous({ deployment, handle, authorization: relay.authorize() }),
  ]);
  t.is(relay.health().sessions, 1);
  for (const transport of transports) transport.close();
});

test('strangers without an operator are not joined: the later one takes the place', async (t) => {
  const relay = await testRelay(t);
  const handle = newHandle();
  const first = await resumes(relay, 'tls-tcp', { handle });
  await until(() => relay.health().resumes === 1);
  const second = await resumes(relay, 'tls-tcp', { handle });
  t.deepEqual(await first.hear(), { closed: 'peerLost' });
  t.like(relay.health(), { sessions: 0, resumes: 1 });
  const operator = await resumes(relay, 'tls-tcp', { handle, authorization: relay.authorize() });
  t.deepEqual(await answers(second, operator), [{ type: 'joined' }, { type: 'joined' }]);
});

test('an authorization that does not hold is refused', async (t) => {
  const relay = await testRelay(t);
  const end = await resumes(relay, 'tls-tcp', { handle: newHandle(), authorization: 'nonsense' });
  t.deepEqual(await end.hear(), { closed: 'tokenRefused' });
});

test('a handle of another shape is refused', async (t) => {
  const relay = await testRelay(t);
  for (const handle of ['', 'A'.repeat(42), 'A'.repeat(44), `${'A'.repeat(42)}+`, 7]) {
    const end = await resumes(relay, 'tls-tcp', { handle });
    t.deepEqual(await end.hear(), { closed: 'protocol' }, String(handle));
  }
});

test('after 120 s the wait is over', async (t) => {
  const clock = new ManualClock();
  const relay = await testRelay(t, { clock, settings: { idleMs: 3_600_000 } });
  const end = await resumes(relay, 'tls-tcp', { handle: newHandle() });
  await until(() => relay.health().resumes === 1);
  await clock.advance(119_999);
  t.is(relay.health().resumes, 1);
  await clock.advance(1);
  t.deepEqual(await end.hear(), { closed: 'codeExpired' });
  t.is(relay.health().resumes, 0);
});

test('strangers leave half of the places to operators', async (t) => {
  const relay = await testRelay(t, { settings: { resumes: 2 } });
  await resumes(relay, 'tls-tcp', { handle: newHandle() });
  await until(() => relay.health().resumes === 1);
  const stranger = await resumes(relay, 'tls-tcp', { handle: newHandle() });
  t.deepEqual(await stranger.hear(), { closed: 'relayFull' });
  const handle = newHandle();
  const operator = await resumes(relay, 'tls-tcp', { handle, authorization: relay.authorize() });
  await until(() => relay.health().resumes === 2);
  const customer = await resumes(relay, 'websocket', { handle });
  t.deepEqual(await answers(customer, operator), [{ type: 'joined' }, { type: 'joined' }]);
});

test('who leaves gives the place back, and may come again', async (t) => {
  const relay = await testRelay(t, { settings: { resumesPerSource: 1 } });
  const handle = newHandle();
  const first = await resumes(relay, 'tls-tcp', { handle });
  await until(() => relay.health().resumes === 1);
  first[Symbol.dispose]();
  await until(() => relay.health().resumes === 0);
  const second = await resumes(relay, 'websocket', { handle });
  await until(() => relay.health().resumes === 1);
  const third = await resumes(relay, 'websocket', { handle: newHandle() });
  t.deepEqual(await third.hear(), { closed: 'tooManyRequests' });
  second[Symbol.dispose]();
});

test('so many wait in total', async (t) => {
  const relay = await testRelay(t, { settings: { resumes: 1 } });
  await resumes(relay, 'tls-tcp', { handle: newHandle() });
  await until(() => relay.health().resumes === 1);
  const second = await resumes(relay, 'tls-tcp', { handle: newHandle() });
  t.deepEqual(await second.hear(), { closed: 'relayFull' });
});
