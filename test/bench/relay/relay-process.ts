import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Deployment, identityFromSeed, parseDeployment, relayApi } from '@livelet/core';
import { follow, root } from '../../fixtures/program.js';
import type { Operator } from './load/operator.js';
import { MEASURED_CORES, onCores } from './workers.js';

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
export async function startRelayProcess(
  folder: string,
  words: readonly string[] = [],
): Promise<RelayProcess> {
  const [taskset = '', ...before] = [...onCores(MEASURED_CORES), process.execPath, '--import', PROBE];
  const child = spawn(
    taskset,
    [
      ...[...before, join(root, 'relay/bin/livelet-relay.js')],
      ...['--host', '127.0.0.1', '--port', '0', '--state-dir', folder, ...words],
    ],
    { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
  );
  const relay = follow(child, 'the relay');
  try {
    const url = await relay.says(/relay: (\S+)/);
    const deployment = parseDeployment(await readFile(await relay.says(/deployment file: (\S+)/), 'utf8'));
    const firstToken = await readFile(await relay.says(/first administrator: (\S+)/), 'utf8');
    return {
      id: child.pid ?? 0,
      port: Number(new URL(url).port),
      operators: await enrol(deployment, firstToken),
      key: join(folder, 'certificate.key'),
      cert: join(folder, 'certificate.pem'),
      memory: async () => {
        child.send('memory');
        const [memory] = await once(child, 'message', { signal: AbortSignal.timeout(10_000) });
        return memory as Memory;
      },
      [Symbol.asyncDispose]: () => relay[Symbol.asyncDispose](),
    };
  } catch (error) {
    await relay[Symbol.asyncDispose]();
    throw error;
  }
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
