import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { allocateNameplate, joinNameplate, type LiveletError } from '@livelet/core';
import { ManualClock } from '@livelet/core/test-support';
import test from 'ava';
import { closing, message, rawSocket, sayingSocket, testRelay } from './relay-fixture.js';

test('a socket that never says a word is cut after 10 s', async (t) => {
  const clock = new ManualClock();
  const relay = await testRelay(t, { clock });
  const socket = connectTcp(relay.port, '127.0.0.1').on('error', () => {});
  await once(socket, 'connect');
  // A request that is answered proves that the relay has seen the connection before it.
  await fetchHealth(relay.url);
  const closed = once(socket, 'close');
  await clock.advance(10_000);
  await t.notThrowsAsync(closed);
});

test('a customer who never names a nameplate is told and closed after 10 s', async (t) => {
  const clock = new ManualClock();
  const relay = await testRelay(t, { clock });
  const socket = rawSocket(relay);
  await once(socket, 'open');
  const told = closing(socket);
  await clock.advance(9_999);
  t.is(socket.readyState, socket.OPEN);
  await clock.advance(1);
  t.is(await told, '4009 unattachedTimeout');
});

test('an operator with a code, and a joined pair, are left alone', async (t) => {
  const clock = new ManualClock();
  const relay = await testRelay(t, { clock });
  const { deployment, authorize } = relay;
  const { nameplate } = await allocateNameplate({ deployment, authorization: authorize() });
  await joinNameplate({ deployment, nameplate });
  await allocateNameplate({ deployment, authorization: authorize() });
  await clock.advance(10_000);
  t.deepEqual(relay.health(), { status: 'ok', sessions: 1, codes: 1, resumes: 0 });
});

test('above 20 new sockets a minute a source is told so, above 40 it gets no answer', async (t) => {
  const clock = new ManualClock();
  const relay = await testRelay(t, { clock, settings: { socketsPerMinute: 20 } });
  const { deployment, authorize } = relay;
  for (let sockets = 0; sockets < 20; sockets += 1) {
    t.is(await refusal(joinNameplate({ deployment, nameplate: '00000' })), 'code-not-valid');
  }
  for (let sockets = 20; sockets < 40; sockets += 1) {
    t.is(
      await refusal(allocateNameplate({ deployment, authorization: authorize() })),
      'relay-too-many-requests',
    );
  }
  t.is(await refusal(allocateNameplate({ deployment, authorization: authorize() })), 'relay-unreachable');
  await clock.advance(60_000);
  await t.notThrowsAsync(allocateNameplate({ deployment, authorization: authorize() }));
});

test('one who guesses nameplates is banned, the operators beside them are not', async (t) => {
  const relay = await testRelay(t, { settings: { claimsPerMinute: 10 } });
  const { deployment, authorize } = relay;
  const { nameplate } = await allocateNameplate({ deployment, authorization: authorize() });
  const wrong = nameplate === '00000' ? '00001' : '00000';
  for (let tries = 0; tries < 5; tries += 1) {
    t.is(await refusal(joinNameplate({ deployment, nameplate: wrong })), 'code-not-valid');
  }
  t.is(await refusal(joinNameplate({ deployment, nameplate })), 'relay-too-many-requests');
  await t.notThrowsAsync(allocateNameplate({ deployment, authorization: authorize() }));
  t.is(relay.health().codes, 2, 'the code that was named during the ban is not spent');
});

test('behind a trusted proxy each customer counts for themself', async (t) => {
  const settings = { claimsPerMinute: 1, socketsPerMinute: 3 };
  const relay = await testRelay(t, { settings, trustedProxies: ['127.0.0.0/8'] });
  const ask = async (address: string): Promise<string> => {
    const headers = { 'x-forwarded-for': `1.1.1.1, ${address}` };
    return closing(sayingSocket(relay, { type: 'join', nameplate: '00000' }, headers));
  };
  t.is(await ask('198.51.100.1'), '4002 codeNotValid');
  t.is(await ask('198.51.100.1'), '4004 tooManyRequests');
  t.is(await ask('198.51.100.2'), '4002 codeNotValid');
  t.is(await ask('2001:db8::1'), '4002 codeNotValid');
  t.is(await ask('2001:db8::2'), '4004 tooManyRequests', 'the same /64');
});

test('without trusted proxies the header means nothing', async (t) => {
  const relay = await testRelay(t, { settings: { claimsPerMinute: 1 } });
  const answers = [];
  for (const address of ['198.51.100.1', '198.51.100.2']) {
    const headers = { 'x-forwarded-for': address };
    answers.push(await closing(sayingSocket(relay, { type: 'join', nameplate: '00000' }, headers)));
  }
  t.deepEqual(answers, ['4002 codeNotValid', '4004 tooManyRequests']);
});

test('the log knows addresses and byte counts, and no nameplate, token or content', async (t) => {
  const lines: object[] = [];
  const relay = await testRelay(t, { log: { write: (entry) => lines.push(entry) } });
  const authorization = relay.authorize();
  const operator = sayingSocket(relay, { type: 'allocate', authorization });
  const { nameplate } = await message(operator);
  const customer = rawSocket(relay);
  await once(customer, 'open');
  const joined = [message(operator), message(customer)];
  customer.send(JSON.stringify({ type: 'join', nameplate }));
  await Promise.all(joined);
  const arrived = once(customer, 'message');
  operator.send(Buffer.from('canary-7731'));
  await arrived;
  customer.close(1000);
  await closing(operator);
  await relay.close();
  const session = (lines.find((line) => 'session' in line) as { session: string }).session;
  const from = { source: '127.0.0.1', transport: 'websocket', tls: 'TLSv1.3' };
  t.deepEqual(lines, [
    { event: 'started' },
    { event: 'allocated', session, ...from },
    { event: 'joined', session, ...from },
    { event: 'ended', session, reason: 'peerClosed', operatorToCustomer: 11, customerToOperator: 0 },
    { event: 'stopped' },
  ]);
  const text = JSON.stringify(lines);
  for (const secret of ['canary', String(nameplate), authorization]) {
    t.false(text.replaceAll(session, '').includes(secret), secret);
  }
});

async function refusal(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return 'accepted';
  } catch (error) {
    return (error as LiveletError).code;
  }
}

async function fetchHealth(url: string): Promise<void> {
  const { get } = await import('node:https');
  const request = get(new URL('/healthz', url.replace('wss:', 'https:')), { rejectUnauthorized: false });
  const [response] = await once(request, 'response');
  response.resume();
  await once(response, 'end');
}
