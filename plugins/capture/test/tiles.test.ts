import type { Rectangle } from '@livelet/core';
import test from 'ava';
import fc from 'fast-check';
import sharp from 'sharp';
import { createPicture, type Picture } from '../src/picture/picture.js';
import { meet, pixels } from '../src/picture/rectangles.js';
import { JpegChoice } from '../src/tiles/jpeg-choice.js';
import { type JpegEncoder, SharpJpeg } from '../src/tiles/jpeg-encoder.js';
import { looksLikePhoto } from '../src/tiles/photo-cells.js';
import { encodePhotoPng } from '../src/tiles/photo-png.js';
import { SharpTileEncoder } from '../src/tiles/tile-encoder.js';
import { splitIntoTiles } from '../src/tiles/tile-split.js';
import { MAX_TURBO_PIXELS, TurboJpeg } from '../src/tiles/turbo-jpeg.js';
import { decodedTile } from './decoded-tile.js';

const [WIDTH, HEIGHT] = [640, 480];
const whole: Rectangle = { x: 0, y: 0, width: WIDTH, height: HEIGHT };
const photoAt: Rectangle = { x: 200, y: 100, width: 300, height: 220 };

/** Lines of strokes like those of text on a white page. */
function page(): Picture {
  const picture = createPicture(WIDTH, HEIGHT);
  for (const at of picture.words.keys()) {
    const [x, y] = [at % WIDTH, Math.floor(at / WIDTH)];
    const stroke = y % 20 < 11 && (x * 7 + Math.floor(y / 20) * 13) % 9 < 2 && (x + y * 3) % 5 < 3;
    picture.words[at] = stroke ? 0x222222 + ((x * y) % 6) * 0x191919 : 0xffffff;
  }
  return picture;
}

/** Soft colours with the noise that a camera leaves. */
function addPhoto(picture: Picture, area: Rectangle): void {
  for (let y = area.y; y < area.y + area.height; y++) {
    for (let x = area.x; x < area.x + area.width; x++) {
      const noise = Math.imul(x * 7919 + y * 104_729, 0x9e3779b1) >>> 29;
      const red = Math.round(120 + 90 * Math.sin(x / 40)) + noise;
      const green = Math.round(120 + 90 * Math.cos(y / 30)) + noise;
      picture.words[y * picture.width + x] = (red << 16) | (green << 8) | (90 + noise * 3);
    }
  }
}

/** RGB, 3 bytes a pixel. */
function rgbOf(picture: Picture, area: Rectangle): Buffer {
  const bytes = Buffer.alloc(pixels(area) * 3);
  let at = 0;
  for (let y = area.y; y < area.y + area.height; y++) {
    for (let x = area.x; x < area.x + area.width; x++, at += 3) {
      bytes.writeUIntBE((picture.words[y * picture.width + x] as number) & 0xffffff, at, 3);
    }
  }
  return bytes;
}

async function decoded(image: Uint8Array): Promise<Buffer> {
  return sharp(image).toColourspace('srgb').removeAlpha().raw().toBuffer();
}

/** Mean difference of their bytes. */
function difference(a: Buffer, b: Buffer): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] as number)), 0) / a.length;
}

test('what may be lossless is exact, in every class and with any byte beside the colours', async (t) => {
  const area = fc.record({
    x: fc.nat(40),
    y: fc.nat(40),
    width: fc.integer({ min: 1, max: 140 }),
    height: fc.integer({ min: 1, max: 90 }),
  });
  const encoder = new SharpTileEncoder();
  await t.notThrowsAsync(
    fc.assert(
      fc.asyncProperty(area, fc.nat(), fc.integer({ min: 0, max: 24 }), async (place, seed, shift) => {
        const picture = createPicture(200, 150);
        for (const at of picture.words.keys()) picture.words[at] = Math.imul(at + seed, 0x9e3779b1) >>> shift;
        for (const jpeg of [60, 90]) {
          const quality = { jpeg, subsampling: true, lossless: false };
          const tile = await encoder.encode(picture, place, 'exact', quality);
          if (tile.lossy || !rgbOf(picture, place).equals(await decodedTile(tile)))
            throw new Error('differs');
        }
        if (!rgbOf(picture, place).equals(await decoded(await encodePhotoPng(picture, place)))) {
          throw new Error('the PNG differs');
        }
      }),
      { numRuns: 40 },
    ),
  );
});

test('text is no photo, a photo is one, of any size and also in grey', (t) => {
  const picture = page();
  t.false(looksLikePhoto(picture, whole));
  addPhoto(picture, photoAt);
  t.true(looksLikePhoto(picture, photoAt));
  t.true(looksLikePhoto(picture, { ...photoAt, height: 8 }));
  t.false(looksLikePhoto(picture, { ...photoAt, height: 1 }));
  for (const [at, word] of picture.words.entries()) picture.words[at] = (word & 0xff) * 0x10101;
  t.true(looksLikePhoto(picture, photoAt));
});

test('text beside a photo stays sharp: tiles are cut where one ends and the other begins', async (t) => {
  const picture = page();
  addPhoto(picture, photoAt);
  const tiles = splitIntoTiles(picture, whole, 512, 256);
  const encoder = new SharpTileEncoder();
  let lossy = 0;
  for (const tile of tiles) {
    t.true(tile.width <= 512 && tile.height <= 256);
    if ((await encoder.encode(picture, tile, 'quick')).lossy) lossy += pixels(tile);
  }
  t.is(
    tiles.reduce((sum, tile) => sum + pixels(tile), 0),
    pixels(whole),
  );
  t.false(tiles.some((a, index) => tiles.slice(index + 1).some((b) => meet(a, b))));
  // Cells of 16 pixels: what is sent roughly is the photo and no more than a seam around it.
  t.true(lossy > pixels(photoAt) * 0.8, `${lossy} lossy pixels`);
  t.true(lossy < pixels(photoAt) * 1.15, `${lossy} lossy pixels`);
  t.is(splitIntoTiles(page(), whole, 512, 256).length, 4);
});

test('any picture is cut into tiles that cover it once', (t) => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(580), fc.nat(420), fc.integer({ min: 4, max: 60 })), { maxLength: 12 }),
      (photos) => {
        const picture = page();
        for (const [x, y, side] of photos) addPhoto(picture, { x, y, width: side, height: side });
        const area = { x: 3, y: 5, width: 600, height: 441 };
        const tiles = splitIntoTiles(picture, area, 256, 128);
        const sum = tiles.reduce((total, tile) => total + pixels(tile), 0);
        return (
          sum === pixels(area) &&
          !tiles.some((a, index) => tiles.slice(index + 1).some((b) => meet(a, b))) &&
          tiles.every((tile) => tile.width <= 256 && tile.height <= 128)
        );
      },
    ),
    { numRuns: 30 },
  );
  t.pass();
});

const turbo = TurboJpeg.open();
turbo?.[Symbol.dispose]();
const withTurbo = turbo ? test : test.skip;

withTurbo(
  'libjpeg-turbo and sharp make the same picture, at once or in a thread, many at a time',
  async (t) => {
    const picture = page();
    addPhoto(picture, photoAt);
    using encoder = TurboJpeg.open() as TurboJpeg;
    const other = new SharpJpeg();
    const areas = [
      photoAt,
      whole,
      { x: 201, y: 103, width: 61, height: 37 },
      { ...photoAt, width: 1, height: 1 },
    ];
    for (const subsampling of [true, false]) {
      const images = await Promise.all(
        [...areas, ...areas, ...areas].map((area) =>
          encoder.encode(picture, area, { jpeg: 80, subsampling }),
        ),
      );
      for (const [index, image] of images.entries()) {
        const area = areas[index % areas.length] as Rectangle;
        const theirs = await other.encode(picture, area, { jpeg: 80, subsampling });
        t.true(difference(await decoded(image), await decoded(theirs)) < 3);
      }
    }
    const [low, high] = await Promise.all(
      [30, 90].map((jpeg) => encoder.encode(picture, photoAt, { jpeg, subsampling: true })),
    );
    t.true((low?.length ?? 0) < (high?.length ?? 0) / 2);
  },
);

withTurbo('libjpeg-turbo codes the pixels of the moment that it was asked', async (t) => {
  const picture = page();
  addPhoto(picture, photoAt);
  const before = rgbOf(picture, whole);
  using encoder = TurboJpeg.open() as TurboJpeg;
  const images = [photoAt, whole].map((area) =>
    encoder.encode(picture, area, { jpeg: 90, subsampling: false }),
  );
  picture.words.fill(0);
  t.true(difference(await decoded((await images[1]) as Uint8Array), before) < 8);
  t.true((await decoded((await images[0]) as Uint8Array)).some((value) => value > 100));
});

withTurbo('what libjpeg-turbo must not be asked never reaches it', async (t) => {
  using encoder = TurboJpeg.open() as TurboJpeg;
  const quality = { jpeg: 80, subsampling: true };
  const picture = createPicture(64, 64);
  for (const area of [
    { x: 0, y: 0, width: 65, height: 1 },
    { x: -1, y: 0, width: 4, height: 4 },
    { x: 0, y: 0, width: 0, height: 4 },
    { x: 0.5, y: 0, width: 4, height: 4 },
    { x: Number.NaN, y: 0, width: 4, height: 4 },
  ]) {
    await t.throwsAsync(encoder.encode(picture, area, quality), { code: 'picture-malformed' });
  }
  const empty = { ...picture, bytes: Buffer.alloc(0) };
  await t.throwsAsync(encoder.encode(empty, { x: 0, y: 0, width: 4, height: 4 }, quality), {
    code: 'picture-malformed',
  });
  const large = createPicture(MAX_TURBO_PIXELS + 1, 1);
  await t.throwsAsync(
    encoder.encode(large, { x: 0, y: 0, width: MAX_TURBO_PIXELS + 1, height: 1 }, quality),
    {
      code: 'picture-too-large',
    },
  );
});

withTurbo('disposing ends who waits, lets who runs finish, and can be repeated', async (t) => {
  const picture = page();
  const encoder = TurboJpeg.open() as TurboJpeg;
  const running = Array.from({ length: 9 }, () =>
    encoder.encode(picture, whole, { jpeg: 80, subsampling: true }),
  );
  const ends = Promise.allSettled(running);
  encoder[Symbol.dispose]();
  encoder[Symbol.dispose]();
  const results = await ends;
  t.deepEqual(
    results.map(({ status }) => status),
    [...Array(4).fill('fulfilled'), ...Array(5).fill('rejected')],
  );
  await t.throwsAsync(encoder.encode(picture, whole, { jpeg: 80, subsampling: true }), { code: 'cancelled' });
});

/** Stands for a library that does `encode`. */
function library(encode: JpegEncoder['encode']): TurboJpeg {
  return { encode, [Symbol.dispose]: () => undefined } as unknown as TurboJpeg;
}

test('without the library, and with a wrong or a slow one, sharp is chosen', async (t) => {
  const real = new SharpJpeg();
  const black = createPicture(WIDTH, HEIGHT);
  const cases: [string, TurboJpeg | undefined][] = [
    ['fails', library(() => Promise.reject(new Error('no')))],
    ['no image', library(async () => new Uint8Array(10))],
    ['another image', library((_, area, quality) => real.encode(black, area, quality))],
    [
      'slow',
      library(async (...parameters) => {
        for (let round = 0; round < 5; round++) await real.encode(...parameters);
        return await real.encode(...parameters);
      }),
    ],
  ];
  for (const [name, wrong] of cases) {
    using choice = new JpegChoice(wrong);
    t.is(await choice.made, 'sharp', name);
  }
});

withTurbo('the library is chosen when it is the faster, and left when it fails later', async (t) => {
  const picture = page();
  addPhoto(picture, photoAt);
  const quality = { jpeg: 80, subsampling: true };
  using choice = new JpegChoice();
  const first = await choice.encode(picture, photoAt, quality);
  t.true(difference(await decoded(first), rgbOf(picture, photoAt)) < 8);
  t.is(await choice.made, 'turbo');
  using real = TurboJpeg.open() as TurboJpeg;
  let works = true;
  let asked = 0;
  using other = new JpegChoice(
    library(async (...parameters) => {
      asked++;
      if (!works) throw new Error('no');
      return await real.encode(...parameters);
    }),
  );
  t.is(await other.made, 'turbo');
  works = false;
  const before = asked;
  for (let round = 0; round < 2; round++) {
    const image = await other.encode(picture, photoAt, quality);
    t.true(difference(await decoded(image), rgbOf(picture, photoAt)) < 8);
  }
  t.is(asked, before + 1);
});
