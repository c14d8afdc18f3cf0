import test from 'ava';
import fc from 'fast-check';
import { VIDEO_CODECS, type VideoCodec, videoSize } from '../src/index.js';

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

/** The beginnings of key chunks as Chromium's encoders write them. */
const KEYS = [
  ['vp8', 'b003009d012a40003000', 64, 48],
  ['vp8', '10c3009d012a0005d002', 1280, 720],
  ['vp9', '824983425003f002f606', 64, 48],
  ['vp9', '82498342504ff02cf666', 1280, 720],
  ['av1', '12000a0c00000002aff7803440434061', 64, 48],
  ['av1', '12000a0e0000002d4cffb3c01a2021a0308032c3', 1280, 720],
  ['av1', '12000a0d000000043d06d401a2021a030832', 322, 182],
  ['h264', '000000016742c00d8c8d423937010d01078442350000000168ce', 64, 48],
  ['h264', '000000016742c01f8c8d402802dd37010d01078442350000000168ce', 1280, 720],
  // Cropped from whole blocks.
  ['h264', '000000016742c00d8c8d40a8cb1134dc0434041e1108d40000000168ce', 336, 192],
  ['h264', '0000000167640c1fac191a805005ba6e021a020f08846a0000000168ce', 1280, 720],
] as const;

for (const [codec, hex, width, height] of KEYS) {
  test(`the size that a key chunk of ${codec} says: ${hex}`, (t) => {
    t.deepEqual(videoSize(codec, bytes(hex)), { width, height });
  });
}

test('the sizes that a few bytes can claim', (t) => {
  t.deepEqual(videoSize('vp8', bytes('b003009d012affffffff')), { width: 16_383, height: 16_383 });
  t.deepEqual(videoSize('vp9', bytes('824983425f fffff fff0'.replaceAll(' ', ''))), {
    width: 65_536,
    height: 65_536,
  });
});

for (const [title, codec, hex] of [
  ['a later chunk of VP8', 'vp8', '5102000010092000c062'],
  ['a later chunk of VP9', 'vp9', '86004092f0a12080000c7000'],
  ['a later chunk of AV1', 'av1', '1200322a30c040fdf865943c0200'],
  ['a later chunk of H.264', 'h264', '0000000161e0004000be409fe148'],
  ['a VP9 chunk that shows a picture again', 'vp9', '8a4983425003f002f606'],
  ['a chunk of another codec', 'vp8', '824983425003f002f606'],
  ['a chunk cut in its header', 'vp9', '824983425003f002'],
  ['a parameter set cut in its size', 'h264', '000000016742c01f8c8d40'],
] as const) {
  test(`no size of ${title}`, (t) => {
    t.is(videoSize(codec, bytes(hex)), undefined);
  });
}

test('any bytes give a size or none, and never fail', (t) => {
  const codecs = Object.keys(VIDEO_CODECS) as VideoCodec[];
  const start = fc.constantFrom(...KEYS.map(([, hex]) => hex), '').map(bytes);
  const altered = fc
    .tuple(start, fc.nat(), fc.nat(0xff))
    .map(([key, at, value]) => (key.length === 0 ? key : key.with(at % key.length, value)));
  t.notThrows(() =>
    fc.assert(
      fc.property(
        fc.constantFrom(...codecs),
        fc.oneof(start, altered),
        fc.uint8Array({ maxLength: 40 }),
        (codec, head, rest) => {
          const size = videoSize(codec, Uint8Array.of(...head, ...rest));
          if (size) t.true(Number.isInteger(size.width) && Number.isInteger(size.height));
        },
      ),
      { numRuns: 3000 },
    ),
  );
});
