import { ERROR_CODES, type ErrorCode, errorCodeFromNumber, LiveletError } from '../errors.js';
import { ByteReader, ByteWriter } from './byte-cursor.js';
import type { FilePath } from './file-names.js';
import { MAX_FILE_DEPTH } from './file-names.js';
import { MAX_FILE_CHUNK } from './file-transfer.js';

/**
 * First byte of each message of a transfer. Numbers are big-endian; u53 stands for eight bytes with a number up to
 * 2^53 - 1.
 *
 *     giver to taker
 *     01 transfer  items u32 | bytes u53 | title UTF-8, 1 to 1,024 bytes              first, once
 *     02 item      index u32 | kind u8 | size u53 | modified u53 | names u8, each: length u16 | UTF-8
 *     03 data      index u32 | offset u53 | 1 to MAX_FILE_CHUNK bytes
 *     04 end       index u32 | SHA-256 over the whole content, 32 bytes
 *     05 given-up  index u32 | reason u16 (error number)
 *     06 pause     flag u8                                                            either way
 *     taker to giver
 *     82 want      index u32 | offset u53 | SHA-256 over what is there up to it, 32 bytes
 *     83 skip      index u32
 *     84 done      index u32 | name UTF-8, 1 to 1,024 bytes: under which it is kept
 *     85 failed    index u32 | reason u16
 *     86 kept-in   name UTF-8, 1 to 1,024 bytes: of the folder, without where it is; a taker may keep it to itself
 *
 * Indexes count up from 0. Each item that is announced ends with one of given-up, skip, done or failed. After `want`
 * the giver's data begins at `offset` when its own first `offset` bytes have that hash, else at 0.
 */
const TYPES = {
  transfer: 0x01,
  item: 0x02,
  data: 0x03,
  end: 0x04,
  'given-up': 0x05,
  pause: 0x06,
  want: 0x82,
  skip: 0x83,
  done: 0x84,
  failed: 0x85,
  'kept-in': 0x86,
} as const;
const KINDS: ReadonlyMap<number, keyof typeof TYPES> = new Map(
  Object.entries(TYPES).map(([kind, number]) => [number, kind as keyof typeof TYPES]),
);

/** Bytes of a SHA-256. */
export const FILE_HASH_LENGTH = 32;
const MAX_TEXT = 1_024;
/** Bytes in front of the content in a data message. */
export const FILE_DATA_HEADER = 13;
/** Bytes of one message, at most. */
export const MAX_FILE_MESSAGE = FILE_DATA_HEADER + MAX_FILE_CHUNK;

/** A file or folder of a transfer as it is announced. */
export interface FileItem {
  readonly kind: 'file' | 'folder';
  /** Bytes; 0 for folders. */
  readonly size: number;
  /** ms since 1970; 0: not known. */
  readonly modified: number;
  readonly path: FilePath;
}

export type GiverMessage =
  | { readonly type: 'transfer'; readonly items: number; readonly bytes: number; readonly title: string }
  | { readonly type: 'item'; readonly index: number; readonly item: FileItem }
  | { readonly type: 'data'; readonly index: number; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly type: 'end'; readonly index: number; readonly hash: Uint8Array }
  | { readonly type: 'given-up'; readonly index: number; readonly reason: ErrorCode }
  | { readonly type: 'pause'; readonly paused: boolean };

export type TakerMessage =
  | { readonly type: 'want'; readonly index: number; readonly offset: number; readonly hash: Uint8Array }
  | { readonly type: 'skip'; readonly index: number }
  | { readonly type: 'done'; readonly index: number; readonly name: string }
  | { readonly type: 'failed'; readonly index: number; readonly reason: ErrorCode }
  | { readonly type: 'kept-in'; readonly name: string }
  | { readonly type: 'pause'; readonly paused: boolean };

export type FileMessage = GiverMessage | TakerMessage;

const utf8 = new TextEncoder();

export function encodeFileMessage(message: FileMessage): Uint8Array {
  switch (message.type) {
    case 'transfer': {
      const title = utf8.encode(message.title);
      return start(message.type, 12 + title.length)
        .u32(message.items)
        .u53(message.bytes)
        .bytes(title)
        .done();
    }
    case 'item':
      return encodeItem(message.index, message.item);
    case 'data': {
      const { index, offset, bytes } = message;
      return start('data', 12 + bytes.length)
        .u32(index)
        .u53(offset)
        .bytes(bytes)
        .done();
    }
    case 'end':
      return start('end', 36).u32(message.index).bytes(message.hash).done();
    case 'want':
      return start('want', 44).u32(message.index).u53(message.offset).bytes(message.hash).done();
    case 'skip':
      return start('skip', 4).u32(message.index).done();
    case 'done': {
      const name = utf8.encode(message.name);
      return start('done', 4 + name.length)
        .u32(message.index)
        .bytes(name)
        .done();
    }
    case 'kept-in': {
      const name = utf8.encode(message.name);
      return start(message.type, name.length).bytes(name).done();
    }
    case 'given-up':
    case 'failed':
      return start(message.type, 6).u32(message.index).u16(ERROR_CODES[message.reason]).done();
    case 'pause':
      return start('pause', 1)
        .u8(message.paused ? 1 : 0)
        .done();
  }
}

/** @param bytes views of it are in the result @throws `message-malformed` */
export function decodeFileMessage(bytes: Uint8Array): FileMessage {
  const reader = new ByteReader(bytes, 'message-malformed');
  const type = KINDS.get(reader.u8());
  if (type === undefined) throw malformed('type');
  if (type === 'pause') return ended(reader, { type, paused: reader.flag() });
  if (type === 'transfer') {
    const [items, total] = [reader.u32(), reader.u53()];
    return { type, items, bytes: total, title: rest(reader, bytes.length - 13) };
  }
  if (type === 'kept-in') return { type, name: rest(reader, bytes.length - 1) };
  const index = reader.u32();
  switch (type) {
    case 'item':
      return ended(reader, { type, index, item: decodeItem(reader) });
    case 'data': {
      const length = bytes.length - FILE_DATA_HEADER;
      if (length < 1 || length > MAX_FILE_CHUNK) throw malformed('length');
      return { type, index, offset: reader.u53(), bytes: reader.bytes(length) };
    }
    case 'end':
      return ended(reader, { type, index, hash: reader.bytes(FILE_HASH_LENGTH) });
    case 'want':
      return ended(reader, { type, index, offset: reader.u53(), hash: reader.bytes(FILE_HASH_LENGTH) });
    case 'skip':
      return ended(reader, { type, index });
    case 'done':
      return { type, index, name: rest(reader, bytes.length - 5) };
    case 'given-up':
    case 'failed':
      return ended(reader, { type, index, reason: errorCodeFromNumber(reader.u16()) });
  }
}

function encodeItem(index: number, { kind, size, modified, path }: FileItem): Uint8Array {
  const names = path.map((name) => utf8.encode(name));
  const length = names.reduce((sum, name) => sum + 2 + name.length, 22);
  const writer = start('item', length)
    .u32(index)
    .u8(kind === 'folder' ? 1 : 0)
    .u53(size)
    .u53(Math.max(0, Math.round(modified)))
    .u8(names.length);
  for (const name of names) writer.u16(name.length).bytes(name);
  return writer.done();
}

function decodeItem(reader: ByteReader): FileItem {
  const kind = reader.flag() ? 'folder' : 'file';
  const size = reader.u53();
  const modified = reader.u53();
  const count = reader.u8();
  if (count < 1 || count > MAX_FILE_DEPTH) throw malformed('depth');
  if (kind === 'folder' && size > 0) throw malformed('size of a folder');
  const path = Array.from({ length: count }, () => {
    const length = reader.u16();
    if (length > 4 * MAX_TEXT) throw malformed('name');
    return reader.text(length);
  });
  return { kind, size, modified, path };
}

function start(type: keyof typeof TYPES, length: number): ByteWriter {
  return new ByteWriter(1 + length).u8(TYPES[type]);
}

function rest(reader: ByteReader, length: number): string {
  if (length < 1 || length > MAX_TEXT) throw malformed('text');
  return reader.text(length);
}

function ended<M extends FileMessage>(reader: ByteReader, message: M): M {
  reader.end();
  return message;
}

function malformed(what: string): LiveletError {
  return new LiveletError('message-malformed', `${what} of a transfer's message`);
}
