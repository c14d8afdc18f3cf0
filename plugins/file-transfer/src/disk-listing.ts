import { checkFileName, type FilePath, type FolderListing, type ListedFile, MAX_LISTED } from '@livelet/core';
import { openFolder } from './disk-source.js';

/**
 * What is in a folder: files and folders, no symlinks, devices or names that can't be sent.
 * @throws `file-unreadable`
 */
export async function listFolder(root: string, path: FilePath): Promise<FolderListing> {
  await using folder = await openFolder(root, path);
  const files: ListedFile[] = [];
  let more = false;
  for (const name of (await folder.names()).toSorted((a, b) => a.localeCompare(b))) {
    if (files.length === MAX_LISTED) {
      more = true;
      break;
    }
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
  return { files: files.toSorted(foldersFirst), more };
}

/** Folders, then files, each by name. */
export function foldersFirst(a: ListedFile, b: ListedFile): number {
  if (a.kind !== b.kind) return a.kind === 'folder' ? -1 : 1;
  return a.name.localeCompare(b.name);
}
