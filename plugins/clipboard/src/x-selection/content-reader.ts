import {
  type ClipboardRefusal,
  type Clock,
  type CopiedContent,
  checkCopied,
  formatLimit,
  isClipboardRefusal,
  LiveletError,
  MAX_CLIPBOARD_BYTES,
} from '@livelet/core';
import { type CopiedFileList, MAX_FILE_LIST, readFileList } from './file-list.js';
import { type Atoms, FILE_TARGETS, TEXT_TARGETS } from './selection-names.js';
import { SelectionReading } from './selection-reading.js';
import type { XConnection } from './x-connection.js';

/** What lies on the CLIPBOARD: content, or files by their names. */
export type Read =
  | { readonly content: CopiedContent; readonly files?: never }
  | { readonly content?: never; readonly files: CopiedFileList };

/**
 * What lies on the CLIPBOARD, in every form that can be passed. A form that fails is left out while another one is
 * there: of a text with an enormous picture the text remains.
 * @throws the first ClipboardRefusal that left nothing, `display-lost`, `deadline-exceeded`
 */
export async function readClipboard(
  connection: XConnection,
  atoms: Atoms,
  clock: Clock,
  time: number,
): Promise<Read> {
  using reading = new SelectionReading(connection, atoms, clock, time);
  const targets = await reading.targets();
  const text = TEXT_TARGETS.map((name) => atoms[name]).find((target) => targets?.has(target));
  if (targets?.has(atoms['x-kde-passwordManagerHint'])) {
    throw new LiveletError('clipboard-secret', 'marked as secret');
  }
  // File managers offer the paths as text too.
  const list = FILE_TARGETS.map((name) => atoms[name]).find((target) => targets?.has(target));
  if (list !== undefined) return { files: await readFiles(reading, list) };
  const wanted = [
    // Who says nothing of targets has text, if anything.
    ['text', targets === undefined ? atoms.UTF8_STRING : text],
    ['html', targets?.has(atoms['text/html']) ? atoms['text/html'] : undefined],
    ['png', targets?.has(atoms['image/png']) ? atoms['image/png'] : undefined],
  ] as const;
  let content: CopiedContent = {};
  let refusal: ClipboardRefusal | undefined;
  let left = MAX_CLIPBOARD_BYTES;
  for (const [format, target] of wanted) {
    if (target === undefined) continue;
    try {
      const bytes = await reading.read(target, Math.min(left, formatLimit(format)));
      const copied = bytes && checkedForm(format, bytes);
      if (!copied) continue;
      content = { ...content, ...copied };
      left -= copied[format]?.length ?? 0;
    } catch (error) {
      if (!(error instanceof LiveletError) || !isClipboardRefusal(error.code)) throw error;
      refusal ??= error.code;
      // A conversion that was left half done would mix with the next one.
      if (refusal !== 'clipboard-malformed') break;
    }
  }
  if (Object.keys(content).length > 0) return { content };
  // Who neither says what there is nor has text is gone.
  const nothing = targets === undefined ? 'clipboard-unreadable' : 'clipboard-format';
  throw new LiveletError(refusal ?? nothing, 'nothing that can be passed');
}

/** @throws `clipboard-files` for a list that can't be read: nothing of it is passed in any other form */
async function readFiles(reading: SelectionReading, target: number): Promise<CopiedFileList> {
  try {
    return readFileList((await reading.read(target, MAX_FILE_LIST)) ?? new Uint8Array());
  } catch (cause) {
    if (cause instanceof LiveletError && !isClipboardRefusal(cause.code)) throw cause;
    throw new LiveletError('clipboard-files', 'a list of files that can’t be read', { cause });
  }
}

function checkedForm(format: 'text' | 'html' | 'png', bytes: Uint8Array): CopiedContent | undefined {
  const plain = format === 'png' ? bytes : utf8Of(bytes);
  return plain.length === 0 ? undefined : checkCopied({ [format]: plain });
}

/** Without the zero that some programs end texts with; from UTF-16 where its mark says so, as Firefox's HTML did. */
function utf8Of(bytes: Uint8Array): Uint8Array {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    return new TextEncoder().encode(new TextDecoder('utf-16le').decode(bytes).replace(/\0+$/, ''));
  }
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return bytes.subarray(0, end);
}
