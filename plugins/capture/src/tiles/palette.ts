import type { Rectangle } from '@livelet/core';
import type { Picture } from '../picture/picture.js';

const MAX_COLOURS = 256;

/** An area with few colours, as one byte a pixel. */
export interface Palette {
  /** `0xRRGGBB`, at most 256. */
  readonly colours: readonly number[];
  /** Index of each pixel's colour, row by row. */
  readonly indexes: Uint8Array;
}

const TABLE_SIZE = 1024;
const tableColours = new Int32Array(TABLE_SIZE);
const tableIndexes = new Int16Array(TABLE_SIZE);

/** The area's colours, or undefined as soon as there are more than `most`, which are at most 256. */
export function paletteOf(picture: Picture, area: Rectangle, most = MAX_COLOURS): Palette | undefined {
  const { words } = picture;
  const { width } = area;
  const indexes = new Uint8Array(width * area.height);
  const colours: number[] = [];
  tableIndexes.fill(-1);
  // Whole words are compared first: their unused byte seldom differs, and then the colour is looked up once more.
  let previous = -1;
  let index = 0;
  let at = 0;
  for (let y = area.y; y < area.y + area.height; y++) {
    const start = y * picture.width + area.x;
    if (y > area.y && sameAsAbove(picture, start, width)) {
      indexes.copyWithin(at, at - width, at);
      at += width;
      previous = words[start + width - 1] as number;
      index = indexes[at - 1] as number;
      continue;
    }
    for (let x = start; x < start + width; x++) {
      const word = words[x] as number;
      if (word !== previous) {
        previous = word;
        index = indexOf(word & 0xffffff, colours);
        if (index === most) return undefined;
      }
      indexes[at++] = index;
    }
  }
  return { colours, indexes };
}

/** Screens have many rows that repeat the one above. */
function sameAsAbove({ bytes, width: stride }: Picture, start: number, width: number): boolean {
  const [row, above, length] = [start * 4, (start - stride) * 4, width * 4];
  return bytes.compare(bytes, above, above + length, row, row + length) === 0;
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
