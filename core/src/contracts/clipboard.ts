import type { ServicePath } from '../channel/streams.js';
import { type ErrorCode, LiveletError } from '../errors.js';
import { cleanPng } from './clipboard-png.js';

/**
 * What the operator copies, for the customer's clipboard. Both paths are served by the customer's half, whose person
 * allows each direction; the operator's half opens a stream to each for as long as it is allowed.
 */
export const SEND_CLIPBOARD_PATH: ServicePath = '/livelet/send-clipboard/1';
/** What the customer copies, for the operator's clipboard. */
export const TAKE_CLIPBOARD_PATH: ServicePath = '/livelet/take-clipboard/1';

/**
 * What can be passed, each as bytes: `text` and `html` UTF-8 without NUL, `png` a PNG image. Files are not among them:
 * they go by the file transfer (FileOffering).
 */
export const CLIPBOARD_FORMATS = ['text', 'html', 'png'] as const;
export type ClipboardFormat = (typeof CLIPBOARD_FORMATS)[number];

/** One thing that was copied, in every form that it has; at least one. */
export type CopiedContent = Readonly<Partial<Record<ClipboardFormat, Uint8Array>>>;

/** Bytes of all formats together; with what tells about them they fit into one message of a page's port. */
export const MAX_CLIPBOARD_BYTES = 15 * 1024 * 1024;
/** Bytes of text, and of HTML: what is longer freezes the program that it is pasted into. */
export const MAX_CLIPBOARD_TEXT = 4 * 1024 * 1024;

/** Why something that was copied was not passed on: told to both people, without what it was. */
export const CLIPBOARD_REFUSALS = [
  'clipboard-too-large',
  'clipboard-malformed',
  'clipboard-unreadable',
  'clipboard-files',
  'clipboard-format',
  'clipboard-secret',
  'clipboard-refused',
  'clipboard-unavailable',
  'request-too-soon',
] as const satisfies readonly ErrorCode[];
export type ClipboardRefusal = (typeof CLIPBOARD_REFUSALS)[number];

export function isClipboardFormat(value: unknown): value is ClipboardFormat {
  return (CLIPBOARD_FORMATS as readonly unknown[]).includes(value);
}

export function isClipboardRefusal(value: unknown): value is ClipboardRefusal {
  return (CLIPBOARD_REFUSALS as readonly unknown[]).includes(value);
}

/** The formats of `content`, in the order of CLIPBOARD_FORMATS. */
export function formatsOf(content: CopiedContent): readonly ClipboardFormat[] {
  return CLIPBOARD_FORMATS.filter((format) => content[format] !== undefined);
}

export function copiedBytes(content: CopiedContent): number {
  return formatsOf(content).reduce((sum, format) => sum + (content[format]?.length ?? 0), 0);
}

/** The most bytes of one format. */
export function formatLimit(format: ClipboardFormat): number {
  return format === 'png' ? MAX_CLIPBOARD_BYTES : MAX_CLIPBOARD_TEXT;
}

/** Of each format's length, before there are bytes. @throws `clipboard-too-large`, `clipboard-malformed` */
export function checkCopiedLengths(lengths: Readonly<Partial<Record<ClipboardFormat, number>>>): void {
  let sum = 0;
  for (const format of CLIPBOARD_FORMATS) {
    const length = lengths[format];
    if (length === undefined) continue;
    if (!Number.isInteger(length) || length < 1) throw malformed(`no bytes of ${format}`);
    if (length > formatLimit(format)) throw tooLarge(formatLimit(format));
    sum += length;
  }
  if (sum === 0) throw malformed('nothing');
  if (sum > MAX_CLIPBOARD_BYTES) throw tooLarge(MAX_CLIPBOARD_BYTES);
}

/**
 * What may be put on a clipboard: `content` checked whole, its image without what isn't the picture. The pixels
 * themselves are decoded by whoever pastes them.
 * @throws `clipboard-too-large`, `clipboard-malformed`
 */
export function checkCopied(content: CopiedContent): CopiedContent {
  checkCopiedLengths({
    ...(content.text && { text: content.text.length }),
    ...(content.html && { html: content.html.length }),
    ...(content.png && { png: content.png.length }),
  });
  for (const bytes of [content.text, content.html]) if (bytes) checkText(bytes);
  return content.png ? { ...content, png: cleanPng(content.png) } : content;
}

function checkText(bytes: Uint8Array): void {
  if (bytes.includes(0)) throw malformed('a NUL in text');
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw malformed('text is not UTF-8');
  }
}

function malformed(message: string): LiveletError {
  return new LiveletError('clipboard-malformed', message);
}

function tooLarge(limit: number): LiveletError {
  return new LiveletError('clipboard-too-large', 'too much was copied', { data: { limit } });
}
