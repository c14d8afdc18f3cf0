import test from 'ava';
import { createPicture } from '../src/picture/picture.js';
import { i420Length, toI420 } from '../src/video/i420.js';

/** Colours and their BT.601 values in the limited range, as ITU-R BT.601-7 rounds them. */
const COLOURS: readonly (readonly [string, number, readonly [number, number, number]])[] = [
  ['black', 0x000000, [16, 128, 128]],
  ['white', 0xffffff, [235, 128, 128]],
  ['grey', 0x808080, [126, 128, 128]],
  ['red', 0xff0000, [81, 90, 240]],
  ['green', 0x00ff00, [145, 54, 34]],
  ['blue', 0x0000ff, [41, 240, 110]],
];
for (const [name, colour, expected] of COLOURS) {
  test(`${name} is ${expected.join(', ')}`, (t) => {
    const picture = createPicture(6, 4);
    // What the fourth byte holds means nothing.
    picture.words.fill(0xab000000 | colour);
    const target = new Uint8Array(i420Length(4, 2));
    toI420(picture, { x: 1, y: 1, width: 4, height: 2 }, target);
    const [y, u, v] = expected;
    t.deepEqual([...target], [y, y, y, y, y, y, y, y, u, u, v, v]);
  });
}

test('takes the pixels of the area, and one chroma of each four', (t) => {
  const picture = createPicture(4, 4);
  picture.words.set([0xff0000, 0xff0000, 0, 0, 0xff0000, 0xff0000, 0, 0xffffff], 8);
  const target = new Uint8Array(i420Length(4, 2));
  toI420(picture, { x: 0, y: 2, width: 4, height: 2 }, target);
  t.deepEqual([...target], [81, 81, 16, 16, 81, 81, 16, 235, 90, 128, 240, 128]);
});
