import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import {
  checkFilePath,
  type ErrorCode,
  type FileItem,
  type FilePath,
  LiveletError,
  MAX_TRANSFER_ITEMS,
} from '@livelet/core';
import { fileError } from './file-error.js';
import { modifiedOf, SafeFolder } from './safe-folder.js';
import type { SourceFile, SourceItem } from './source.js';

/**
 * What stands at `path` of a folder, with all that is below it, folders before what is in them. Symlinks, devices and
 * pipes below it are there as `leftOut`. What can't be looked into, is too deep, or has a name that can't be sent is
 * there as `refused`.
 * @param path from the folder on; each name is opened in the one before, symlinks aren't followed
 * @throws `file-unreadable`, `file-name-refused`, `file-too-many`
 */
export async function diskItems(root: string, path: FilePath): Promise<SourceItem[]> {
  checkFilePath(path);
  const items: SourceItem[] = [];
  await using above = await openFolder(root, path.slice(0, -1));
  try {
    await gather(new SourceFolders(root), above, path, path.length - 1, items);
  } catch (error) {
    throw fileError(error, 'file-unreadable');
  }
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
  if (!entry) return;
  if (entry.kind === 'other') {
    // What was itself chosen isn't there, as far as anybody here may know.
    if (path.length > skipped + 1) {
      add(items, { ...refusedItem(path.slice(skipped), 'file-unreadable'), leftOut: true });
    }
    return;
  }
  const { kind, size, modified } = entry;
  const item = { kind, size, modified, path: path.slice(skipped) };
  add(items, { ...item, open: () => openFile(folders, path, item) });
  if (kind === 'file') return;
  await using inner = await folder.child(entry.name);
  for (const name of (await inner.names()).toSorted()) {
    const below = [...path, name];
    const reached = items.length;
    try {
      checkFilePath(below.slice(skipped));
      await gather(folders, inner, below, skipped, items);
    } catch (error) {
      const { code } = fileError(error, 'file-unreadable');
      if (code === 'file-too-many') throw error;
      // A folder that can't be looked into is announced already, before what is in it.
      items.length = reached;
      add(items, refusedItem(below.slice(skipped), code));
    }
  }
}

function add(items: SourceItem[], item: SourceItem): void {
  if (items.length >= MAX_TRANSFER_ITEMS) throw new LiveletError('file-too-many');
  items.push(item);
}

/** Something that was chosen and stays behind. */
export function refusedItem(path: FilePath, reason: ErrorCode): SourceItem {
  const open = (): Promise<SourceFile> => Promise.reject(new LiveletError(reason));
  return { kind: 'file', size: 0, modified: 0, path, open, refused: reason };
}

async function openFile(folders: SourceFolders, path: FilePath, item: FileItem): Promise<SourceFile> {
  return await folders.use(path.slice(0, -1), async (folder) => {
    let handle: FileHandle | undefined;
    try {
      handle = await folder.read(path.at(-1) ?? '');
      return await DiskFile.of(handle, item);
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

  /** @throws `file-changed`: what was announced of it isn't so any more */
  static async of(handle: FileHandle, { size, modified }: FileItem): Promise<DiskFile> {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new LiveletError('file-unreadable', 'no ordinary file');
    if (stats.size !== size || modifiedOf(stats) !== modified) {
      throw new LiveletError('file-changed', 'other than when it was looked at');
    }
    return new DiskFile(handle, stateOf(stats));
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
    return stateOf(await this.#handle.stat()) === this.#state;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }
}

function stateOf({ size, mtimeMs }: Stats): string {
  return `${size} ${mtimeMs}`;
}
