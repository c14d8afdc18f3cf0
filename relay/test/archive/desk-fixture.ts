import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ExecutionContext } from 'ava';
import { OPERATOR, type TestRelay, temporaryFolder } from '../relay-fixture.js';

export interface Ran {
  readonly status: number;
  readonly out: string;
  readonly problem: string;
}

/** A program in a folder of its own, on an administrator's computer. */
export interface Desk {
  readonly folder: string;
  file(name: string): string;
  run(...args: readonly string[]): Promise<Ran>;
}

export async function desk(
  t: ExecutionContext,
  relay: TestRelay,
  name: 'archive' | 'report' = 'archive',
): Promise<Desk> {
  const program = fileURLToPath(new URL(`../../../bin/livelet-${name}.js`, import.meta.url));
  const folder = await temporaryFolder(t);
  const file = (path: string): string => join(folder, path);
  const seed = Buffer.from(OPERATOR.secretKey.subarray(0, 32)).toString('base64');
  await writeFile(file('admin.key'), `${seed}\n`, { mode: 0o600 });
  await writeFile(file('deployment.json'), await readFile(relay.deploymentFile));
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    LANG: 'C',
    [`LIVELET_${name.toUpperCase()}_IDENTITY`]: file('admin.key'),
  };
  const run = async (...args: readonly string[]): Promise<Ran> => {
    try {
      const options = { cwd: folder, env };
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, ...args], options);
      return { status: 0, out: stdout, problem: stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { status: code, out: stdout, problem: stderr };
    }
  };
  return { folder, file, run };
}
