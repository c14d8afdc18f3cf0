import test from 'ava';
import fc from 'fast-check';
import { VIDEO_CODECS, type VideoCodec, videoSizes } from '../src/index.js';

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
    t.deepEqual(videoSizes(codec, true, bytes(hex)), [{ width, height }]);
  });
}

test('the sizes that a few bytes can claim', (t) => {
  t.deepEqual(videoSizes('vp8', true, bytes('b003009d012affffffff')), [{ width: 16_383, height: 16_383 }]);
  t.deepEqual(videoSizes('vp9', true, bytes('824983425f fffff fff0')), [{ width: 65_536, height: 65_536 }]);
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
  test(`no key is ${title}`, (t) => {
    t.is(videoSizes(codec, true, bytes(hex)), undefined);
  });
}

const [SMALL, SPS] = [
  '000000016742c00d8c8d423937010d01078442350000000168ce',
  '6742c01f8c8d402802dd37010d0107844235',
];
for (const [title, codec, hex, sizes] of [
  ['VP8 that keeps its size', 'vp8', '5102000010092000c062', []],
  ['VP9 that keeps its size', 'vp9', '86004092f0a12080000c7000', []],
  ['VP9 that shows a picture again', 'vp9', '8a4983425003f002f606', []],
  ['AV1 that keeps its size', 'av1', '1200322a30c040fdf865943c0200', []],
  ['H.264 that keeps its size', 'h264', '0000000161e0004000be409fe148', []],
  ['VP8 that is a key after all', 'vp8', 'b003009d012affffffff', [[16_383, 16_383]]],
  ['VP9 that is a key after all', 'vp9', '82498342504ff02cf666', [[1280, 720]]],
  // 10, profile 00, not existing, inter, shown, not resilient, reset 00 | refreshed, 3 references | none of their sizes
  ['VP9 of another size than what it refers to', 'vp9', '860000007fffffff80', [[65_536, 65_536]]],
  // The same, hidden: intra only | reset 00 | sync code | refreshed | size
  ['VP9 that is hidden and stands alone', 'vp9', '84893068401fffffffe0', [[65_536, 65_536]]],
  ['AV1 with a sequence header', 'av1', '12000a0e0000002d4cffb3c01a2021a0308032c3', [[1280, 720]]],
  [
    'H.264 with two parameter sets',
    'h264',
    `${SMALL}000001${SPS}`,
    [
      [64, 48],
      [1280, 720],
    ],
  ],
] as const) {
  test(`what a later chunk says of its size: ${title}`, (t) => {
    const expected = sizes.map(([width, height]) => ({ width, height }));
    t.deepEqual(videoSizes(codec, false, bytes(hex)), expected);
  });
}

test('units of AV1 are where their lengths say, in however many bytes', (t) => {
  const key = '12000a0d000000043d06d401a2021a0308';
  // Eight bytes of length, then as many of padding: three bytes earlier it ends in a unit without a length.
  const padding = '7a88808080808080000000000000780000';
  const larger = '0a0e0000002d4cffb3c01a2021a03080';
  const sizes = videoSizes('av1', true, bytes(key + padding + larger));
  t.deepEqual(sizes, [
    { width: 322, height: 182 },
    { width: 1280, height: 720 },
  ]);
});

for (const [title, codec, hex] of [
  ['several pictures of VP9', 'vp9', '8600 4092f0a12080000c70 c1 05 05 c1'],
  // Padding whose length is written in eight bytes, and in it what hides the rest from who reads five of them.
  ['AV1 with a number of nine bytes', 'av1', '12000a0d000000043d06d401a2021a03087a80808080808080808000'],
  [
    'more pictures of AV1 than one needs',
    'av1',
    '12000a0d000000043d06d401a2021a0308320100320100320100320100320100',
  ],
  ['more pictures of H.264 than one needs', 'h264', `${SMALL}${'0000016588'.repeat(5)}`],
  // 322 x 182 in 16 bits each: a frame could say 65,536 x 65,536.
  ['AV1 whose frames could be larger', 'av1', '12000a0f00000007f80a0805a8034404340610'],
  ['more parameter sets than pictures need', 'h264', `000001${SPS}`.repeat(9)],
  ['a later H.264 whose parameter set is cut', 'h264', '00000161e000000001 6742c01f8c8d40'],
] as const) {
  test(`refused: ${title}`, (t) => {
    t.is(videoSizes(codec, false, bytes(hex)), undefined);
    t.is(videoSizes(codec, true, bytes(hex)), undefined);
  });
}

test('a chunk of nothing but headers is refused in no time', (t) => {
  const began = process.cpuUsage();
  const sets = bytes(`000001${SPS}`.repeat(200_000));
  t.is(videoSizes('h264', false, sets), undefined);
  t.is(videoSizes('av1', false, bytes('0a0b00000024c4ffdf00680210'.repeat(300_000))), undefined);
  // µs that this process itself took, however busy the computer is.
  t.true(process.cpuUsage(began).user < 2_000_000);
});

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
        fc.boolean(),
        fc.oneof(start, altered),
        fc.uint8Array({ maxLength: 40 }),
        (codec, key, head, rest) => {
          for (const { width, height } of videoSizes(codec, key, Uint8Array.of(...head, ...rest)) ?? []) {
            t.true(Number.isInteger(width) && Number.isInteger(height));
          }
        },
      ),
      { numRuns: 3000 },
    ),
  );
});
