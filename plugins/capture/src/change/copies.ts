import type { CopyOperation, Rectangle } from '@livelet/core';
import { type Picture, samePixels } from '../picture/picture.js';
import { clip, meet, pixels, sourceOf, union } from '../picture/rectangles.js';
import { largestMatch, type MatchGrid } from './match-grid.js';
import { likelyOffsets, type Offset } from './offsets.js';

/** Changed pixels below which tiles are so small that looking for copies isn't worth the while. */
const MIN_CHANGED = 4096;
/** Changed pixels that a copy has to bring. */
const MIN_GAIN = 2048;
/** Copies for one offset: a window half behind another is two. */
const MAX_COPIES = 4;
/** Pixels a side of the cells that are compared as wholes; edges are made exact after that. */
const CELL = 16;

/**
 * Copies within the reference picture that bring much of what changed: scrolls and moved windows, all by one
 * offset. Each pixel that they bring was compared. To be applied one after the other, as memmove; the order is such
 * that none overwrites what a later one needs.
 *
 * @param read the new pixels of `at`
 * @param changed where they differ from the reference
 * @param barred where nothing may be copied from or to
 */
export function findCopies(
  reference: Picture,
  read: Picture,
  at: Rectangle,
  changed: readonly Rectangle[],
  barred: readonly Rectangle[] = [],
): CopyOperation[] {
  if (changed.reduce((sum, area) => sum + pixels(area), 0) < MIN_CHANGED) return [];
  const bounds = changed.reduce(union);
  const pictures = { reference, read, at, barred };
  for (const offset of likelyOffsets(reference, read, at, bounds)) {
    const targets = targetsOf(pictures, bounds, changed, offset);
    if (targets.length > 0) return ordered(targets.map((target) => copyOf(target, offset)));
  }
  return [];
}

interface Pictures {
  readonly reference: Picture;
  readonly read: Picture;
  /** Where `read` lies in the reference. */
  readonly at: Rectangle;
  readonly barred: readonly Rectangle[];
}

function copyOf(target: Rectangle, { dx, dy }: Offset): CopyOperation {
  return { kind: 'copy', ...target, fromX: target.x - dx, fromY: target.y - dy };
}

/** The rectangles that may be copied by this offset, the one that brings most first. */
function targetsOf(
  pictures: Pictures,
  bounds: Rectangle,
  changed: readonly Rectangle[],
  offset: Offset,
): Rectangle[] {
  const targets: Rectangle[] = [];
  const grid = gridOf(pictures, bounds, changed, offset);
  while (targets.length < MAX_COPIES) {
    const best = largestMatch(grid);
    if (!best || best.gain < MIN_GAIN) break;
    const cells = {
      x: bounds.x + best.x * CELL,
      y: bounds.y + best.y * CELL,
      width: best.width * CELL,
      height: best.height * CELL,
    };
    targets.push(extended(pictures, clip(cells, bounds), offset));
  }
  return targets;
}

/** Which cells of `bounds` hold what the reference has at the offset, and how much of them changed. */
function gridOf(
  pictures: Pictures,
  bounds: Rectangle,
  changed: readonly Rectangle[],
  offset: Offset,
): MatchGrid {
  const columns = Math.ceil(bounds.width / CELL);
  const rows = Math.ceil(bounds.height / CELL);
  const grid = {
    columns,
    rows,
    matches: new Uint8Array(columns * rows),
    gains: new Int32Array(columns * rows),
  };
  // Rows of cells are compared as wholes first, then their halves: what moved, moved in large parts.
  const look = (row: number, first: number, end: number): void => {
    const cells = {
      x: bounds.x + first * CELL,
      y: bounds.y + row * CELL,
      width: (end - first) * CELL,
      height: CELL,
    };
    if (sameAt(pictures, clip(cells, bounds), offset)) {
      grid.matches.fill(1, row * columns + first, row * columns + end);
    } else if (end - first > 1) {
      const middle = (first + end) >> 1;
      look(row, first, middle);
      look(row, middle, end);
    }
  };
  for (let row = 0; row < rows; row++) look(row, 0, columns);
  for (const area of changed) {
    const [left, top] = [area.x - bounds.x, area.y - bounds.y];
    for (let row = Math.floor(top / CELL); row * CELL < top + area.height; row++) {
      const height = Math.min((row + 1) * CELL, top + area.height) - Math.max(row * CELL, top);
      for (let column = Math.floor(left / CELL); column * CELL < left + area.width; column++) {
        const width = Math.min((column + 1) * CELL, left + area.width) - Math.max(column * CELL, left);
        const cell = row * columns + column;
        grid.gains[cell] = (grid.gains[cell] as number) + width * height;
      }
    }
  }
  return grid;
}

/** Moves each edge outwards while the pixels there come from the same offset, by less than a cell. */
function extended(pictures: Pictures, target: Rectangle, offset: Offset): Rectangle {
  let { x, y, width, height } = target;
  const grows = (strip: Rectangle): boolean => sameAt(pictures, strip, offset);
  for (let n = 1; n < CELL && grows({ x, y: y - 1, width, height: 1 }); n++)
    [y, height] = [y - 1, height + 1];
  for (let n = 1; n < CELL && grows({ x, y: y + height, width, height: 1 }); n++) height++;
  for (let n = 1; n < CELL && grows({ x: x - 1, y, width: 1, height }); n++) [x, width] = [x - 1, width + 1];
  for (let n = 1; n < CELL && grows({ x: x + width, y, width: 1, height }); n++) width++;
  return { x, y, width, height };
}

/** Whether all new pixels of `area` are what the reference has at the offset, and may be copied from there. */
function sameAt({ reference, read, at, barred }: Pictures, area: Rectangle, { dx, dy }: Offset): boolean {
  const { x, y, width, height } = area;
  if (x < at.x || y < at.y || x + width > at.x + at.width || y + height > at.y + at.height) return false;
  const [left, top] = [x - dx, y - dy];
  if (left < 0 || top < 0 || left + width > reference.width || top + height > reference.height) return false;
  const source = { x: left, y: top, width, height };
  if (barred.some((each) => meet(each, area) || meet(each, source))) return false;
  return samePixels(read, { x: x - at.x, y: y - at.y, width, height }, reference, left, top);
}

/**
 * The copies in an order in which none overwrites the source of a later one. Where edges that grew over each other leave
 * no such order, the copy that brings least is left out.
 */
function ordered(copies: readonly CopyOperation[]): CopyOperation[] {
  const waiting = [...copies];
  const done: CopyOperation[] = [];
  while (waiting.length > 0) {
    const index = waiting.findIndex((copy) =>
      waiting.every((other) => other === copy || !meet(copy, sourceOf(other))),
    );
    if (index < 0) waiting.pop();
    else done.push(...waiting.splice(index, 1));
  }
  return done;
}
