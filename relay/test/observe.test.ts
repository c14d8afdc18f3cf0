import { once } from 'node:events';
import { request } from 'node:https';
import { ManualClock } from '@livelet/core/test-support';
import test from 'ava';
import { METRICS } from '../src/observe/metric-table.js';
import { RelayMetrics } from '../src/observe/metrics.js';
import { Readiness } from '../src/observe/readiness.js';
import { QUIET, startDesk } from './console/console-fixture.js';
import { closing, customerSocket, testRelay } from './relay-fixture.js';

const WALL = Date.UTC(2026, 11, 2);

/** The samples of Prometheus' text, by name with labels. */
function samples(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.replace(/ [^ ]+$/, ''), Number(line.split(' ').at(-1))]));
}

test('each refusal, end and byte is counted under what happened', async (t) => {
  using metrics = new RelayMetrics(
    () => QUIET,
    () => WALL,
  );
  const source = '203.0.113.7';
  metrics.write({ event: 'refused', source, transport: 'websocket', reason: 'tooManyRequests' });
  metrics.write({ event: 'refused', source, transport: 'tls-tcp', reason: 'tooManyRequests' });
  metrics.write({ event: 'missed', source, transport: 'tls-tcp', reason: 'codeNotValid' });
  metrics.write({ event: 'dropped', reason: 'handshakeTimeout' });
  metrics.write({ event: 'dropped', reason: 'handshakeTimeout' });
  metrics.write({
    event: 'ended',
    session: 'a1',
    reason: 'peerClosed',
    operatorToCustomer: 5,
    customerToOperator: 7,
  });
  metrics.write({ event: 'ended', session: 'a2', reason: 'peerLost', customerToOperator: 3 });
  const text = await metrics.text();
  const found = samples(text);
  for (const [sample, value] of [
    ['livelet_relay_refusals_total{reason="tooManyRequests",transport="websocket"}', 1],
    ['livelet_relay_refusals_total{reason="tooManyRequests",transport="tls-tcp"}', 1],
    ['livelet_relay_refusals_total{reason="codeNotValid",transport="tls-tcp"}', 1],
    ['livelet_relay_refusals_total{reason="handshakeTimeout",transport="none"}', 2],
    ['livelet_relay_endings_total{reason="peerClosed"}', 1],
    ['livelet_relay_endings_total{reason="peerLost"}', 1],
    ['livelet_relay_bytes_total{direction="operatorToCustomer"}', 5],
    ['livelet_relay_bytes_total{direction="customerToOperator"}', 10],
    ['livelet_relay_events_total{event="dropped",transport="none"}', 2],
    ['livelet_relay_sessions', 2],
    ['livelet_relay_certificate_days_left', 30],
  ] as const) {
    t.is(found.get(sample), value, sample);
  }
  t.false(text.includes(source));
  t.false(/"a1"|"a2"/.test(text));
});

test('every metric of the table is there, and no other', async (t) => {
  using metrics = new RelayMetrics(
    () => QUIET,
    () => WALL,
  );
  const types = [...(await metrics.text()).matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [
    name,
    type,
  ]);
  t.deepEqual(
    types,
    Object.entries(METRICS).map(([name, { type }]) => [name, type]),
  );
});

test('where a proxy has the certificate, its days are no number', async (t) => {
  using metrics = new RelayMetrics(
    () => ({ ...QUIET, certificateEndsAt: undefined }),
    () => WALL,
  );
  t.regex(await metrics.text(), /^livelet_relay_certificate_days_left nan$/im);
});

test('a label can’t be made to grow without end', async (t) => {
  using metrics = new RelayMetrics(
    () => QUIET,
    () => WALL,
  );
  for (let count = 0; count < 10_000; count += 1)
    metrics.write({ event: 'refused', reason: `reason ${count}` });
  const refusals = [...samples(await metrics.text()).keys()].filter((name) =>
    name.includes('refusals_total{'),
  );
  t.true(refusals.length <= 65, `${refusals.length}`);
  t.true(refusals.some((name) => name.includes('"other"')));
});

test('a refusal at a running relay shows in its metrics', async (t) => {
  const relay = await testRelay(t);
  t.is(await closing(customerSocket(relay, '00000')), '4002 codeNotValid');
  const response = await fetchFrom(relay.port, '/metrics');
  const found = samples(response);
  t.is(found.get('livelet_relay_refusals_total{reason="codeNotValid",transport="websocket"}'), 1);
  t.true((found.get('livelet_relay_resident_memory_bytes') ?? 0) > 10_000_000);
});

for (const [name, change, failed] of [
  ['ready', {}, undefined],
  ['draining', { draining: true }, 'serving'],
  ['memory is full', { memoryShare: 0.8 }, 'memory'],
  ['the certificate has ended', { certificateEndsAt: Date.UTC(2026, 0, 31, 9) }, 'certificate'],
  ['a proxy has the certificate', { certificateEndsAt: undefined }, undefined],
] as const) {
  test(`/readyz: ${name}`, async (t) => {
    const desk = await startDesk(t);
    desk.figures = { ...QUIET, ...change };
    const { status, text } = await desk.ask('GET', '/readyz');
    const { checks } = JSON.parse(text);
    t.is(status, failed === undefined ? 200 : 503);
    t.deepEqual(
      Object.keys(checks).filter((check) => !checks[check]),
      failed === undefined ? [] : [failed],
    );
    // Alive it is all the same.
    t.is((await desk.ask('GET', '/healthz')).text, '{"status":"ok"}');
  });
}

test('a store that doesn’t answer, or refuses, makes the relay not ready; it is asked once a second', async (t) => {
  const clock = new ManualClock();
  let asked = 0;
  let answer = (): Promise<unknown> => Promise.resolve();
  const readiness = new Readiness({
    clock,
    askStore: () => {
      asked += 1;
      return answer();
    },
    figures: () => QUIET,
    mostMemory: 0.8,
  });
  t.true((await readiness.report()).store);
  t.true((await readiness.report()).store);
  t.is(asked, 1);
  answer = () => Promise.reject(new Error('gone'));
  await clock.advance(1000);
  t.false((await readiness.report()).store);
  answer = () => new Promise(() => {});
  await clock.advance(1000);
  const report = readiness.report();
  await clock.advance(2000);
  t.false((await report).store);
  t.is(asked, 3);
});

async function fetchFrom(port: number, path: string): Promise<string> {
  const question = request({ host: '127.0.0.1', port, path, rejectUnauthorized: false, agent: false }).end();
  const [response] = await once(question, 'response', { signal: AbortSignal.timeout(20_000) });
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return text;
}
