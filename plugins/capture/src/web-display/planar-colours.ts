import type { Rectangle } from '@livelet/core';
import type { Colours, PlanarPicture } from './planar-picture.js';

/** Bits after the point of the factors. */
const BITS = 16;
const HALF = 1 << (BITS - 1);

/** What a sample of each plane adds to a colour, in 1 / 2^16. */
interface Factors {
  readonly luma: Int32Array;
  readonly redOfV: Int32Array;
  readonly greenOfU: Int32Array;
  readonly greenOfV: Int32Array;
  readonly blueOfU: Int32Array;
}

const known = new Map<string, Factors>();

/**
 * The pixels of an area as BGRX words. Chroma samples stand for 2 x 2 pixels, as the capture left them: nothing is
 * interpolated, so that equal samples give equal pixels.
 */
export function toWords(picture: PlanarPicture, area: Rectangle, colours: Colours): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(area.width * area.height);
  if (picture.form === 'BGRX') copyWords(picture, area, words);
  else convert(picture, area, factorsOf(colours), words);
  return words;
}

function copyWords(picture: PlanarPicture, { x, y, width, height }: Rectangle, words: Uint32Array): void {
  const all = new Uint32Array(picture.bytes.buffer);
  const stride = (picture.planes[0]?.stride ?? 0) / 4;
  for (let row = 0; row < height; row++) {
    const from = (y + row) * stride + x;
    words.set(all.subarray(from, from + width), row * width);
  }
}

function convert(
  picture: PlanarPicture,
  { x, y, width, height }: Rectangle,
  { luma, redOfV, greenOfU, greenOfV, blueOfU }: Factors,
  words: Uint32Array,
): void {
  const { bytes, planes, form } = picture;
  const [first, second, third] = planes;
  if (!first || !second) return;
  const pair = form === 'NV12' ? 2 : 1;
  const uToV = third ? third.offset - second.offset : 1;
  let at = 0;
  for (let row = y; row < y + height; row++) {
    const lumaRow = first.offset + row * first.stride;
    const chromaRow = second.offset + (row >> 1) * second.stride;
    for (let column = x; column < x + width; column++) {
      const chroma = chromaRow + (column >> 1) * pair;
      const u = bytes[chroma] as number;
      const v = bytes[chroma + uToV] as number;
      const light = luma[bytes[lumaRow + column] as number] as number;
      const red = byte(light + (redOfV[v] as number));
      const green = byte(light + (greenOfU[u] as number) + (greenOfV[v] as number));
      const blue = byte(light + (blueOfU[u] as number));
      words[at++] = (red << 16) | (green << 8) | blue;
    }
  }
}

function byte(value: number): number {
  const whole = value >> BITS;
  return whole < 0 ? 0 : whole > 255 ? 255 : whole;
}

/** From the weights of red and blue in luma: ITU-R BT.601-7, 2.5.1 and BT.709-6, 3.2; ranges as in 3.5 there. */
function factorsOf({ matrix, fullRange }: Colours): Factors {
  const key = `${matrix} ${fullRange}`;
  const before = known.get(key);
  if (before) return before;
  const [red, blue] = matrix === 'bt601' ? [0.299, 0.114] : [0.2126, 0.0722];
  const green = 1 - red - blue;
  const chroma = fullRange ? 1 : 255 / 224;
  const table = (factor: number, zero: number, added = 0): Int32Array =>
    Int32Array.from(
      { length: 256 },
      (_, sample) => Math.round((sample - zero) * factor * (1 << BITS)) + added,
    );
  const factors = {
    luma: fullRange ? table(1, 0, HALF) : table(255 / 219, 16, HALF),
    redOfV: table(2 * (1 - red) * chroma, 128),
    greenOfU: table((-2 * (1 - blue) * blue * chroma) / green, 128),
    greenOfV: table((-2 * (1 - red) * red * chroma) / green, 128),
    blueOfU: table(2 * (1 - blue) * chroma, 128),
  };
  known.set(key, factors);
  return factors;
}
