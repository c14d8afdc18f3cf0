import { promisify } from 'node:util';
import { crc32, deflate, deflateSync } from 'node:zlib';
import type { Palette } from './palette.js';

/** Bytes up to which compressing at once is quicker than the way to a thread and back. */
const SYNC_LIMIT = 32 * 1024;
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const INDEXED = 3;
// Level 1: for screen text the next levels cost twice the time for a tenth of the bytes.
const OPTIONS = { level: 1 } as const;
const compressInThread = promisify(deflate) as (
  bytes: Uint8Array,
  options: typeof OPTIONS,
) => Promise<Buffer>;

/** A PNG of indexed colours (W3C PNG, 11.2), with 1, 2, 4 or 8 bits for each pixel. Exact. */
export async function encodeIndexedPng(width: number, height: number, palette: Palette): Promise<Uint8Array> {
  const bits = bitsFor(palette.colours.length);
  const rows = packRows(width, height, bits, palette.indexes);
  const compressed =
    rows.length <= SYNC_LIMIT ? deflateSync(rows, OPTIONS) : await compressInThread(rows, OPTIONS);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bits, INDEXED, 0, 0, 0], 8);
  const colours = Buffer.alloc(palette.colours.length * 3);
  for (const [index, colour] of palette.colours.entries()) colours.writeUIntBE(colour, index * 3, 3);
  return Buffer.concat([
    Buffer.from(SIGNATURE),
    ...chunk('IHDR', header),
    ...chunk('PLTE', colours),
    ...chunk('IDAT', compressed),
    ...chunk('IEND', Buffer.alloc(0)),
  ]);
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

/** `length u32 | type | data | CRC-32 u32 over type and data`. */
function chunk(type: string, data: Uint8Array): Uint8Array[] {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length, 0);
  head.write(type, 4, 'latin1');
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(data, crc32(head.subarray(4))), 0);
  return [head, data, sum];
}
