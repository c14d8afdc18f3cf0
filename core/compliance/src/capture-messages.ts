/** Messages of a source, by what they differ in from the plainest. */
import {
  type CopyOperation,
  encodeSourceMessage,
  type FrameMessage,
  type FrameOperation,
  type GeometryMessage,
  type TileOperation,
  type VideoOperation,
  type ViewerMessage,
} from '@livelet/core';
import { solidPng } from './solid-png.js';

/** Two frames of VP8, 64 x 48, as Chromium's encoder wrote them. */
const VP8_KEY =
  'b003009d012a4000300000070885858899848801241013ad501fc01fd01039dc0d6ae663cdc800fef3a4ffff2ff5b9c16bfe6007ff8901f563affe1fc0';
const VP8_NEXT =
  '5102000010092000c0628a5906dca380b1daafe6b0fefac43fffe4d786bb5effc9b2fff8e64dcc313fe35c882302f8';

const GEOMETRY: GeometryMessage = {
  type: 'geometry',
  generation: 1,
  display: 0,
  x: 0,
  y: 0,
  width: 64,
  height: 48,
};

export function geometry(changes: Partial<GeometryMessage> = {}): Uint8Array {
  return encodeSourceMessage({ ...GEOMETRY, ...changes });
}

export function tile(changes: Partial<TileOperation> = {}): TileOperation {
  const area = { x: 0, y: 0, width: 64, height: 48, ...changes };
  // Not of an area that only says that it is so large.
  const image = changes.image ?? solidPng(area.width, area.height, 0x336699);
  return { kind: 'tile', codec: 'png', lossy: false, ...area, image };
}

export function frame(
  operations: readonly FrameOperation[],
  changes: Partial<FrameMessage> = {},
): Uint8Array {
  const message = {
    type: 'frame',
    generation: 1,
    number: 0,
    part: 0,
    last: true,
    age: 0,
    readTime: 0,
    encodeTime: 0,
    wireTime: 0,
    operations,
  } as const;
  return encodeSourceMessage({ ...message, ...changes });
}

/** `message` with the byte at `at` set to `value`. */
export function altered(message: Uint8Array, at: number, value: number): Uint8Array {
  const copy = Uint8Array.from(message);
  copy[at] = value;
  return copy;
}

export function acknowledgement(number: number, generation = 1): ViewerMessage {
  return { type: 'acknowledge', generation, number, drawTime: 0 };
}

/** Of 8 x 8 pixels, from the top left corner to (8, 8). */
export function copy(changes: Partial<CopyOperation> = {}): CopyOperation {
  return { kind: 'copy', fromX: 0, fromY: 0, x: 8, y: 8, width: 8, height: 8, ...changes };
}

/** The whole picture, the key chunk first. */
export function video(changes: Partial<VideoOperation> = {}): VideoOperation {
  const chunk = Uint8Array.from(Buffer.from(changes.key === false ? VP8_NEXT : VP8_KEY, 'hex'));
  return { kind: 'video', x: 0, y: 0, width: 64, height: 48, codec: 'vp8', key: true, chunk, ...changes };
}
