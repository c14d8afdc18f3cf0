/**
 * The bytes of the capture contract's messages. All numbers are big endian; text is UTF-8. The first byte says
 * which message it is; a message is exactly as long as its layout says.
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
  MAX_SCREEN_PIXELS,
  MAX_SCREEN_SIDE,
  MAX_SOURCE_MESSAGE,
  MAX_TILE_BYTES,
  MAX_VIEWER_MESSAGE,
  type Rectangle,
} from './capture.js';

/** The first byte of a message. */
export const SCREEN_MESSAGES = {
  /** `01 | count u8 | count x (id u32, x i32, y i32, width u16, height u16, name length u8, name)` */
  displays: 0x01,
  /** `02 | generation u32 | display id u32 | x i32 | y i32 | width u16 | height u16` */
  geometry: 0x02,
  /** `03 | generation u32 | number u32 | part u16 | flags u8 (1: last part) | age u16 | count u16 | operations` */
  frame: 0x03,
  /** `04 | width u8 | height u8 | hot x u8 | hot y u8 | RGBA` */
  cursorShape: 0x04,
  /** `05 | x i32 | y i32` */
  cursorPosition: 0x05,
  /** `81 | generation u32 | number u32 | draw time u32` */
  acknowledge: 0x81,
  /** `82 | display id u32` */
  select: 0x82,
  /** `83` */
  refresh: 0x83,
} as const;

/** The first byte of an operation in a frame. */
export const FRAME_OPERATIONS = {
  /** `01 | x u16 | y u16 | width u16 | height u16 | codec u8 | flags u8 (1: lossy) | length u32 | image` */
  tile: 0x01,
  /** Reserved: copies one part of the picture to another. Refused by this version. */
  copy: 0x02,
  /** Reserved: a chunk of a video that covers a part of the picture. Refused by this version. */
  video: 0x03,
} as const;

/** How a tile's image is coded: the byte on the wire. WebP is its lossless form without an alpha plane or metadata. */
export const TILE_CODECS = { png: 1, 'webp-lossless': 2, jpeg: 3 } as const;
export type TileCodec = keyof typeof TILE_CODECS;

/** An image that replaces a rectangle of the picture. */
export interface TileOperation extends Rectangle {
  readonly kind: 'tile';
  readonly codec: TileCodec;
  /** The pixels differ a little from the display's; a lossless tile follows when they are at rest. */
  readonly lossy: boolean;
  readonly image: Uint8Array;
}

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
  readonly operations: readonly TileOperation[];
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

/** The viewer has drawn this frame and all before it. */
export interface AcknowledgeMessage {
  readonly type: 'acknowledge';
  readonly generation: number;
  readonly number: number;
  /** From the last part's arrival in the page to the drawn picture, microseconds. */
  readonly drawTime: number;
}

/** Show this display instead. */
export interface SelectMessage {
  readonly type: 'select';
  readonly display: number;
}

/** The viewer has lost its picture: start a new generation. */
export interface RefreshMessage {
  readonly type: 'refresh';
}

export type ViewerMessage = AcknowledgeMessage | SelectMessage | RefreshMessage;

const CODEC_NAMES: ReadonlyMap<number, TileCodec> = new Map(
  Object.entries(TILE_CODECS).map(([name, number]) => [number, name as TileCodec]),
);
const FRAME_HEADER = 16;
const TILE_HEADER = 15;
const utf8 = new TextEncoder();

/** Bytes that a tile takes in a frame message. */
export function tileLength(image: Uint8Array): number {
  return TILE_HEADER + image.length;
}

/** @throws `picture-too-large` for a screen beyond the bounds, `picture-malformed` for an empty one */
export function checkScreenSize(width: number, height: number): void {
  if (width > MAX_SCREEN_SIDE || height > MAX_SCREEN_SIDE || width * height > MAX_SCREEN_PIXELS) {
    throw new LiveletError('picture-too-large', `a picture of ${width} x ${height}`, {
      data: { width, height },
    });
  }
  if (width < 1 || height < 1) malformed('a picture without pixels');
}

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

export function encodeViewerMessage(message: ViewerMessage): Uint8Array {
  switch (message.type) {
    case 'acknowledge':
      return new ByteWriter(13)
        .u8(SCREEN_MESSAGES.acknowledge)
        .u32(message.generation)
        .u32(message.number)
        .u32(message.drawTime)
        .done();
    case 'select':
      return new ByteWriter(5).u8(SCREEN_MESSAGES.select).u32(message.display).done();
    case 'refresh':
      return new ByteWriter(1).u8(SCREEN_MESSAGES.refresh).done();
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

/** @throws `picture-malformed` */
export function decodeViewerMessage(bytes: Uint8Array): ViewerMessage {
  if (bytes.length > MAX_VIEWER_MESSAGE) malformed('message too long');
  const reader = new ByteReader(bytes, 'picture-malformed');
  const message = decodeViewerBody(reader.u8(), reader);
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

function decodeViewerBody(type: number, reader: ByteReader): ViewerMessage {
  switch (type) {
    case SCREEN_MESSAGES.acknowledge:
      return {
        type: 'acknowledge',
        generation: reader.u32(),
        number: reader.u32(),
        drawTime: reader.u32(),
      };
    case SCREEN_MESSAGES.select:
      return { type: 'select', display: reader.u32() };
    case SCREEN_MESSAGES.refresh:
      return { type: 'refresh' };
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
  const length = message.operations.reduce((sum, tile) => sum + tileLength(tile.image), FRAME_HEADER);
  const writer = new ByteWriter(length)
    .u8(SCREEN_MESSAGES.frame)
    .u32(message.generation)
    .u32(message.number)
    .u16(message.part)
    .u8(message.last ? 1 : 0)
    .u16(Math.min(message.age, 0xffff))
    .u16(message.operations.length);
  for (const tile of message.operations) {
    writer.u8(FRAME_OPERATIONS.tile).u16(tile.x).u16(tile.y).u16(tile.width).u16(tile.height);
    writer
      .u8(TILE_CODECS[tile.codec])
      .u8(tile.lossy ? 1 : 0)
      .u32(tile.image.length)
      .bytes(tile.image);
  }
  return writer.done();
}

function decodeFrame(reader: ByteReader): FrameMessage {
  const generation = reader.u32();
  const number = reader.u32();
  const part = reader.u16();
  const last = reader.flag();
  const age = reader.u16();
  const count = reader.u16();
  if (count > MAX_FRAME_OPERATIONS) malformed(`${count} operations`);
  const operations: TileOperation[] = [];
  for (let index = 0; index < count; index++) operations.push(decodeTile(reader));
  return { type: 'frame', generation, number, part, last, age, operations };
}

function decodeTile(reader: ByteReader): TileOperation {
  const kind = reader.u8();
  if (kind !== FRAME_OPERATIONS.tile) malformed(`operation ${kind}`);
  const area = { x: reader.u16(), y: reader.u16(), width: reader.u16(), height: reader.u16() };
  checkScreenSize(area.width, area.height);
  const codec = CODEC_NAMES.get(reader.u8()) ?? malformed('unknown codec');
  const lossy = reader.flag();
  const length = reader.u32();
  if (length > MAX_TILE_BYTES) throw new LiveletError('picture-too-large', `a tile of ${length} bytes`);
  return { kind: 'tile', ...area, codec, lossy, image: reader.bytes(length) };
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
