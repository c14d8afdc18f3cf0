import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loudness, share, TONE_RATE } from './tones.js';

const run = promisify(execFile);

/** How long the server has to open its socket, and a sound to be heard, ms. */
const START_DEADLINE = 15_000;
const HEARD_DEADLINE = 20_000;
/** How long it has to end by itself, ms. */
const STOP_DEADLINE = 2000;
/** What is looked at at a time, ms and bytes. */
const BLOCK_TIME = 20;
const BLOCK = (TONE_RATE / 1000) * BLOCK_TIME * 2;
/** Without a tone for so long it is over, ms. */
const AFTER = 1500;
/** From here on a block is sound, and is the tone. */
const AUDIBLE = 0.01;
const MOSTLY = 0.6;

/** A private PulseAudio without any hardware: what is played into a sink comes out of its monitor. */
export interface Pulse extends AsyncDisposable {
  /** For programs that are to use it. */
  readonly environment: Readonly<Record<'PULSE_SERVER', string>>;
  /**
   * Plays samples (one channel, 16 bit, 48 kHz) into a sink; resolves when they were played.
   * @param latency how much is given to the server ahead, ms: the less, the more a busy computer leaves out. @default 50
   */
  play(sink: string, samples: Buffer, latency?: number): Promise<void>;
  /**
   * Listens to what a sink plays, from now on.
   * @param latency how much the server may gather, ms: the less, the more a busy computer leaves out. @default 50
   */
  listen(sink: string, latency?: number): Listening;
  /** How many programs listen to anything now. One that has ended may still be counted for a moment. */
  listeners(): Promise<number>;
  /** Resolves once so many programs listen. */
  listenersAre(count: number): Promise<void>;
}

/** 20 ms of what is heard. */
export interface HeardBlock {
  readonly samples: Buffer;
  /** When its first sample was there, ms by performance.now(). */
  readonly at: number;
}

/** Each wait is for what is heard from then on. */
export interface Listening extends AsyncDisposable {
  /** Resolves once a tone is heard. */
  hears(hertz: number): Promise<void>;
  /** The next tone: resolves with how long it was, ms, 1.5 s after it. What a busy computer left out in it counts. */
  lasts(hertz: number): Promise<number>;
  /** Resolves once it was silent for this long. */
  silent(milliseconds: number): Promise<void>;
  onBlock(listener: (block: HeardBlock) => void): Disposable;
}

/**
 * @param sinks their names; the first is the default
 * @param modules more of it, such as `module-remap-source master=mouth.monitor source_name=microphone`
 * @throws Error when it isn't installed or doesn't start
 */
export async function startPulse(sinks: readonly string[], modules: readonly string[] = []): Promise<Pulse> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'livelet-pulse-'));
  stack.defer(async () => await rm(folder, { recursive: true, force: true }));
  const socket = join(folder, 'native');
  const load = [
    ...sinks.map((sink) => `module-null-sink sink_name=${sink} rate=${TONE_RATE} channels=2`),
    ...modules,
    // Last: once its socket is there, so is all the rest.
    `module-native-protocol-unix socket=${socket} auth-anonymous=1`,
  ];
  const appears = fileIn(folder, 'native');
  const server = spawn(
    'pulseaudio',
    ['-n', '--daemonize=no', '--exit-idle-time=-1', '--use-pid-file=no', '--log-level=error'].concat(
      load.flatMap((module) => ['-L', module]),
    ),
    {
      env: { PATH: process.env.PATH, HOME: folder, XDG_RUNTIME_DIR: folder },
      stdio: ['ignore', 'ignore', 'ignore'],
    },
  );
  const ended = once(server, 'close');
  stack.defer(async () => await stop(server, ended));
  const failed = ended.then(() => Promise.reject(new Error('pulseaudio ended')));
  failed.catch(() => undefined);
  await Promise.race([appears, failed]);
  const environment = { PULSE_SERVER: `unix:${socket}` };
  const own = { ...process.env, ...environment };
  const owned = stack.move();
  return {
    environment,
    async play(sink, samples, latency = 50) {
      const words = ['--playback', '--raw', '--channels=1', `--rate=${TONE_RATE}`, '--format=s16le'];
      const child = spawn('pacat', [...words, `--latency-msec=${latency}`, `--device=${sink}`], {
        env: own,
        stdio: ['pipe', 'ignore', 'ignore'],
      });
      const over = once(child, 'close');
      child.stdin.end(samples);
      await over;
    },
    listen: (sink, latency = 50) => {
      const listening = listen(`${sink}.monitor`, latency, own);
      owned.use(listening);
      return listening;
    },
    listeners: () => countListeners(own),
    async listenersAre(count) {
      const late = performance.now() + HEARD_DEADLINE;
      for (;;) {
        const listeners = await countListeners(own);
        if (listeners === count) return;
        if (performance.now() > late) throw new Error(`${listeners} programs listen, not ${count}`);
      }
    },
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

async function countListeners(env: NodeJS.ProcessEnv): Promise<number> {
  const { stdout } = await run('pactl', ['list', 'short', 'source-outputs'], { env });
  return stdout.split('\n').filter((line) => line !== '').length;
}

function listen(source: string, latency: number, env: NodeJS.ProcessEnv): Listening {
  const words = ['--record', '--raw', '--channels=1', `--rate=${TONE_RATE}`, '--format=s16le'];
  const child = spawn('pacat', [...words, `--latency-msec=${latency}`, `--device=${source}`], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const over = once(child, 'close');
  const listeners = new Set<(block: HeardBlock) => void>();
  let rest = Buffer.alloc(0);
  child.stdout.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    // The last sample of the chunk is from now, the others are as much older as they are before it.
    const first = performance.now() - (rest.length / BLOCK) * BLOCK_TIME;
    let taken = 0;
    for (; rest.length - taken * BLOCK >= BLOCK; taken += 1) {
      const samples = rest.subarray(taken * BLOCK, (taken + 1) * BLOCK);
      for (const listener of [...listeners]) listener({ samples, at: first + taken * BLOCK_TIME });
    }
    rest = rest.subarray(taken * BLOCK);
  });
  const onBlock = (listener: (block: HeardBlock) => void): Disposable => {
    listeners.add(listener);
    return { [Symbol.dispose]: () => void listeners.delete(listener) };
  };
  /** Shows blocks to `look` until it says something. */
  const until = async <T>(what: string, look: (samples: Buffer) => T | undefined): Promise<T> => {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    using _ = onBlock(({ samples }) => {
      const found = look(samples);
      if (found !== undefined) resolve(found);
    });
    const late = (): void => reject(new Error(`${source} had no ${what} within ${HEARD_DEADLINE} ms`));
    const timer = setTimeout(late, HEARD_DEADLINE);
    return await promise.finally(() => clearTimeout(timer));
  };
  return {
    async hears(hertz) {
      await until(`tone of ${hertz} Hz`, (samples) => isTone(samples, hertz) || undefined);
    },
    lasts(hertz) {
      let [lasted, since] = [0, 0];
      return until(`tone of ${hertz} Hz that ends`, (samples) => {
        since += BLOCK_TIME;
        if (isTone(samples, hertz)) [lasted, since] = [lasted === 0 ? BLOCK_TIME : lasted + since, 0];
        return lasted > 0 && since >= AFTER ? lasted : undefined;
      });
    },
    async silent(milliseconds) {
      let quiet = 0;
      await until(`silence of ${milliseconds} ms`, (samples) => {
        quiet = loudness(samples) > AUDIBLE ? 0 : quiet + BLOCK_TIME;
        return quiet >= milliseconds || undefined;
      });
    },
    onBlock,
    [Symbol.asyncDispose]: async () => await stop(child, over),
  };
}

function isTone(samples: Buffer, hertz: number): boolean {
  return loudness(samples) > AUDIBLE && share(samples, hertz) > MOSTLY;
}

/** Resolves when a file of this name is made in the folder. */
async function fileIn(folder: string, name: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const watching = watch(folder, (_, changed) => {
    if (changed === name) resolve();
  });
  const timer = setTimeout(() => reject(new Error(`no ${name} in ${folder}`)), START_DEADLINE);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    watching.close();
  }
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE);
  await ended;
  clearTimeout(timer);
}
