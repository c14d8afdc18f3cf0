import { readFileSync } from 'node:fs';
import test from 'ava';
import fc from 'fast-check';
import {
  type CopyOperation,
  decodeSourceMessage,
  decodeViewerMessage,
  encodeSourceMessage,
  encodeViewerMessage,
  type FrameOperation,
  LiveletError,
  MAX_SCREEN_PIXELS,
  MAX_SOURCE_MESSAGE,
  MAX_TILE_BYTES,
  QUALITY_PRESETS,
  type QualityPreset,
  type SourceMessage,
  TILE_CODECS,
  type TileCodec,
  type TileOperation,
  VIDEO_CODECS,
  type VideoCodec,
  type VideoOperation,
  type ViewerMessage,
} from '../src/index.js';

interface Vector {
  readonly title: string;
  readonly message: Record<string, unknown>;
  readonly hex: string;
}

const vectors = JSON.parse(
  readFileSync(new URL('../../../test/vectors/capture-messages.json', import.meta.url), 'utf8'),
) as { readonly source: readonly Vector[]; readonly viewer: readonly Vector[] };

/** In vectors, bytes are hexadecimal text. */
function withBytes(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withBytes);
  if ('bytes' in value) return Uint8Array.from(Buffer.from(String(value.bytes), 'hex'));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withBytes(each)]));
}

for (const { title, message, hex } of vectors.source) {
  test(`vector of the source: ${title}`, (t) => {
    const decoded = withBytes(message) as unknown as SourceMessage;
    t.is(Buffer.from(encodeSourceMessage(decoded)).toString('hex'), hex);
    t.deepEqual(decodeSourceMessage(Uint8Array.from(Buffer.from(hex, 'hex'))), decoded);
  });
}

for (const { title, message, hex } of vectors.viewer) {
  test(`vector of the viewer: ${title}`, (t) => {
    const decoded = message as unknown as ViewerMessage;
    t.is(Buffer.from(encodeViewerMessage(decoded)).toString('hex'), hex);
    t.deepEqual(decodeViewerMessage(Buffer.from(hex, 'hex')), decoded);
  });
}

const u8 = fc.nat(0xff);
const u16 = fc.nat(0xffff);
const u32 = fc.nat(0xffffffff);
const i32 = fc.integer({ min: -0x80000000, max: 0x7fffffff });
const tenths = u16.map((value) => value / 10);
const videoCodec = fc.constantFrom(...(Object.keys(VIDEO_CODECS) as VideoCodec[]));
const side = fc.integer({ min: 1, max: 4096 });
const area = fc.record({ x: u16, y: u16, width: side, height: side });
const tile: fc.Arbitrary<TileOperation> = fc
  .tuple(area, fc.constantFrom(...(Object.keys(TILE_CODECS) as TileCodec[])), fc.boolean(), fc.uint8Array())
  .map(([place, codec, lossy, image]) => ({ kind: 'tile', ...place, codec, lossy, image }));
const copy: fc.Arbitrary<CopyOperation> = fc
  .tuple(area, u16, u16)
  .map(([place, fromX, fromY]) => ({ kind: 'copy', ...place, fromX, fromY }));
const video: fc.Arbitrary<VideoOperation> = fc
  .tuple(area, videoCodec, fc.boolean(), fc.uint8Array({ minLength: 1 }))
  .map(([place, codec, key, chunk]) => ({ kind: 'video', ...place, codec, key, chunk }));
const operation: fc.Arbitrary<FrameOperation> = fc.oneof(tile, copy, video);
const display = fc
  .tuple(fc.record({ id: u32, x: i32, y: i32, width: side, height: side }), fc.string({ maxLength: 16 }))
  .map(([place, name]) => ({ ...place, name: name.toWellFormed() }));
const cursor = fc
  .tuple(fc.nat(128), fc.nat(128), fc.nat(128), fc.nat(128), u8)
  .map(([width, height, hotX, hotY, grey]) => ({
    type: 'cursor-shape' as const,
    width,
    height,
    hotX: Math.min(hotX, width),
    hotY: Math.min(hotY, height),
    rgba: new Uint8Array(width * height * 4).fill(grey),
  }));
const sourceMessage: fc.Arbitrary<SourceMessage> = fc.oneof(
  fc.record({ type: fc.constant('displays' as const), displays: fc.array(display, { maxLength: 32 }) }),
  fc.record({
    type: fc.constant('geometry' as const),
    generation: u32,
    display: u32,
    x: i32,
    y: i32,
    width: side,
    height: side,
  }),
  fc.record({
    type: fc.constant('frame' as const),
    generation: u32,
    number: u32,
    part: u16,
    last: fc.boolean(),
    age: u16,
    readTime: tenths,
    encodeTime: tenths,
    wireTime: tenths,
    operations: fc.array(operation, { maxLength: 10 }),
  }),
  cursor,
  fc.record({ type: fc.constant('cursor-position' as const), x: i32, y: i32 }),
);
const viewerMessage: fc.Arbitrary<ViewerMessage> = fc.oneof(
  fc.record({ type: fc.constant('acknowledge' as const), generation: u32, number: u32, drawTime: u32 }),
  fc.record({ type: fc.constant('select' as const), display: u32 }),
  fc.constant({ type: 'refresh' as const }),
  fc.record({
    type: fc.constant('abilities' as const),
    videos: fc.uniqueArray(fc.record({ codec: videoCodec, decodeTime: u32 }), {
      selector: ({ codec }) => codec,
    }),
  }),
  fc.record({
    type: fc.constant('quality' as const),
    preset: fc.constantFrom(...(Object.keys(QUALITY_PRESETS) as QualityPreset[])),
  }),
);

test('what a source writes a viewer reads', (t) => {
  fc.assert(
    fc.property(sourceMessage, (message) => {
      t.deepEqual(decodeSourceMessage(encodeSourceMessage(message)), message);
    }),
  );
});

test('what a viewer writes a source reads', (t) => {
  fc.assert(
    fc.property(viewerMessage, (message) => {
      t.deepEqual(decodeViewerMessage(encodeViewerMessage(message)), message);
    }),
  );
});

/** The code that `read` fails with; undefined when it doesn't. */
function codeOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof LiveletError) return error.code;
    throw error;
  }
}

test('any other bytes are refused with a code of pictures, or read as what writes them again', (t) => {
  const codes: readonly unknown[] = ['picture-malformed', 'picture-too-large'];
  const altered = fc
    .tuple(sourceMessage.map(encodeSourceMessage), fc.nat(), u8)
    .map(([bytes, at, value]) => bytes.with(at % bytes.length, value));
  const cut = fc
    .tuple(sourceMessage.map(encodeSourceMessage), fc.nat())
    .map(([bytes, at]) => bytes.subarray(0, at % bytes.length));
  fc.assert(
    fc.property(fc.oneof(altered, cut, fc.uint8Array({ maxLength: 300 })), (bytes) => {
      let read: SourceMessage | undefined;
      const code = codeOf(() => {
        read = decodeSourceMessage(bytes);
      });
      if (read) t.deepEqual(encodeSourceMessage(read), Uint8Array.from(bytes));
      else t.true(codes.includes(code));
    }),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      let read: ViewerMessage | undefined;
      const code = codeOf(() => {
        read = decodeViewerMessage(bytes);
      });
      if (read) t.deepEqual(encodeViewerMessage(read), Uint8Array.from(bytes));
      else t.is(code, 'picture-malformed');
    }),
    { numRuns: 2000 },
  );
});

test('a message cut anywhere is too short', (t) => {
  const bytes = encodeSourceMessage({
    type: 'frame',
    generation: 1,
    number: 0,
    part: 0,
    last: true,
    age: 0,
    readTime: 0,
    encodeTime: 0,
    wireTime: 0,
    operations: [
      { kind: 'tile', x: 0, y: 0, width: 4, height: 4, codec: 'png', lossy: false, image: new Uint8Array(9) },
    ],
  });
  for (let length = 0; length < bytes.length; length++) {
    t.is(
      codeOf(() => decodeSourceMessage(bytes.subarray(0, length))),
      'picture-malformed',
      `${length}`,
    );
  }
});

test('bounds: a screen of 64 MP and 16,384 a side passes, one more pixel or byte does not', (t) => {
  const geometry = (width: number, height: number): string | undefined => {
    const message = { type: 'geometry', generation: 1, display: 0, x: 0, y: 0, width, height } as const;
    return codeOf(() => decodeSourceMessage(encodeSourceMessage(message)));
  };
  t.is(geometry(16_384, 4096), undefined);
  t.is(16_384 * 4096, MAX_SCREEN_PIXELS);
  t.is(geometry(16_385, 1), 'picture-too-large');
  t.is(geometry(8193, 8193), 'picture-too-large');
  t.is(geometry(65_000, 65_000), 'picture-too-large');
  t.is(geometry(1, 0), 'picture-malformed');

  const tileOf = (length: number): string | undefined => {
    const image = new Uint8Array(length);
    const place = {
      kind: 'tile',
      x: 0,
      y: 0,
      width: 4,
      height: 4,
      codec: 'png',
      lossy: false,
      image,
    } as const;
    const frame = {
      type: 'frame',
      generation: 1,
      number: 0,
      part: 0,
      last: true,
      age: 0,
      readTime: 0,
      encodeTime: 0,
      wireTime: 0,
    } as const;
    return codeOf(() => decodeSourceMessage(encodeSourceMessage({ ...frame, operations: [place] })));
  };
  t.is(tileOf(MAX_TILE_BYTES), undefined);
  t.is(tileOf(MAX_TILE_BYTES + 1), 'picture-too-large');
  t.is(
    codeOf(() => decodeSourceMessage(new Uint8Array(MAX_SOURCE_MESSAGE + 1))),
    'picture-too-large',
  );
});
