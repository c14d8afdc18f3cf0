import test from 'ava';
import { CAMERA_FRAMES_IN_FLIGHT, type CameraFrame } from '../src/contracts/camera.js';
import {
  CameraOrder,
  decodeCamera,
  decodeCameraAnswer,
  encodeCamera,
  encodeCameraAnswer,
} from '../src/contracts/camera-wire.js';

/** VP8 as far as its headers: RFC 6386, 9.1. */
const KEY: CameraFrame = {
  key: true,
  width: 640,
  height: 480,
  chunk: Uint8Array.of(0x10, 0, 0, 0x9d, 1, 0x2a, 0x80, 2, 0xe0, 1),
};
const NEXT: CameraFrame = { ...KEY, key: false, chunk: Uint8Array.of(0x11, 0, 0) };

test('messages have these bytes', (t) => {
  t.deepEqual(
    [...encodeCamera({ type: 'frame', number: 0x01020304, ...NEXT })],
    [1, 1, 2, 3, 4, 0, 2, 0x80, 1, 0xe0, 0x11, 0, 0],
  );
  t.deepEqual([...encodeCamera({ type: 'off' })], [2]);
  t.deepEqual([...encodeCameraAnswer({ type: 'done', number: 258 })], [0x81, 0, 0, 1, 2]);
  t.deepEqual([...encodeCameraAnswer({ type: 'key' })], [0x82]);
});

test('what is written is read back', (t) => {
  for (const message of [{ type: 'off' }, { type: 'frame', number: 9, ...KEY }] as const) {
    t.deepEqual(decodeCamera(encodeCamera(message)), message);
  }
  for (const answer of [{ type: 'key' }, { type: 'done', number: 7 }] as const) {
    t.deepEqual(decodeCameraAnswer(encodeCameraAnswer(answer)), answer);
  }
});

test('a frame whose own headers say another size is neither sent nor taken', (t) => {
  const lie = { type: 'frame', number: 0, ...KEY, width: 320, height: 240 } as const;
  t.throws(() => encodeCamera(lie), { message: /not what it says/ });
  const bytes = encodeCamera({ type: 'frame', number: 0, ...KEY });
  bytes[7] = 0x40;
  t.throws(() => decodeCamera(bytes), { message: /not what it says/ });
});

test('so many frames are on their way, and each answer makes room', (t) => {
  const order = new CameraOrder();
  for (let number = 0; number < CAMERA_FRAMES_IN_FLIGHT; number++) {
    order.accept({ type: 'frame', number, ...(number === 0 ? KEY : NEXT) });
  }
  t.is(order.inFlight, CAMERA_FRAMES_IN_FLIGHT);
  const next = { type: 'frame', number: order.next, ...NEXT } as const;
  t.throws(() => order.accept(next), { message: /too many/ });
  order.answer({ type: 'done', number: 3 });
  t.is(order.inFlight, CAMERA_FRAMES_IN_FLIGHT - 4);
  t.notThrows(() => order.accept(next));
  for (const number of [3, 2, 99]) t.throws(() => order.answer({ type: 'done', number }));
});
