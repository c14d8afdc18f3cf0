import test from 'ava';
import fc from 'fast-check';
import { toWords } from '../src/web-display/planar-colours.js';
import { CELL, type PixelForm, PlanarPicture } from '../src/web-display/planar-picture.js';

const form = fc.constantFrom<PixelForm>('I420', 'NV12', 'BGRX');
const side = fc.integer({ min: 1, max: 3 * CELL + 5 });
const COLOURS = { matrix: 'bt601', fullRange: false } as const;

test('what has changed, packed and unpacked, makes the pictures equal; nothing overlaps', (t) => {
  const change = fc.record({ x: fc.nat(), y: fc.nat(), value: fc.integer({ min: 1, max: 255 }) });
  fc.assert(
    fc.property(form, side, side, fc.array(change, { maxLength: 6 }), (kind, width, height, changes) => {
      const before = new PlanarPicture(width, height, kind);
      const after = new PlanarPicture(width, height, kind);
      for (const { x, y, value } of changes) {
        const [plane] = after.planes;
        if (!plane) return;
        after.bytes[plane.offset + (y % height) * plane.stride + (x % width) * plane.bytes] = value;
      }
      const areas = after.changes(before);
      const packed = new Uint8Array(areas.reduce((size, area) => size + after.sizeOf(area), 0));
      let to = 0;
      for (const area of areas) to = after.pack(area, packed, to);
      t.is(to, packed.length);
      let from = 0;
      for (const area of areas) from = before.unpack(area, packed, from);
      t.deepEqual(before.bytes, after.bytes);
      const covered = new Set<string>();
      for (const area of areas) {
        t.true(area.x % CELL === 0 && area.y % CELL === 0);
        t.true(area.x + area.width <= width && area.y + area.height <= height);
        for (let y = area.y; y < area.y + area.height; y += CELL) {
          for (let x = area.x; x < area.x + area.width; x += CELL) {
            t.false(covered.has(`${x} ${y}`));
            covered.add(`${x} ${y}`);
          }
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('colours are those of the standard', (t) => {
  const picture = new PlanarPicture(2, 2, 'I420');
  const [luma, blue, red] = picture.planes;
  if (!luma || !blue || !red) throw new Error('not three planes');
  const pixel = (y: number, u: number, v: number): number | undefined => {
    picture.bytes[luma.offset] = y;
    picture.bytes[blue.offset] = u;
    picture.bytes[red.offset] = v;
    return toWords(picture, { x: 0, y: 0, width: 1, height: 1 }, COLOURS)[0];
  };
  // Black, white, and what ITU-R BT.601 makes of pure red, green and blue.
  t.is(pixel(16, 128, 128), 0x000000);
  t.is(pixel(235, 128, 128), 0xffffff);
  t.is(pixel(81, 90, 240), 0xfe0000);
  t.is(pixel(145, 54, 34), 0x00ff01);
  t.is(pixel(41, 240, 110), 0x0000ff);
});
