import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { follow, root } from '../../fixtures/program.js';
import type { Operator } from './load/operator.js';
import { MEASURED_CORES, onCores } from './workers.js';

const PROBE = fileURLToPath(new URL('./relay-probe.js', import.meta.url));
/** How many people ask for codes: one has at most 5 waiting. */
const OPERATORS = 10;

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
  const operators = Array.from({ length: OPERATORS }, () => ({
    token: randomBytes(32).toString('base64url'),
  }));
  const lines = operators.map(({ token }) => `${token}\n`);
  await writeFile(join(folder, 'operator.token'), lines.join(''), { mode: 0o600 });
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
    return {
      id: child.pid ?? 0,
      port: Number(new URL(url).port),
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
  } catch (error) {
    await relay[Symbol.asyncDispose]();
    throw error;
  }
}
