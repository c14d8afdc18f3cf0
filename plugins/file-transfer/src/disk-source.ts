import type { FileHandle } from 'node:fs/promises';
import { checkFilePath, type FilePath, LiveletError, MAX_TRANSFER_ITEMS } from '@livelet/core';
import { fileError } from './file-error.js';
import { SafeFolder } from './safe-folder.js';
import type { SourceFile, SourceItem } from './source.js';

/**
 * What stands at `path` of a folder, with all that is below it, folders before what is in them. Symlinks, devices and
 * pipes are left out, and names that no other system takes.
 * @param path from the folder on; each name is opened in the one before, symlinks aren't followed
 * @throws `file-unreadable`, `file-name-refused`, `file-too-many`
 */
export async function diskItems(root: string, path: FilePath): Promise<SourceItem[]> {
  checkFilePath(path);
  const items: SourceItem[] = [];
  await using above = await openFolder(root, path.slice(0, -1));
  const above0 = path.length - 1;
  await gather(new SourceFolders(root), above, path, above0, items);
  if (items.length === 0) throw new LiveletError('file-unreadable', 'nothing there');
  return items;
}

/** @throws `file-unreadable` */
export async function openFolder(root: string, path: FilePath): Promise<SafeFolder> {
  let folder = await SafeFolder.open(root);
  try {
    for (const name of path) {
      const inner = await folder.child(name);
      await folder[Symbol.asyncDispose]();
      folder = inner;
    }
    return folder;
  } catch (error) {
    await folder[Symbol.asyncDispose]();
    throw fileError(error, 'file-unreadable');
  }
}

/** @param skipped names at the start of `path` that stay behind: what was chosen arrives under its own name */
async function gather(
  folders: SourceFolders,
  folder: SafeFolder,
  path: FilePath,
  skipped: number,
  items: SourceItem[],
): Promise<void> {
  const entry = await folder.look(path.at(-1) ?? '');
  if (!entry || entry.kind === 'other') return;
  if (items.length >= MAX_TRANSFER_ITEMS) throw new LiveletError('file-too-many');
  const { kind, size, modified } = entry;
  items.push({ kind, size, modified, path: path.slice(skipped), open: () => openFile(folders, path) });
  if (kind === 'file') return;
  await using inner = await folder.child(entry.name);
  for (const name of (await inner.names()).toSorted()) {
    try {
      checkFilePath([...path, name].slice(skipped));
    } catch {
      continue;
    }
    await gather(folders, inner, [...path, name], skipped, items);
  }
}

async function openFile(folders: SourceFolders, path: FilePath): Promise<SourceFile> {
  return await folders.use(path.slice(0, -1), async (folder) => {
    let handle: FileHandle | undefined;
    try {
      handle = await folder.read(path.at(-1) ?? '');
      return await DiskFile.of(handle);
    } catch (error) {
      await handle?.close();
      throw fileError(error, 'file-unreadable');
    }
  });
}

/** Folders that files are opened in: one for all that want it at the same time, closed once nobody does. */
class SourceFolders {
  readonly #root: string;
  readonly #opened = new Map<string, { readonly folder: Promise<SafeFolder>; uses: number }>();

  constructor(root: string) {
    this.#root = root;
  }

  /** @throws `file-unreadable` and those of `work` */
  async use<T>(path: FilePath, work: (folder: SafeFolder) => Promise<T>): Promise<T> {
    const key = path.join('/');
    const opened = this.#opened.get(key) ?? { folder: openFolder(this.#root, path), uses: 0 };
    this.#opened.set(key, opened);
    opened.uses += 1;
    try {
      return await work(await opened.folder);
    } finally {
      opened.uses -= 1;
      if (opened.uses === 0) {
        this.#opened.delete(key);
        const folder = await opened.folder.catch(() => undefined);
        await folder?.[Symbol.asyncDispose]();
      }
    }
  }
}

class DiskFile implements SourceFile {
  readonly #handle: FileHandle;
  readonly #state: string;

  private constructor(handle: FileHandle, state: string) {
    this.#handle = handle;
    this.#state = state;
  }

  static async of(handle: FileHandle): Promise<DiskFile> {
    const stats = await handle.stat({ bigint: true });
    if (!stats.isFile()) throw new LiveletError('file-unreadable', 'no ordinary file');
    return new DiskFile(handle, `${stats.size} ${stats.mtimeNs}`);
  }

  async read(target: Uint8Array, position: number): Promise<number> {
    try {
      let filled = 0;
      while (filled < target.length) {
        const { bytesRead } = await this.#handle.read(
          target,
          filled,
          target.length - filled,
          position + filled,
        );
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return filled;
    } catch (error) {
      throw fileError(error, 'file-unreadable');
    }
  }

  async unchanged(): Promise<boolean> {
    const stats = await this.#handle.stat({ bigint: true });
    return `${stats.size} ${stats.mtimeNs}` === this.#state;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }
}
