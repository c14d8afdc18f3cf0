import type { Rectangle } from '@livelet/core';
import { type Picture, samePixels } from '../picture/picture.js';
import { apart } from '../picture/rectangles.js';

/** Pixels across the cells that a band of differing rows is cut into. */
const CELL = 64;
/** Rows of a band. */
const BAND = 8;
/** Equal rows that two changes may have between them and still be one. */
const ROW_GAP = 8;
/** Pixels that one more rectangle costs: two are joined when their union wastes less. */
const AREA_COST = 4096;
/** Rectangles of one comparison. Where more would be found, each band is one. */
const MAX_AREAS = 256;

/** Cells of one band that differ and touch, columns in cells. */
interface Run {
  readonly first: number;
  readonly last: number;
}

/** Grows downwards, band by band. */
interface Column {
  first: number;
  last: number;
  readonly top: number;
  bottom: number;
}

/**
 * Where a newly read part differs from the reference picture: whole rows are compared first, then cells in those
 * that differ. The rectangles are exact at their edges and don't overlap; coordinates are the reference's.
 */
export function changedAreas(reference: Picture, read: Picture, at: Rectangle): Rectangle[] {
  const same = comparison(reference, read, at);
  const columns: Column[] = [];
  const bands: Column[] = [];
  let open: Column[] = [];
  for (const [top, bottom] of changedBands(same, at)) {
    const runs = changedRuns(same, at.width, top, bottom);
    bands.push({ first: runs[0]?.first ?? 0, last: runs.at(-1)?.last ?? 0, top, bottom });
    if (columns.length > MAX_AREAS) continue;
    const next: Column[] = [];
    for (const run of runs) {
      const above = open.find((column) => continues(column, run, top, bottom));
      const column = above ?? { ...run, top, bottom };
      column.first = Math.min(column.first, run.first);
      column.last = Math.max(column.last, run.last);
      column.bottom = bottom;
      if (!above) columns.push(column);
      if (!next.includes(column)) next.push(column);
    }
    open = next;
  }
  const found = columns.length > MAX_AREAS ? bands : columns;
  // A column that grew to the side may have met another.
  return apart(found.map((column) => trim(same, at, column)));
}

/** Whether a run is best taken into a column that ends above it. */
function continues(column: Column, run: Run, top: number, bottom: number): boolean {
  const gap = top - column.bottom;
  if (gap > ROW_GAP || run.last < column.first || run.first > column.last) return false;
  const cells = (from: Run): number => from.last - from.first + 1;
  const first = Math.min(column.first, run.first);
  const last = Math.max(column.last, run.last);
  const height = Math.max(bottom, column.bottom) - column.top;
  const held = cells(column) * (column.bottom - column.top) + cells(run) * (bottom - top);
  return (cells({ first, last }) * height - held) * CELL <= AREA_COST;
}

/** Rows that differ, in bands of at most BAND; `bottom` is past the last. */
function* changedBands(same: Same, { width, height }: Rectangle): Generator<[number, number]> {
  let top = -1;
  let last = -1;
  for (let y = 0; y < height; y++) {
    if (top >= 0 && (y - top >= BAND || y - last > ROW_GAP)) {
      yield [top, last + 1];
      top = -1;
    }
    if (same(0, width, y, y + 1)) continue;
    if (top < 0) top = y;
    last = y;
  }
  if (top >= 0) yield [top, last + 1];
}

/** Whether the columns `left` to `right` and the rows `top` to `bottom` (both excluded) are as they were. */
type Same = (left: number, right: number, top: number, bottom: number) => boolean;

function comparison(reference: Picture, read: Picture, at: Rectangle): Same {
  return (left, right, top, bottom) => {
    const area = { x: left, y: top, width: right - left, height: bottom - top };
    return samePixels(read, area, reference, at.x + left, at.y + top);
  };
}

/** Runs of cells that differ in a band. Halves are compared as wholes first: most of a band is as it was. */
function changedRuns(same: Same, width: number, top: number, bottom: number): Run[] {
  const runs: { first: number; last: number }[] = [];
  const look = (first: number, last: number): void => {
    if (same(first * CELL, Math.min(width, (last + 1) * CELL), top, bottom)) return;
    if (first < last) {
      const middle = (first + last) >> 1;
      look(first, middle);
      look(middle + 1, last);
      return;
    }
    const run = runs.at(-1);
    if (run && run.last === first - 1) run.last = first;
    else runs.push({ first, last });
  };
  look(0, Math.ceil(width / CELL) - 1);
  return runs;
}

/** The column without the equal pixels around it. */
function trim(same: Same, at: Rectangle, column: Column): Rectangle {
  let { top, bottom } = column;
  let left = column.first * CELL;
  let right = Math.min(at.width, (column.last + 1) * CELL);
  while (top < bottom - 1 && same(left, right, top, top + 1)) top++;
  while (bottom > top + 1 && same(left, right, bottom - 1, bottom)) bottom--;
  while (left < right - 1 && same(left, left + 1, top, bottom)) left++;
  while (right > left + 1 && same(right - 1, right, top, bottom)) right--;
  return { x: at.x + left, y: at.y + top, width: right - left, height: bottom - top };
}
