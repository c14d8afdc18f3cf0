import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Archive,
  type ArchiveItem,
  asLiveletError,
  type Clock,
  type ErrorCode,
  handInAsOperator,
  type Identity,
  LiveletError,
  MAX_ENVELOPE,
  PART_ID,
  type ProxyFinder,
  parseDeployment,
} from '@livelet/core';
import { writeWholeFile } from '@livelet/program';

/** Parts that may wait, and the bytes of the largest file: a line that says where it goes, and an envelope. */
const MAX_WAITING = 2000;
const MAX_PLACE = 2048;
const MAX_FILE = MAX_ENVELOPE.chat + MAX_PLACE;

/** Between two attempts, ms: doubled each time that the archive doesn't take anything. */
const FIRST_PAUSE = 5_000;
const LONGEST_PAUSE = 600_000;

/** Each part takes a connection of its own, and a relay counts those of an address: so many at once, then a pause, ms. */
const BURST = 5;
const BURST_PAUSE = 30_000;

/** What the archive will never take, however often it is sent. */
const HOPELESS: ReadonlySet<ErrorCode> = new Set([
  'sealed-malformed',
  'request-invalid',
  'message-too-large',
]);

const SUFFIX = '.sealed';

export interface ArchiveQueueOptions {
  /** Made when missing, for the owner only. */
  readonly folder: string;
  /** Signs what is handed in. */
  readonly identity: Identity;
  readonly clock: Clock;
  readonly proxy?: ProxyFinder | undefined;
  /** What waits, or why it does, changed. */
  readonly changed: () => void;
}

export interface ArchiveQueueState {
  /** Parts that no archive has taken yet. */
  readonly waiting: number;
  /** Why the last attempt took nothing. */
  readonly problem?: ErrorCode;
  /** Parts that were lost: no room here, or refused for good. */
  readonly lost: number;
}

/**
 * Sealed parts of chats until an archive has them. They are on disk, one file each, so that the next start sends what
 * this one couldn't; this program can't open them either. Sending one twice does no harm.
 */
export class ArchiveQueue implements AsyncDisposable {
  readonly #options: ArchiveQueueOptions;
  readonly #over = new AbortController();
  readonly #waiting = new Set<string>();
  /** Taken, and not on disk yet. */
  #arriving = 0;
  #storing: Promise<void>;
  #sending: Promise<void>;
  #timer: Disposable | undefined;
  #pause = FIRST_PAUSE;
  #problem: ErrorCode | undefined;
  #lost = 0;

  constructor(options: ArchiveQueueOptions) {
    this.#options = options;
    this.#storing = this.#load().catch((error: unknown) => {
      this.#problem = asLiveletError(error).code;
    });
    this.#sending = this.#storing;
    this.#send();
  }

  get state(): ArchiveQueueState {
    const state = { waiting: this.#waiting.size + this.#arriving, lost: this.#lost };
    return this.#problem === undefined ? state : { ...state, problem: this.#problem };
  }

  /** Takes a part; it is on disk before it is sent, and doesn't wait for others that are being sent. */
  put(item: ArchiveItem): void {
    this.#arriving += 1;
    this.#storing = this.#storing.then(async () => {
      try {
        await this.#store(item);
      } catch (error) {
        this.#lost += 1;
        this.#problem = asLiveletError(error).code;
      }
      this.#arriving -= 1;
      this.#options.changed();
      // While a pause runs it is sent with the others after it.
      if (this.#timer === undefined) this.#send();
    });
  }

  /** Tries again now. */
  retry(): void {
    this.#send();
  }

  /** Resolves when all that was taken is on disk; what wasn't sent waits for the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    this.#over.abort(new LiveletError('cancelled'));
    await this.#storing;
    await this.#sending;
  }

  async #load(): Promise<void> {
    const { folder } = this.#options;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const name of await readdir(folder)) {
      const id = name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : '';
      if (PART_ID.test(id)) this.#waiting.add(id);
      // What a crash left of a file that was being written.
      else if (name.includes(SUFFIX)) await rm(join(folder, name), { force: true });
    }
    this.#options.changed();
  }

  async #store({ archive, id, envelope }: ArchiveItem): Promise<void> {
    if (this.#waiting.size >= MAX_WAITING) throw new LiveletError('storage-full');
    const { relayUrl, deploymentId, pins, archiveKey } = archive;
    const place = JSON.stringify({ relayUrl, deploymentId, pins, archiveKey });
    await writeWholeFile(this.#file(id), Buffer.concat([Buffer.from(`${place}\n`), envelope]));
    this.#waiting.add(id);
  }

  #send(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    if (this.#over.signal.aborted) return;
    this.#sending = this.#sending
      .then(() => this.#sendAll())
      .catch((error: unknown) => {
        // A file that can't be read or removed now may be later.
        this.#problem = asLiveletError(error).code;
        this.#later(LONGEST_PAUSE);
        this.#options.changed();
      });
  }

  async #sendAll(): Promise<void> {
    const { signal } = this.#over;
    /** Archives that took nothing this time: what waits for another one doesn't wait for them. */
    const closed = new Set<string>();
    let problem: ErrorCode | undefined;
    let attempts = 0;
    for (const id of this.#waiting) {
      if (signal.aborted) return;
      const item = await this.#read(id);
      if (item !== undefined && closed.has(item.archive.relayUrl)) continue;
      if (attempts >= BURST) break;
      attempts += 1;
      const failure = item === undefined ? 'sealed-malformed' : await this.#handIn(item);
      if (failure === undefined || HOPELESS.has(failure)) {
        if (failure !== undefined) this.#lost += 1;
        await rm(this.#file(id), { force: true });
        this.#waiting.delete(id);
      } else {
        problem = failure;
        if (item !== undefined) closed.add(item.archive.relayUrl);
      }
    }
    if (signal.aborted) return;
    this.#problem = problem;
    if (problem === undefined) {
      this.#pause = FIRST_PAUSE;
      if (this.#waiting.size > 0) this.#later(BURST_PAUSE);
    } else {
      this.#later(this.#pause);
      this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
    }
    this.#options.changed();
  }

  #later(pause: number): void {
    this.#timer?.[Symbol.dispose]();
    if (this.#over.signal.aborted) return;
    this.#timer = this.#options.clock.setTimer(pause, () => this.#send());
  }

  async #handIn(item: ArchiveItem): Promise<ErrorCode | undefined> {
    try {
      await handInAsOperator(item, this.#options, this.#over.signal);
      return undefined;
    } catch (error) {
      return asLiveletError(error).code;
    }
  }

  /** Undefined for a file that isn't one of ours any more. */
  async #read(id: string): Promise<ArchiveItem | undefined> {
    await using handle = await open(this.#file(id), 'r').catch(() => undefined);
    if (handle === undefined || (await handle.stat()).size > MAX_FILE) return undefined;
    const bytes = await handle.readFile();
    const end = bytes.subarray(0, MAX_PLACE).indexOf('\n');
    try {
      const archive = parseDeployment(bytes.toString('utf8', 0, Math.max(end, 0))) as Archive;
      return { archive, id, envelope: bytes.subarray(end + 1) };
    } catch {
      return undefined;
    }
  }

  #file(id: string): string {
    return join(this.#options.folder, `${id}${SUFFIX}`);
  }
}
