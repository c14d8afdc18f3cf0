import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@livelet/core/wire';
import { type LogEntry, logLine } from './log-entry.js';

/** Bytes of one file, and how many there are: some weeks of work. */
const FILE_BYTES = 256 * 1024;
const FILES = 3;

const { O_APPEND, O_CREAT, O_RDONLY, O_WRONLY } = constants;
// Windows has no such flags; a link there needs rights that whoever has them needs no log for. A pipe in a file's place
// keeps nobody waiting until somebody is at its other end.
const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
const SAFELY = O_NOFOLLOW | O_NONBLOCK;

export interface LocalLogOptions {
  /** Made when missing, for the owner only. */
  readonly folder: string;
  readonly clock: Pick<Clock, 'wallTime'>;
  /** @default 256 KiB */
  readonly fileBytes?: number;
}

/**
 * What happened in this program, on this computer only: JSON lines in `events.log`, older ones in `events.1.log` and
 * `events.2.log`, 0600. A line is on disk when `add` returns, so that a crash leaves what came before it. It leaves
 * this computer only in a problem report that a person has read and sent.
 */
export class LocalLog {
  readonly #options: LocalLogOptions;
  #lost = 0;

  constructor(options: LocalLogOptions) {
    this.#options = options;
  }

  /** Lines that could not be written. */
  get lost(): number {
    return this.#lost;
  }

  /** Never throws: a full disk must not end a session. */
  add(entry: LogEntry): void {
    const { folder, clock, fileBytes = FILE_BYTES } = this.#options;
    const line = Buffer.from(logLine(clock.wallTime(), entry));
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const full = fileBytes - line.length;
      if (!this.#append(line, full)) {
        this.#rotate();
        this.#append(line, full);
      }
    } catch {
      this.#lost += 1;
    }
  }

  /** The last whole lines, oldest first, at most `maxBytes`; what can't be read is missing. */
  async read(maxBytes: number): Promise<string> {
    let text = '';
    for (let age = 0; age < FILES && Buffer.byteLength(text) < maxBytes; age++) {
      text = (await this.#tail(age, maxBytes)) + text;
    }
    if (text.length <= maxBytes) return text;
    const cut = text.slice(-maxBytes);
    return cut.slice(cut.indexOf('\n') + 1);
  }

  /**
   * Opened each time: another run of this program may have put the file aside.
   * @param full bytes with which it takes no more; a new one always takes a line
   * @returns whether it took it
   */
  #append(line: Uint8Array, full: number): boolean {
    const file = openSync(this.#path(0), O_WRONLY | O_APPEND | O_CREAT | SAFELY, 0o600);
    try {
      const status = fstatSync(file);
      if (!status.isFile()) throw new Error('no file');
      if (status.size > Math.max(0, full)) return false;
      fchmodSync(file, 0o600);
      writeSync(file, line);
      return true;
    } finally {
      closeSync(file);
    }
  }

  async #tail(age: number, maxBytes: number): Promise<string> {
    try {
      await using file = await open(this.#path(age), O_RDONLY | SAFELY);
      const status = await file.stat();
      if (!status.isFile()) return '';
      const { size } = status;
      const length = Math.min(size, maxBytes);
      const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
      const text = buffer.toString('utf8', 0, bytesRead);
      return length < size ? text.slice(text.indexOf('\n') + 1) : text;
    } catch {
      return '';
    }
  }

  #rotate(): void {
    for (let age = FILES - 2; age >= 0; age--) {
      try {
        renameSync(this.#path(age), this.#path(age + 1));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
  }

  #path(age: number): string {
    return join(this.#options.folder, age === 0 ? 'events.log' : `events.${age}.log`);
  }
}
