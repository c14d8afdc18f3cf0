/**
 * A few pixels of at most 16 colours, such as a typed letter: where a PNG would be mostly headers and checksums, which
 * the channel has its own of. Exact.
 *
 *     width - 1 u8 | height - 1 u8 | colours - 1 u8 | colours x (red u8, green u8, blue u8) | repeats | rows
 *
 * `repeats` has a bit for each row, the first row's the highest of the first byte: 1 for a row that is the same as the
 * one above it. Of every other row the colours' numbers follow, of 1, 2 or 4 bits, whichever is the least that holds
 * them, the leftmost pixel in the highest bits, each row beginning with a byte of its own.
 */
import { LiveletError } from '../errors.js';
import { ByteReader } from './byte-cursor.js';

export const MAX_SMALL_SIDE = 256;
export const MAX_SMALL_COLOURS = 16;

export interface SmallImage {
  /** Pixels, at most 256, as the height. */
  readonly width: number;
  readonly height: number;
  /** `0xRRGGBB`, at most 16. */
  readonly colours: readonly number[];
  /** Number of each pixel's colour, row by row. */
  readonly indexes: Uint8Array;
}

const HEADER = 3;

/** @throws RangeError for more pixels or colours than there may be */
export function encodeSmallImage({ width, height, colours, indexes }: SmallImage): Uint8Array {
  if (Math.max(width, height) > MAX_SMALL_SIDE || colours.length > MAX_SMALL_COLOURS) {
    throw new RangeError('not a small image');
  }
  const bits = bitsFor(colours.length);
  const start = HEADER + colours.length * 3;
  const repeats = Math.ceil(height / 8);
  const bytes = new Uint8Array(start + repeats + height * Math.ceil((width * bits) / 8));
  bytes.set([width - 1, height - 1, colours.length - 1]);
  for (const [index, colour] of colours.entries()) {
    bytes.set([colour >> 16, (colour >> 8) & 0xff, colour & 0xff], HEADER + index * 3);
  }
  let at = start + repeats;
  for (let y = 0; y < height; y++) {
    const row = indexes.subarray(y * width, (y + 1) * width);
    const above = indexes.subarray((y - 1) * width, y * width);
    if (y > 0 && row.every((index, x) => index === above[x])) {
      bytes[start + (y >> 3)] = (bytes[start + (y >> 3)] as number) | (0x80 >> (y & 7));
      continue;
    }
    for (const [x, index] of row.entries()) {
      const byte = at + ((x * bits) >> 3);
      bytes[byte] = (bytes[byte] as number) | (index << (8 - bits - ((x * bits) & 7)));
    }
    at += Math.ceil((width * bits) / 8);
  }
  return bytes.subarray(0, at);
}

/** @throws `picture-malformed` */
export function decodeSmallImage(bytes: Uint8Array): SmallImage {
  const reader = new ByteReader(bytes, 'picture-malformed');
  const [width, height, count] = [reader.u8() + 1, reader.u8() + 1, reader.u8() + 1];
  if (count > MAX_SMALL_COLOURS) malformed(`${count} colours`);
  const colours = Array.from({ length: count }, () => (reader.u8() << 16) | reader.u16());
  const repeats = reader.bytes(Math.ceil(height / 8));
  const bits = bitsFor(count);
  const indexes = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const start = y * width;
    if (((repeats[y >> 3] as number) & (0x80 >> (y & 7))) !== 0) {
      if (y === 0) malformed('a first row that is the one above');
      indexes.copyWithin(start, start - width, start);
      continue;
    }
    const row = reader.bytes(Math.ceil((width * bits) / 8));
    for (let x = 0; x < width; x++) {
      const bit = x * bits;
      const index = ((row[bit >> 3] as number) >> (8 - bits - (bit & 7))) & ((1 << bits) - 1);
      if (index >= count) malformed('a colour that is none');
      indexes[start + x] = index;
    }
  }
  reader.end();
  return { width, height, colours, indexes };
}

function bitsFor(colours: number): 1 | 2 | 4 {
  if (colours <= 2) return 1;
  return colours <= 4 ? 2 : 4;
}

function malformed(message: string): never {
  throw new LiveletError('picture-malformed', message);
}
