import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

/** Size and depth of the display. */
export interface XvfbOptions {
  /** Pixels. @default 1280 */
  readonly width?: number;
  /** Pixels. @default 800 */
  readonly height?: number;
  /** Bits of a pixel that carry colour. @default 24 */
  readonly depth?: number;
  /** An Xauthority file: only who shows a cookie of it is let in. @default each user of this computer is */
  readonly auth?: string;
}

/** A private X display in memory. Disposing it ends the server; that is also how a test loses a display. */
export interface Xvfb extends AsyncDisposable {
  /** `:<number>` */
  readonly name: string;
  readonly processId: number;
}

/** How long the server has to name its display, ms. */
const START_DEADLINE = 20_000;
/** How long it has to end by itself, ms. */
const STOP_DEADLINE = 2000;

/**
 * Starts Xvfb on the first free display.
 * @throws Error when it isn't installed, fails, or hasn't named its display within 20 s
 */
export async function startXvfb(options: XvfbOptions = {}): Promise<Xvfb> {
  const { width = 1280, height = 800, depth = 24 } = options;
  const screen = `${width}x${height}x${depth}`;
  const auth = options.auth === undefined ? [] : ['-auth', options.auth];
  const settings = ['-displayfd', '3', '-screen', '0', screen, '-nolisten', 'tcp', '-noreset', ...auth];
  const server = spawn('Xvfb', settings, {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => {
    server.once('close', () => resolve());
  });
  const stop = async (): Promise<void> => {
    // SIGTERM first: it removes its lock and socket.
    server.kill('SIGTERM');
    const timer = setTimeout(() => server.kill('SIGKILL'), STOP_DEADLINE);
    await ended;
    clearTimeout(timer);
  };
  try {
    const number = await displayNumber(server.stdio[3] as Readable, once(server, 'exit'));
    return { name: `:${number}`, processId: server.pid ?? 0, [Symbol.asyncDispose]: stop };
  } catch (error) {
    if (server.pid !== undefined) await stop();
    throw error;
  }
}

/** The line that Xvfb writes once it takes connections. */
async function displayNumber(pipe: Readable, exit: Promise<unknown[]>): Promise<string> {
  let text = '';
  const line = new Promise<string>((resolve) => {
    pipe.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('\n')) resolve(text.trim());
    });
  });
  const failed = exit.then(([code]) => Promise.reject(new Error(`Xvfb ended with status ${code}`)));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Xvfb named no display')), START_DEADLINE);
  });
  try {
    return await Promise.race([line, failed, late]);
  } finally {
    clearTimeout(timer);
    failed.catch(() => undefined);
    late.catch(() => undefined);
  }
}
