import {
  checkFileName,
  type FilePath,
  type FolderListing,
  type ListedFile,
  MAX_LISTED,
  MAX_TRANSFER_ITEMS,
} from '@livelet/core';
import { openFolder } from './disk-source.js';

/**
 * What is in a folder, from the `from`th line on: files and folders, no symlinks, devices or names that can't be sent.
 * @throws `file-unreadable`
 */
export async function listFolder(root: string, path: FilePath, from = 0): Promise<FolderListing> {
  await using folder = await openFolder(root, path);
  const files: ListedFile[] = [];
  for (const name of (await folder.names()).toSorted(BY_NAME.compare).slice(0, MAX_TRANSFER_ITEMS)) {
    try {
      checkFileName(name);
    } catch {
      continue;
    }
    const entry = await folder.look(name);
    if (!entry || entry.kind === 'other') continue;
    const { kind, size, modified } = entry;
    files.push({ name, kind, size, modified });
  }
  const to = from + MAX_LISTED;
  return { files: files.toSorted(foldersFirst).slice(from, to), more: files.length > to };
}

/** Made once: `localeCompare` makes one each time. */
const BY_NAME = new Intl.Collator();

/** Folders, then files, each by name. */
function foldersFirst(a: ListedFile, b: ListedFile): number {
  if (a.kind !== b.kind) return a.kind === 'folder' ? -1 : 1;
  return BY_NAME.compare(a.name, b.name);
}
