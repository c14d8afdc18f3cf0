import { basename, dirname, isAbsolute, join } from 'node:path';
import { checkFilePath, LiveletError, MAX_TRANSFER_ITEMS, type OfferableFile } from '@livelet/core';
import { diskItems, refusedItem } from './disk-source.js';
import { fileError } from './file-error.js';
import { SafeFolder } from './safe-folder.js';
import type { SourceItem } from './source.js';

/** What Linux shows of itself, of its processes and devices there: nobody's files. */
const SYSTEM = /^\/(?:proc|sys|dev)(?:\/|$)/;

/** Those of `paths` that are ordinary files or folders, without opening any. */
export async function offerableFiles(
  paths: readonly string[],
  signal: AbortSignal,
): Promise<OfferableFile[]> {
  const files: OfferableFile[] = [];
  for (const path of paths) {
    if (signal.aborted) break;
    try {
      const { folder, name } = await placeOf(path);
      await using opened = folder;
      const entry = await opened.look(name);
      if (entry && entry.kind !== 'other') files.push({ path, kind: entry.kind });
    } catch {
      // Not there, or nobody's file.
    }
  }
  return files;
}

/**
 * What stands at `paths`, folders with all that is in them; what can't be given comes last, as refused.
 * @throws `file-unreadable` (nothing can be given), `file-too-many`
 */
export async function offeredItems(paths: readonly string[]): Promise<SourceItem[]> {
  if (paths.length > MAX_TRANSFER_ITEMS) throw new LiveletError('file-too-many');
  const items: SourceItem[] = [];
  const refused: SourceItem[] = [];
  for (const path of paths) {
    try {
      const { folder, name } = await placeOf(path);
      await using opened = folder;
      for (const item of await diskItems(opened.path, [name])) {
        (item.refused === undefined ? items : refused).push(item);
      }
    } catch (error) {
      const { code } = fileError(error, 'file-unreadable');
      if (code === 'file-too-many') throw error;
      refused.push(refusedItem([basename(path)], code));
    }
    if (items.length + refused.length > MAX_TRANSFER_ITEMS) throw new LiveletError('file-too-many');
  }
  if (items.length === 0) throw new LiveletError('file-unreadable', 'none of them can be given');
  return [...items, ...refused];
}

/** The folder that a path leads to; symlinks above it are the person's own. @throws `file-unreadable`, `file-name-refused` */
async function placeOf(path: string): Promise<{ readonly folder: SafeFolder; readonly name: string }> {
  const name = basename(path);
  checkFilePath([name]);
  if (!isAbsolute(path)) throw new LiveletError('file-unreadable', 'not from the root on');
  const folder = await SafeFolder.open(dirname(path));
  if (!SYSTEM.test(join(folder.path, name))) return { folder, name };
  await folder[Symbol.asyncDispose]();
  throw new LiveletError('file-unreadable', 'of the system');
}
