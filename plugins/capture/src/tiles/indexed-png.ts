import type { Palette } from './palette.js';
import { pngFile } from './png-file.js';

/** A PNG of indexed colours (W3C PNG, 11.2), with 1, 2, 4 or 8 bits for each pixel. Exact. */
export function encodeIndexedPng(width: number, height: number, palette: Palette): Promise<Uint8Array> {
  const bits = bitsFor(palette.colours.length);
  const colours = Buffer.alloc(palette.colours.length * 3);
  for (const [index, colour] of palette.colours.entries()) colours.writeUIntBE(colour, index * 3, 3);
  const rows = packRows(width, height, bits, palette.indexes);
  return pngFile({ width, height, bits, colourType: 'indexed', palette: colours, rows, search: 'matches' });
}

function bitsFor(colours: number): 1 | 2 | 4 | 8 {
  if (colours <= 2) return 1;
  if (colours <= 4) return 2;
  return colours <= 16 ? 4 : 8;
}

/** Each row: the filter's number (0, none), then the indexes, the leftmost in the highest bits. */
function packRows(width: number, height: number, bits: number, indexes: Uint8Array): Uint8Array {
  const stride = 1 + Math.ceil((width * bits) / 8);
  const rows = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const row = y * stride + 1;
    const from = y * width;
    if (bits === 8) {
      rows.set(indexes.subarray(from, from + width), row);
      continue;
    }
    for (let x = 0; x < width; x++) {
      const bit = x * bits;
      const at = row + (bit >> 3);
      rows[at] = (rows[at] as number) | ((indexes[from + x] as number) << (8 - bits - (bit & 7)));
    }
  }
  return rows;
}
