import type { Visitor } from './visitor.js';

/** What is passed on instead of one frame; `sender` is the one that it came from. */
export type Meddling = (frame: Uint8Array, sender: Visitor, receiver: Visitor) => void;

export const MEDDLINGS: Readonly<Record<string, Meddling>> = {
  drop: () => {},
  duplicate: (frame, _, receiver) => {
    receiver.send(frame);
    receiver.send(frame);
  },
  'flip the first bit': (frame, _, receiver) => receiver.send(flip(frame, 0)),
  'flip a bit in the middle': (frame, _, receiver) => receiver.send(flip(frame, frame.length * 4)),
  'flip the last bit': (frame, _, receiver) => receiver.send(flip(frame, frame.length * 8 - 1)),
  'cut a byte off': (frame, _, receiver) => receiver.send(frame.subarray(0, -1)),
  'add a byte': (frame, _, receiver) => receiver.send(Uint8Array.of(...frame, 0)),
  'send it back': (frame, sender) => sender.send(frame),
  'send the first one again': (_, sender, receiver) => receiver.send(sender.frames[0] ?? Uint8Array.of(0)),
  'put a frame of zeros before it': (frame, _, receiver) => {
    receiver.send(new Uint8Array(frame.length));
    receiver.send(frame);
  },
};

/** Passes everything on, both ways. */
export function passOn(one: Visitor, other: Visitor): void {
  meddleWith(one, other, -1, () => {});
  meddleWith(other, one, -1, () => {});
}

/** Passes on what `sender` sends, except for frame `at`, which `meddling` gets; hangs up on one as the other goes. */
export function meddleWith(sender: Visitor, receiver: Visitor, at: number, meddling: Meddling): void {
  sender.onFrame((frame, index) => {
    if (index === at) meddling(frame, sender, receiver);
    else receiver.send(frame);
  });
  void sender.gone.then(() => receiver.close());
}

/** Passes everything on, but frames `at` and `at + 1` in the wrong order. */
export function swap(sender: Visitor, receiver: Visitor, at: number): void {
  sender.onFrame((frame, index) => {
    if (index === at) return;
    receiver.send(frame);
    if (index === at + 1) receiver.send(sender.frames[at] ?? Uint8Array.of(0));
  });
  void sender.gone.then(() => receiver.close());
}

/** `frame` with bit `bit` turned, counted from the first byte's highest. */
export function flip(frame: Uint8Array, bit: number): Uint8Array {
  const flipped = Uint8Array.from(frame);
  const byte = bit >> 3;
  flipped[byte] = (flipped[byte] ?? 0) ^ (0x80 >> (bit & 7));
  return flipped;
}
