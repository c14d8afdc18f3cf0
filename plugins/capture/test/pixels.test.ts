import { imageSize, type Rectangle } from '@livelet/core';
import test from 'ava';
import fc from 'fast-check';
import sharp from 'sharp';
import { changedAreas } from '../src/change/compare.js';
import { copyPixels, createPicture, type Picture, pictureOf } from '../src/picture/picture.js';
import { clip, meet, pieces, pixels } from '../src/picture/rectangles.js';
import { Region } from '../src/picture/region.js';
import { encodeIndexedPng } from '../src/tiles/indexed-png.js';
import { paletteOf } from '../src/tiles/palette.js';
import { type Fidelity, SharpTileEncoder, type TileQuality } from '../src/tiles/tile-encoder.js';

const WIDTH = 200;
const HEIGHT = 150;
const area = fc
  .record({
    x: fc.nat(WIDTH - 1),
    y: fc.nat(HEIGHT - 1),
    width: fc.integer({ min: 1, max: WIDTH }),
    height: fc.integer({ min: 1, max: HEIGHT }),
  })
  .map((each) => clip(each, { x: 0, y: 0, width: WIDTH, height: HEIGHT }));

function fill(picture: Picture, { x, y, width, height }: Rectangle, colour: number): void {
  for (let row = y; row < y + height; row++) {
    picture.words.fill(colour, row * picture.width + x, row * picture.width + x + width);
  }
}

function overlap(areas: readonly Rectangle[]): boolean {
  return areas.some((a, index) => areas.slice(index + 1).some((b) => meet(a, b)));
}

test('changed areas hold each changed pixel, none of them twice, and nothing when nothing changed', (t) => {
  fc.assert(
    fc.property(area, fc.array(fc.tuple(area, fc.nat(3)), { maxLength: 8 }), (at, changes) => {
      const reference = createPicture(WIDTH, HEIGHT);
      const display = createPicture(WIDTH, HEIGHT);
      for (const [place, colour] of changes) fill(display, place, colour);
      const view = { bytes: display.bytes, offset: (at.y * WIDTH + at.x) * 4, stride: WIDTH * 4 };
      const read = pictureOf(view, at.width, at.height);
      const found = changedAreas(reference, read, at);
      t.false(overlap(found));
      for (const each of found) copyPixels(reference, read, at, each);
      t.deepEqual(changedAreas(reference, read, at), []);
      for (let y = at.y; y < at.y + at.height; y++) {
        const row = y * WIDTH + at.x;
        t.deepEqual(
          reference.words.subarray(row, row + at.width),
          display.words.subarray(row, row + at.width),
        );
      }
    }),
  );
});

test('the area of one small change is exact', (t) => {
  const reference = createPicture(WIDTH, HEIGHT);
  const display = createPicture(WIDTH, HEIGHT);
  const small = { x: 61, y: 70, width: 8, height: 16 };
  fill(display, small, 0xffffff);
  t.deepEqual(changedAreas(reference, display, { x: 0, y: 0, width: WIDTH, height: HEIGHT }), [small]);
});

test('what a moved window uncovers is an exact strip on each side', (t) => {
  const reference = createPicture(800, 600);
  const display = createPicture(800, 600);
  fill(display, { x: 50, y: 40, width: 600, height: 5 }, 0xffffff);
  fill(display, { x: 50, y: 45, width: 9, height: 400 }, 0xffffff);
  const found = changedAreas(reference, display, { x: 0, y: 0, width: 800, height: 600 });
  t.true(found.reduce((sum, each) => sum + pixels(each), 0) < 600 * 8 + 9 * 400);
});

test('a change in very many places is few areas', (t) => {
  const reference = createPicture(1920, 1080);
  const display = createPicture(1920, 1080);
  for (let y = 0; y < 1080; y += 20) {
    for (let x = 0; x < 1920; x += 130) fill(display, { x, y, width: 1, height: 1 }, 0xffffff);
  }
  const found = changedAreas(reference, display, { x: 0, y: 0, width: 1920, height: 1080 });
  t.true(found.length <= 256);
  t.false(overlap(found));
});

test('a region holds what was added, in few areas that do not overlap, and is empty after', (t) => {
  fc.assert(
    fc.property(fc.array(area, { maxLength: 60 }), (added) => {
      const region = new Region();
      for (const each of added) region.add(each);
      const taken = region.take();
      t.true(region.empty);
      t.true(taken.length <= 16);
      t.false(overlap(taken));
      for (const each of added) {
        t.is(
          taken.reduce((sum, other) => sum + pixels(clip(each, other)), 0),
          pixels(each),
        );
      }
    }),
  );
});

test('pieces cover an area once', (t) => {
  fc.assert(
    fc.property(
      area,
      fc.integer({ min: 1, max: 64 }),
      fc.integer({ min: 1, max: 64 }),
      (each, width, height) => {
        const cut = [...pieces(each, width, height)];
        t.is(
          cut.reduce((sum, piece) => sum + pixels(piece), 0),
          pixels(each),
        );
        t.true(
          cut.every(
            (piece) => piece.width <= width && piece.height <= height && piece.width * piece.height > 0,
          ),
        );
      },
    ),
  );
});

/** The RGB bytes of an image. */
async function decoded(image: Uint8Array): Promise<Buffer> {
  return sharp(image).toColourspace('srgb').removeAlpha().raw().toBuffer();
}

for (const colours of [1, 2, 3, 4, 5, 16, 17, 255, 256]) {
  test(`an indexed image of ${colours} colours is exact`, async (t) => {
    const picture = createPicture(61, 37);
    // Scattered, with the fourth byte of each word set, which has no meaning.
    for (const at of picture.words.keys())
      picture.words[at] = (0xff000000 | (((at * 31) % colours) * 65_793)) >>> 0;
    const palette = paletteOf(picture, { x: 0, y: 0, width: 61, height: 37 });
    t.is(palette?.colours.length, colours);
    if (!palette) return;
    const image = await encodeIndexedPng(61, 37, palette);
    t.deepEqual(imageSize('png', image), { width: 61, height: 37 });
    const rgb = Buffer.alloc(61 * 37 * 3);
    for (const [at, word] of picture.words.entries()) rgb.writeUIntBE(word & 0xffffff, at * 3, 3);
    t.deepEqual(await decoded(image), rgb);
  });
}

test('257 colours have no palette', (t) => {
  const picture = createPicture(257, 2);
  for (const at of picture.words.keys()) picture.words[at] = at % 257;
  t.is(paletteOf(picture, { x: 0, y: 0, width: 257, height: 2 }), undefined);
});

test('text is indexed, a photo is lossy at first and exact when it must be, small things are always exact', async (t) => {
  const encoder = new SharpTileEncoder();
  const picture = createPicture(256, 256);
  const square = { x: 0, y: 0, width: 256, height: 256 };
  const codec = async (place: Rectangle, fidelity: Fidelity, quality?: TileQuality): Promise<unknown[]> => {
    const tile = await encoder.encode(picture, place, fidelity, quality);
    t.deepEqual(imageSize(tile.codec, tile.image), { width: place.width, height: place.height });
    return [tile.codec, tile.lossy];
  };
  fill(picture, { x: 3, y: 3, width: 100, height: 1 }, 0xffffff);
  t.deepEqual(await codec(square, 'quick'), ['small', false]);
  for (let line = 0; line < 20; line++) {
    fill(picture, { x: 3, y: 9 + line * 8, width: 100, height: 1 }, 0xffffff - line * 0x0a0a);
  }
  t.deepEqual(await codec(square, 'quick'), ['png', false]);
  for (const at of picture.words.keys()) picture.words[at] = Math.imul(at, 0x9e3779b1) & 0xffffff;
  t.deepEqual(await codec(square, 'quick'), ['jpeg', true]);
  t.deepEqual(await codec(square, 'exact'), ['png', false]);
  const slow = { jpeg: 60, subsampling: true, lossless: false, small: true };
  t.deepEqual(await codec(square, 'exact', slow), ['webp-lossless', false]);
  t.deepEqual(await codec(square, 'quick', { ...slow, small: false, lossless: true }), ['png', false]);
  t.deepEqual(await codec({ x: 0, y: 0, width: 64, height: 64 }, 'quick'), ['webp-lossless', false]);
});
