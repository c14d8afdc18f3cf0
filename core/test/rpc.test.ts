import test from 'ava';
import {
  type ByteStream,
  CALL_DEADLINE,
  type HelloPlugin,
  LiveletError,
  MAX_CONCURRENT_CALLS,
  MAX_RPC_MESSAGE,
  messageStream,
  type RpcService,
  type ServedPath,
} from '../src/index.js';
import { connectedSessions, settled } from '../test-support/index.js';

const DESK: ServedPath = { path: '/test/desk/1', priority: 'chat', capability: 'chat' };
const HELLO: readonly HelloPlugin[] = [{ id: 'test', version: '1.0.0', services: [DESK.path] }];

interface Desk {
  add(parameter: { a: number; b: number }, signal: AbortSignal): Promise<number>;
  fail(parameter: string, signal: AbortSignal): void;
  wait(parameter: undefined, signal: AbortSignal): Promise<void>;
  echo(parameter: string, signal: AbortSignal): string;
  grow(parameter: number, signal: AbortSignal): string;
}

async function desk(extra: RpcService = {}) {
  const pair = await connectedSessions({ customer: { hello: HELLO } });
  const waiting: AbortSignal[] = [];
  const serving = pair.customer.pluginChannel({ serves: [DESK], opens: [] });
  const served = serving.serve(DESK.path, {
    add: async ({ a, b }: { a: number; b: number }) => a + b,
    fail: (how: string) => {
      if (how === 'typed') throw new LiveletError('chat-too-long', 'with a stack', { data: { length: 5 } });
      throw new TypeError('secret detail');
    },
    wait: (_: undefined, signal: AbortSignal) => {
      waiting.push(signal);
      return new Promise<void>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    },
    echo: (text: string) => text,
    grow: (length: number) => 'x'.repeat(length),
    ...extra,
  });
  pair.customer.ownGrants.grant('chat');
  const calling = pair.operator.pluginChannel({ serves: [], opens: [DESK] });
  return { ...pair, served, serving, calling, waiting, remote: calling.remote<Desk>(DESK.path) };
}

test('calls run side by side over one stream', async (t) => {
  const { remote, operator } = await desk();
  await settled();
  const before = operator.statistics().streams;
  const sums = await Promise.all(Array.from({ length: 50 }, (_, index) => remote.add({ a: index, b: 1 })));
  t.deepEqual(
    sums,
    Array.from({ length: 50 }, (_, index) => index + 1),
  );
  t.is(operator.statistics().streams, before + 1);
});

test('an error crosses as code and data, never as text or stack', async (t) => {
  const { remote } = await desk();
  const typed = await t.throwsAsync(remote.fail('typed'), { instanceOf: LiveletError });
  t.like(typed, { code: 'chat-too-long', data: { length: 5 }, message: 'from the peer' });
  const other = await t.throwsAsync(remote.fail('other'), { instanceOf: LiveletError });
  t.like(other, { code: 'call-failed', data: {}, message: 'from the peer' });
  t.is(other.cause, undefined);
});

test('only the service itself can be called', async (t) => {
  const { calling } = await desk();
  const remote = calling.remote<Record<string, () => void>>(DESK.path);
  for (const method of ['missing', 'constructor', 'toString', '__proto__', 'hasOwnProperty']) {
    const call = remote[method] as (() => Promise<void>) | undefined;
    await t.throwsAsync(async () => call?.(), { code: 'method-unknown' }, method);
  }
});

test('a call has a deadline, and the peer stops working on it', async (t) => {
  const { remote, waiting, clock } = await desk();
  const call = t.throwsAsync(remote.wait(undefined), { code: 'deadline-exceeded' });
  await clock.advance(CALL_DEADLINE - 1);
  t.false(waiting[0]?.aborted);
  await clock.advance(1);
  await call;
  await settled();
  t.true(waiting[0]?.aborted);
  const short = t.throwsAsync(remote.wait(undefined, { deadline: 50 }), { code: 'deadline-exceeded' });
  await clock.advance(50);
  await short;
});

test('a call that is given up before it begins is nothing', async (t) => {
  const { calling, customer } = await desk();
  customer.ownGrants.revoke('chat');
  const remote = calling.remote<Desk>(DESK.path);
  await t.throwsAsync(remote.echo('x', { signal: AbortSignal.abort() }), { code: 'cancelled' });
  await settled();
  customer.ownGrants.grant('chat');
  t.is(await remote.echo('x'), 'x');
});

test('a cancelled call is cancelled at the peer', async (t) => {
  const { remote, waiting } = await desk();
  const cancel = new AbortController();
  const call = t.throwsAsync(remote.wait(undefined, { signal: cancel.signal }), { code: 'cancelled' });
  await settled();
  t.is(waiting.length, 1);
  cancel.abort();
  await call;
  await settled();
  t.true(waiting[0]?.aborted);
  t.is(await remote.echo('still there'), 'still there');
});

test('at most 64 calls run at once', async (t) => {
  const { remote } = await desk();
  const cancel = new AbortController();
  const calls = Array.from({ length: MAX_CONCURRENT_CALLS }, () =>
    t.throwsAsync(remote.wait(undefined, { signal: cancel.signal }), { code: 'cancelled' }),
  );
  await t.throwsAsync(remote.echo('one more'), { code: 'call-failed' });
  cancel.abort();
  await Promise.all(calls);
  t.is(await remote.echo('again'), 'again');
});

test('a caller who ignores the limit is refused call by call', async (t) => {
  const { calling, waiting } = await desk();
  const stream = messageStream(await calling.open(DESK.path), MAX_RPC_MESSAGE);
  for (let id = 1; id <= 70; id++) void stream.send(Buffer.from(JSON.stringify({ id, method: 'wait' })));
  const refused: unknown[] = [];
  for await (const message of stream) {
    refused.push(JSON.parse(Buffer.from(message).toString()));
    if (refused.length === 6) break;
  }
  t.is(waiting.length, MAX_CONCURRENT_CALLS);
  t.like(refused[0], { id: 65, error: 406 });
  await settled();
  t.true(
    waiting.every(({ aborted }) => aborted),
    'the stream is gone, so nobody waits for them',
  );
});

test('messages past 256 KiB are refused where they are made', async (t) => {
  const { remote } = await desk();
  await t.throwsAsync(remote.echo('x'.repeat(MAX_RPC_MESSAGE)), { code: 'message-too-large' });
  await t.throwsAsync(remote.grow(MAX_RPC_MESSAGE), { code: 'message-too-large' });
  t.is((await remote.grow(MAX_RPC_MESSAGE - 100)).length, MAX_RPC_MESSAGE - 100);
});

test('a caller who breaks the rules loses its stream', async (t) => {
  const { calling } = await desk();
  const said: [string, string][] = [
    ['not JSON', 'message-malformed'],
    ['[]', 'message-malformed'],
    ['{"id":0,"method":"echo"}', 'message-malformed'],
    ['{"id":1,"method":7}', 'message-malformed'],
  ];
  for (const [text, code] of said) {
    const stream = await calling.open(DESK.path);
    void messageStream(stream, 1_000).send(Buffer.from(text));
    t.is(await stream.closed, code as 'message-malformed', text);
  }
  const stream = await calling.open(DESK.path);
  const messages = messageStream(stream, 1_000);
  for (const id of [2, 1])
    void messages.send(Buffer.from(JSON.stringify({ id, method: 'echo', parameter: 'x' })));
  t.is(await stream.closed, 'message-malformed');
});

test('the stream below opens again after a reset', async (t) => {
  const { remote, customer, waiting } = await desk();
  const lost = t.throwsAsync(remote.wait(undefined), { code: 'revoked' });
  await settled();
  customer.ownGrants.revoke('chat');
  await lost;
  t.true(waiting[0]?.aborted);
  await t.throwsAsync(remote.echo('x'), { code: 'not-granted' });
  customer.ownGrants.grant('chat');
  t.is(await remote.echo('x'), 'x');
});

test('a service that is withdrawn ends its calls', async (t) => {
  const { remote, served } = await desk();
  const lost = t.throwsAsync(remote.wait(undefined), { code: 'service-unknown' });
  await settled();
  served[Symbol.dispose]();
  await lost;
});

test('a caller whose plugin stops takes its calls with it', async (t) => {
  const { remote, calling, operator } = await desk();
  const lost = t.throwsAsync(remote.wait(undefined), { code: 'cancelled' });
  await settled();
  const { streams } = operator.statistics();
  calling[Symbol.dispose]();
  await lost;
  t.is(operator.statistics().streams, streams - 1);
  await t.throwsAsync(remote.echo('x'), { code: 'cancelled' });
});

test('a second stream to the same service takes the place of the first', async (t) => {
  const { calling } = await desk();
  const streams: ByteStream[] = [await calling.open(DESK.path), await calling.open(DESK.path)];
  t.is(await streams[0]?.closed, 'cancelled');
});

test('the end of the session ends its calls', async (t) => {
  const { remote, customer } = await desk();
  const lost = t.throwsAsync(remote.wait(undefined), { code: 'session-ended' });
  await settled();
  await customer.end('person');
  await lost;
});

test('a lost connection ends its calls', async (t) => {
  const { remote, link } = await desk();
  const lost = t.throwsAsync(remote.wait(undefined), { code: 'session-interrupted' });
  await settled();
  link.cut();
  await lost;
});

test('a remote can be the result of an async function', async (t) => {
  const { remote } = await desk();
  const same = await Promise.resolve(remote);
  t.is(await same.echo('x'), 'x');
});
