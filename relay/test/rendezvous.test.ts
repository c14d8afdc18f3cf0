import { once } from 'node:events';
import { allocateNameplate, joinNameplate, LiveletError } from '@livelet/core';
import { ManualClock } from '@livelet/core/test-support';
import test from 'ava';
import type { WebSocket } from 'ws';
import {
  closing,
  customerSocket,
  message,
  operatorSocket,
  rawSocket,
  sayingSocket,
  type TestRelay,
  testRelay,
} from './relay-fixture.js';

/** 1,000 with `npm test -- --long`. */
const RACES = process.env.LIVELET_LONG_TESTS === '1' ? 1_000 : 200;

/** What a customer who names `nameplate` is told. */
function answerTo(relay: TestRelay, nameplate: string): Promise<string> {
  return closing(customerSocket(relay, nameplate));
}

async function waitingOperator(relay: TestRelay): Promise<{ socket: WebSocket; nameplate: string }> {
  const socket = operatorSocket(relay);
  const { nameplate } = await message(socket);
  return { socket, nameplate: String(nameplate) };
}

test('an operator gets a nameplate and a customer who names it is joined', async (t) => {
  const relay = await testRelay(t);
  const { deployment, authorize } = relay;
  const before = Date.now();
  const allocation = await allocateNameplate({ deployment, authorization: authorize() });
  t.regex(allocation.nameplate, /^\d{5}$/);
  t.true(allocation.expiresAt >= before + 600_000 && allocation.expiresAt <= Date.now() + 600_000);
  t.deepEqual(relay.health(), { status: 'ok', sessions: 0, codes: 1, resumes: 0 });
  const customer = await joinNameplate({ deployment, nameplate: allocation.nameplate });
  const operator = await allocation.joined;
  t.deepEqual(relay.health(), { status: 'ok', sessions: 1, codes: 0, resumes: 0 });
  const closed = new Promise((resolve) => {
    customer.attach({ frame: () => {}, drained: () => {}, closed: resolve });
  });
  operator.close();
  t.is(await closed, undefined);
});

test('unknown, used, expired and given-up nameplates get one answer', async (t) => {
  const clock = new ManualClock();
  const relay = await testRelay(t, { clock });
  const used = await waitingOperator(relay);
  t.deepEqual(await message(customerSocket(relay, used.nameplate)), { type: 'joined' });

  const expired = await waitingOperator(relay);
  const expiry = closing(expired.socket);
  // In steps, so that the keep-alive hears its answers.
  await clock.advance(0);
  const givenUp = await waitingOperator(relay);
  givenUp.socket.close(1000);
  await once(givenUp.socket, 'close');

  const answers = new Set([
    await answerTo(relay, used.nameplate),
    await answerTo(relay, givenUp.nameplate),
    await answerTo(relay, unknownNameplate([used, expired, givenUp])),
  ]);
  await passLifetime(clock, expired.socket);
  t.is(await expiry, '4003 codeExpired');
  answers.add(await answerTo(relay, expired.nameplate));
  t.deepEqual([...answers], ['4002 codeNotValid']);
});

function unknownNameplate(known: readonly { nameplate: string }[]): string {
  const taken = known.map(({ nameplate }) => nameplate);
  return ['00000', '00001', '00002', '00003'].find((nameplate) => !taken.includes(nameplate)) ?? '';
}

/** 10 minutes in steps of a ping, each waiting for the socket to answer, as idle sockets are closed. */
async function passLifetime(clock: ManualClock, socket: WebSocket): Promise<void> {
  for (let step = 1; step < 30; step += 1) {
    const pinged = once(socket, 'ping');
    await clock.advance(20_000);
    await pinged;
    // The pong is on its way; a ping of our own comes back only after it was read.
    const read = once(socket, 'pong');
    socket.ping();
    await read;
  }
  await clock.advance(20_000);
}

test('the operator is told when the time of a code is up', async (t) => {
  const relay = await testRelay(t, { settings: { codeLifetimeMs: 50 } });
  const { deployment, authorize } = relay;
  const allocation = await allocateNameplate({ deployment, authorization: authorize() });
  const error = await t.throwsAsync(allocation.joined, { instanceOf: LiveletError });
  t.is(error?.code, 'code-not-valid');
  t.is(relay.health().codes, 0);
});

test('a cancelled allocation frees the code and rejects', async (t) => {
  const relay = await testRelay(t, { settings: { codesPerOperator: 1 } });
  const { deployment, authorize } = relay;
  const allocation = await allocateNameplate({ deployment, authorization: authorize() });
  allocation.cancel();
  const error = await t.throwsAsync(allocation.joined, { instanceOf: LiveletError });
  t.is(error?.code, 'cancelled');
  const nextError = await t.throwsAsync(joinNameplate({ deployment, nameplate: allocation.nameplate }));
  t.is((nextError as LiveletError).code, 'code-not-valid');
});

test('an aborted signal ends allocation and join', async (t) => {
  const relay = await testRelay(t);
  const { deployment, authorize } = relay;
  const aborted = AbortSignal.abort();
  const errors = await Promise.all([
    t.throwsAsync(allocateNameplate({ deployment, authorization: authorize(), signal: aborted })),
    t.throwsAsync(joinNameplate({ deployment, nameplate: '12345', signal: aborted })),
  ]);
  t.deepEqual(
    errors.map((error) => (error as LiveletError).code),
    ['cancelled', 'cancelled'],
  );
});

test('wrong tokens are refused', async (t) => {
  const relay = await testRelay(t);
  const { deployment } = relay;
  const token = relay.authorize();
  const authorization = `${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`;
  const error = await t.throwsAsync(allocateNameplate({ deployment, authorization }));
  t.is((error as LiveletError).code, 'operator-not-enrolled');
  for (const wrong of ['', ' ', 'x'.repeat(900)]) {
    const socket = sayingSocket(relay, { type: 'allocate', authorization: wrong });
    t.is(await closing(socket), '4007 tokenRefused');
  }
  t.is(relay.health().codes, 0);
});

test('an operator has at most five codes', async (t) => {
  const relay = await testRelay(t, { settings: { codesPerOperator: 5 } });
  const { deployment, authorize } = relay;
  const allocations = [];
  for (let code = 0; code < 5; code += 1) {
    allocations.push(await allocateNameplate({ deployment, authorization: authorize() }));
  }
  t.is(new Set(allocations.map(({ nameplate }) => nameplate)).size, 5);
  const error = await t.throwsAsync(allocateNameplate({ deployment, authorization: authorize() }));
  t.is((error as LiveletError).code, 'relay-too-many-codes');
});

test('a relay short of memory takes nobody new, and spends no code on it', async (t) => {
  let used = 0;
  const relay = await testRelay(t, { usedMemory: () => used });
  const { deployment, authorize } = relay;
  const allocation = await allocateNameplate({ deployment, authorization: authorize() });
  used = 0.8;
  const errors = [
    await t.throwsAsync(allocateNameplate({ deployment, authorization: authorize() })),
    await t.throwsAsync(joinNameplate({ deployment, nameplate: allocation.nameplate })),
  ];
  t.deepEqual(
    errors.map((error) => (error as LiveletError).code),
    ['relay-full', 'relay-full'],
  );
  used = 0.79;
  await t.notThrowsAsync(joinNameplate({ deployment, nameplate: allocation.nameplate }));
});

test('a stopping relay says so to those who wait', async (t) => {
  const relay = await testRelay(t);
  const { deployment, authorize } = relay;
  const allocation = await allocateNameplate({ deployment, authorization: authorize() });
  await relay.close();
  const error = await t.throwsAsync(allocation.joined);
  t.is((error as LiveletError).code, 'relay-closed');
  t.is((error as LiveletError).data.closeCode, 4013);
});

test('of several customers who race for one code, exactly one wins, again and again', async (t) => {
  t.timeout(300_000);
  const relay = await testRelay(t);
  const { deployment, authorize } = relay;
  const round = async (): Promise<number> => {
    const { nameplate, joined } = await allocateNameplate({ deployment, authorization: authorize() });
    const tries = await Promise.allSettled([1, 2, 3].map(() => joinNameplate({ deployment, nameplate })));
    const winners = tries.filter((outcome) => outcome.status === 'fulfilled');
    const losers = tries.filter((outcome) => outcome.status === 'rejected');
    const clean = losers.every(({ reason }) => (reason as LiveletError).code === 'code-not-valid');
    (await joined).close();
    for (const { value } of winners) value.close();
    return clean ? winners.length : Number.NaN;
  };
  const winners = new Set<number>();
  for (let rounds = 0; rounds < RACES; rounds += 20) {
    for (const count of await Promise.all(Array.from({ length: 20 }, round))) winners.add(count);
  }
  t.deepEqual([...winners], [1]);
});

test('what the protocol does not allow closes the socket', async (t) => {
  const relay = await testRelay(t);
  const bad = [
    'not JSON',
    'null',
    '[]',
    '{"type":"join"}',
    '{"type":"join","nameplate":12345}',
    '{"type":"join","nameplate":"1234"}',
    '{"type":"join","nameplate":"123456"}',
    '{"type":"leave","nameplate":"12345"}',
    JSON.stringify({ type: 'join', nameplate: '12345', padding: 'x'.repeat(1024) }),
    Buffer.from('{"type":"join","nameplate":"12345"}'),
  ];
  for (const text of bad) {
    const socket = rawSocket(relay);
    await once(socket, 'open');
    socket.send(text);
    t.is(await closing(socket), '4008 protocol', String(text).slice(0, 60));
  }
  const { socket } = await waitingOperator(relay);
  socket.send('{"type":"code"}');
  t.is(await closing(socket), '4008 protocol');
  t.is(relay.health().codes, 0);
});
