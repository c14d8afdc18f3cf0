import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { type Clock, LiveletError } from '@livelet/core';
import { DevtoolsPipe } from './devtools-pipe.js';

/**
 * ms for the browser to end by itself, and for the system to be done with it after it was killed. Real time, and
 * timers that keep this process alive: another program's end waits for no test's clock, and must not be left half done.
 */
const CLOSE_LIMIT = 2_000;
const KILL_LIMIT = 2_000;
const LOOK_AGAIN = 20;
const MAX_COMPLAINT = 4_000;

export interface BrowserProcessOptions {
  readonly executable: string;
  readonly flags: (profile: string) => readonly string[];
  /** Added to this program's environment. */
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
}

/** One browser of our own with a fresh profile; all of it is gone after dispose. */
export class BrowserProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly devtools: DevtoolsPipe;
  /** Resolves when the browser has ended, however. */
  readonly ended: Promise<void>;
  #running = true;
  #complaint = '';
  #disposing: Promise<void> | undefined;

  private constructor(child: ChildProcess, folder: string, clock: Clock) {
    this.#child = child;
    this.#folder = folder;
    this.devtools = new DevtoolsPipe(child.stdio[3] as Writable, child.stdio[4] as Readable, clock);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-MAX_COMPLAINT);
    });
    this.ended = new Promise((resolve) => {
      const finish = (): void => {
        this.#running = false;
        this.devtools.close();
        resolve();
      };
      child.once('exit', finish);
      child.once('error', (error) => {
        this.#complaint += error.message;
        finish();
      });
    });
  }

  static async start(options: BrowserProcessOptions): Promise<BrowserProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'livelet-window-'));
    const temporary = join(folder, 'tmp');
    await mkdir(temporary, { mode: 0o700 });
    const child = spawn(options.executable, options.flags(join(folder, 'profile')), {
      // A process group of its own, so that whatever the browser starts can be ended with it.
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...options.environment, TMPDIR: temporary },
    });
    return new BrowserProcess(child, folder, options.clock);
  }

  get running(): boolean {
    return this.#running;
  }

  get processIds(): readonly number[] {
    return this.#running && this.#child.pid !== undefined ? [this.#child.pid] : [];
  }

  /** The last that the browser complained about, for developers. */
  get complaint(): string {
    return this.#complaint.trim();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#disposing ??= this.#dispose();
    return this.#disposing;
  }

  async #dispose(): Promise<void> {
    if (this.#running) {
      this.devtools.call('Browser.close').catch(() => {});
      const given = new AbortController();
      await Promise.race([this.ended, pause(CLOSE_LIMIT, undefined, { signal: given.signal })]);
      given.abort();
    }
    await this.#killGroup();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** The browser's own end leaves helpers for a moment, and a killed one leaves them for good. */
  async #killGroup(): Promise<void> {
    const { pid } = this.#child;
    if (pid === undefined) return;
    for (let looks = KILL_LIMIT / LOOK_AGAIN; signalGroup(pid, 'SIGKILL'); looks -= 1) {
      if (looks <= 0) throw new LiveletError('internal', `browser ${pid} can't be ended`);
      await pause(LOOK_AGAIN);
    }
  }
}

/** Whether there was anyone in the group. */
function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
    return true;
  } catch {
    return false;
  }
}
