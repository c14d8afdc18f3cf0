/**
 * The bytes of the messages from source to viewer; those of the other way are in `capture-viewer-wire.ts`, those of a
 * frame's operations in `capture-operations.ts`. All numbers are big endian; text is UTF-8. The first byte says which
 * message it is; a message is exactly as long as its layout says.
 */
import { LiveletError } from '../errors.js';
import { ByteReader, ByteWriter } from './byte-cursor.js';
import {
  type CursorShape,
  type DisplayInfo,
  MAX_CURSOR_SIDE,
  MAX_DISPLAY_NAME,
  MAX_DISPLAYS,
  MAX_FRAME_OPERATIONS,
  MAX_SOURCE_MESSAGE,
  type Rectangle,
} from './capture.js';
import { type FrameOperation, operationLength, readOperation, writeOperation } from './capture-operations.js';
import { checkScreenSize } from './screen-size.js';

/** The first byte of a message from the source. */
export const SCREEN_MESSAGES = {
  /** `01 | count u8 | count x (id u32, x i32, y i32, width u16, height u16, name length u8, name)` */
  displays: 0x01,
  /** `02 | generation u32 | display id u32 | x i32 | y i32 | width u16 | height u16` */
  geometry: 0x02,
  /**
   * `03 | generation u32 | number u32 | part u16 | flags u8 (1: last part) | age u16 | read u16 | encode u16 | wire u16
   * | count u16 | operations`: age in milliseconds, the three after it in tenths of one; 65,535 stands for more
   */
  frame: 0x03,
  /** `04 | width u8 | height u8 | hot x u8 | hot y u8 | RGBA` */
  cursorShape: 0x04,
  /** `05 | x i32 | y i32` */
  cursorPosition: 0x05,
} as const;

export interface DisplaysMessage {
  readonly type: 'displays';
  readonly displays: readonly DisplayInfo[];
}

/** Starts a new sequence of frames on a new picture, black until its first frame. */
export interface GeometryMessage extends Rectangle {
  readonly type: 'geometry';
  /** 1 for the first of a stream, then one more each time. */
  readonly generation: number;
  readonly display: number;
}

/** A part of a frame. The viewer draws the frame when it has the last part. */
export interface FrameMessage {
  readonly type: 'frame';
  readonly generation: number;
  /** 0 for the first of a generation, which covers the whole picture; then one more each time. */
  readonly number: number;
  /** 0 for the first of a frame. */
  readonly part: number;
  readonly last: boolean;
  /** From the first change that the frame shows to this part's sending, ms; 65,535 stands for more. */
  readonly age: number;
  /** To read this frame's pixels, ms in tenths, as the next two; more than 6,553.4 is 6,553.5. */
  readonly readTime: number;
  /** From the read pixels to this part's sending. */
  readonly encodeTime: number;
  /** One way over the line as the source last knew it: half of what an acknowledgement took besides drawing. */
  readonly wireTime: number;
  readonly operations: readonly FrameOperation[];
}

export interface CursorShapeMessage extends CursorShape {
  readonly type: 'cursor-shape';
}

/** The hot spot in pixels of the display; may lie outside of it. */
export interface CursorPositionMessage {
  readonly type: 'cursor-position';
  readonly x: number;
  readonly y: number;
}

export type SourceMessage =
  | DisplaysMessage
  | GeometryMessage
  | FrameMessage
  | CursorShapeMessage
  | CursorPositionMessage;

const FRAME_HEADER = 22;
const utf8 = new TextEncoder();

export function encodeSourceMessage(message: SourceMessage): Uint8Array {
  switch (message.type) {
    case 'displays':
      return encodeDisplays(message.displays);
    case 'geometry':
      return new ByteWriter(21)
        .u8(SCREEN_MESSAGES.geometry)
        .u32(message.generation)
        .u32(message.display)
        .i32(message.x)
        .i32(message.y)
        .u16(message.width)
        .u16(message.height)
        .done();
    case 'frame':
      return encodeFrame(message);
    case 'cursor-shape':
      return new ByteWriter(5 + message.rgba.length)
        .u8(SCREEN_MESSAGES.cursorShape)
        .u8(message.width)
        .u8(message.height)
        .u8(message.hotX)
        .u8(message.hotY)
        .bytes(message.rgba)
        .done();
    case 'cursor-position':
      return new ByteWriter(9).u8(SCREEN_MESSAGES.cursorPosition).i32(message.x).i32(message.y).done();
  }
}

/**
 * Reads one message of a source. Images are views of `bytes`, not copies.
 * @throws `picture-malformed`, `picture-too-large`
 */
export function decodeSourceMessage(bytes: Uint8Array): SourceMessage {
  if (bytes.length > MAX_SOURCE_MESSAGE) throw new LiveletError('picture-too-large', 'message too long');
  const reader = new ByteReader(bytes, 'picture-malformed');
  const message = decodeSourceBody(reader.u8(), reader);
  reader.end();
  return message;
}

function decodeSourceBody(type: number, reader: ByteReader): SourceMessage {
  switch (type) {
    case SCREEN_MESSAGES.displays:
      return decodeDisplays(reader);
    case SCREEN_MESSAGES.geometry:
      return decodeGeometry(reader);
    case SCREEN_MESSAGES.frame:
      return decodeFrame(reader);
    case SCREEN_MESSAGES.cursorShape:
      return decodeCursorShape(reader);
    case SCREEN_MESSAGES.cursorPosition:
      return { type: 'cursor-position', x: reader.i32(), y: reader.i32() };
    default:
      return malformed(`message ${type}`);
  }
}

function encodeDisplays(displays: readonly DisplayInfo[]): Uint8Array {
  const names = displays.map((display) => utf8.encode(display.name));
  const length = names.reduce((sum, name) => sum + 17 + name.length, 2);
  const writer = new ByteWriter(length).u8(SCREEN_MESSAGES.displays).u8(displays.length);
  for (const [index, display] of displays.entries()) {
    const name = names[index] ?? new Uint8Array();
    writer.u32(display.id).i32(display.x).i32(display.y).u16(display.width).u16(display.height);
    writer.u8(name.length).bytes(name);
  }
  return writer.done();
}

function decodeDisplays(reader: ByteReader): DisplaysMessage {
  const count = reader.u8();
  if (count > MAX_DISPLAYS) malformed(`${count} displays`);
  const displays: DisplayInfo[] = [];
  for (let index = 0; index < count; index++) {
    const id = reader.u32();
    const area = { x: reader.i32(), y: reader.i32(), width: reader.u16(), height: reader.u16() };
    checkScreenSize(area.width, area.height);
    const length = reader.u8();
    if (length > MAX_DISPLAY_NAME) malformed('name too long');
    displays.push({ id, ...area, name: reader.text(length) });
  }
  return { type: 'displays', displays };
}

function decodeGeometry(reader: ByteReader): GeometryMessage {
  const message = {
    type: 'geometry',
    generation: reader.u32(),
    display: reader.u32(),
    x: reader.i32(),
    y: reader.i32(),
    width: reader.u16(),
    height: reader.u16(),
  } as const;
  checkScreenSize(message.width, message.height);
  return message;
}

function encodeFrame(message: FrameMessage): Uint8Array {
  const { operations } = message;
  const length = operations.reduce((sum, operation) => sum + operationLength(operation), FRAME_HEADER);
  const writer = new ByteWriter(length)
    .u8(SCREEN_MESSAGES.frame)
    .u32(message.generation)
    .u32(message.number)
    .u16(message.part)
    .u8(message.last ? 1 : 0)
    .u16(Math.min(message.age, 0xffff))
    .u16(tenths(message.readTime))
    .u16(tenths(message.encodeTime))
    .u16(tenths(message.wireTime))
    .u16(operations.length);
  for (const operation of operations) writeOperation(writer, operation);
  return writer.done();
}

function decodeFrame(reader: ByteReader): FrameMessage {
  const generation = reader.u32();
  const number = reader.u32();
  const part = reader.u16();
  const last = reader.flag();
  const age = reader.u16();
  const [readTime, encodeTime, wireTime] = [reader.u16() / 10, reader.u16() / 10, reader.u16() / 10];
  const count = reader.u16();
  if (count > MAX_FRAME_OPERATIONS) malformed(`${count} operations`);
  const operations: FrameOperation[] = [];
  for (let index = 0; index < count; index++) operations.push(readOperation(reader));
  return { type: 'frame', generation, number, part, last, age, readTime, encodeTime, wireTime, operations };
}

/** @param time ms */
function tenths(time: number): number {
  return Math.max(0, Math.min(Math.round(time * 10), 0xffff));
}

function decodeCursorShape(reader: ByteReader): CursorShapeMessage {
  const [width, height, hotX, hotY] = [reader.u8(), reader.u8(), reader.u8(), reader.u8()];
  if (width > MAX_CURSOR_SIDE || height > MAX_CURSOR_SIDE) malformed('cursor too large');
  if (hotX > width || hotY > height) malformed('hot spot outside the cursor');
  return { type: 'cursor-shape', width, height, hotX, hotY, rgba: reader.bytes(width * height * 4) };
}

function malformed(message: string): never {
  throw new LiveletError('picture-malformed', message);
}
