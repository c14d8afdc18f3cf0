import type { Rectangle } from '@livelet/core';
import test from 'ava';
import fc from 'fast-check';
import { LossyAreas } from '../src/picture/lossy-areas.js';
import { pixels } from '../src/picture/rectangles.js';
import { planTiles } from '../src/tiles/tile-plan.js';

const [WIDTH, HEIGHT] = [1920, 1080];
/** Times the tiles of a whole picture: what is left is cut anew each time. */
const MOST = 3;

const hole: fc.Arbitrary<Rectangle> = fc.record({
  x: fc.nat(WIDTH - 1),
  y: fc.nat(HEIGHT - 1),
  width: fc.integer({ min: 1, max: 300 }),
  height: fc.integer({ min: 1, max: 200 }),
});
const focus = fc.record({ x: fc.nat(WIDTH - 1), y: fc.nat(HEIGHT - 1) });
const size = fc.constantFrom(
  { width: 512, height: 256 },
  { width: 256, height: 128 },
  { width: 128, height: 64 },
);

test('one tile after the other brings everything, whatever is left of it', async (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.array(hole, { maxLength: 60 }), focus, size, (holes, at, tileSize) => {
        const left = new LossyAreas();
        left.add({ x: 0, y: 0, width: WIDTH, height: HEIGHT }, 0);
        for (const area of holes) left.remove(area);
        const most = MOST * Math.ceil((WIDTH * HEIGHT) / pixels({ x: 0, y: 0, ...tileSize })) + 300;
        let sent = 0;
        for (; !left.empty && sent < most; sent++) {
          const [tile] = planTiles(left.all, { focus: at, ...tileSize, now: 0 });
          if (tile) left.remove(tile);
        }
        // Thrown, so that the shortest holes are looked for.
        if (!left.empty) throw new Error(`areas left after ${sent} tiles`);
      }),
      { numRuns: 30 },
    ),
  );
});
