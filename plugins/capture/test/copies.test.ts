import type { CopyOperation, Rectangle } from '@livelet/core';
import test from 'ava';
import fc from 'fast-check';
import { changedAreas } from '../src/change/compare.js';
import { findCopies } from '../src/change/copies.js';
import { copyPixels, createPicture, movePixels, type Picture } from '../src/picture/picture.js';
import { clip, holds, meet, pixels, sourceOf } from '../src/picture/rectangles.js';

const WIDTH = 320;
const HEIGHT = 240;
const SCREEN: Rectangle = { x: 0, y: 0, width: WIDTH, height: HEIGHT };

/** Colours that no palette holds and no two neighbours share; another `salt` gives others. */
function noise(picture: Picture, { x, y, width, height }: Rectangle, salt: number): void {
  for (let row = y; row < y + height; row++) {
    for (let column = x; column < x + width; column++) {
      const at = row * picture.width + column;
      picture.words[at] = Math.imul(at + salt * 7_654_321 + 1, 0x9e3779b1) >>> 8;
    }
  }
}

/** Lines of letters of 6 x 10 pixels in two colours, as a terminal shows them. */
function text(picture: Picture, { x, y, width, height }: Rectangle, firstLine: number): void {
  for (let row = 0; row < height; row++) {
    const line = firstLine + Math.floor(row / 10);
    for (let column = 0; column < width; column++) {
      const letter = Math.imul(line * 977 + Math.floor(column / 6) + 1, 0x85ebca6b) >>> 27;
      const inside = row % 10 < 8 && column % 6 < 5;
      const dot = (Math.imul(letter * 64 + (row % 10) * 6 + (column % 6), 0x9e3779b1) >>> 30) & 1;
      picture.words[(y + row) * picture.width + x + column] = inside && dot === 1 ? 0xe0e0e0 : 0x101010;
    }
  }
}

function clone(picture: Picture): Picture {
  const other = createPicture(picture.width, picture.height);
  other.words.set(picture.words);
  return other;
}

function part(picture: Picture, area: Rectangle): Picture {
  const other = createPicture(area.width, area.height);
  for (let y = 0; y < area.height; y++) {
    const from = (area.y + y) * picture.width + area.x;
    other.words.set(picture.words.subarray(from, from + area.width), y * area.width);
  }
  return other;
}

/** The same pixels somewhere else, read from a copy of the picture. */
function moved(before: Picture, from: Rectangle, x: number, y: number): Picture {
  const after = clone(before);
  const content = part(before, from);
  const target = { ...from, x, y };
  const visible = clip(target, SCREEN);
  if (pixels(visible) > 0) copyPixels(after, content, target, visible);
  return after;
}

function find(before: Picture, after: Picture): CopyOperation[] {
  return findCopies(before, after, SCREEN, changedAreas(before, after, SCREEN));
}

function apply(picture: Picture, copies: readonly CopyOperation[]): void {
  for (const copy of copies) movePixels(picture, copy, copy.fromX, copy.fromY);
}

const area = fc
  .record({
    x: fc.nat(WIDTH - 1),
    y: fc.nat(HEIGHT - 1),
    width: fc.integer({ min: 1, max: WIDTH }),
    height: fc.integer({ min: 1, max: HEIGHT }),
  })
  .map((each) => clip(each, SCREEN));

test('pixels move within a picture as if they were read first', (t) => {
  fc.assert(
    fc.property(area, fc.nat(WIDTH), fc.nat(HEIGHT), (from, x, y) => {
      const before = createPicture(WIDTH, HEIGHT);
      noise(before, SCREEN, 1);
      const target = { ...from, x: Math.min(x, WIDTH - from.width), y: Math.min(y, HEIGHT - from.height) };
      const after = moved(before, from, target.x, target.y);
      movePixels(before, target, from.x, from.y);
      t.true(before.bytes.equals(after.bytes));
    }),
  );
});

const change = fc.oneof(
  fc.record({ kind: fc.constantFrom('noise' as const, 'text' as const), area, salt: fc.nat(50) }),
  fc.record({ kind: fc.constant('move' as const), area, salt: fc.nat(50), x: fc.nat(60), y: fc.nat(60) }),
);

test('copies and then what still differs make the new picture, and each copied pixel is right', (t) => {
  let found = 0;
  fc.assert(
    fc.property(
      fc.array(change, { maxLength: 6 }),
      fc.array(change, { maxLength: 4 }),
      area,
      (first, then, seen) => {
        const before = createPicture(WIDTH, HEIGHT);
        const draw = (picture: Picture, each: (typeof first)[number]): Picture => {
          if (each.kind === 'noise') noise(picture, each.area, each.salt);
          if (each.kind === 'text') text(picture, each.area, each.salt);
          if (each.kind !== 'move') return picture;
          return moved(picture, each.area, each.area.x + each.x - 30, each.area.y + each.y - 30);
        };
        const old = first.reduce(draw, before);
        const after = then.reduce(draw, clone(old));
        const read = part(after, seen);
        const copies = findCopies(old, read, seen, changedAreas(old, read, seen));
        found += copies.length;
        apply(old, copies);
        for (const copy of copies) {
          t.true(holds(seen, copy) && holds(SCREEN, sourceOf(copy)));
          t.true(part(old, copy).bytes.equals(part(after, copy).bytes));
        }
        for (const rest of changedAreas(old, read, seen)) copyPixels(old, read, seen, rest);
        t.true(part(old, seen).bytes.equals(read.bytes));
      },
    ),
    {
      numRuns: 300,
      examples: [
        [
          [{ kind: 'noise', area: SCREEN, salt: 0 }],
          [{ kind: 'move', area: { x: 20, y: 20, width: 200, height: 150 }, salt: 0, x: 43, y: 21 }],
          SCREEN,
        ],
      ],
    },
  );
  t.true(found > 0);
});

test('text that scrolls up by a line is one copy and the new line', (t) => {
  const before = createPicture(WIDTH, HEIGHT);
  const window = { x: 21, y: 33, width: 264, height: 170 };
  text(before, window, 0);
  const after = clone(before);
  text(after, window, 1);
  const copies = find(before, after);
  t.is(copies.length, 1);
  const [copy] = copies as [CopyOperation];
  t.deepEqual([copy.x - copy.fromX, copy.y - copy.fromY], [0, -10]);
  apply(before, copies);
  for (const rest of changedAreas(before, after, SCREEN)) {
    t.true(holds({ ...window, y: window.y + window.height - 10, height: 10 }, rest));
  }
});

test('what scrolls around a place that is barred is copied but for what comes from there or lies there', (t) => {
  const before = createPicture(WIDTH, HEIGHT);
  text(before, SCREEN, 0);
  const after = createPicture(WIDTH, HEIGHT);
  text(after, SCREEN, 1);
  const barred = { x: 180, y: 90, width: 70, height: 60 };
  const copies = findCopies(before, after, SCREEN, changedAreas(before, after, SCREEN), [barred]);
  for (const copy of copies) t.false(meet(copy, barred) || meet(sourceOf(copy), barred));
  const copied = copies.reduce((sum, copy) => sum + pixels(copy), 0);
  t.true(copied > pixels(SCREEN) / 2, `${copied} pixels`);
  apply(before, copies);
  for (const copy of copies) t.true(part(before, copy).bytes.equals(part(after, copy).bytes));
});

for (const [name, dx, dy] of [
  ['down', 0, 8],
  ['up', 0, -8],
  ['to the right', 5, 0],
  ['to the left', -5, 0],
  ['askew', 13, -7],
] as const) {
  test(`a picture that moves ${name} is one copy and its uncovered edges`, (t) => {
    const before = createPicture(WIDTH, HEIGHT);
    noise(before, SCREEN, 1);
    const after = clone(before);
    noise(after, SCREEN, 2);
    copyPixels(after, before, { ...SCREEN, x: dx, y: dy }, clip({ ...SCREEN, x: dx, y: dy }, SCREEN));
    const copies = find(before, after);
    t.deepEqual(
      copies.map(({ x, y, width, height, fromX, fromY }) => [fromX, fromY, x, y, width, height]),
      [
        [
          Math.max(0, -dx),
          Math.max(0, -dy),
          Math.max(0, dx),
          Math.max(0, dy),
          WIDTH - Math.abs(dx),
          HEIGHT - Math.abs(dy),
        ],
      ],
    );
  });
}

test('a window dragged over a photo is one copy of all of it', (t) => {
  const before = createPicture(WIDTH, HEIGHT);
  noise(before, SCREEN, 1);
  const wallpaper = clone(before);
  const window = { x: 40, y: 50, width: 150, height: 100 };
  noise(before, window, 2);
  const after = clone(wallpaper);
  copyPixels(after, part(before, window), { ...window, x: 53, y: 42 }, { ...window, x: 53, y: 42 });
  t.deepEqual(find(before, after), [{ kind: 'copy', ...window, x: 53, y: 42, fromX: 40, fromY: 50 }]);
});

test('other pixels are no copy, and a small change is not looked at', (t) => {
  const before = createPicture(WIDTH, HEIGHT);
  noise(before, SCREEN, 1);
  const after = createPicture(WIDTH, HEIGHT);
  noise(after, SCREEN, 2);
  t.deepEqual(find(before, after), []);
  const small = clone(before);
  copyPixels(small, before, { ...SCREEN, y: -3 }, { x: 9, y: 9, width: 60, height: 60 });
  t.true(pixels({ x: 9, y: 9, width: 60, height: 60 }) < 4096);
  t.deepEqual(find(before, small), []);
});
