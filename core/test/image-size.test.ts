import test from 'ava';
import fc from 'fast-check';
import { imageSize, TILE_CODECS, type TileCodec } from '../src/index.js';

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

const PNG = '89504e470d0a1a0a 0000000d 49484452 00000140 000000f0 0803000000 00000000';
const WEBP = '52494646 1c000000 57454250 5650384c 0f000000 2f 3fc13b00';
const JPEG_START = 'ffd8 ffe0 0004 4a46 ffdb 0004 0000';
const FRAME = 'ffc0 0011 08 00f0 0140 03 011100 021101 031101';
const SCAN = 'ffda 000c 03 0100 0211 0311 003f 00';

for (const [codec, hex, size] of [
  ['png', PNG, { width: 320, height: 240 }],
  ['webp-lossless', WEBP, { width: 320, height: 240 }],
  ['jpeg', `${JPEG_START} ${FRAME} ffc4 0002 ${SCAN}`, { width: 320, height: 240 }],
  [
    'jpeg',
    `${JPEG_START} ${FRAME.replace('00f0 0140', 'fde8 fde8')} ${SCAN}`,
    { width: 65_000, height: 65_000 },
  ],
] as const) {
  test(`the size that a ${codec} of ${size.width} x ${size.height} says`, (t) => {
    t.deepEqual(imageSize(codec, bytes(hex)), size);
  });
}

for (const [title, codec, hex] of [
  ['nothing', 'png', ''],
  ['a JPEG as PNG', 'png', `${JPEG_START} ffc0 0011 08 00f0 0140 03 00000000000000000000000000`],
  ['a PNG that begins with another chunk', 'png', PNG.replace('49484452', '49444154')],
  ['a PNG cut in its header', 'png', PNG.slice(0, 60)],
  ['a WebP that is not lossless', 'webp-lossless', WEBP.replace('5650384c', '56503820')],
  ['an extended WebP, which may be animated', 'webp-lossless', WEBP.replace('5650384c', '56503858')],
  ['a JPEG without a frame', 'jpeg', JPEG_START],
  ['a lossless JPEG, which no page draws', 'jpeg', `${JPEG_START} ${FRAME.replace('ffc0', 'ffc3')} ${SCAN}`],
  ['a progressive JPEG', 'jpeg', `${JPEG_START} ${FRAME.replace('ffc0', 'ffc2')} ${SCAN}`],
  ['a JPEG of several scans', 'jpeg', `${JPEG_START} ${FRAME} ffda 0008 01 0100 003f 00 ${SCAN}`],
  ['a JPEG of two frames', 'jpeg', `${JPEG_START} ${FRAME} ${FRAME} ${SCAN}`],
  ['a JPEG without a scan', 'jpeg', `${JPEG_START} ${FRAME}`],
  ['a JPEG whose segment has no length', 'jpeg', 'ffd8 ffe0 0000 ffc0 0011 08 00f0 0140 03'],
] as const) {
  test(`no size of ${title}`, (t) => {
    t.is(imageSize(codec, bytes(hex)), undefined);
  });
}

test('any bytes give a size or none, and never fail', (t) => {
  const codecs = Object.keys(TILE_CODECS) as TileCodec[];
  const start = fc.constantFrom(PNG, WEBP, JPEG_START, `${JPEG_START} ${FRAME}`, '').map(bytes);
  t.notThrows(() =>
    fc.assert(
      fc.property(
        fc.constantFrom(...codecs),
        start,
        fc.uint8Array({ maxLength: 60 }),
        (codec, head, rest) => {
          const size = imageSize(codec, Uint8Array.of(...head, ...rest));
          if (size) t.true(Number.isInteger(size.width) && Number.isInteger(size.height));
        },
      ),
      { numRuns: 2000 },
    ),
  );
});
