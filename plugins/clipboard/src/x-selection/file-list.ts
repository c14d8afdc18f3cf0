import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { MAX_TRANSFER_ITEMS } from '@livelet/core';

/** Bytes of a list; what is longer isn't read. */
export const MAX_FILE_LIST = 4 * 1024 * 1024;

/** Files that were copied in a file manager. */
export interface CopiedFileList {
  /** Absolute paths on this computer, each once; none when there are more than one transfer takes. */
  readonly paths: readonly string[];
  /** How many others the list names: on another computer, or by something that is no path here. */
  readonly others: number;
}

/**
 * Reads `text/uri-list` (RFC 2483), and `x-special/gnome-copied-files`, whose first line says copy or cut.
 * @throws TypeError for what isn't UTF-8
 */
export function readFileList(bytes: Uint8Array): CopiedFileList {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  const paths = new Set<string>();
  let others = 0;
  for (const [at, line] of text.split(/[\r\n\0]+/).entries()) {
    if (line === '' || line.startsWith('#') || (at === 0 && /^(?:copy|cut)$/.test(line))) continue;
    const path = localPath(line);
    if (path === undefined) others += 1;
    else paths.add(path);
    if (paths.size + others > MAX_TRANSFER_ITEMS) return { paths: [], others: MAX_TRANSFER_ITEMS };
  }
  return { paths: [...paths], others };
}

/** Undefined: not a file of this computer (RFC 8089). */
function localPath(line: string): string | undefined {
  try {
    const url = new URL(line);
    const isHere = url.hostname === '' || url.hostname === hostname().toLowerCase();
    // A path with a mark that isn't written as `%3F` or `%23` would be another one than is meant.
    if (url.protocol !== 'file:' || !isHere || /[?#]/.test(line)) return undefined;
    url.hostname = '';
    const path = fileURLToPath(url).replace(/\/+$/, '');
    // Neither the root, which has no name, nor what ends early for the system.
    return path === '' || path.includes('\0') ? undefined : path;
  } catch {
    return undefined;
  }
}
