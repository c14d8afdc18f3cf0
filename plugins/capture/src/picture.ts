import type { PixelView, Rectangle } from '@livelet/core';

/** Pixels in memory: BGRX, one little-endian word `0x??RRGGBB` each, rows without gaps. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly words: Uint32Array;
  /** The same memory. */
  readonly bytes: Buffer;
}

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
