import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer, connect as dial, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type ReportOutboxUnderTest, testReportOutbox } from '@livelet/compliance';
import {
  type Clock,
  createSealKeys,
  type Deployment,
  type LiveletError,
  sealReport,
  spkiPin,
  systemClock,
  systemRandom,
} from '@livelet/core';
import { type EnrolledOperator, enrolledOperator } from '@livelet/core/test-support';
import { type LoggedSession, ProgramLog, ReportQueue } from '@livelet/program';
import { type RunningRelay, startRelay } from '@livelet/relay';
import test from 'ava';
import { generate } from 'selfsigned';

let folder: string;
let relay: RunningRelay;
let support: EnrolledOperator;
let line: CutLine;
test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'livelet-report-test-'));
  relay = await startRelay({
    host: '127.0.0.1',
    port: 0,
    stateDir: join(folder, 'relay'),
    region: 'EU',
    settings: { socketsPerMinute: 10_000, reportsPerHour: 1000 },
  });
  support = await enrolledOperator(relay);
  line = await cutLine(Number(new URL(relay.deployment.relayUrl).port));
});
test.after.always(async () => {
  line?.server.close();
  await relay?.close();
  await rm(folder, { recursive: true, force: true });
});

let queues = 0;
/** Reports that were there before this case. */
async function open(): Promise<ReportOutboxUnderTest> {
  const reports = join(folder, `reports${queues++}`);
  line.cut(false);
  const connected = line.connections();
  const before = (await inbox()).length;
  const start = (): ReportQueue => {
    const queue = new ReportQueue({ folder: reports, deployment: throughLine(), clock: systemClock });
    queue.start();
    return queue;
  };
  let outbox = start();
  const names = (): Promise<string[]> => readdir(reports).catch(() => []);
  return {
    get outbox() {
      return outbox;
    },
    reach: (isThere) => line.cut(!isThere),
    connections: () => line.connections() - connected,
    inbox: async () => (await inbox()).slice(before),
    restart: async () => {
      await outbox[Symbol.asyncDispose]();
      outbox = start();
    },
    files: async () =>
      Promise.all(
        (await names()).map(async (name) => {
          const file = join(reports, name);
          return { mode: (await stat(file)).mode, content: await readFile(file) };
        }),
      ),
    age: async (ms) => {
      const then = (Date.now() - ms) / 1000;
      for (const name of await names()) await utimes(join(reports, name), then, then);
    },
    [Symbol.asyncDispose]: async () => outbox[Symbol.asyncDispose](),
  };
}

function throughLine(): Deployment {
  const relayUrl = `wss://127.0.0.1:${(line.server.address() as AddressInfo).port}`;
  return { ...relay.deployment, relayUrl };
}

async function inbox(): Promise<readonly Uint8Array[]> {
  const { entries } = (await support.api.call('GET', '/reports?after=0&whole')) as {
    readonly entries: readonly { readonly envelope: string }[];
  };
  return entries.map(({ envelope }) => Uint8Array.from(Buffer.from(envelope, 'base64')));
}

interface CutLine {
  readonly server: Server;
  readonly connections: () => number;
  /** Lets nothing through from now on, or again. */
  readonly cut: (isCut: boolean) => void;
}

/** A line to the relay that can be cut. */
async function cutLine(port: number): Promise<CutLine> {
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

testReportOutbox((title, body) => test.serial(title, body), open);

test.serial('what a proxy finds too long isn’t kept, and keeps no other from the relay', async (t) => {
  const reports = join(folder, 'refused');
  let answer: (body: number) => [status: number, body: string] = () => [503, ''];
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
  });
  const proxy = createHttps({ key, cert }, (request, response) => {
    const [status, body] = answer(Number(request.headers['content-length']));
    request.resume();
    response.writeHead(status, { connection: 'close' }).end(body);
  });
  proxy.on('checkContinue', (request, response) => proxy.emit('request', request, response));
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  t.teardown(() => proxy.close());
  const { port } = proxy.address() as AddressInfo;
  const pins = [spkiPin(new X509Certificate(cert))];
  const deployment = { relayUrl: `wss://127.0.0.1:${port}`, deploymentId: 'proxy', pins };
  const { publicKey } = createSealKeys(systemRandom);
  const seal = (text: string): Uint8Array =>
    sealReport({ items: [{ id: 'note', text }] }, publicKey, systemRandom);
  const signal = new AbortController().signal;
  const start = (): ReportQueue => new ReportQueue({ folder: reports, deployment, clock: systemClock });
  await using queue = start();
  t.is(await queue.send(seal('x'.repeat(100_000)), signal), 'queued');
  t.is(await queue.send(seal('short'), signal), 'queued');

  answer = (length) => (length > 65_536 ? [413, '<h1>Too large</h1>'] : [201, '{"new":true}']);
  await t.throwsAsync(queue.send(seal('y'.repeat(100_000)), signal), { message: /413/ });
  await using later = start();
  later.start();
  for (let left = 2; left > 0; ) {
    await new Promise(setImmediate);
    left = (await readdir(reports)).length;
  }
  t.pass();
});

test.serial('what waits is tried again when a session’s connection is back, and when it ends', async (t) => {
  // Time stands still: no pause ever ends.
  const clock: Clock = {
    now: () => systemClock.now(),
    wallTime: () => systemClock.wallTime(),
    setTimer: () => ({ [Symbol.dispose]: () => undefined }),
  };
  await using log = new ProgramLog({
    stateDir: join(folder, 'program'),
    deployment: throughLine(),
    clock,
    program: 'livelet',
    version: '1.0.0',
    shell: 'browser',
  });
  const { outbox } = log.reports;
  const ended = Promise.withResolvers<Awaited<LoggedSession['ended']>>();
  const quiet = { onChange: () => ({ [Symbol.dispose]: () => undefined }) };
  let changed: Parameters<LoggedSession['onConnection']>[0] = () => t.fail('nobody listens');
  const session: LoggedSession = {
    side: 'customer',
    startedAt: 0,
    ended: ended.promise,
    ownGrants: quiet,
    peerGrants: quiet,
    onConnection: (listener) => {
      changed = listener;
      return { [Symbol.dispose]: () => undefined };
    },
    statistics: () => ({
      route: { kind: 'tls-tcp', why: 'first' },
      rttMs: undefined,
      bytesSent: 0,
      bytesReceived: 0,
      resumes: 0,
    }),
  };
  await log.opening(async () => ({ absent: new Map<string, LiveletError>() }))(session);
  const { publicKey } = createSealKeys(systemRandom);
  const wait = async (text: string): Promise<void> => {
    line.cut(true);
    const envelope = sealReport({ items: [{ id: 'note', text }] }, publicKey, systemRandom);
    t.is(await outbox.send(envelope, new AbortController().signal), 'queued');
    line.cut(false);
  };
  await wait('one');
  changed({ state: 'connected' });
  while (outbox.waiting > 0) await inbox();
  await wait('two');
  ended.resolve({ how: 'ended-here' });
  while (outbox.waiting > 0) await inbox();
  t.is(outbox.waiting, 0);
});

test.serial('whatever else lies where they wait, what a person sent goes, and nothing else', async (t) => {
  await using tested = await open();
  const where = join(folder, `reports${queues - 1}`);
  const { publicKey } = createSealKeys(systemRandom);
  const seal = (text: string): Uint8Array =>
    sealReport({ items: [{ id: 'note', text }] }, publicKey, systemRandom);
  const sent = seal('sent by a person');
  tested.reach(false);
  await tested.outbox.send(sent, new AbortController().signal);
  const [own = ''] = await readdir(where);
  const other = (letter: string): string => join(where, `${letter.repeat(43)}.sealed`);
  await mkdir(other('a'));
  await mkdir(join(where, 'folder'));
  execFileSync('mkfifo', [other('b')]);
  await symlink('/dev/zero', other('c'));
  // In form a sealed report, but nobody's: whoever put it there didn't press Send.
  await writeFile(other('d'), seal('planted'));
  await symlink(own, join(where, 'link'));
  await writeFile(join(where, `${own}.0123456789ab`), 'written by another run');
  tested.reach(true);
  await tested.restart();
  const planted = basename(other('d'));
  for (let left = [own]; left.includes(own) || left.includes(planted); ) {
    await tested.inbox();
    left = await readdir(where);
  }
  t.deepEqual(await tested.inbox(), [sent]);
  const stays = [`${own}.0123456789ab`, basename(other('a')), 'folder', 'link'];
  t.deepEqual((await readdir(where)).toSorted(), stays.toSorted());
});
