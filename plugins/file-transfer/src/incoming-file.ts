import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { LiveletError, numberedFileName } from '@livelet/core';
import { fileError } from './file-error.js';
import type { FolderLease } from './folder-tree.js';
import type { SafeFolder } from './safe-folder.js';

/** Names that are tried beside one that is taken. */
const MAX_NUMBER = 1_000;
const READ = 1024 * 1024;
/** The last date of JavaScript, ms since 1970. */
const MAX_DATE = 8.64e15;

/**
 * A file while it arrives: `name.part`, made by us and only by us, that gets its name once its content is known to be
 * what was sent.
 */
export class IncomingFile {
  readonly #lease: FolderLease;
  readonly #part: string;
  readonly #handle: FileHandle;
  #hash: Hash = createHash('sha256');
  #length = 0;
  #over = false;
  #closed: Promise<void> | undefined;

  private constructor(lease: FolderLease, part: string, handle: FileHandle) {
    this.#lease = lease;
    this.#part = part;
    this.#handle = handle;
  }

  /** @param lease belongs to the file from now on @throws `file-unwritable`, `file-disk-full` */
  static async create(lease: FolderLease, name: string): Promise<IncomingFile> {
    for (let number = 1; number <= MAX_NUMBER; number += 1) {
      const part = `${number === 1 ? name : numberedFileName(name, number)}.part`;
      try {
        return new IncomingFile(lease, part, await lease.folder.create(part));
      } catch (error) {
        // Whatever has that name already isn't ours: it is neither followed nor overwritten.
        const { code = '' } = error as NodeJS.ErrnoException;
        if (code !== 'EEXIST' && code !== 'ELOOP') throw fileError(error, 'file-unwritable');
      }
    }
    throw new LiveletError('file-unwritable', 'no free name');
  }

  get #folder(): SafeFolder {
    return this.#lease.folder;
  }

  /** Bytes that are there. */
  get length(): number {
    return this.#length;
  }

  /** Adds at the end. @throws `file-unwritable`, `file-disk-full` */
  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    try {
      for (let rest = bytes; rest.length > 0; ) {
        const { bytesWritten } = await this.#handle.write(rest, 0, rest.length, this.#length);
        this.#length += bytesWritten;
        rest = rest.subarray(bytesWritten);
      }
    } catch (error) {
      throw fileError(error, 'file-unwritable');
    }
  }

  /** The hash of what stands on the disk now, read anew: it may have lain there for long. */
  async hashOfWritten(): Promise<Uint8Array> {
    const hash = createHash('sha256');
    const block = new Uint8Array(READ);
    for (let at = 0; at < this.#length; ) {
      const { bytesRead } = await this.#handle.read(block, 0, Math.min(READ, this.#length - at), at);
      if (bytesRead === 0) throw new LiveletError('file-changed', 'the part is shorter than it was');
      hash.update(block.subarray(0, bytesRead));
      at += bytesRead;
    }
    this.#hash = hash.copy();
    return hash.digest();
  }

  /** Throws away what is there and begins again. */
  async restart(): Promise<void> {
    await this.#handle.truncate(0);
    this.#length = 0;
    this.#hash = createHash('sha256');
  }

  /**
   * Gives it its date and its name.
   * @param replace whether it takes the place of a file of that name; else it stands beside it
   * @returns the name that it got
   * @throws `file-damaged`, `file-unwritable`, `file-disk-full`; then nothing of it remains
   */
  async finish(name: string, hash: Uint8Array, modified: number, replace: boolean): Promise<string> {
    try {
      if (!this.#hash.digest().equals(hash)) throw new LiveletError('file-damaged', 'another hash');
      if (isDate(modified)) await this.#handle.utimes(new Date(), new Date(modified));
      await this.#requireOurs();
      const kept = await this.#name(name, replace);
      this.#over = true;
      return kept;
    } catch (error) {
      await this.discard();
      throw fileError(error, 'file-unwritable');
    } finally {
      await this.#close();
    }
  }

  /** Nothing of it remains. Idempotent. */
  async discard(): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    try {
      await this.#requireOurs();
      await this.#folder.remove(this.#part);
    } catch {
      // Someone took it away or put something else there: that isn't ours to remove.
    }
    await this.#close();
  }

  #close(): Promise<void> {
    this.#closed ??= this.#handle
      .close()
      .catch(() => undefined)
      .then(() => this.#lease[Symbol.asyncDispose]());
    return this.#closed;
  }

  async #name(name: string, replace: boolean): Promise<string> {
    if (replace) {
      await this.#folder.replace(this.#part, name);
      return name;
    }
    for (let number = 1; number <= MAX_NUMBER; number += 1) {
      const wanted = number === 1 ? name : numberedFileName(name, number);
      try {
        await this.#folder.giveName(this.#part, wanted);
        return wanted;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
    throw new LiveletError('file-unwritable', 'no free name');
  }

  /** The name must still be that of the file that was written: whoever swaps it gets nothing of ours renamed. */
  async #requireOurs(): Promise<void> {
    const [there, ours] = [
      await this.#folder.identity(this.#part),
      await this.#handle.stat({ bigint: true }),
    ];
    if (there !== `${ours.dev} ${ours.ino}`) throw new LiveletError('file-changed', 'the part was swapped');
  }
}

/** A date that isn't known, or that no clock shows, leaves the file with that of its arrival. */
export function isDate(modified: number): boolean {
  return modified > 0 && modified <= MAX_DATE;
}
