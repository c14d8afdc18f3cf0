import { ERROR_CODES, errorCodeFromNumber, LiveletError } from '../errors.js';
import { ByteReader, ByteWriter } from './byte-cursor.js';
import {
  CLIPBOARD_FORMATS,
  type ClipboardFormat,
  type ClipboardRefusal,
  checkCopiedLengths,
  isClipboardRefusal,
} from './clipboard.js';

/** Bytes of one message, and of the content in one. */
export const MAX_CLIPBOARD_MESSAGE = 32 * 1024;
export const MAX_CLIPBOARD_CHUNK = MAX_CLIPBOARD_MESSAGE - 1;

/**
 * Messages of a clipboard stream, numbers big-endian. From the side whose person copied:
 *
 *     01 begin     id u32 | count u8 | count times: format u8, length u32      what follows; nothing else may be underway
 *     02 data      bytes, 1 to 32,767: the formats one after the other, in the order of `begin`
 *     03 cancel    what was begun won't be completed
 *     04 skipped   reason u16 (error number)                                   something was copied that isn't sent
 *     05 ready     of TAKE_CLIPBOARD_PATH only: what is copied from now on comes, nothing of before
 *
 * and from the other side, once for each that was completed:
 *
 *     81 answer    id u32 | reason u16 (0: it is on the clipboard, or offered to the person)
 */
export type ClipboardMessage =
  | { readonly type: 'begin'; readonly id: number; readonly lengths: CopiedLengths }
  | { readonly type: 'data'; readonly bytes: Uint8Array }
  | { readonly type: 'cancel' }
  | { readonly type: 'skipped'; readonly reason: ClipboardRefusal }
  | { readonly type: 'ready' };

/** How many bytes of each format come; at least one format. */
export type CopiedLengths = Readonly<Partial<Record<ClipboardFormat, number>>>;

export interface ClipboardAnswer {
  readonly id: number;
  /** Absent: taken. */
  readonly refused?: ClipboardRefusal;
}

const TYPES = { begin: 1, data: 2, cancel: 3, skipped: 4, ready: 5 } as const;
const ANSWER = 0x81;

export function encodeClipboard(message: ClipboardMessage): Uint8Array {
  const type = TYPES[message.type];
  switch (message.type) {
    case 'begin': {
      const lengths = CLIPBOARD_FORMATS.flatMap((format, number) => {
        const length = message.lengths[format];
        return length === undefined ? [] : [[number, length] as const];
      });
      const writer = new ByteWriter(6 + 5 * lengths.length).u8(type).u32(message.id).u8(lengths.length);
      for (const [number, length] of lengths) writer.u8(number).u32(length);
      return writer.done();
    }
    case 'data':
      return new ByteWriter(1 + message.bytes.length).u8(type).bytes(message.bytes).done();
    case 'cancel':
    case 'ready':
      return Uint8Array.of(type);
    case 'skipped':
      return new ByteWriter(3).u8(type).u16(ERROR_CODES[message.reason]).done();
  }
}

/** Its lengths are within the bounds of a clipboard's content. @throws `clipboard-malformed`, `clipboard-too-large` */
export function decodeClipboard(bytes: Uint8Array): ClipboardMessage {
  const reader = new ByteReader(bytes, 'clipboard-malformed');
  switch (reader.u8()) {
    case TYPES.begin:
      return readBegin(reader);
    case TYPES.data: {
      if (bytes.length < 2 || bytes.length > MAX_CLIPBOARD_MESSAGE) throw malformed('data of a wrong length');
      return { type: 'data', bytes: bytes.subarray(1) };
    }
    case TYPES.cancel:
      reader.end();
      return { type: 'cancel' };
    case TYPES.ready:
      reader.end();
      return { type: 'ready' };
    case TYPES.skipped: {
      const reason = readRefusal(reader.u16());
      reader.end();
      return { type: 'skipped', reason };
    }
    default:
      throw malformed('no such message');
  }
}

export function encodeClipboardAnswer({ id, refused }: ClipboardAnswer): Uint8Array {
  const reason = refused === undefined ? 0 : ERROR_CODES[refused];
  return new ByteWriter(7).u8(ANSWER).u32(id).u16(reason).done();
}

/** @throws `clipboard-malformed` */
export function decodeClipboardAnswer(bytes: Uint8Array): ClipboardAnswer {
  const reader = new ByteReader(bytes, 'clipboard-malformed');
  if (reader.u8() !== ANSWER) throw malformed('no such answer');
  const id = reader.u32();
  const reason = reader.u16();
  reader.end();
  return reason === 0 ? { id } : { id, refused: readRefusal(reason) };
}

function readBegin(reader: ByteReader): ClipboardMessage {
  const id = reader.u32();
  const count = reader.u8();
  const lengths: Partial<Record<ClipboardFormat, number>> = {};
  let last = -1;
  for (let n = 0; n < count; n += 1) {
    const number = reader.u8();
    const format = CLIPBOARD_FORMATS[number];
    if (format === undefined || number <= last) throw malformed('formats out of order');
    last = number;
    lengths[format] = reader.u32();
  }
  reader.end();
  checkCopiedLengths(lengths);
  return { type: 'begin', id, lengths };
}

function readRefusal(number: number): ClipboardRefusal {
  const code = errorCodeFromNumber(number);
  if (!isClipboardRefusal(code)) throw malformed('no such reason');
  return code;
}

function malformed(message: string): LiveletError {
  return new LiveletError('clipboard-malformed', message);
}
