import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, connect as dial, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createSealKeys,
  type Deployment,
  openReport,
  type RelayApi,
  sealReport,
  systemClock,
  systemRandom,
} from '@livelet/core';
import { enrolledOperator } from '@livelet/core/test-support';
import { ReportQueue } from '@livelet/program';
import { startRelay } from '@livelet/relay';
import test, { type ExecutionContext } from 'ava';

const keys = createSealKeys(systemRandom);
const MINUTE = 60_000;
const NEVER = new AbortController().signal;

interface World {
  readonly deployment: Deployment;
  readonly folder: string;
  /** Connections that reached the relay. */
  readonly connections: () => number;
  /** Lets nothing through from now on, or again. */
  cut(isCut: boolean): void;
  /** What the relay's support would fetch, opened. */
  inbox(): Promise<readonly unknown[]>;
}

/** A relay behind a line that can be cut. */
async function world(t: ExecutionContext): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'livelet-report-test-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const relay = await startRelay({
    host: '127.0.0.1',
    port: 0,
    stateDir: join(folder, 'relay'),
    region: 'EU',
  });
  t.teardown(() => relay.close());
  const { api } = await enrolledOperator(relay);
  const line = await cutLine(Number(new URL(relay.deployment.relayUrl).port));
  t.teardown(() => line.server.close());
  const relayUrl = `wss://127.0.0.1:${(line.server.address() as AddressInfo).port}`;
  return {
    deployment: { ...relay.deployment, relayUrl },
    folder: join(folder, 'reports'),
    connections: line.connections,
    cut: line.cut,
    inbox: () => inbox(api),
  };
}

async function cutLine(port: number): Promise<{
  readonly server: Server;
  readonly connections: () => number;
  readonly cut: (isCut: boolean) => void;
}> {
  let isCut = false;
  let count = 0;
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    if (isCut) return void socket.destroy();
    count += 1;
    const far = dial(port, '127.0.0.1');
    for (const end of [socket, far]) {
      open.add(end);
      end.on('error', () => undefined);
      end.on('close', () => {
        socket.destroy();
        far.destroy();
        open.delete(end);
      });
    }
    socket.pipe(far).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    server,
    connections: () => count,
    cut: (now) => {
      isCut = now;
      if (now) for (const socket of open) socket.destroy();
    },
  };
}

async function inbox(api: RelayApi): Promise<readonly unknown[]> {
  const { entries } = (await api.call('GET', '/reports?after=0&whole')) as {
    readonly entries: readonly { readonly envelope: string }[];
  };
  return entries.map(
    ({ envelope }) => openReport(Uint8Array.from(Buffer.from(envelope, 'base64')), keys).items,
  );
}

const sealed = (text: string): Uint8Array =>
  sealReport({ items: [{ id: 'note', text }] }, keys.publicKey, systemRandom);

test('a sealed report reaches the relay’s inbox, and nothing of it stays on disk', async (t) => {
  const { deployment, folder, inbox } = await world(t);
  await using queue = new ReportQueue({ folder, deployment, clock: systemClock });
  queue.start();
  t.is(await queue.send(sealed('one'), NEVER), 'sent');
  t.deepEqual(await inbox(), [[{ id: 'note', text: 'one' }]]);
  await t.throwsAsync(readdir(folder), { code: 'ENOENT' });
});

test('offline it waits on disk, sealed and private, and the next start sends it', async (t) => {
  const { deployment, folder, inbox, cut, connections } = await world(t);
  const offline = new ReportQueue({ folder, deployment, clock: systemClock });
  cut(true);
  t.is(await offline.send(sealed('CANARY'), NEVER), 'queued');
  t.is(offline.waiting, 1);
  await offline[Symbol.asyncDispose]();
  const [name = ''] = await readdir(folder);
  t.is((await stat(join(folder, name))).mode & 0o777, 0o600);
  t.false((await readFile(join(folder, name))).includes('CANARY'));
  t.is(connections(), 0);

  cut(false);
  const last = new ReportQueue({ folder, deployment, clock: systemClock });
  last.start();
  t.teardown(() => last[Symbol.asyncDispose]());
  while (last.waiting > 0 || (await readdir(folder)).length > 0) await inbox();
  t.deepEqual(await inbox(), [[{ id: 'note', text: 'CANARY' }]]);
});

test('what waits is bounded, and goes after a month', async (t) => {
  const { deployment, folder, cut } = await world(t);
  cut(true);
  await using queue = new ReportQueue({ folder, deployment, clock: systemClock });
  for (let index = 0; index < 8; index++) t.is(await queue.send(sealed(`${index}`), NEVER), 'queued');
  await t.throwsAsync(queue.send(sealed('more'), NEVER), { code: 'storage-full' });
  t.is(queue.waiting, 8);
  const month = (Date.now() - 31 * 24 * 60 * MINUTE) / 1000;
  for (const name of await readdir(folder)) await utimes(join(folder, name), month, month);
  await writeFile(join(folder, 'something else'), 'x');
  t.is(await queue.send(sealed('new'), NEVER), 'queued');
  t.is((await readdir(folder)).length, 1);
});

test('cancelled, it is neither sent nor kept', async (t) => {
  const { deployment, folder, inbox } = await world(t);
  await using queue = new ReportQueue({ folder, deployment, clock: systemClock });
  const cancel = new AbortController();
  const sending = queue.send(sealed('no'), cancel.signal);
  cancel.abort(new Error('cancelled'));
  await t.throwsAsync(sending, { message: 'cancelled' });
  t.deepEqual(await inbox(), []);
  await t.throwsAsync(readdir(folder), { code: 'ENOENT' });
});

test('what isn’t sealed is not sent', async (t) => {
  const { deployment, folder, connections } = await world(t);
  await using queue = new ReportQueue({ folder, deployment, clock: systemClock });
  await t.throwsAsync(queue.send(new TextEncoder().encode('in the clear'), NEVER), {
    code: 'sealed-malformed',
  });
  t.is(connections(), 0);
});
