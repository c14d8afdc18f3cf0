/**
 * The bytes of the camera's messages. Numbers are big endian. The first byte says which message it is; a message is
 * exactly as long as its layout says.
 */
import { LiveletError } from '../errors.js';
import { ByteReader, ByteWriter } from './byte-cursor.js';
import { CAMERA_FRAMES_IN_FLIGHT, type CameraFrame, MAX_CAMERA_CHUNK, MAX_CAMERA_SIDE } from './camera.js';
import { isVideoAsSaid } from './video-size.js';

/** The first byte of each message: from whoever sends a camera, and in the answers. */
export const CAMERA_MESSAGES = {
  /** `01 | number u32 | flags u8 (1: key) | width u16 | height u16 | chunk` */
  frame: 0x01,
  /** `02`: the camera was closed; a key frame comes first when it is open again. */
  off: 0x02,
  /** `81 | number u32`: this frame, and all before it, are shown or given up. */
  done: 0x81,
  /** `82`: no frame can be shown before the next key frame. */
  key: 0x82,
} as const;

/** Bytes before a frame's chunk. */
const FRAME_HEADER = 10;

export type CameraMessage =
  /** `number` is 0 for the first frame of a stream, then one more each time. */
  ({ readonly type: 'frame'; readonly number: number } & CameraFrame) | { readonly type: 'off' };

export type CameraAnswer = { readonly type: 'done'; readonly number: number } | { readonly type: 'key' };

/** @throws `camera-malformed` for a frame out of bounds */
export function encodeCamera(message: CameraMessage): Uint8Array {
  if (message.type === 'off') return Uint8Array.of(CAMERA_MESSAGES.off);
  checkFrame(message);
  const { number, key, width, height, chunk } = message;
  return new ByteWriter(FRAME_HEADER + chunk.length)
    .u8(CAMERA_MESSAGES.frame)
    .u32(number)
    .u8(key ? 1 : 0)
    .u16(width)
    .u16(height)
    .bytes(chunk)
    .done();
}

/** @throws `camera-malformed` */
export function decodeCamera(bytes: Uint8Array): CameraMessage {
  const reader = new ByteReader(bytes, 'camera-malformed');
  const type = reader.u8();
  if (type === CAMERA_MESSAGES.off) {
    reader.end();
    return { type: 'off' };
  }
  if (type !== CAMERA_MESSAGES.frame) throw malformed(`message ${type}`);
  const number = reader.u32();
  const key = reader.flag();
  const [width, height] = [reader.u16(), reader.u16()];
  const chunk = reader.bytes(bytes.length - FRAME_HEADER);
  const message = { type: 'frame', number, key, width, height, chunk } as const;
  checkFrame(message);
  return message;
}

export function encodeCameraAnswer(answer: CameraAnswer): Uint8Array {
  if (answer.type === 'key') return Uint8Array.of(CAMERA_MESSAGES.key);
  return new ByteWriter(5).u8(CAMERA_MESSAGES.done).u32(answer.number).done();
}

/** @throws `camera-malformed` */
export function decodeCameraAnswer(bytes: Uint8Array): CameraAnswer {
  const reader = new ByteReader(bytes, 'camera-malformed');
  const type = reader.u8();
  if (type !== CAMERA_MESSAGES.done && type !== CAMERA_MESSAGES.key) throw malformed(`answer ${type}`);
  const answer: CameraAnswer =
    type === CAMERA_MESSAGES.key ? { type: 'key' } : { type: 'done', number: reader.u32() };
  reader.end();
  return answer;
}

/** Which message may follow which, at both ends of one stream. */
export class CameraOrder {
  #sent = -1;
  #done = -1;
  /** Of the last key frame; undefined: nothing but a key frame may come. */
  #size: { readonly width: number; readonly height: number } | undefined;

  /** Frames that are not confirmed yet. */
  get inFlight(): number {
    return this.#sent - this.#done;
  }

  /** The number of the next frame. */
  get next(): number {
    return this.#sent + 1;
  }

  /** A message of whoever sends. @throws `camera-malformed` out of order */
  accept(message: CameraMessage): void {
    if (message.type === 'off') {
      this.#size = undefined;
      return;
    }
    const { number, key, width, height } = message;
    if (number !== this.next) throw malformed(`frame ${number} instead of ${this.next}`);
    if (!key && (this.#size?.width !== width || this.#size.height !== height)) {
      throw malformed('a frame without the key frame before it');
    }
    if (this.inFlight >= CAMERA_FRAMES_IN_FLIGHT) throw malformed('too many frames at once');
    this.#sent = number;
    this.#size = { width, height };
  }

  /** An answer. @throws `camera-malformed` out of order */
  answer(answer: CameraAnswer): void {
    if (answer.type === 'key') return;
    if (answer.number <= this.#done || answer.number > this.#sent) throw malformed(`done ${answer.number}`);
    this.#done = answer.number;
  }
}

function checkFrame({ key, width, height, chunk }: CameraFrame): void {
  const fits = [width, height].every((side) => Number.isInteger(side) && side > 0 && side <= MAX_CAMERA_SIDE);
  const isSized = chunk.length > 0 && chunk.length <= MAX_CAMERA_CHUNK;
  if (!fits || !isSized || !isVideoAsSaid({ codec: 'vp8', key, chunk, width, height })) {
    throw malformed('a frame that is not what it says');
  }
}

function malformed(what: string): LiveletError {
  return new LiveletError('camera-malformed', what);
}
