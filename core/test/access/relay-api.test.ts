import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import test, { type ExecutionContext } from 'ava';
import { generate } from 'selfsigned';
import { identityFromSeed, parseRequestToken, type RelayApi, relayApi, spkiPin } from '../../src/index.js';
import { ManualClock } from '../../test-support/index.js';

const IDENTITY = identityFromSeed(new Uint8Array(32).fill(7));
const TLS = await generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec', curve: 'P-256' });

interface Answer {
  readonly status: number;
  readonly body: string | Buffer;
}

/** A relay that answers with what the test says, one after the other, and what it was asked. */
async function standIn(
  t: ExecutionContext,
  answers: readonly Answer[],
  readsBodies = true,
): Promise<{ api: RelayApi; asked: { request: IncomingMessage; body: string }[]; clock: ManualClock }> {
  const asked: { request: IncomingMessage; body: string }[] = [];
  const server = createServer({ key: TLS.private, cert: TLS.cert }, async (request, response) => {
    asked.push({ request, body: readsBodies ? await text(request) : '' });
    const answer = answers[asked.length - 1];
    if (answer !== undefined) response.writeHead(answer.status).end(answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const pins = [spkiPin(new X509Certificate(TLS.cert))];
  const deployment = { relayUrl: `wss://127.0.0.1:${port}`, deploymentId: 'house', pins };
  const clock = new ManualClock();
  return { api: relayApi({ deployment, identity: IDENTITY, clock }), asked, clock };
}

test('a call is signed for its method, path and body, and gives the answer’s JSON', async (t) => {
  const { api, asked, clock } = await standIn(t, [
    { status: 200, body: '{"a":[1]}' },
    { status: 204, body: '' },
  ]);
  t.deepEqual(await api.call('PUT', '/x?y=1', { note: 'è' }), { a: [1] });
  t.is(await api.call('DELETE', '/x'), undefined);
  const { request, body } = asked[0] ?? t.fail();
  t.is(`${request.method} ${request.url}`, 'PUT /livelet/1/api/x?y=1');
  t.is(body, '{"note":"è"}');
  const [scheme, token = ''] = request.headers.authorization?.split(' ') ?? [];
  t.is(scheme, 'Livelet');
  t.is(parseRequestToken(token)?.time, String(clock.wallTime()));
});

const REFUSALS: readonly [Answer, string][] = [
  [{ status: 403, body: '{"error":"admin-required"}' }, 'admin-required'],
  [{ status: 400, body: '{"error":"no-code-of-ours"}' }, 'relay-protocol'],
  [{ status: 502, body: '<h1>a proxy’s page</h1>' }, 'relay-protocol'],
  [{ status: 500, body: 'null' }, 'relay-protocol'],
  [{ status: 302, body: '' }, 'relay-protocol'],
  [{ status: 200, body: 'not JSON' }, 'relay-protocol'],
  [{ status: 200, body: Buffer.alloc(32 * 1024 * 1024 + 1, 0x20) }, 'relay-protocol'],
];
for (const [answer, code] of REFUSALS) {
  test(`${answer.status} ${answer.body.slice(0, 30)} is ${code}`, async (t) => {
    const { api } = await standIn(t, [answer]);
    await t.throwsAsync(api.call('GET', '/x'), { code });
  });
}

for (const [status, body] of [
  [302, ''],
  [200, '<h1>Please log in</h1>'],
  [200, '{}'],
  [204, ''],
] as const) {
  test(`what is handed in isn’t kept when the answer is ${status} ${body}`, async (t) => {
    const { api } = await standIn(t, [{ status, body }]);
    await t.throwsAsync(api.upload('PUT', '/x', new Uint8Array(3)), { code: 'relay-protocol' });
  });
}

test('a relay that turns to another protocol is heard of at once', async (t) => {
  const { api } = await standIn(t, [{ status: 101, body: '' }]);
  await t.throwsAsync(api.call('GET', '/x'), { code: 'relay-protocol' });
});

test('the relay’s time is taken over once, and kept', async (t) => {
  const time = Date.UTC(2030, 0, 1);
  const wrong = { status: 401, body: JSON.stringify({ error: 'clock-wrong', time }) };
  const good = { status: 200, body: '{}' };
  const { api, asked } = await standIn(t, [wrong, good, good, wrong, wrong]);
  await api.call('GET', '/x');
  await api.call('GET', '/x');
  await t.throwsAsync(api.call('GET', '/x'), { code: 'clock-wrong' });
  const times = asked.map(({ request }) => {
    return Number(parseRequestToken(request.headers.authorization?.split(' ')[1] ?? '')?.time);
  });
  t.deepEqual(times, [Date.UTC(2026, 0, 1), time, time, time, time]);
});

test('a relay that takes the question and says nothing is unreachable after 30 s', async (t) => {
  const { api, asked, clock } = await standIn(t, []);
  const call = t.throwsAsync(api.call('GET', '/x'), { code: 'relay-unreachable' });
  while (asked.length === 0) await new Promise(setImmediate);
  await clock.advance(30_000);
  await call;
  t.is(clock.pending, 0);
});

test('a body that goes no further is given up long before its whole time', async (t) => {
  const { api, asked, clock } = await standIn(t, [], false);
  let isOver = false;
  // More than the buffers on the way take; the relay reads none of it.
  const call = t.throwsAsync(api.upload('PUT', '/x', new Uint8Array(64 * 1024 * 1024)), {
    code: 'relay-unreachable',
  });
  void call.then(() => {
    isOver = true;
  });
  while (asked.length === 0) await new Promise(setImmediate);
  let seconds = 0;
  for (; !isOver && seconds < 5_000; seconds += 10) {
    await clock.advance(10_000);
    await new Promise(setImmediate);
  }
  t.true(seconds < 5_000, `${seconds} s`);
  t.is(clock.pending, 0);
});

test('a call that is cancelled ends at once', async (t) => {
  const { api, asked } = await standIn(t, []);
  const cancelled = new AbortController();
  const call = t.throwsAsync(api.call('GET', '/x', undefined, cancelled.signal), { code: 'cancelled' });
  while (asked.length === 0) await new Promise(setImmediate);
  cancelled.abort();
  await call;
});
