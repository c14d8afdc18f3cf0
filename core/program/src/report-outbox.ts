import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  asLiveletError,
  type Clock,
  checkEnvelope,
  type Deployment,
  type ErrorCode,
  LiveletError,
  MAX_ENVELOPE,
  type ProxyFinder,
  type ReportOutbox,
  submitReport,
} from '@livelet/core/wire';
import { writeWholeFile } from './files.js';

/** Reports that may wait, and their bytes together. */
const MAX_WAITING = 8;
const MAX_BYTES = 3 * MAX_ENVELOPE.report;
/** After this they are of no use to anybody, ms. */
const MAX_AGE = 30 * 24 * 60 * 60 * 1000;
/** Between two attempts, ms: doubled each time. A relay takes few reports an hour from one place. */
const FIRST_PAUSE = 10_000;
const LONGEST_PAUSE = 60 * 60_000;

/** What may work later: everything else is the report's own fault, or the deployment's. */
const LATER: ReadonlySet<ErrorCode> = new Set([
  'relay-unreachable',
  'relay-closed',
  'relay-full',
  'relay-too-many-requests',
  'relay-protocol',
  'deadline-exceeded',
  'proxy-unreachable',
  'proxy-refused',
  'proxy-authentication-required',
  'storage-full',
  'internal',
]);

/** HTTP: what a proxy before the relay lets no report of that length through with; shorter ones need not wait for it. */
const TOO_LONG = 413;

const FILE = /^[\w-]{43}\.sealed$/;
/** One that is being written, perhaps by another run of this program. */
const UNFINISHED = /^[\w-]{43}\.sealed\.[0-9a-f]{12}$/;
/** Nobody writes one for longer, ms. */
const UNFINISHED_AGE = 60 * 60 * 1000;

const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;

export interface ReportOutboxOptions {
  /** Made when a report has to wait, for the owner only. */
  readonly folder: string;
  readonly deployment: Deployment;
  readonly clock: Clock;
  readonly proxy?: ProxyFinder | undefined;
}

/**
 * Sealed problem reports until the relay has them. They wait on disk, one file each, which this program can't open
 * either; a person has pressed Send for each of them, and no other is ever sent.
 */
export class ReportQueue implements ReportOutbox, AsyncDisposable {
  readonly #options: ReportOutboxOptions;
  readonly #over = new AbortController();
  #waiting = 0;
  #working: Promise<void> = Promise.resolve();
  #timer: Disposable | undefined;
  #pause = FIRST_PAUSE;

  constructor(options: ReportOutboxOptions) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Sends what waits from runs before this one. Returns at once. */
  start(): void {
    this.#inTurn(() => this.#sendWaiting());
  }

  /**
   * Hands in one report, or keeps it for later while the relay can't be reached or has no room.
   * @param onSent told how many of its bytes are on their way
   * @throws `cancelled` and other reasons of `signal`, `storage-full` when nothing more can wait, and what makes the
   *   relay refuse it for good
   */
  async send(
    envelope: Uint8Array,
    signal: AbortSignal,
    onSent?: (bytes: number) => void,
  ): Promise<'sent' | 'queued'> {
    checkEnvelope('report', envelope);
    try {
      await submitReport(envelope, this.#options, AbortSignal.any([signal, this.#over.signal]), onSent);
      return 'sent';
    } catch (error) {
      signal.throwIfAborted();
      if (!isForLater(error) && !this.#over.signal.aborted) throw error;
    }
    const kept = Promise.withResolvers<void>();
    this.#inTurn(async () => {
      await this.#keep(envelope).then(kept.resolve, kept.reject);
    });
    await kept.promise;
    this.#later();
    return 'queued';
  }

  retry(): void {
    if (this.#waiting === 0 || this.#over.signal.aborted) return;
    this.#timer?.[Symbol.dispose]();
    this.#pause = FIRST_PAUSE;
    this.#inTurn(() => this.#sendWaiting());
  }

  async discard(): Promise<void> {
    const gone = Promise.withResolvers<void>();
    this.#inTurn(async () => {
      await this.#removeAll().then(gone.resolve, gone.reject);
    });
    await gone.promise;
  }

  /** What is being sent is stopped; what waits stays for the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    this.#over.abort(new LiveletError('cancelled'));
    await this.#working;
  }

  async #removeAll(): Promise<void> {
    for (const { file } of await this.#files()) await rm(file, { force: true });
    await this.#files();
  }

  #inTurn(task: () => Promise<void>): void {
    this.#working = this.#working.then(task).catch(() => this.#later());
  }

  async #keep(envelope: Uint8Array): Promise<void> {
    const { folder } = this.#options;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const waiting = await this.#files();
    const bytes = waiting.reduce((sum, { size }) => sum + size, envelope.length);
    if (waiting.length >= MAX_WAITING || bytes > MAX_BYTES) throw new LiveletError('storage-full');
    await writeWholeFile(join(folder, nameOf(envelope)), envelope);
    this.#waiting = (await this.#files()).length;
  }

  async #sendWaiting(): Promise<void> {
    for (const { file } of await this.#files()) {
      const { signal } = this.#over;
      if (signal.aborted) return;
      const envelope = await read(file);
      try {
        if (envelope !== undefined) await submitReport(envelope, this.#options, signal);
      } catch (error) {
        if (signal.aborted || isForLater(error)) return this.#later();
      }
      await rm(file, { force: true });
      this.#waiting = Math.max(0, this.#waiting - 1);
      this.#pause = FIRST_PAUSE;
    }
  }

  /** What waits, oldest first. What has a name of ours and is too old, or no file, goes; what has another is not ours to remove. */
  async #files(): Promise<readonly { readonly file: string; readonly size: number }[]> {
    const { folder, clock } = this.#options;
    const names = await readdir(folder).catch(() => []);
    const found: { file: string; size: number; at: number }[] = [];
    for (const name of names) {
      const isWhole = FILE.test(name);
      if (!isWhole && !UNFINISHED.test(name)) continue;
      const file = join(folder, name);
      const entry = await lstat(file).catch(() => undefined);
      // Sent meanwhile by another run of this program; or a folder, which is nobody's report and in nobody's way.
      if (!entry || entry.isDirectory()) continue;
      const { mtimeMs: at, size } = entry;
      const age = clock.wallTime() - at;
      const isCurrent = age <= (isWhole ? MAX_AGE : UNFINISHED_AGE);
      if (!isCurrent || (isWhole && !entry.isFile())) await rm(file, { force: true });
      else if (isWhole) found.push({ file, size, at });
    }
    this.#waiting = found.length;
    return found.sort((left, right) => left.at - right.at);
  }

  #later(): void {
    this.#timer?.[Symbol.dispose]();
    if (this.#over.signal.aborted) return;
    this.#timer = this.#options.clock.setTimer(this.#pause, () => this.#inTurn(() => this.#sendWaiting()));
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
  }
}

function isForLater(error: unknown): boolean {
  const { code, data } = asLiveletError(error);
  return LATER.has(code) && data.status !== TOO_LONG;
}

/** By its content: what was put there by anything else, or changed, is found out. */
function nameOf(envelope: Uint8Array): string {
  return `${createHash('sha256').update(envelope).digest('base64url')}.sealed`;
}

/** Undefined for what is no sealed report, or not the one of that name. Neither links nor pipes are followed. */
async function read(file: string): Promise<Uint8Array | undefined> {
  await using handle = await open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  const status = await handle.stat();
  if (!status.isFile() || status.size > MAX_ENVELOPE.report) return undefined;
  const envelope = await handle.readFile();
  try {
    checkEnvelope('report', envelope);
    return nameOf(envelope) === basename(file) ? envelope : undefined;
  } catch {
    return undefined;
  }
}
