import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@livelet/core/test-support';
import { RELAY_TLS } from '@livelet/core/wire';
import { listens } from '../../fixtures/listens.js';
import { cpuSeconds } from '../../fixtures/process-tree.js';
import { follow, type Program } from '../../fixtures/program.js';
import type { Way } from './load/frames.js';
import { sourceOf } from './load/pairs.js';
import { type RelayProcess, startRelayProcess } from './relay-process.js';
import { MEASURED_CORES, onCores, type Worker } from './workers.js';

/** Something that stands between two ends: the relay, or what it is compared with. */
export interface Subject {
  readonly name: string;
  /** What it does with the bytes, for whoever reads the table. */
  readonly work: string;
  /** Joins an end of `near` and an end of `far`. */
  connect(near: Worker, far: Worker): Promise<void>;
  /** CPU time so far, s; of nobody for a direct connection. */
  cpu(): number;
}

export type SubjectName =
  | 'relay, WebSocket'
  | 'relay, TLS-TCP'
  | 'bare ws pipe'
  | 'haproxy'
  | 'websockify'
  | 'direct';
export type Subjects = Readonly<Record<SubjectName, Subject>>;

/** Starts all of them, each on the measured core; all use the relay's certificate. */
export async function startSubjects(
  folder: string,
): Promise<{ readonly subjects: Subjects } & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const state = join(folder, 'relay');
  await mkdir(state);
  const relay = stack.use(await startRelayProcess(state));
  const identity = { key: await readFile(relay.key, 'utf8'), cert: await readFile(relay.cert, 'utf8') };
  const [haproxyPort, haproxyTarget] = [await freePort(), await freePort()];
  const [websockifyPort, websockifyTarget] = [await freePort(), await freePort()];
  const directPort = await freePort();

  const pipe = stack.use(
    start('the ws pipe', process.execPath, [own('./ws-pipe.js'), relay.key, relay.cert]),
  );
  const pipePort = Number(await pipe.says(/port (\d+)/));

  const both = join(folder, 'haproxy.pem');
  await writeFile(both, `${identity.cert}\n${identity.key}`, { mode: 0o600 });
  const configuration = join(folder, 'haproxy.cfg');
  await writeFile(configuration, haproxyConfiguration(haproxyPort, haproxyTarget, both));
  const haproxy = stack.use(start('haproxy', 'haproxy', ['-db', '-f', configuration]));
  await listens(haproxy, haproxyPort);

  const websockify = stack.use(
    start('websockify', 'websockify', [
      ...['--cert', relay.cert, '--key', relay.key, '--ssl-only'],
      ...[`127.0.0.1:${websockifyPort}`, `127.0.0.1:${websockifyTarget}`],
    ]),
  );
  await listens(websockify, websockifyPort);

  const through =
    (near: Way, far: Way, port: number, target: number, tls = true) =>
    async (one: Worker, other: Worker): Promise<void> => {
      await other.ask('listen', { way: far, port: target, ...(tls ? { identity } : {}) });
      await Promise.all([one.ask('dial', { way: near, port, path: '/' }), other.ask('accept')]);
    };
  const subjects: Subjects = {
    'relay, WebSocket': viaRelay(relay, 'websocket'),
    'relay, TLS-TCP': viaRelay(relay, 'tls-tcp'),
    'bare ws pipe': {
      name: 'bare ws pipe',
      work: 'two WebSockets over TLS, messages passed on by 30 lines with `ws`',
      connect: async (near, far) => {
        await far.ask('dial', { way: 'websocket', port: pipePort, path: '/' });
        await near.ask('dial', { way: 'websocket', port: pipePort, path: '/' });
      },
      cpu: () => cpuSeconds(pipe.process.pid ?? 0),
    },
    haproxy: {
      name: 'haproxy',
      work: 'TCP mode, one thread: TLS ended on one side and begun anew on the other, bytes unread',
      connect: through('tls-tcp', 'tls-tcp', haproxyPort, haproxyTarget),
      cpu: () => cpuSeconds(haproxy.process.pid ?? 0),
    },
    websockify: {
      name: 'websockify',
      work: 'a WebSocket over TLS on one side only, bare TCP on the other: half the relay’s cryptography',
      connect: through('websocket', 'raw', websockifyPort, websockifyTarget, false),
      cpu: () => cpuSeconds(websockify.process.pid ?? 0),
    },
    direct: {
      name: 'direct',
      work: 'one TLS connection, nothing in between',
      connect: through('tls-tcp', 'tls-tcp', directPort, directPort),
      cpu: () => 0,
    },
  };
  const running = stack.move();
  return { subjects, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

function viaRelay(relay: RelayProcess, way: Way): Subject {
  let pairs = 0;
  return {
    name: `relay, ${way === 'websocket' ? 'WebSocket' : 'TLS-TCP'}`,
    work: 'two connections over TLS, with its limits, log and back-pressure',
    connect: async (near, far) => {
      const [as] = relay.operators;
      if (!as) throw new Error('no operators');
      pairs += 1;
      const destination = { way, port: relay.port, source: sourceOf(pairs) };
      const nameplate = await far.ask('allocate', { destination, as });
      await Promise.all([far.ask('joined'), near.ask('join', { destination, nameplate })]);
    },
    cpu: () => cpuSeconds(relay.id),
  };
}

function haproxyConfiguration(port: number, target: number, pem: string): string {
  const [suite13, ...suites12] = RELAY_TLS.ciphers.split(':');
  const suites = `ciphersuites ${suite13} ciphers ${suites12.join(':')}`;
  return `global
  nbthread 1
  log stderr local0 err
defaults
  mode tcp
  timeout connect 5s
  timeout client 1h
  timeout server 1h
listen pair
  bind 127.0.0.1:${port} ssl crt ${pem} ${suites} ssl-min-ver TLSv1.2
  server far 127.0.0.1:${target} ssl verify none ${suites} ssl-min-ver TLSv1.2
`;
}

function start(name: string, command: string, words: readonly string[]): Program {
  const [taskset = '', ...before] = onCores(MEASURED_CORES);
  return follow(spawn(taskset, [...before, command, ...words], { stdio: ['ignore', 'pipe', 'pipe'] }), name);
}

const own = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
