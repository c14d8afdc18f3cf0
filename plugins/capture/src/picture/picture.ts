import type { PixelView, Rectangle } from '@livelet/core';

/** Pixels in memory: BGRX, one little-endian word `0x??RRGGBB` each, rows without gaps. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly words: Uint32Array;
  /** The same memory. */
  readonly bytes: Buffer;
}

/** A black one. */
export function createPicture(width: number, height: number): Picture {
  const words = new Uint32Array(width * height);
  return { width, height, words, bytes: Buffer.from(words.buffer) };
}

/** What was read of an area, as a picture; copied only where its rows have gaps or its words are not aligned. */
export function pictureOf(view: PixelView, width: number, height: number): Picture {
  const { bytes, offset, stride } = view;
  const start = bytes.byteOffset + offset;
  if (stride === width * 4 && start % 4 === 0) {
    const words = new Uint32Array(bytes.buffer, start, width * height);
    return { width, height, words, bytes: Buffer.from(bytes.buffer, start, width * height * 4) };
  }
  const picture = createPicture(width, height);
  for (let y = 0; y < height; y++) {
    const row = offset + y * stride;
    picture.bytes.set(bytes.subarray(row, row + width * 4), y * width * 4);
  }
  return picture;
}

/** Copies the pixels of `area`, given in `target`, from `source`, whose corner lies at `at` of it. */
export function copyPixels(target: Picture, source: Picture, at: Rectangle, area: Rectangle): void {
  for (let y = area.y; y < area.y + area.height; y++) {
    const from = (y - at.y) * source.width + area.x - at.x;
    target.words.set(source.words.subarray(from, from + area.width), y * target.width + area.x);
  }
}

/** Pixels a row from which on a call to memcmp is quicker than a loop. */
const LONG_ROW = 64;

/** Whether `area`, given in `first`, has the pixels that `second` has at (x, y). Both lie inside. */
export function samePixels(first: Picture, area: Rectangle, second: Picture, x: number, y: number): boolean {
  const { width, height } = area;
  const { words, bytes } = first;
  const [otherWords, otherBytes] = [second.words, second.bytes];
  for (let row = 0; row < height; row++) {
    const here = (area.y + row) * first.width + area.x;
    const there = (y + row) * second.width + x;
    if (width >= LONG_ROW) {
      const [a, b] = [here * 4, there * 4];
      if (bytes.compare(otherBytes, b, b + width * 4, a, a + width * 4) !== 0) return false;
      continue;
    }
    for (let n = 0; n < width; n++) {
      if (words[here + n] !== otherWords[there + n]) return false;
    }
  }
  return true;
}

/** Moves the pixels of a rectangle within a picture; where the two overlap, as memmove. */
export function movePixels(picture: Picture, to: Rectangle, fromX: number, fromY: number): void {
  const { words, width } = picture;
  const down = to.y > fromY;
  for (let n = 0; n < to.height; n++) {
    // Rows that are still needed are overwritten last.
    const row = down ? to.height - 1 - n : n;
    const from = (fromY + row) * width + fromX;
    words.copyWithin((to.y + row) * width + to.x, from, from + to.width);
  }
}
