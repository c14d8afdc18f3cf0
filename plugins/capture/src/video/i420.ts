import type { Rectangle } from '@livelet/core';
import type { Picture } from '../picture/picture.js';

/** Bytes of an I420 picture: one of luma for each pixel, one of each chroma for each 2 x 2. Sides are even. */
export function i420Length(width: number, height: number): number {
  return width * height + ((width * height) >> 1);
}

/**
 * Converts an area with even sides to I420 without gaps: Y, U, V. BT.601 in its limited range, the one kind that every
 * codec of VIDEO_CODECS can mean; the factors are those of ITU-R BT.601-7 in 1/2^16.
 */
export function toI420(picture: Picture, { x, y, width, height }: Rectangle, target: Uint8Array): void {
  const { words } = picture;
  const half = width >> 1;
  let u = width * height;
  let v = u + half * (height >> 1);
  for (let row = 0; row < height; row += 2) {
    let upper = (y + row) * picture.width + x;
    let lower = upper + picture.width;
    let above = row * width;
    let below = above + width;
    for (let column = 0; column < half; column++) {
      const a = words[upper++] as number;
      const b = words[upper++] as number;
      const c = words[lower++] as number;
      const d = words[lower++] as number;
      target[above++] = luma(a);
      target[above++] = luma(b);
      target[below++] = luma(c);
      target[below++] = luma(d);
      // Red and blue of four pixels add up without touching each other.
      const redBlue = (a & 0xff00ff) + (b & 0xff00ff) + (c & 0xff00ff) + (d & 0xff00ff);
      const red = redBlue >>> 16;
      const blue = redBlue & 0xffff;
      const green = ((a & 0xff00) + (b & 0xff00) + (c & 0xff00) + (d & 0xff00)) >>> 8;
      // Four times the mean: two bits more to shift away; 128.5 to round.
      target[u++] = (28_784 * blue - 9_714 * red - 19_070 * green + 33_685_504) >> 18;
      target[v++] = (28_784 * red - 24_103 * green - 4_681 * blue + 33_685_504) >> 18;
    }
  }
}

function luma(word: number): number {
  const red = (word >>> 16) & 0xff;
  const green = (word >>> 8) & 0xff;
  return (16_829 * red + 33_039 * green + 6_416 * (word & 0xff) + 1_081_344) >> 16;
}
