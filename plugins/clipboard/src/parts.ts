import {
  type CopiedContent,
  checkCopiedLengths,
  copiedBytes,
  formatsOf,
  isClipboardFormat,
  LiveletError,
} from '@livelet/core/page';
import type { Parts } from './page-protocol.js';

/** What a page and its half post beside the JSON: all formats one after the other. */
export function joinParts(content: CopiedContent): { readonly parts: Parts; readonly bytes: Uint8Array } {
  const bytes = new Uint8Array(copiedBytes(content));
  const parts = formatsOf(content).map((format) => ({ format, length: content[format]?.length ?? 0 }));
  let at = 0;
  for (const { format, length } of parts) {
    bytes.set(content[format] ?? [], at);
    at += length;
  }
  return { parts, bytes };
}

/** Views of `bytes`, not copies. @throws `clipboard-malformed`, `clipboard-too-large` */
export function splitParts(parts: unknown, bytes: Uint8Array | undefined): CopiedContent {
  if (!Array.isArray(parts) || parts.length > 3 || bytes === undefined) throw malformed();
  const content: Partial<Record<string, Uint8Array>> = {};
  let at = 0;
  for (const part of parts as readonly { readonly format?: unknown; readonly length?: unknown }[]) {
    const { format, length } = part ?? {};
    if (!isClipboardFormat(format) || format in content) throw malformed();
    if (typeof length !== 'number' || !Number.isInteger(length) || length < 1) throw malformed();
    if (length > bytes.length - at) throw malformed();
    content[format] = bytes.subarray(at, at + length);
    at += length;
  }
  if (at !== bytes.length) throw malformed();
  const { text, html, png } = content;
  checkCopiedLengths({
    ...(text && { text: text.length }),
    ...(html && { html: html.length }),
    ...(png && { png: png.length }),
  });
  return content;
}

function malformed(): LiveletError {
  return new LiveletError('clipboard-malformed', 'parts of a wrong form');
}
