import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { World } from './world.js';

const BIN = fileURLToPath(new URL('../../bin/livelet.js', import.meta.url));
/** Everything that a test waits for comes within this, ms. */
const PATIENCE = 30_000;

/** The real program, in a process group and with a folder for temporary files of its own. */
export interface Program extends AsyncDisposable {
  readonly process: ChildProcess;
  /** All that it wrote. */
  output(): string;
  /** The first line on its standard output. */
  readonly firstLine: Promise<string>;
  /** Its exit status. */
  readonly exited: Promise<number | null>;
  /** What is left of it: processes of its session, and temporary files. */
  leftovers(): Promise<{ readonly processes: readonly string[]; readonly files: readonly string[] }>;
}

export async function startProgram(
  { relay, display, folder }: World,
  options: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Program> {
  const own = await mkdtemp(join(folder, 'program-'));
  // Not inside the other one: Chromium keeps a socket there, and a socket's path is at most 107 characters.
  const temporary = await mkdtemp(join(tmpdir(), 'll-'));
  const child = spawn(
    process.execPath,
    [
      BIN,
      ...['--deployment', relay.deploymentFile, '--state-dir', join(own, 'state'), '--name', 'Anna'],
      ...['--display', display.name, ...options],
    ],
    {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Its marks are how its children are found again, whatever process group they are in.
      env: { ...process.env, DISPLAY: '', TMPDIR: temporary, LIVELET_TEST_MARK: own, ...environment },
    },
  );
  let output = '';
  const { promise: firstLine, resolve: sayFirstLine } = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  child.stdout?.on('data', () => {
    const [line] = /^.*(?=\n)/.exec(output) ?? [];
    if (line !== undefined) sayFirstLine(line);
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    process: child,
    output: () => output,
    firstLine: inTime(firstLine, () => `the program to say something; it said: ${output}`),
    exited: inTime(exited, () => `the program to exit; it said: ${output}`),
    leftovers: async () => ({
      processes: await processesMarked(own),
      files: await readdir(temporary),
    }),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await exited;
      for (const line of await processesMarked(own)) process.kill(Number.parseInt(line, 10), 'SIGKILL');
      await rm(temporary, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** `promise`, or an Error that says what didn't come. */
function inTime<T>(promise: Promise<T>, what: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited too long for ${what()}`)), PATIENCE);
  });
  // A test may end without looking at it.
  late.catch(() => undefined);
  const result = Promise.race([promise, late]).finally(() => clearTimeout(timer));
  result.catch(() => undefined);
  return result;
}

/** Processes that inherited the mark, as `<id> <command line>`. */
async function processesMarked(mark: string): Promise<string[]> {
  const found: string[] = [];
  for (const id of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    try {
      const environment = await readFile(`/proc/${id}/environ`, 'utf8');
      if (!environment.includes(`LIVELET_TEST_MARK=${mark}`)) continue;
      const command = await readFile(`/proc/${id}/cmdline`, 'utf8');
      // A process that has ended and wasn't collected yet has no command line.
      if (command !== '') found.push(`${id} ${command.replaceAll('\0', ' ')}`);
    } catch {
      // It ended meanwhile, or belongs to somebody else.
    }
  }
  return found;
}
