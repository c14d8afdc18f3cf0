import test from 'ava';
import fc from 'fast-check';
import { decodeSmallImage, encodeSmallImage, imageSize, type SmallImage } from '../src/index.js';

const image: fc.Arbitrary<SmallImage> = fc
  .tuple(fc.integer({ min: 1, max: 256 }), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 16 }))
  .chain(([width, height, count]) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      colours: fc.array(fc.nat(0xffffff), { minLength: count, maxLength: count }),
      // Few different rows, so that some repeat.
      indexes: fc
        .array(fc.uint8Array({ min: 0, max: count - 1, minLength: width, maxLength: width }), {
          minLength: 1,
          maxLength: 3,
        })
        .map((rows) =>
          Uint8Array.from(
            Array.from({ length: height }, (_, y) => [...(rows[(y >> 2) % rows.length] ?? [])]).flat(),
          ),
        ),
    }),
  );

test('any small image is what it was', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(image, (each) => {
        const bytes = encodeSmallImage(each);
        t.deepEqual(decodeSmallImage(bytes), each);
        t.deepEqual(imageSize('small', bytes), { width: each.width, height: each.height });
      }),
      { numRuns: 200 },
    ),
  );
});

test('its bytes', (t) => {
  const bytes = encodeSmallImage({
    width: 5,
    height: 3,
    colours: [0x102030, 0xffffff],
    indexes: Uint8Array.of(0, 1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 0, 0, 0, 0),
  });
  t.is(Buffer.from(bytes).toString('hex'), '040201102030ffffff405880');
});

for (const [title, hex] of [
  ['nothing', ''],
  ['17 colours', `000010${'00'.repeat(51)}0000`],
  ['a first row that repeats', '0000000000008000'],
  ['a colour that is none', '00000200000000000000000000c0'],
  ['a row too few', '0001000000000000'],
  ['a byte too many', '000000000000000000'],
] as const) {
  test(`refused: ${title}`, (t) => {
    t.throws(() => decodeSmallImage(Buffer.from(hex, 'hex')), { code: 'picture-malformed' });
  });
}

test('what is too large is none', (t) => {
  const large = { width: 257, height: 1, colours: [0], indexes: new Uint8Array(257) };
  t.throws(() => encodeSmallImage(large), { instanceOf: RangeError });
});

test('any bytes are an image or malformed', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        try {
          decodeSmallImage(bytes);
        } catch (error) {
          if ((error as { code?: unknown }).code !== 'picture-malformed') throw error;
        }
      }),
      { numRuns: 2000 },
    ),
  );
});
