import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { createSealKeys, sealReport, submitReport, systemClock, systemRandom } from '@livelet/core';
import { ManualClock } from '@livelet/core/test-support';
import { MAX_ENVELOPE } from '@livelet/core/wire';
import test, { type ExecutionContext } from 'ava';
import { gone, pair, SteadyPair, sourceOf, tls } from './abuse/visitor.js';
import { testRelay } from './relay-fixture.js';

const SECOND = 1000;
const KIB = 1024;
const BYTES = 1000;
/** Of another length than any sealed report: refused once all of it is there. */
const HEAD = `POST /livelet/1/api/reports HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${BYTES}\r\n\r\n`;

/** Sends a report's body at so many bytes a second until the relay answers. */
async function sendSlowly(
  t: ExecutionContext,
  bytesPerSecond: number,
): Promise<{ readonly seconds: number; readonly answer: string }> {
  const clock = new ManualClock();
  const settings = { bodyMs: 10 * SECOND, bodyBytes: 100, requestMs: 30 * SECOND };
  const relay = await testRelay(t, { clock, settings });
  const { operator, customer } = await pair('tls-tcp', relay.port, relay.authorize(), sourceOf(0));
  using steady = new SteadyPair(operator, customer);
  const slow = await tls(relay.port, 'http/1.1', sourceOf(1));
  t.teardown(() => slow.destroy());
  // Each write by itself, not once the one before was acknowledged.
  slow.setNoDelay(true);
  let answer = '';
  slow.on('data', (chunk: Buffer) => {
    answer += chunk.toString('latin1');
  });
  const closed = gone(slow);
  slow.write(HEAD);
  await steady.roundTrip();
  let seconds = 0;
  for (; answer === '' && seconds * bytesPerSecond < BYTES; seconds += 1) {
    slow.write(Buffer.alloc(bytesPerSecond));
    // What the steady pair sends comes after the bytes, so the relay has seen them when that is back.
    await steady.roundTrip();
    await clock.advance(SECOND);
  }
  await closed;
  return { seconds, answer };
}

test('a body that comes slowly, but comes, is waited for longer than a request', async (t) => {
  const { seconds, answer } = await sendSlowly(t, 20);
  t.is(seconds, BYTES / 20);
  t.regex(answer, /^HTTP\/1\.1 400 .*\{"error":"sealed-malformed"\}$/s);
});

test('a body of which too little comes is refused after the first time that brought too little', async (t) => {
  const { seconds, answer } = await sendSlowly(t, 5);
  t.true(seconds >= 9 && seconds <= 12, `${seconds} s`);
  t.regex(answer, /^HTTP\/1\.1 408 .*\{"error":"deadline-exceeded"\}$/s);
});

/** A line to `port` that carries so many bytes a second from who connects. @returns its own port */
async function slowLine(t: ExecutionContext, port: number, bytesPerSecond: number): Promise<number> {
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        near.destroy();
        far.destroy();
      });
    }
    far.pipe(near);
    near.on('data', (chunk: Buffer) => {
      far.write(chunk);
      near.pause();
      setTimeout(() => near.resume(), (chunk.length / bytesPerSecond) * SECOND);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return (server.address() as { port: number }).port;
}

test('a report arrives over a line that needs several times as long as each part of it has', async (t) => {
  const bodyMs = 2 * SECOND;
  const relay = await testRelay(t, { settings: { bodyMs, bodyBytes: KIB } });
  const port = await slowLine(t, relay.port, 64 * KIB);
  const deployment = { ...relay.deployment, relayUrl: `wss://localhost:${port}` };
  const { publicKey } = createSealKeys(systemRandom);
  const picture = 'A'.repeat(300 * KIB);
  const envelope = sealReport(
    { items: [{ id: 'picture', type: 'image/jpeg', picture }] },
    publicKey,
    systemRandom,
  );
  const sent: number[] = [];
  const began = systemClock.now();
  const signal = AbortSignal.timeout(60 * SECOND);
  await submitReport(envelope, { deployment, clock: systemClock }, signal, (bytes) => sent.push(bytes));
  t.true(systemClock.now() - began > bodyMs, 'the line was as slow as that');
  t.is(sent.at(-1), envelope.length);
});

test('reports that stand still, nearly whole, keep no other from arriving', async (t) => {
  const relay = await testRelay(t, { settings: { bodyMs: 600 * SECOND } });
  const size = MAX_ENVELOPE.report;
  const answers: Promise<string>[] = [];
  for (let index = 0; index < 5; index += 1) {
    const holder = await tls(relay.port, 'http/1.1', sourceOf(index));
    t.teardown(() => holder.destroy());
    let answer = '';
    holder.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1');
    });
    answers.push(gone(holder).then(() => answer));
    const head = `POST /livelet/1/api/reports HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${size}\r\n\r\n`;
    holder.write(head);
    holder.write(Buffer.alloc(size - 1));
  }
  const { publicKey } = createSealKeys(systemRandom);
  const report = { items: [{ id: 'picture', type: 'image/jpeg', picture: 'A'.repeat(300 * KIB) }] } as const;
  const envelope = sealReport(report, publicKey, systemRandom);
  const way = { deployment: relay.deployment, clock: systemClock };
  t.regex(
    await Promise.race(answers),
    /^HTTP\/1\.1 503 .*\{"error":"relay-full"\}$/s,
    'there is room for four',
  );
  await t.notThrowsAsync(submitReport(envelope, way, AbortSignal.timeout(60 * SECOND)));
});
