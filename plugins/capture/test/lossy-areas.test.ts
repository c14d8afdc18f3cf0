import type { CopyOperation, Rectangle } from '@livelet/core';
import test from 'ava';
import fc from 'fast-check';
import { LossyAreas } from '../src/picture/lossy-areas.js';
import { createPicture, movePixels, type Picture } from '../src/picture/picture.js';

const SIZE = 40;

function mark(picture: Picture, { x, y, width, height }: Rectangle, value: number): void {
  for (let row = y; row < y + height; row++)
    picture.words.fill(value, row * SIZE + x, row * SIZE + x + width);
}

const side = fc.integer({ min: 1, max: SIZE });
const step = fc.record({
  kind: fc.constantFrom('lossy' as const, 'exact' as const, 'copy' as const),
  width: side,
  height: side,
  x: fc.nat(SIZE),
  y: fc.nat(SIZE),
  fromX: fc.nat(SIZE),
  fromY: fc.nat(SIZE),
});

test('what is lossy is known to the pixel, wherever it was copied', (t) => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const areas = new LossyAreas();
      const truth = createPicture(SIZE, SIZE);
      for (const { kind, width, height, ...places } of steps) {
        const copy: CopyOperation = {
          kind: 'copy',
          width,
          height,
          x: Math.min(places.x, SIZE - width),
          y: Math.min(places.y, SIZE - height),
          fromX: Math.min(places.fromX, SIZE - width),
          fromY: Math.min(places.fromY, SIZE - height),
        };
        if (kind === 'copy') {
          areas.copied(copy, 0);
          movePixels(truth, copy, copy.fromX, copy.fromY);
        } else {
          areas.sent(copy, kind === 'lossy', 0);
          mark(truth, copy, kind === 'lossy' ? 1 : 0);
        }
      }
      const found = createPicture(SIZE, SIZE);
      for (const { area } of areas.all) mark(found, area, 1);
      t.is(areas.empty, areas.all.length === 0);
      t.true(found.bytes.equals(truth.bytes));
    }),
  );
});

test('what a change touches is not at rest, what is refined beside it is', (t) => {
  const areas = new LossyAreas();
  const [left, right] = [
    { x: 0, y: 0, width: 10, height: 10 },
    { x: 30, y: 0, width: 10, height: 10 },
  ];
  areas.sent(left, true, 100);
  areas.sent(right, true, 200);
  t.is(areas.oldest, 100);
  areas.remove({ x: 0, y: 0, width: 10, height: 4 });
  t.deepEqual(areas.all, [
    { area: { x: 0, y: 4, width: 10, height: 6 }, since: 100 },
    { area: right, since: 200 },
  ]);
  areas.sent({ x: 30, y: 0, width: 10, height: 4 }, false, 300);
  t.deepEqual(areas.all[1], { area: { x: 30, y: 4, width: 10, height: 6 }, since: 300 });
});

test('many areas become few that hold them all', (t) => {
  const areas = new LossyAreas();
  for (let n = 0; n < 1000; n++) areas.sent({ x: n * 4, y: 0, width: 2, height: 2 }, true, n);
  let covered = 0;
  for (const { area } of areas.all) {
    for (let n = 0; n < 1000; n++) if (area.x <= n * 4 && area.x + area.width >= n * 4 + 2) covered++;
  }
  t.true(areas.all.length <= 256);
  t.true(covered >= 1000);
});
