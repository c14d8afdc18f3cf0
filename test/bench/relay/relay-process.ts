import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Deployment, identityFromSeed, parseDeployment, relayApi } from '@livelet/core';
import { freePort } from '@livelet/core/test-support';
import { follow, type Program, root } from '../../fixtures/program.js';
import type { Operator } from './load/operator.js';
import { MEASURED_CORES, onCores } from './workers.js';

/** What the program does by itself where it has one core; its channel to the benchmark wouldn't survive that. */
const ON_ONE_CORE = '--single-threaded-gc';
const PROBE = fileURLToPath(new URL('./relay-probe.js', import.meta.url));
/** How many people ask for codes: one has at most 5 waiting. */
const OPERATORS = 7;

/** Bytes. */
export interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
}

/** A relay as it is installed, alone on its core, with its limits at their defaults. */
export interface RelayProcess extends AsyncDisposable {
  readonly id: number;
  readonly port: number;
  readonly operators: readonly Operator[];
  /** PEM files. */
  readonly key: string;
  readonly cert: string;
  memory(): Promise<Memory>;
}

/** @param folder an empty one, its state */
export async function startRelayProcess(folder: string): Promise<RelayProcess> {
  const { child, relay, port } = await run(folder, await freePort(), []);
  try {
    const deployment = parseDeployment(await readFile(join(folder, 'deployment.json'), 'utf8'));
    const firstToken = await readFile(join(folder, 'first-admin.token'), 'utf8');
    return describe(folder, child, relay, port, await enrol(deployment, firstToken));
  } catch (error) {
    await relay[Symbol.asyncDispose]();
    throw error;
  }
}

/** The same, started anew as one that a proxy in front of it, on this machine, spares TLS. */
export async function startRelayBehindProxy(folder: string): Promise<RelayProcess> {
  const { operators, port: free, ...first } = await startRelayProcess(folder);
  await first[Symbol.asyncDispose]();
  const proxy = [
    '--behind-tls-proxy',
    '--trusted-proxies',
    '127.0.0.1',
    '--public-url',
    `wss://localhost:${free}`,
  ];
  const { child, relay, port } = await run(folder, free, proxy);
  return describe(folder, child, relay, port, operators);
}

async function run(
  folder: string,
  port: number,
  words: readonly string[],
): Promise<{ readonly child: ChildProcess; readonly relay: Program; readonly port: number }> {
  const [taskset = '', ...before] = [
    ...onCores(MEASURED_CORES),
    process.execPath,
    ON_ONE_CORE,
    '--import',
    PROBE,
  ];
  const child = spawn(
    taskset,
    [
      ...[...before, join(root, 'relay/bin/livelet-relay.js')],
      ...['--host', '127.0.0.1', '--port', String(port), '--state-dir', folder, ...words],
    ],
    { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
  );
  const relay = follow(child, 'the relay');
  try {
    await relay.says(/relay: (\S+)/);
    return { child, relay, port };
  } catch (error) {
    await relay[Symbol.asyncDispose]();
    throw error;
  }
}

function describe(
  folder: string,
  child: ChildProcess,
  relay: Program,
  port: number,
  operators: readonly Operator[],
): RelayProcess {
  return {
    id: child.pid ?? 0,
    port,
    operators,
    key: join(folder, 'certificate.key'),
    cert: join(folder, 'certificate.pem'),
    memory: async () => {
      child.send('memory');
      const [memory] = await once(child, 'message', { signal: AbortSignal.timeout(10_000) });
      return memory as Memory;
    },
    [Symbol.asyncDispose]: () => relay[Symbol.asyncDispose](),
  };
}

/** Lets people in as a company does: the first one with the token that the relay made, the others by invitation. */
async function enrol(deployment: Deployment, firstToken: string): Promise<Operator[]> {
  const people = Array.from({ length: OPERATORS }, (_, index) => {
    const seed = new Uint8Array(randomBytes(32));
    const api = relayApi({ deployment, identity: identityFromSeed(seed) });
    return { name: `Operator ${index + 1}`, api, operator: { seed, deploymentId: deployment.deploymentId } };
  });
  const [admin, ...others] = people;
  if (!admin) return [];
  await admin.api.call('POST', '/enrol', { token: firstToken.trim(), name: admin.name });
  for (const { name, api } of others) {
    const { token } = (await admin.api.call('POST', '/invitations', { name, role: 'operator' })) as {
      token: string;
    };
    await api.call('POST', '/enrol', { token, name });
  }
  return people.map(({ operator }) => operator);
}
