import { LiveletError } from '../errors.js';

/** Bytes of UTF-8 of one name; what most file systems take, less the room for `.part` and for ` (2)`. */
export const MAX_FILE_NAME = 240;
/** Folders within folders, the file itself included. */
export const MAX_FILE_DEPTH = 32;

/** Where something is, from the folder on that was chosen, shared or is received into: names without separators. */
export type FilePath = readonly string[];

/** Names that Windows takes for devices, whatever their ending. */
const DEVICE =
  /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])(?=\.|$)/i;
/** What some file system gives a meaning to, or doesn't take. */
const UNSAFE = /[<>:"|?*]/g;
/** Characters that make a name read otherwise than it is: turned direction, and what is not seen at all. */
const MISLEADING = /[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]/gu;
const MAX_ENDING = 32;

const utf8 = new TextEncoder();

/**
 * Refuses what isn't a name at all: empty, `.` and `..`, with a separator of any system, control characters or broken
 * Unicode, or longer than any file system's. No honest sender's way to write a path has them.
 * @throws `file-name-refused`
 */
export function checkFileName(name: string): void {
  const refused =
    name.length === 0 ||
    name.length > 1_024 ||
    name === '.' ||
    name === '..' ||
    /[/\\]|\p{Cc}|\p{Cs}/u.test(name);
  if (refused) throw new LiveletError('file-name-refused', 'not a name');
}

/** @throws `file-name-refused` */
export function checkFilePath(path: FilePath): void {
  if (path.length === 0 || path.length > MAX_FILE_DEPTH) {
    throw new LiveletError('file-name-refused', 'path too deep or empty');
  }
  for (const name of path) checkFileName(name);
}

/**
 * The name under which a file is kept: means the same on every system, is what it looks like, and fits. A name that is
 * harmless already comes back as it is.
 * @throws `file-name-refused`
 */
export function safeFileName(name: string): string {
  checkFileName(name);
  const plain = name.normalize('NFC').replace(MISLEADING, '').replace(UNSAFE, '_').replace(/^ +/, '');
  // Windows leaves dots and spaces at the end away: what was written would be another file than what is looked for.
  const kept = plain.replace(/[. ]+$/, (end) => '_'.repeat(Math.min(end.length, 4)));
  const safe = shorten(DEVICE.test(kept.replace(/ +(?=\.|$)/, '')) ? `_${kept}` : kept);
  return safe === '' || /^\.+$/.test(safe) ? '_' : safe;
}

/** @throws `file-name-refused` */
export function safeFilePath(path: FilePath): string[] {
  checkFilePath(path);
  return path.map(safeFileName);
}

/** As it is safe to show: nothing unseen, nothing that turns the direction of what follows, not too long. */
export function displayFileName(name: string): string {
  const seen = name.replace(/[\p{Cc}\p{Cs}]/gu, '').replace(MISLEADING, '');
  const shown = seen === '' ? '_' : seen;
  return shown.length > MAX_FILE_NAME ? `${shown.slice(0, 200)}…${shown.slice(-30)}` : shown;
}

/** `report.pdf` as `report (2).pdf`. */
export function numberedFileName(name: string, number: number): string {
  const { stem, ending } = split(name);
  return `${cut(stem, MAX_FILE_NAME - utf8.encode(ending).length)} (${number})${ending}`;
}

function shorten(name: string): string {
  if (utf8.encode(name).length <= MAX_FILE_NAME) return name;
  const { stem, ending } = split(name);
  return cut(stem, MAX_FILE_NAME - utf8.encode(ending).length) + ending;
}

/** The ending tells what a file is: it stays when the name doesn't fit. */
function split(name: string): { readonly stem: string; readonly ending: string } {
  const dot = name.lastIndexOf('.');
  const ending = dot > 0 && utf8.encode(name.slice(dot)).length <= MAX_ENDING ? name.slice(dot) : '';
  return { stem: name.slice(0, name.length - ending.length), ending };
}

/** At most `bytes` bytes of UTF-8, no half characters. */
function cut(text: string, bytes: number): string {
  let length = 0;
  let kept = '';
  for (const character of text) {
    length += utf8.encode(character).length;
    if (length > bytes) break;
    kept += character;
  }
  return kept;
}
