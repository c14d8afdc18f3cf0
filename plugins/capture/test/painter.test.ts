import { solidPng } from '@livelet/compliance';
import { headlessChromium } from '@livelet/compliance/headless-chromium';
import {
  type CopyOperation,
  encodeSmallImage,
  type FrameMessage,
  type FrameOperation,
  MAX_FRAME_OPERATIONS,
  type Rectangle,
  type TileOperation,
  type VideoOperation,
} from '@livelet/core';
import test from 'ava';
import fc from 'fast-check';
import sharp from 'sharp';
import { CHUNKS, PainterPage } from './painter-page.js';
import { launch } from './stage-page.js';

/** All of them with `npm test -- --long`. */
const RUNS = process.env.LIVELET_LONG_TESTS === '1' ? 40 : 12;

const browser = await launch(headlessChromium());
test.after.always(() => browser.close());

function frame(number: number, ...operations: readonly FrameOperation[]): FrameMessage {
  const times = { age: 0, readTime: 0, encodeTime: 0, wireTime: 0 };
  return { type: 'frame', generation: 1, number, part: 0, last: true, ...times, operations };
}

function solid(area: Rectangle, colour: number): TileOperation {
  const image = solidPng(area.width, area.height, colour);
  return { kind: 'tile', ...area, codec: 'png', lossy: false, image };
}

function video(area: Rectangle, chunk: keyof typeof CHUNKS): VideoOperation {
  return { kind: 'video', ...area, codec: 'vp9', key: true, chunk: Uint8Array.of(CHUNKS[chunk]) };
}

const WIDTH = 96;
const HEIGHT = 64;
const WHOLE = { x: 0, y: 0, width: WIDTH, height: HEIGHT };

const area: fc.Arbitrary<Rectangle> = fc
  .tuple(fc.nat(WIDTH - 1), fc.nat(HEIGHT - 1), fc.nat(WIDTH), fc.nat(HEIGHT))
  .map(([x, y, width, height]) => ({
    x,
    y,
    width: 1 + (width % (WIDTH - x)),
    height: 1 + (height % (HEIGHT - y)),
  }));
const copy: fc.Arbitrary<CopyOperation> = fc.tuple(area, area).map(([to, from]) => ({
  kind: 'copy',
  x: to.x,
  y: to.y,
  fromX: from.x,
  fromY: from.y,
  width: Math.min(to.width, from.width),
  height: Math.min(to.height, from.height),
}));
/** By a few pixels only, so that both rectangles overlap. */
const scroll: fc.Arbitrary<CopyOperation> = fc
  .tuple(area, fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }))
  .map(([to, across, down]) => {
    const fromX = Math.max(0, Math.min(to.x + across, WIDTH - to.width));
    const fromY = Math.max(0, Math.min(to.y + down, HEIGHT - to.height));
    return { kind: 'copy', ...to, fromX, fromY };
  });
const tile = fc.tuple(area, fc.nat(0xffffff)).map(([place, colour]) => ({ ...place, colour }));
const frames = fc.array(fc.array(fc.oneof(tile, copy, scroll, scroll), { maxLength: 8 }), {
  minLength: 10,
  maxLength: 10,
});

/** Pixels that differ everywhere, and the same as a tile. */
async function noise(): Promise<{ pixels: Uint32Array; tile: TileOperation }> {
  const pixels = Uint32Array.from({ length: WIDTH * HEIGHT }, (_, at) => (at * 0x9e3779) & 0xffffff);
  const raw = Buffer.alloc(pixels.length * 3);
  for (const [at, colour] of pixels.entries()) raw.writeUIntBE(colour, at * 3, 3);
  const image = await sharp(raw, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .png()
    .toBuffer();
  return { pixels, tile: { kind: 'tile', ...WHOLE, codec: 'png', lossy: false, image } };
}

function applied(pixels: Uint32Array, operation: CopyOperation | (Rectangle & { colour: number })): void {
  const before = pixels.slice();
  for (let row = 0; row < operation.height; row++) {
    for (let column = 0; column < operation.width; column++) {
      const to = (operation.y + row) * WIDTH + operation.x + column;
      pixels[to] =
        'colour' in operation
          ? operation.colour
          : (before[(operation.fromY + row) * WIDTH + operation.fromX + column] ?? -1);
    }
  }
}

for (const way of ['draw', 'pixels'] as const) {
  test(`tiles and copies in any order, overlapping or not, end in the same pixels (${way})`, async (t) => {
    await using page = await PainterPage.open(browser, way);
    const start = await noise();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(frames, async (changes) => {
        await page.restart(WIDTH, HEIGHT);
        const expected = start.pixels.slice();
        const messages = changes.map((operations, index) => {
          for (const operation of operations) applied(expected, operation);
          return frame(
            index + 1,
            ...operations.map((each) => ('colour' in each ? solid(each, each.colour) : each)),
          );
        });
        const last = { ...frame(messages.length + 1), generation: ++run };
        await page.add(frame(0, start.tile), ...messages, last);
        await page.until(`drawn ${run} ${last.number}`);
        t.deepEqual(Uint32Array.from(await page.pixels()), expected);
      }),
      { numRuns: RUNS },
    );
    t.deepEqual(page.complaints, []);
  });
}

test('a video is drawn in its turn, and its pictures are closed', async (t) => {
  await using page = await PainterPage.open(browser);
  await page.restart(WIDTH, HEIGHT);
  const place = { x: 10, y: 20, width: 31, height: 15 };
  const below = { kind: 'copy', ...place, fromX: 10, fromY: 20, y: 40 } as const;
  await page.add(
    frame(0, solid(WHOLE, 0x123456)),
    frame(1, video(place, 'red'), below, solid({ x: 10, y: 20, width: 2, height: 2 }, 0)),
    frame(2, video(place, 'green')),
  );
  await page.until('drawn 1 2');
  const pixels = await page.pixels();
  const at = (x: number, y: number): number => pixels[y * WIDTH + x] ?? -1;
  t.deepEqual([at(10, 20), at(40, 34)], [0x00ff00, 0x00ff00]);
  t.deepEqual([at(9, 20), at(41, 34), at(10, 35)], [0x123456, 0x123456, 0x123456]);
  t.deepEqual([at(10, 40), at(40, 54), at(9, 40)], [0xff0000, 0xff0000, 0x123456]);
  t.is(await page.evaluate('open.size'), 0);
});

for (const [title, chunk] of [
  ['a chunk that never becomes a picture', 'never'],
  ['a chunk that can’t be decoded', 'fails'],
  ['a picture smaller than its operation', 'small'],
] as const) {
  test(`${title} breaks the picture, once, and the next one is drawn`, async (t) => {
    await using page = await PainterPage.open(browser, 'pixels', 50);
    await page.restart(WIDTH, HEIGHT);
    const place = { x: 0, y: 0, width: 20, height: 20 };
    await page.add(
      frame(0, solid(WHOLE, 0x123456)),
      frame(1, video(place, 'green'), video(place, chunk)),
      frame(2, video(place, 'red')),
    );
    await page.until('broken');
    await page.add(frame(3, solid(place, 0xffffff)));
    await page.restart(8, 8);
    await page.add({ ...frame(0, solid({ x: 0, y: 0, width: 8, height: 8 }, 0xabcdef)), generation: 2 });
    await page.until('drawn 2 0');
    t.deepEqual(
      (await page.told()).filter((told) => told.startsWith('drawn') || told === 'broken'),
      ['drawn 1 0', 'broken', 'drawn 2 0'],
    );
    t.deepEqual([...new Set(await page.pixels())], [0xabcdef]);
    t.is(await page.evaluate('open.size'), 0);
    t.deepEqual(page.complaints, []);
  });
}

test('a picture that comes after its deadline is closed and not drawn', async (t) => {
  await using page = await PainterPage.open(browser, 'pixels', 20);
  await page.restart(WIDTH, HEIGHT);
  await page.add(frame(0, solid(WHOLE, 0x123456)), frame(1, video(WHOLE, 'late')));
  await page.until('broken');
  await page.evaluate('comeLate()');
  t.deepEqual([...new Set(await page.pixels())], [0x123456]);
  t.is(await page.evaluate('open.size'), 0);
});

test('a new picture ends the video, and what was of the one before is neither drawn nor told', async (t) => {
  await using page = await PainterPage.open(browser);
  await page.restart(WIDTH, HEIGHT);
  await page.add(frame(0, solid(WHOLE, 0x123456)), frame(1, video(WHOLE, 'green'), video(WHOLE, 'never')));
  await page.until(`decode ${CHUNKS.never}`);
  // The first of another stream, so of the same generation.
  await page.restart(WIDTH, HEIGHT);
  await page.add(frame(0, solid(WHOLE, 0x00ffff)));
  await page.until('drawn 1 0');
  await page.add(frame(1, solid({ x: 0, y: 0, width: 1, height: 1 }, 0x00ffff)));
  await page.until('drawn 1 1');
  t.deepEqual([...new Set(await page.pixels())], [0x00ffff]);
  t.is(await page.evaluate('open.size'), 0);
  t.true((await page.told()).includes('reset'));
  t.false((await page.told()).includes('broken'));
});

/** Two frames of VP8, 64 x 48, as Chromium's encoder wrote them: brown, then blue. */
const BROWN =
  'b003009d012a4000300000070885858899848801241013ad501fc01fd01039dc0d6ae663cdc800fef3a4ffff2ff5b9c16bfe6007ff8901f563affe1fc0';
const BLUE = '5102000010092000c0628a5906dca380b1daafe6b0fefac43fffe4d786bb5effc9b2fff8e64dcc313fe35c882302f8';

function vp8(hex: string, key: boolean): VideoOperation {
  const chunk = Uint8Array.from(Buffer.from(hex, 'hex'));
  return { kind: 'video', x: 10, y: 8, width: 64, height: 48, codec: 'vp8', key, chunk };
}

function near(colour: number, wanted: number): boolean {
  return [16, 8, 0].every((bits) => Math.abs(((colour >> bits) & 0xff) - ((wanted >> bits) & 0xff)) < 12);
}

test('a real video is decoded and drawn', async (t) => {
  await using page = await PainterPage.open(browser, 'pixels', 10_000, 'real');
  await page.restart(WIDTH, HEIGHT);
  await page.add(frame(0, solid(WHOLE, 0x123456)), frame(1, vp8(BROWN, true)));
  await page.until('drawn 1 1');
  const brown = (await page.pixels())[20 * WIDTH + 30] ?? -1;
  t.true(near(brown, 0x996633), brown.toString(16));
  await page.add(frame(2, vp8(BLUE, false)));
  await page.until('drawn 1 2');
  const pixels = await page.pixels();
  const blue = pixels[55 * WIDTH + 73] ?? -1;
  t.true(near(blue, 0x336699), blue.toString(16));
  t.is(pixels[8 * WIDTH + 9], 0x123456);
});

for (const [title, chunk] of [
  ['cut after its header', vp8(BROWN.slice(0, 24), true)],
  ['that needs one before it', vp8(BLUE, false)],
  ['of another codec than it says', { ...vp8(BROWN, true), codec: 'vp9' }],
] as const) {
  test(`a chunk ${title} breaks the picture`, async (t) => {
    await using page = await PainterPage.open(browser, 'pixels', 10_000, 'real');
    await page.restart(WIDTH, HEIGHT);
    await page.add(frame(0, solid(WHOLE, 0x123456)), frame(1, chunk));
    await page.until('broken');
    t.deepEqual([...new Set(await page.pixels())], [0x123456]);
    t.deepEqual(page.complaints, []);
  });
}

for (const way of ['draw', 'pixels'] as const) {
  test(`most of a picture of 16 MP moves by a row, and back (${way})`, async (t) => {
    await using page = await PainterPage.open(browser, way);
    const side = 4096;
    await page.restart(side, side);
    const whole = solid({ x: 0, y: 0, width: side, height: side }, 0x202020);
    const copies = [
      { fromX: 0, fromY: 0, x: 0, y: 1 },
      { fromX: 0, fromY: 1, x: 0, y: 0 },
    ] as const;
    const moved = copies.map((copy) => ({ kind: 'copy', ...copy, width: side, height: side - 1 }) as const);
    const top = solid({ x: 0, y: 0, width: side, height: 1 }, 0xff0000);
    const bottom = solid({ x: 0, y: side - 2, width: side, height: 1 }, 0x0000ff);
    /** Where the last column has all of red (0) or of blue (2). */
    const rows = (channel: number): Promise<number[]> =>
      page.evaluate(`(() => {
        const context = document.querySelector('canvas').getContext('2d');
        const { data } = context.getImageData(${side - 1}, 0, 1, ${side});
        return Array.from({ length: ${side} }, (_, y) => y).filter((y) => data[4 * y + ${channel}] === 255);
      })()`);
    await page.add(frame(0, whole), frame(1, top, bottom, moved[0] as CopyOperation));
    await page.until('drawn 1 1');
    t.deepEqual([await rows(0), await rows(2)], [[0, 1], [side - 1]]);
    await page.add(frame(2, moved[1] as CopyOperation));
    await page.until('drawn 1 2');
    t.deepEqual([await rows(0), await rows(2)], [[0], [side - 2, side - 1]]);
    t.deepEqual(page.complaints, []);
  });
}

/** Counts the page's other work: turns of a message that it sends itself, and images being decoded at a time. */
const COUNT = `
globalThis.counted = { turns: 0, decoding: 0, most: 0 };
const { port1, port2 } = new MessageChannel();
port1.onmessage = () => { counted.turns++; port2.postMessage(null); };
port2.postMessage(null);
const decode = globalThis.createImageBitmap;
globalThis.createImageBitmap = async (...values) => {
  counted.most = Math.max(counted.most, ++counted.decoding);
  try { return await decode(...values); } finally { counted.decoding--; }
};
`;

test('a frame of as many images as there may be leaves the page its turns', async (t) => {
  await using page = await PainterPage.open(browser);
  const [width, height] = [256, 256];
  await page.restart(width, height);
  await page.evaluate(COUNT);
  const small = encodeSmallImage({ width: 4, height: 2, colours: [0x00ff00], indexes: new Uint8Array(8) });
  const places = Array.from({ length: MAX_FRAME_OPERATIONS }, (_, at) => at);
  const pixel = (at: number) => ({ x: (at % 64) * 4, y: Math.floor(at / 64) * 2, width: 4, height: 2 });
  const tiles = places.map((at): TileOperation => {
    if (at % 32 === 0) return solid(pixel(at), 0x00ff00);
    return { kind: 'tile', ...pixel(at), codec: 'small', lossy: false, image: small };
  });
  await page.add(frame(0, ...tiles));
  await page.until('drawn 1 0');
  const { turns, most } = await page.evaluate<{ turns: number; most: number }>('counted');
  t.true(turns > 3, `${turns} turns`);
  t.true(most > 1 && most <= 32, `${most} at a time`);
  t.true((await page.pixels()).every((colour) => colour === 0x00ff00));
  t.deepEqual(page.complaints, []);
});
