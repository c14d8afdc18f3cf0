import type { Rectangle } from '@livelet/core';
import type { Picture } from './picture.js';

/** Pixels a side of the cells that a row of differing pixels is cut into. */
const CELL = 64;
/** Equal rows that two changes may have between them and still be one. */
const ROW_GAP = 8;

/** Cells of one band that differ and touch, columns in cells. */
interface Run {
  readonly first: number;
  readonly last: number;
}

/** Grows downwards, band by band. */
interface Column extends Run {
  readonly top: number;
  bottom: number;
}

/**
 * Where a newly read part differs from the reference picture: whole rows are compared first, then cells in those
 * that differ. The rectangles are exact at their edges and don't overlap; coordinates are the reference's.
 */
export function changedAreas(reference: Picture, read: Picture, at: Rectangle): Rectangle[] {
  const columns: Column[] = [];
  let open: Column[] = [];
  for (const [top, bottom] of changedBands(reference, read, at)) {
    const next: Column[] = [];
    for (const run of changedRuns(reference, read, at, top, bottom)) {
      const above = open.find(
        (c) => c.first === run.first && c.last === run.last && top - c.bottom <= ROW_GAP,
      );
      const column = above ?? { ...run, top, bottom };
      column.bottom = bottom;
      if (!above) columns.push(column);
      next.push(column);
    }
    open = next;
  }
  return columns.map((column) => trim(reference, read, at, column));
}

/** Rows that differ, in bands of at most CELL; `bottom` is past the last. */
function* changedBands(reference: Picture, read: Picture, at: Rectangle): Generator<[number, number]> {
  let top = -1;
  let last = -1;
  for (let y = 0; y < at.height; y++) {
    if (top >= 0 && (y - top >= CELL || y - last > ROW_GAP)) {
      yield [top, last + 1];
      top = -1;
    }
    if (sameRow(reference, read, at, y)) continue;
    if (top < 0) top = y;
    last = y;
  }
  if (top >= 0) yield [top, last + 1];
}

function sameRow(reference: Picture, read: Picture, at: Rectangle, y: number): boolean {
  const before = ((at.y + y) * reference.width + at.x) * 4;
  const after = y * read.width * 4;
  const length = at.width * 4;
  return read.bytes.compare(reference.bytes, before, before + length, after, after + length) === 0;
}

function* changedRuns(
  reference: Picture,
  read: Picture,
  at: Rectangle,
  top: number,
  bottom: number,
): Generator<Run> {
  let first = -1;
  const cells = Math.ceil(at.width / CELL);
  for (let cell = 0; cell < cells; cell++) {
    const right = Math.min(at.width, (cell + 1) * CELL);
    const changed = differs(reference, read, at, cell * CELL, right, top, bottom);
    if (changed && first < 0) first = cell;
    if (!changed && first >= 0) {
      yield { first, last: cell - 1 };
      first = -1;
    }
  }
  if (first >= 0) yield { first, last: cells - 1 };
}

/** Whether any pixel of the columns `left` to `right` (excluded) and the rows `top` to `bottom` (excluded) differs. */
function differs(
  reference: Picture,
  read: Picture,
  at: Rectangle,
  left: number,
  right: number,
  top: number,
  bottom: number,
): boolean {
  for (let y = top; y < bottom; y++) {
    const before = (at.y + y) * reference.width + at.x;
    const after = y * read.width;
    for (let x = left; x < right; x++) {
      if (reference.words[before + x] !== read.words[after + x]) return true;
    }
  }
  return false;
}

/** The column without the equal pixels at its left and right; its rows are exact already. */
function trim(reference: Picture, read: Picture, at: Rectangle, column: Column): Rectangle {
  const { top, bottom } = column;
  let left = column.first * CELL;
  let right = Math.min(at.width, (column.last + 1) * CELL);
  while (left < right - 1 && !differs(reference, read, at, left, left + 1, top, bottom)) left++;
  while (right > left + 1 && !differs(reference, read, at, right - 1, right, top, bottom)) right--;
  return { x: at.x + left, y: at.y + top, width: right - left, height: bottom - top };
}
