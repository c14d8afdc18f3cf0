import type { Rectangle } from '@livelet/core';
import type { Picture } from './picture.js';

export const MAX_COLOURS = 256;

/** An area with few colours, as one byte a pixel. */
export interface Palette {
  /** `0xRRGGBB`, at most 256. */
  readonly colours: readonly number[];
  /** Index of each pixel's colour, row by row. */
  readonly indexes: Uint8Array;
}

/** What an area of pixels is like: `palette` where there is one, else how even it is. */
export interface AreaLook {
  readonly palette?: Palette;
  /** Part of pixels, 0 to 1, that equal their left neighbour. Text on a ground has many, a photo few. */
  readonly even: number;
}

const TABLE_SIZE = 1024;
const tableColours = new Int32Array(TABLE_SIZE);
const tableIndexes = new Int16Array(TABLE_SIZE);

/** Looks at each pixel of an area once. */
export function lookAt(picture: Picture, area: Rectangle): AreaLook {
  const count = area.width * area.height;
  const indexes = new Uint8Array(count);
  const colours: number[] = [];
  tableIndexes.fill(-1);
  let equal = 0;
  let previous = -1;
  let index = 0;
  let at = 0;
  for (let y = area.y; y < area.y + area.height; y++) {
    const start = y * picture.width + area.x;
    for (let x = start; x < start + area.width; x++) {
      const colour = (picture.words[x] as number) & 0xffffff;
      if (colour === previous) {
        equal++;
      } else {
        previous = colour;
        if (colours.length <= MAX_COLOURS) index = indexOf(colour, colours);
      }
      indexes[at++] = index;
    }
  }
  const even = equal / count;
  return colours.length > MAX_COLOURS ? { even } : { even, palette: { colours, indexes } };
}

/** Where the colour is in the list; puts it there when it is new. */
function indexOf(colour: number, colours: number[]): number {
  // Fibonacci hashing: 2^32 divided by the golden ratio, the upper ten bits.
  let slot = Math.imul(colour, 0x9e3779b1) >>> 22;
  for (;;) {
    const index = tableIndexes[slot] as number;
    if (index < 0) break;
    if (tableColours[slot] === colour) return index;
    slot = (slot + 1) % TABLE_SIZE;
  }
  tableColours[slot] = colour;
  tableIndexes[slot] = colours.length;
  return colours.push(colour) - 1;
}
