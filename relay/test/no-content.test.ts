import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { fileURLToPath } from 'node:url';
import {
  allocateNameplate,
  connectSession,
  createIdentity,
  type Deployment,
  joinNameplate,
  parseDeployment,
  type ServicePath,
  type SessionChannel,
  type Side,
  systemClock,
  systemRandom,
  type Transport,
} from '@livelet/core';
import { type EnrolledOperator, enrolledOperator, foundInMemory } from '@livelet/core/test-support';
import test, { type ExecutionContext } from 'ava';
import { filesHolding } from './byte-search.js';
import { temporaryFolder } from './relay-fixture.js';

const BIN = fileURLToPath(new URL('../../bin/livelet-relay.js', import.meta.url));
const PATH: ServicePath = '/test/canary/1';
/** Bytes. */
const PICTURE = 1024 * 1024;

interface Relay {
  readonly child: ChildProcess;
  readonly stateDir: string;
  readonly deployment: Deployment;
  readonly operator: EnrolledOperator;
  output(): string;
}

async function startedRelay(t: ExecutionContext): Promise<Relay> {
  const stateDir = await temporaryFolder(t);
  const words = ['--host', '127.0.0.1', '--port', '0', '--state-dir', stateDir, '--headers-ms', '60000'];
  const child = spawn(process.execPath, [BIN, ...words], {
    env: { PATH: process.env.PATH, HOME: '/nonexistent' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  while (!output.includes('first administrator:')) {
    await once(child.stdout, 'data', { signal: AbortSignal.timeout(30_000) });
  }
  const deployment = parseDeployment(await readFile(join(stateDir, 'deployment.json'), 'utf8'));
  const firstAdminFile = join(stateDir, 'first-admin.token');
  const operator = await enrolledOperator({ deployment, firstAdminFile });
  return { child, stateDir, deployment, operator, output: () => output };
}

/** The relay behind a box that lets no TLS-TCP through. */
async function webSocketOnly(t: ExecutionContext, deployment: Deployment): Promise<Deployment> {
  const url = new URL(deployment.relayUrl);
  const box = createServer((socket) => {
    socket.once('data', (hello) => {
      // Its name stands in the clear in TLS's first message.
      if (hello.includes('livelet/1')) {
        socket.destroy();
        return;
      }
      const onward = connect(Number(url.port), '127.0.0.1');
      for (const [from, to] of [
        [socket, onward],
        [onward, socket],
      ] as const) {
        from.on('error', () => to.destroy());
        from.on('close', () => to.destroy());
      }
      onward.write(hello);
      socket.pipe(onward).pipe(socket);
    });
    socket.on('error', () => {});
  }).listen(0, '127.0.0.1');
  t.teardown(() => box.close());
  await once(box, 'listening');
  return { ...deployment, relayUrl: `wss://127.0.0.1:${(box.address() as AddressInfo).port}` };
}

interface End {
  readonly session: SessionChannel;
  readonly transport: Transport;
}

async function sessionThrough(
  deployments: Readonly<Record<Side, Deployment>>,
  { api }: EnrolledOperator,
  mark: string,
): Promise<Record<Side, End>> {
  const { deploymentId } = deployments.operator;
  const allocation = await api.authorized((authorization) =>
    allocateNameplate({ deployment: deployments.operator, authorization }),
  );
  const { nameplate } = allocation;
  const customer = await joinNameplate({ deployment: deployments.customer, nameplate });
  const transports = { operator: await allocation.joined, customer };
  const secret = String(randomInt(1_000_000)).padStart(6, '0');
  const end = async (side: Side): Promise<End> => {
    const transport = transports[side];
    const session = await connectSession({
      transport,
      side,
      code: { nameplate, secret },
      deploymentId,
      identity: createIdentity(systemRandom),
      name: `${side} ${mark}`,
      hello: [{ id: 'test.canary', version: '1.0.0', services: [PATH] }],
      clock: systemClock,
      random: systemRandom,
      signal: new AbortController().signal,
    });
    return { session, transport };
  };
  const [operator, other] = await Promise.all([end('operator'), end('customer')]);
  return { operator, customer: other };
}

/** Sends `parts` from each end to the other; resolves when all has arrived as it was. */
async function exchange(
  t: ExecutionContext,
  ends: Record<Side, End>,
  parts: readonly Buffer[],
): Promise<void> {
  const paths = {
    serves: [{ path: PATH, capability: 'chat', priority: 'chat' }],
    opens: [{ path: PATH, priority: 'chat' }],
  } as const;
  const { operator, customer } = ends;
  const accepting = customer.session.pluginChannel(paths);
  const opening = operator.session.pluginChannel(paths);
  type Stream = Awaited<ReturnType<typeof opening.open>>;
  const accepted = new Promise<Stream>((resolve) => accepting.accept(PATH, resolve));
  const granted = new Promise<void>((resolve) => {
    operator.session.peerGrants.onChange(({ state }) => state === 'granted' && resolve());
  });
  customer.session.ownGrants.grant('chat');
  await granted;
  const opened = opening.open(PATH);
  const all = Buffer.concat(parts);
  const talk = async (stream: Stream): Promise<void> => {
    const heard: Uint8Array[] = [];
    const reading = (async () => {
      for await (const bytes of stream) heard.push(bytes);
    })();
    for (const part of parts) await stream.write(part);
    stream.closeWrite();
    await reading;
    t.true(Buffer.concat(heard).equals(all));
  };
  await Promise.all([accepted.then(talk), opened.then(talk)]);
}

/** An unfinished request, which the relay holds in memory while it waits for the rest. */
async function unfinishedRequest(t: ExecutionContext, deployment: Deployment, mark: string): Promise<void> {
  const port = Number(new URL(deployment.relayUrl).port);
  const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
  t.teardown(() => socket.destroy());
  await once(socket, 'secureConnect');
  socket.write(`GET /healthz HTTP/1.1\r\nX-Mark: ${mark}\r\n`);
  // Answered in order: the relay has read the other one.
  await fetchHealth(port);
}

async function fetchHealth(port: number): Promise<void> {
  const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
  socket.write('GET /healthz HTTP/1.1\r\nHost: relay\r\nConnection: close\r\n\r\n');
  socket.resume();
  await once(socket, 'close');
}

const WAYS = [
  { operator: 'tls-tcp', customer: 'tls-tcp' },
  { operator: 'websocket', customer: 'websocket' },
  { operator: 'tls-tcp', customer: 'websocket' },
] as const;

for (const ways of WAYS) {
  const name = `${ways.operator} to ${ways.customer}`;
  test(`nothing of a session is in the relay’s memory, folder or output (${name})`, async (t) => {
    const relay = await startedRelay(t);
    const { child, stateDir, operator } = relay;
    const deployments = { 'tls-tcp': relay.deployment, websocket: await webSocketOnly(t, relay.deployment) };
    // In every text and every row of the picture, and nowhere else.
    const [mark, pixels] = [`canary-${randomBytes(12).toString('hex')}`, randomBytes(32)];
    const ends = await sessionThrough(
      { operator: deployments[ways.operator], customer: deployments[ways.customer] },
      operator,
      mark,
    );
    t.is(ends.operator.transport.kind, ways.operator);
    t.is(ends.customer.transport.kind, ways.customer);
    await exchange(t, ends, [Buffer.from(`Hello ${mark}!\n`.repeat(100)), Buffer.alloc(PICTURE, pixels)]);

    const canaries = [Buffer.from(mark), Buffer.from(mark, 'utf16le'), pixels];
    const control = Buffer.from(`control-${randomBytes(12).toString('hex')}`);
    await unfinishedRequest(t, relay.deployment, control.toString());
    const pid = child.pid ?? 0;
    const during = await foundInMemory(pid, [...canaries, control]);
    t.deepEqual(during, [control], 'during the session: only what was said to the relay itself');

    await Promise.all([ends.customer.session.end('person'), ends.operator.session.ended]);
    t.deepEqual(await foundInMemory(pid, canaries), [], 'after it');
    const finished = once(child, 'close');
    child.kill('SIGTERM');
    await finished;
    t.deepEqual(await filesHolding(stateDir, [mark]), []);
    t.deepEqual(
      await filesHolding(stateDir, ['peerClosed']),
      ['store/connections.db'],
      'it did write down the end',
    );
    t.false(relay.output().includes(mark));
    t.notRegex(relay.output(), /127\.0\.0\.1(?!:)/, 'no address but the relay’s own');
  });
}
