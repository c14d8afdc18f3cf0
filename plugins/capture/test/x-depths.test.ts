import { startXvfb } from '@livelet/compliance';
import { type DisplayListener, systemClock } from '@livelet/core';
import test from 'ava';
import { isConvertible, PixelConverter } from '../src/x-display/pixel-form.js';
import { XCaptureSource } from '../src/x-display/x-capture-source.js';
import { paintOn } from './x-client.js';

const listener: DisplayListener = {
  damaged() {},
  cursorShape() {},
  cursorMoved() {},
  changed() {},
  lost() {},
};

/** Bits of red, green and blue, from the highest of a word. */
const FORMS: Readonly<Record<number, readonly [number, number, number]>> = {
  15: [5, 5, 5],
  16: [5, 6, 5],
  24: [8, 8, 8],
  30: [10, 10, 10],
};

/** What a display's word is in 8 bits of each colour, each value the nearest one: `0xRRGGBB`. */
function inEightBits(word: number, [red, green, blue]: readonly [number, number, number]): number {
  const colour = (shift: number, bits: number): number =>
    Math.round((((word >>> shift) & (2 ** bits - 1)) * 255) / (2 ** bits - 1));
  return (colour(green + blue, red) << 16) | (colour(blue, green) << 8) | colour(0, blue);
}

for (const depth of [15, 16, 24, 30]) {
  for (const way of ['mapped', 'file', 'socket'] as const) {
    test(`a display of depth ${depth} is read as 8 bits of each colour (${way})`, async (t) => {
      const form = FORMS[depth] ?? [8, 8, 8];
      // An odd width: rows of 16 bits a pixel are filled up.
      const [width, height] = [301, 200];
      await using xvfb = await startXvfb({ width, height, depth });
      using painter = await paintOn(xvfb.name);
      const words = new Map<number, number>();
      for (let n = 0; n < 40; n++) {
        const word = (Math.imul(n + 1, 0x9e3779b1) >>> 0) % 2 ** depth;
        words.set(n, word);
        await painter.fill(word, n * 7, n * 5, 21, 5);
      }
      await painter.fill(2 ** depth - 1, width - 1, height - 1, 1, 1);
      await using source = new XCaptureSource(xvfb.name, systemClock, way);
      await using display = await source.open(0, listener);
      const areas = [
        { x: 0, y: 0, width, height },
        { x: 3, y: 1, width: 98, height: 70 },
        { x: 280, y: 150, width: 21, height: 50 },
      ];
      for (const area of areas) {
        const { bytes, offset, stride } = await display.read(area);
        const pixel = (x: number, y: number): number =>
          Buffer.from(bytes.buffer, bytes.byteOffset).readUInt32LE(
            offset + (y - area.y) * stride + (x - area.x) * 4,
          ) & 0xffffff;
        for (const [n, word] of words) {
          const [x, y] = [n * 7, n * 5 + 2];
          if (x < area.x || y < area.y || x >= area.x + area.width || y >= area.y + area.height) continue;
          t.is(pixel(x, y), inEightBits(word, form), `word ${word.toString(16)} at ${x}, ${y}`);
        }
        if (area.x + area.width === width && area.y + area.height === height) {
          t.is(pixel(width - 1, height - 1), 0xffffff);
        }
      }
    });
  }
}

test('colours whose bits lie apart, overlap, are too many or none are refused', (t) => {
  const form = { bitsPerPixel: 32, rowUnit: 32, red: 0xff0000, green: 0xff00, blue: 0xff } as const;
  t.true(isConvertible(form));
  t.true(isConvertible({ ...form, red: 0xff, blue: 0xff0000 }));
  t.true(isConvertible({ ...form, red: 0xff000000 | 0 }));
  for (const red of [0, 0x50000, 0xff, 0xfff80000])
    t.false(isConvertible({ ...form, red }), red.toString(16));
  t.false(isConvertible({ ...form, bitsPerPixel: 16 }));
});

test('words that are not aligned are converted, too few are an error', (t) => {
  const converter = new PixelConverter({
    bitsPerPixel: 16,
    rowUnit: 32,
    red: 0xf800,
    green: 0x7e0,
    blue: 0x1f,
  });
  const bytes = Buffer.alloc(20);
  bytes.writeUInt16LE(0xf800, 1);
  bytes.writeUInt16LE(0x001f, 5 + 8);
  const { bytes: made, stride } = converter.convert(bytes.subarray(1), 3, 2);
  t.is(stride, 12);
  t.deepEqual([...made.subarray(0, 3)], [0, 0, 255]);
  t.deepEqual([...made.subarray(20, 23)], [255, 0, 0]);
  t.throws(() => converter.convert(Buffer.alloc(4), 3, 2), { instanceOf: RangeError });
});
