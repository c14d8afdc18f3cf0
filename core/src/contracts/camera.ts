import type { ServicePath } from '../channel/streams.js';

/**
 * The camera contract: moving pictures of a person, each way by a capability and a stream of its own, both served by the
 * half of the customer, who allows them. Messages are those of `camera-wire.ts`, each one message of a MessageStream.
 *
 * At CAMERA_PATH (capability `camera`) the operator asks for the customer's camera: the stream is open for as long as it
 * is allowed, and frames come while the camera is open. At SHOW_CAMERA_PATH (capability `show-camera`) the operator
 * sends their own, for as long as it is open. Both have the priority `screen`. A reset with `cancelled` closes either.
 *
 * Only the newest frames count. Whoever sends has at most CAMERA_FRAMES_IN_FLIGHT that the other end hasn't confirmed;
 * what comes meanwhile is dropped, and what comes after it begins with a key frame.
 */
export const CAMERA_PATH: ServicePath = '/livelet/camera/1';
export const SHOW_CAMERA_PATH: ServicePath = '/livelet/show-camera/1';

/** Pixels a side of a frame. */
export const MAX_CAMERA_SIDE = 1280;
/** Bytes of one encoded frame: VP8 (RFC 6386), which every Chromium encodes and decodes without a device for it. */
export const MAX_CAMERA_CHUNK = 256 * 1024;
/** Bytes of a message: the largest frame and what is said of it. */
export const MAX_CAMERA_MESSAGE = MAX_CAMERA_CHUNK + 16;
/** Messages within 10 s, twice as many as a camera has frames; above it the stream is reset with `request-too-soon`. */
export const MAX_CAMERA_MESSAGES = 300;
/** A second of film at 15 frames. */
export const CAMERA_FRAMES_IN_FLIGHT = 16;

/** One frame of a camera. */
export interface CameraFrame {
  /** Can be decoded without those before it. */
  readonly key: boolean;
  /** Pixels; those of the last key frame in all others. */
  readonly width: number;
  readonly height: number;
  /** VP8. */
  readonly chunk: Uint8Array;
}
