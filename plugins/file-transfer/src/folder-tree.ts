import type { FilePath } from '@livelet/core';
import { fileError } from './file-error.js';
import { SafeFolder } from './safe-folder.js';

/** Open folders that nobody uses and that are kept for the next file. */
const MAX_IDLE = 16;

/** An open folder that stays open until this is disposed. */
export interface FolderLease extends AsyncDisposable {
  readonly folder: SafeFolder;
}

interface Opened {
  readonly folder: Promise<SafeFolder>;
  uses: number;
}

/** The folders below one that files arrive in, made as they are needed, each opened in the one above it. */
export class FolderTree implements AsyncDisposable {
  readonly #root: SafeFolder;
  readonly #opened = new Map<string, Opened>();

  /** @param root is disposed with the tree */
  constructor(root: SafeFolder) {
    this.#root = root;
  }

  /** @param path safe names @throws `file-unwritable` (something else has a name of it), `file-disk-full` */
  async lease(path: FilePath): Promise<FolderLease> {
    const key = path.join('/');
    const opened = this.#opened.get(key) ?? { folder: this.#open(path), uses: 0 };
    this.#opened.set(key, opened);
    opened.uses += 1;
    try {
      const folder = await opened.folder;
      return { folder, [Symbol.asyncDispose]: () => this.#release(opened) };
    } catch (error) {
      if (this.#opened.get(key) === opened) this.#opened.delete(key);
      throw fileError(error, 'file-unwritable');
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const opened = [...this.#opened.values()];
    this.#opened.clear();
    for (const { folder } of opened) await close(folder);
    await this.#root[Symbol.asyncDispose]();
  }

  async #open(path: FilePath): Promise<SafeFolder> {
    const name = path.at(-1);
    if (name === undefined) return await this.#root.child('.');
    await using above = await this.lease(path.slice(0, -1));
    try {
      await above.folder.makeFolder(name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    return await above.folder.child(name);
  }

  async #release(opened: Opened): Promise<void> {
    opened.uses -= 1;
    const idle = [...this.#opened].filter(([, { uses }]) => uses === 0);
    for (const [key, { folder }] of idle.slice(0, Math.max(0, idle.length - MAX_IDLE))) {
      this.#opened.delete(key);
      await close(folder);
    }
  }
}

async function close(folder: Promise<SafeFolder>): Promise<void> {
  const opened = await folder.catch(() => undefined);
  await opened?.[Symbol.asyncDispose]();
}
