import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startXvfb } from '@livelet/compliance';
import { systemClock } from '@livelet/core';
import { Injector } from '../src/injector.js';

const RUNNING = new AbortController().signal;
const DEADLINE = 20_000;

/** A terminal whose shell writes what is typed to a file. */
export interface Terminal extends AsyncDisposable {
  readonly injector: Injector;
  readonly display: string;
  /** Resolves with the file once it has this many lines. */
  lines(count: number): Promise<string[]>;
}

export async function startTerminal(): Promise<Terminal> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'typing-'));
  stack.defer(async () => await rm(folder, { recursive: true, force: true }));
  const server = stack.use(await startXvfb({ width: 640, height: 480 }));
  const env = { ...process.env, DISPLAY: server.name, LC_ALL: 'C.UTF-8' };
  const file = join(folder, 'typed');
  const ready = join(folder, 'ready');
  const script = `stty -echo; touch '${ready}'; exec cat > '${file}'`;
  const xterm = spawn('xterm', ['-u8', '-geometry', '80x24+0+0', '-e', 'sh', '-c', script], {
    env,
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => xterm.once('close', () => resolve()));
  stack.defer(async () => {
    xterm.kill();
    await ended;
  });
  await seen(folder, async () => (await read(ready)) !== undefined);
  const injector = stack.use(
    await Injector.open(server.name, { processIds: () => [] }, systemClock, RUNNING),
  );
  // Without a window manager the keys go to the window under the pointer.
  await injector.inject({ type: 'move', x: 100, y: 100 });
  const owned = stack.move();
  return {
    injector,
    display: server.name,
    async lines(count) {
      let text = '';
      await seen(folder, async () => {
        text = (await read(file)) ?? '';
        return text.split('\n').length > count;
      });
      return text.split('\n').slice(0, count);
    },
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

async function read(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Resolves once a look at a folder, repeated at each change in it, finds what is wanted. */
async function seen(folder: string, look: () => Promise<boolean>): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const check = (): void => void look().then((found) => found && resolve(), reject);
  const watcher = watch(folder, check);
  const timer = setTimeout(() => reject(new Error('not seen in time')), DEADLINE);
  check();
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    watcher.close();
  }
}
