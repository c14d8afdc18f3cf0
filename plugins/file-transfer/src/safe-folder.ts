import { constants, type Stats } from 'node:fs';
import {
  type FileHandle,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  rmdir,
  statfs,
  unlink,
  utimes,
} from 'node:fs/promises';
import { join } from 'node:path';
import { LiveletError } from '@livelet/core';
import { fileError } from './file-error.js';

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDONLY, O_RDWR } = constants;
/** Node has no openat; where the system names open files in a folder, a name below an open folder can be opened. */
const DESCRIPTORS = process.platform === 'linux' ? '/proc/self/fd' : undefined;

/** What stands under a name. */
export interface FolderEntry {
  readonly name: string;
  /** `other`: a symlink, a device, a pipe. */
  readonly kind: 'file' | 'folder' | 'other';
  readonly size: number;
  /** ms since 1970 */
  readonly modified: number;
}

/**
 * An open folder. Names below it are single names, never paths, and are looked up in the folder that was opened,
 * whatever its path means by then: on Linux always; elsewhere the path is checked before each use to still lead to it.
 * No last name is ever followed if it is a symlink.
 */
export class SafeFolder implements AsyncDisposable {
  readonly #handle: FileHandle;
  readonly #path: string;
  readonly #identity: string;

  private constructor(handle: FileHandle, path: string, identity: string) {
    this.#handle = handle;
    this.#path = path;
    this.#identity = identity;
  }

  /**
   * Opens a folder that a person chose; symlinks above it are theirs.
   * @throws `file-unreadable`
   */
  static async open(path: string): Promise<SafeFolder> {
    try {
      return await SafeFolder.#openAt(await realpath(path), await realpath(path));
    } catch (error) {
      throw fileError(error, 'file-unreadable');
    }
  }

  /** Makes it, and what is missing above it, if it isn't there. @throws `file-unwritable`, `file-disk-full` */
  static async make(path: string): Promise<SafeFolder> {
    try {
      await mkdir(path, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw fileError(error, 'file-unwritable');
    }
    return await SafeFolder.open(path);
  }

  static async #openAt(address: string, path: string): Promise<SafeFolder> {
    const handle = await open(address, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    try {
      const { dev, ino } = await handle.stat({ bigint: true });
      return new SafeFolder(handle, path, `${dev} ${ino}`);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Where it was opened, for people. */
  get path(): string {
    return this.#path;
  }

  /** A folder in this one; symlinks aren't followed. @throws as `open` of node:fs */
  async child(name: string): Promise<SafeFolder> {
    return await SafeFolder.#openAt(await this.#at(name), join(this.#path, name));
  }

  /** @throws as `mkdir` of node:fs, `EEXIST` where something is there */
  async makeFolder(name: string): Promise<void> {
    await mkdir(await this.#at(name), { mode: 0o700 });
  }

  /** A new, empty file that only this person can read. @throws as `open` of node:fs, `EEXIST` where something is there */
  async create(name: string): Promise<FileHandle> {
    return await open(await this.#at(name), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  }

  /** @throws as `open` of node:fs, `ELOOP` for a symlink */
  async read(name: string): Promise<FileHandle> {
    // A pipe must not make the open wait for whoever writes it.
    return await open(await this.#at(name), O_RDONLY | O_NOFOLLOW | constants.O_NONBLOCK);
  }

  /** What is there; undefined: nothing. */
  async look(name: string): Promise<FolderEntry | undefined> {
    try {
      const stats = await lstat(await this.#at(name));
      const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other';
      return { name, kind, size: kind === 'file' ? stats.size : 0, modified: modifiedOf(stats) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Tells files apart: device and number of what has this name, a symlink itself; undefined: nothing. */
  async identity(name: string): Promise<string | undefined> {
    try {
      const { dev, ino } = await lstat(await this.#at(name), { bigint: true });
      return `${dev} ${ino}`;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** All names, in no order. */
  async names(): Promise<string[]> {
    return await readdir(await this.#at('.'));
  }

  /** Gives a finished file its name, never in the place of anything. @throws `EEXIST` */
  async giveName(from: string, to: string): Promise<void> {
    try {
      await link(await this.#at(from), await this.#at(to));
    } catch (error) {
      // Some file systems have no second name for a file: there the look and the renaming are two steps.
      const { code = '' } = error as NodeJS.ErrnoException;
      if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code)) throw error;
      if (await this.look(to)) throw Object.assign(new Error('exists'), { code: 'EEXIST' });
      await rename(await this.#at(from), await this.#at(to));
      return;
    }
    await unlink(await this.#at(from));
  }

  /** Gives a finished file its name in the place of the file, or the symlink itself, that is there. */
  async replace(from: string, to: string): Promise<void> {
    await rename(await this.#at(from), await this.#at(to));
  }

  /** Of its file system: bytes that this person may still write, and all. */
  async room(): Promise<{ readonly free: number; readonly all: number }> {
    const { bavail, blocks, bsize } = await statfs(await this.#at('.'));
    return { free: bavail * bsize, all: blocks * bsize };
  }

  async remove(name: string): Promise<void> {
    await unlink(await this.#at(name));
  }

  /** @throws as `rmdir` of node:fs, where it isn't empty */
  async removeFolder(name: string): Promise<void> {
    await rmdir(await this.#at(name));
  }

  /** Sets when the folder itself was changed last, ms since 1970. */
  async setModified(modified: number): Promise<void> {
    await utimes(await this.#at('.'), new Date(), new Date(modified));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }

  /** Where `name` is now. @throws `file-name-refused`, `file-unwritable` (the folder was swapped) */
  async #at(name: string): Promise<string> {
    if (name === '' || name === '..' || /[/\\\0]/.test(name)) {
      throw new LiveletError('file-name-refused', 'not a single name');
    }
    if (DESCRIPTORS) return `${DESCRIPTORS}/${this.#handle.fd}/${name}`;
    const { dev, ino } = await lstat(this.#path, { bigint: true });
    if (`${dev} ${ino}` !== this.#identity)
      throw new LiveletError('file-unwritable', 'the folder was swapped');
    return join(this.#path, name);
  }
}

/** When it was changed last, whole ms since 1970; 0 before that. */
export function modifiedOf({ mtimeMs }: Stats): number {
  return Math.max(0, Math.floor(mtimeMs));
}
