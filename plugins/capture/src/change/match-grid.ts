import type { Rectangle } from '@livelet/core';

/** Cells of an area, row by row. */
export interface MatchGrid {
  readonly columns: number;
  readonly rows: number;
  /** 1 for each cell that may be part of a match. */
  readonly matches: Uint8Array;
  /** What a match that holds the cell gains. */
  readonly gains: Int32Array;
}

/** In cells. */
export interface Match extends Rectangle {
  readonly gain: number;
}

/**
 * Takes the rectangle of matching cells with the largest gain out of the grid. Each rectangle that can't grow is the
 * widest for the height of one of its columns, which is how largest rectangles under a histogram are found: in one
 * pass, with a stack of columns of rising height.
 */
export function largestMatch(grid: MatchGrid): Match | undefined {
  const { columns, rows, matches } = grid;
  const sums = sumsOf(grid);
  const heights = new Int32Array(columns + 1);
  let best: Match | undefined;
  const consider = (x: number, right: number, bottom: number, height: number): void => {
    const gain = sumOf(sums, columns, x, bottom - height, right, bottom);
    if (gain > (best?.gain ?? 0)) best = { x, y: bottom - height, width: right - x, height, gain };
  };
  for (let row = 0; row < rows; row++) {
    const stack: number[] = [];
    for (let column = 0; column <= columns; column++) {
      const matching = column < columns && matches[row * columns + column] === 1;
      heights[column] = matching ? (heights[column] as number) + 1 : 0;
      for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
        if ((heights[top] as number) < (heights[column] as number)) break;
        stack.pop();
        consider((stack.at(-1) ?? -1) + 1, column, row + 1, heights[top] as number);
      }
      stack.push(column);
    }
  }
  if (best) remove(grid, best);
  return best;
}

function remove({ columns, matches, gains }: MatchGrid, { x, y, width, height }: Rectangle): void {
  for (let row = y; row < y + height; row++) {
    matches.fill(0, row * columns + x, row * columns + x + width);
    gains.fill(0, row * columns + x, row * columns + x + width);
  }
}

/** Gains of all cells above and to the left of each corner between cells. */
function sumsOf({ columns, rows, gains }: MatchGrid): Float64Array {
  const stride = columns + 1;
  const sums = new Float64Array(stride * (rows + 1));
  for (let row = 0; row < rows; row++) {
    let line = 0;
    for (let column = 0; column < columns; column++) {
      line += gains[row * columns + column] as number;
      sums[(row + 1) * stride + column + 1] = (sums[row * stride + column + 1] as number) + line;
    }
  }
  return sums;
}

function sumOf(
  sums: Float64Array,
  columns: number,
  left: number,
  top: number,
  right: number,
  bottom: number,
): number {
  const at = (x: number, y: number): number => sums[y * (columns + 1) + x] as number;
  return at(right, bottom) - at(left, bottom) - at(right, top) + at(left, top);
}
