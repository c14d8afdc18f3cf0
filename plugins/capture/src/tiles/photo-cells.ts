import type { Rectangle } from '@livelet/core';
import type { Picture } from '../picture/picture.js';

/** Pixels a side of a cell. */
export const CELL = 16;
/** Every so many rows of a cell one is looked at. */
const ROW_STEP = 4;
/** A cell with more pixels than this part that equal neither their left nor their upper neighbour is of a photo. */
const BUSY = 0.4;
/** So is one with fewer of them, but no colour that fills this part of it, as the ground fills cells of text. */
const FAIRLY_BUSY = 0.12;
const GROUND = 0.35;

/** Which cells of an area look like a photo. The last cell of a row or column may be a part of one. */
export interface PhotoCells {
  readonly columns: number;
  readonly rows: number;
  /** Photo cells above and to the left of each corner: `(columns + 1) * (rows + 1)` sums. */
  readonly sums: Uint32Array;
}

/** Looks at every fourth row of an area. A cell is what most of the cells around it are: one alone tells little. */
export function photoCells(picture: Picture, area: Rectangle): PhotoCells {
  const single = singleCells(picture, area);
  const { columns, rows } = single;
  const sums = new Uint32Array((columns + 1) * (rows + 1));
  for (let y = 0; y < rows; y++) {
    let inRow = 0;
    for (let x = 0; x < columns; x++) {
      const [left, top] = [Math.max(0, x - 1), Math.max(0, y - 1)];
      const width = Math.min(columns, x + 2) - left;
      const height = Math.min(rows, y + 2) - top;
      if (photosIn(single, { x: left, y: top, width, height }) * 2 > width * height) inRow++;
      const at = (y + 1) * (columns + 1) + x + 1;
      sums[at] = (sums[at - columns - 1] as number) + inRow;
    }
  }
  return { columns, rows, sums };
}

/** Each cell as it looks by itself. */
function singleCells(picture: Picture, area: Rectangle): PhotoCells {
  const columns = Math.ceil(area.width / CELL);
  const rows = Math.ceil(area.height / CELL);
  const sums = new Uint32Array((columns + 1) * (rows + 1));
  const [right, bottom] = [area.x + area.width, area.y + area.height];
  for (let row = 0; row < rows; row++) {
    const top = area.y + row * CELL;
    const end = Math.min(bottom, top + CELL);
    let inRow = 0;
    for (let column = 0; column < columns; column++) {
      const left = area.x + column * CELL;
      if (isPhoto(picture, left, top, Math.min(right, left + CELL), end)) inRow++;
      const at = (row + 1) * (columns + 1) + column + 1;
      sums[at] = (sums[at - columns - 1] as number) + inRow;
    }
  }
  return { columns, rows, sums };
}

/** Photo cells of a part that is given in cells. */
export function photosIn({ columns, sums }: PhotoCells, part: Rectangle): number {
  const top = part.y * (columns + 1) + part.x;
  const bottom = top + part.height * (columns + 1);
  const [a, b] = [sums[top] as number, sums[top + part.width] as number];
  return (sums[bottom + part.width] as number) - (sums[bottom] as number) - b + a;
}

/** Whether at least half of an area's cells look like a photo. */
export function looksLikePhoto(picture: Picture, area: Rectangle): boolean {
  const { columns, rows, sums } = singleCells(picture, area);
  return (sums[sums.length - 1] as number) * 2 >= columns * rows;
}

function isPhoto(picture: Picture, left: number, top: number, right: number, bottom: number): boolean {
  const { words, width } = picture;
  let busy = 0;
  let seen = 0;
  // The colour that would be left if each pixel took one of another colour with it: the only one that can fill half.
  let ground = 0;
  let votes = 0;
  for (let y = top + 1; y < bottom; y += ROW_STEP) {
    const row = y * width;
    let before = words[row + left] as number;
    for (let x = row + left + 1; x < row + right; x++) {
      const word = words[x] as number;
      if (word !== before && word !== words[x - width]) busy++;
      if (votes === 0) ground = word;
      votes += word === ground ? 1 : -1;
      before = word;
    }
    seen += right - left - 1;
  }
  if (busy <= seen * FAIRLY_BUSY) return false;
  return busy > seen * BUSY || filled(picture, ground, left, top, right, bottom) < seen * GROUND;
}

/** Pixels of the rows looked at that have this colour. */
function filled(
  { words, width }: Picture,
  colour: number,
  left: number,
  top: number,
  right: number,
  bottom: number,
): number {
  let count = 0;
  for (let y = top + 1; y < bottom; y += ROW_STEP) {
    for (let x = y * width + left + 1; x < y * width + right; x++) if (words[x] === colour) count++;
  }
  return count;
}
