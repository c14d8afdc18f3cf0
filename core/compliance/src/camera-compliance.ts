import {
  CAMERA_FRAMES_IN_FLIGHT,
  type CameraAnswer,
  decodeCameraAnswer,
  type ErrorCode,
  encodeCamera,
  MAX_CAMERA_MESSAGE,
} from '@livelet/core';
import type { TestFunction } from './test-function.js';

/** A half that shows the other person's camera, as its peer reaches it. Its page draws whatever it is given. */
export interface CameraViewerUnderTest extends AsyncDisposable {
  /** Sends messages over one stream, in order; resolves with so many answers, or with the code of a reset. */
  exchange(messages: readonly Uint8Array[], answers: number): Promise<readonly Uint8Array[] | ErrorCode>;
}

/** VP8 as far as its headers: RFC 6386, 9.1. */
export function vp8Header(key: boolean, width: number, height: number): Uint8Array {
  if (!key) return Uint8Array.of(0x11, 0, 0, 0);
  const size = [width & 255, width >> 8, height & 255, height >> 8];
  return Uint8Array.of(0x10, 0, 0, 0x9d, 0x01, 0x2a, ...size, 0, 0);
}

/** The message of one frame of 32 x 16 pixels. */
export function cameraFrame(number: number, key: boolean): Uint8Array {
  return encodeCamera({ type: 'frame', number, key, width: 32, height: 16, chunk: vp8Header(key, 32, 16) });
}

const OFF = encodeCamera({ type: 'off' });
const KEY = cameraFrame(0, true);

/** `KEY` with other bytes from `at` on. */
function altered(at: number, ...bytes: number[]): Uint8Array {
  const message = KEY.slice();
  message.set(bytes, at);
  return message;
}

const done = (number: number): CameraAnswer => ({ type: 'done', number });

/** Messages to a viewer that has seen none, and its answers. */
export const CAMERA_CASES: readonly {
  readonly title: string;
  readonly messages: readonly Uint8Array[];
  readonly answers: readonly CameraAnswer[];
}[] = [
  { title: 'a key frame', messages: [KEY], answers: [done(0)] },
  {
    title: 'the frames after it',
    messages: [KEY, cameraFrame(1, false), cameraFrame(2, false)],
    answers: [done(0), done(1), done(2)],
  },
  {
    title: 'a camera that is closed and opened again',
    messages: [KEY, OFF, cameraFrame(1, true)],
    answers: [done(0), done(1)],
  },
  { title: 'a camera that is closed before its first frame', messages: [OFF, OFF, KEY], answers: [done(0)] },
];

/** What no honest end sends, and the code that the stream is reset with. */
export const CAMERA_ATTACKS: readonly {
  readonly title: string;
  readonly messages: readonly Uint8Array[];
  readonly reset: ErrorCode;
}[] = [
  { title: 'an empty message', messages: [new Uint8Array()], reset: 'camera-malformed' },
  { title: 'an unknown message', messages: [Uint8Array.of(9)], reset: 'camera-malformed' },
  { title: 'an answer', messages: [Uint8Array.of(0x82)], reset: 'camera-malformed' },
  { title: 'a closing with more after its end', messages: [Uint8Array.of(2, 0)], reset: 'camera-malformed' },
  { title: 'a frame that is cut short', messages: [KEY.subarray(0, 8)], reset: 'camera-malformed' },
  { title: 'a frame without a picture', messages: [KEY.subarray(0, 10)], reset: 'camera-malformed' },
  { title: 'a frame of no known kind', messages: [altered(5, 7)], reset: 'camera-malformed' },
  { title: 'a frame without pixels', messages: [altered(6, 0, 0)], reset: 'camera-malformed' },
  { title: 'a frame that is too wide', messages: [altered(6, 0x10)], reset: 'camera-malformed' },
  { title: 'a picture larger than was said', messages: [altered(16, 0xff, 0x3f)], reset: 'camera-malformed' },
  { title: 'a key frame that is none', messages: [altered(10, 0x11)], reset: 'camera-malformed' },
  { title: 'no key frame at first', messages: [cameraFrame(0, false)], reset: 'camera-malformed' },
  {
    title: 'no key frame after it was closed',
    messages: [KEY, OFF, cameraFrame(1, false)],
    reset: 'camera-malformed',
  },
  { title: 'a number left out', messages: [KEY, cameraFrame(2, true)], reset: 'camera-malformed' },
  { title: 'a number twice', messages: [KEY, KEY], reset: 'camera-malformed' },
  {
    title: 'a message over the limit',
    messages: [new Uint8Array(MAX_CAMERA_MESSAGE + 1)],
    reset: 'message-too-large',
  },
];

/**
 * Runs all cases of the camera contract against a half that shows one.
 *
 * @param open a fresh one for each case, with the capability granted; `holds`: its page confirms nothing
 */
export function testCameraViewer(
  test: TestFunction,
  open: (holds: boolean) => Promise<CameraViewerUnderTest>,
): void {
  for (const { title, messages, answers } of CAMERA_CASES) {
    test(`camera: shows ${title}`, async (t) => {
      await using viewer = await open(false);
      const given = await viewer.exchange(messages, answers.length);
      t.deepEqual<unknown>(typeof given === 'string' ? given : given.map(decodeCameraAnswer), answers);
    });
  }
  for (const { title, messages, reset } of CAMERA_ATTACKS) {
    test(`camera: resets on ${title}`, async (t) => {
      await using viewer = await open(true);
      t.is<unknown>(await viewer.exchange(messages, Number.POSITIVE_INFINITY), reset);
    });
  }
  test('camera: resets on more frames than may be on their way', async (t) => {
    await using viewer = await open(true);
    const frames = Array.from({ length: CAMERA_FRAMES_IN_FLIGHT + 1 }, (_, number) =>
      cameraFrame(number, number === 0),
    );
    t.is<unknown>(await viewer.exchange(frames, Number.POSITIVE_INFINITY), 'camera-malformed');
  });
}
