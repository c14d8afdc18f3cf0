/**
 * The operations of a frame and their bytes: applied in the order of the frame, its result shown as a whole. All
 * numbers are big endian. Which operation may follow which is in `picture-sequence.ts`.
 */
import { LiveletError } from '../errors.js';
import type { ByteReader, ByteWriter } from './byte-cursor.js';
import { MAX_CHUNK_BYTES, MAX_TILE_BYTES, type Rectangle } from './capture.js';
import { checkScreenSize } from './screen-size.js';

/** The first byte of an operation in a frame. */
export const FRAME_OPERATIONS = {
  /** `01 | x u16 | y u16 | width u16 | height u16 | codec u8 | flags u8 (1: lossy) | length u32 | image` */
  tile: 0x01,
  /** `02 | from x u16 | from y u16 | x u16 | y u16 | width u16 | height u16` */
  copy: 0x02,
  /** `03 | x u16 | y u16 | width u16 | height u16 | codec u8 | flags u8 (1: key) | length u32 | chunk` */
  video: 0x03,
} as const;

/**
 * How a tile's image is coded: the byte on the wire. WebP is its lossless form without an alpha plane or metadata;
 * `small` is in `small-image.ts`.
 */
export const TILE_CODECS = { png: 1, 'webp-lossless': 2, jpeg: 3, small: 4 } as const;
export type TileCodec = keyof typeof TILE_CODECS;

/** How a video's chunks are coded: the byte on the wire. `h264` is Annex B, parameter sets in each key chunk. */
export const VIDEO_CODECS = { vp8: 1, vp9: 2, av1: 3, h264: 4 } as const;
export type VideoCodec = keyof typeof VIDEO_CODECS;

/** Pixels a side that a decoded picture may have more than its operation: encoders code blocks of 16. */
export const MAX_VIDEO_PADDING = 15;

/** An image that replaces a rectangle of the picture. */
export interface TileOperation extends Rectangle {
  readonly kind: 'tile';
  readonly codec: TileCodec;
  /** The pixels differ a little from the display's; a lossless tile follows when they are at rest. */
  readonly lossy: boolean;
  readonly image: Uint8Array;
}

/**
 * Takes the rectangle of this size at (`fromX`, `fromY`) to (`x`, `y`), as the picture is at that point of the frame.
 * Where the two overlap the target is what the source was before, as with memmove.
 */
export interface CopyOperation extends Rectangle {
  readonly kind: 'copy';
  readonly fromX: number;
  readonly fromY: number;
}

/**
 * The next picture of the video that covers a rectangle. Of the decoded picture the top left `width` x `height` pixels
 * are drawn, since encoders may need even sides.
 */
export interface VideoOperation extends Rectangle {
  readonly kind: 'video';
  readonly codec: VideoCodec;
  /** The chunk needs none before it: it begins a video. */
  readonly key: boolean;
  /** One encoded picture, which gives exactly one decoded picture. */
  readonly chunk: Uint8Array;
}

export type FrameOperation = TileOperation | CopyOperation | VideoOperation;

const TILE_HEADER = 15;
const COPY_LENGTH = 13;
const VIDEO_HEADER = 15;
const TILE_CODEC_NAMES = namesOf<TileCodec>(TILE_CODECS);
const VIDEO_CODEC_NAMES = namesOf<VideoCodec>(VIDEO_CODECS);

/** Bytes that an operation takes in a frame message. */
export function operationLength(operation: FrameOperation): number {
  switch (operation.kind) {
    case 'tile':
      return TILE_HEADER + operation.image.length;
    case 'copy':
      return COPY_LENGTH;
    case 'video':
      return VIDEO_HEADER + operation.chunk.length;
  }
}

/** @throws RangeError when `writer` has not `operationLength` bytes left */
export function writeOperation(writer: ByteWriter, operation: FrameOperation): void {
  writer.u8(FRAME_OPERATIONS[operation.kind]);
  if (operation.kind === 'copy') writer.u16(operation.fromX).u16(operation.fromY);
  writer.u16(operation.x).u16(operation.y).u16(operation.width).u16(operation.height);
  switch (operation.kind) {
    case 'tile':
      writer.u8(TILE_CODECS[operation.codec]).u8(operation.lossy ? 1 : 0);
      writer.u32(operation.image.length).bytes(operation.image);
      break;
    case 'video':
      writer.u8(VIDEO_CODECS[operation.codec]).u8(operation.key ? 1 : 0);
      writer.u32(operation.chunk.length).bytes(operation.chunk);
      break;
  }
}

/** Images and chunks are views, not copies. @throws `picture-malformed`, `picture-too-large` */
export function readOperation(reader: ByteReader): FrameOperation {
  const kind = reader.u8();
  switch (kind) {
    case FRAME_OPERATIONS.tile:
      return readTile(reader);
    case FRAME_OPERATIONS.copy: {
      const [fromX, fromY] = [reader.u16(), reader.u16()];
      return { kind: 'copy', fromX, fromY, ...readArea(reader) };
    }
    case FRAME_OPERATIONS.video:
      return readVideo(reader);
    default:
      return malformed(`operation ${kind}`);
  }
}

/** A codec of videos by its byte on the wire. @throws `picture-malformed` */
export function videoCodecOf(byte: number): VideoCodec {
  return VIDEO_CODEC_NAMES.get(byte) ?? malformed('unknown video codec');
}

function readTile(reader: ByteReader): TileOperation {
  const area = readArea(reader);
  const codec = TILE_CODEC_NAMES.get(reader.u8()) ?? malformed('unknown codec');
  const lossy = reader.flag();
  const length = reader.u32();
  if (length > MAX_TILE_BYTES) throw new LiveletError('picture-too-large', `a tile of ${length} bytes`);
  return { kind: 'tile', ...area, codec, lossy, image: reader.bytes(length) };
}

function readVideo(reader: ByteReader): VideoOperation {
  const area = readArea(reader);
  const codec = videoCodecOf(reader.u8());
  const key = reader.flag();
  const length = reader.u32();
  if (length > MAX_CHUNK_BYTES) throw new LiveletError('picture-too-large', `a chunk of ${length} bytes`);
  if (length === 0) malformed('a chunk without a picture');
  return { kind: 'video', ...area, codec, key, chunk: reader.bytes(length) };
}

function readArea(reader: ByteReader): Rectangle {
  const area = { x: reader.u16(), y: reader.u16(), width: reader.u16(), height: reader.u16() };
  checkScreenSize(area.width, area.height);
  return area;
}

function namesOf<Name extends string>(codecs: Readonly<Record<Name, number>>): ReadonlyMap<number, Name> {
  return new Map((Object.keys(codecs) as Name[]).map((name) => [codecs[name], name]));
}

function malformed(message: string): never {
  throw new LiveletError('picture-malformed', message);
}
