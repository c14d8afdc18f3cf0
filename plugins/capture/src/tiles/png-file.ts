import { promisify } from 'node:util';
import { constants, crc32, deflate, deflateSync, type ZlibOptions } from 'node:zlib';

/** W3C PNG, 11.2.1: 8 bits of red, green and blue, or indexes of a palette. */
const COLOUR_TYPES = { rgb: 2, indexed: 3 } as const;

/** What a PNG is made of. */
export interface PngParts {
  readonly width: number;
  readonly height: number;
  /** Bits of a sample. */
  readonly bits: 1 | 2 | 4 | 8;
  readonly colourType: keyof typeof COLOUR_TYPES;
  /** Red, green and blue of each colour; only for indexed images. */
  readonly palette?: Uint8Array;
  /** Each row with the number of its filter in front. */
  readonly rows: Uint8Array;
  /** `runs` for rows that a filter made small, `matches` for rows that repeat themselves. */
  readonly search: 'runs' | 'matches';
}

/** Bytes up to which compressing at once is quicker than the way to a thread and back. */
const SYNC_LIMIT = 32 * 1024;
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const compressInThread = promisify(deflate) as (bytes: Uint8Array, options: ZlibOptions) => Promise<Buffer>;

/** Compresses in a thread of libuv unless it is small. The rows must not change until the promise resolves. */
export async function pngFile(parts: PngParts): Promise<Uint8Array> {
  const { width, height, bits, colourType, palette, rows, search } = parts;
  const options: ZlibOptions = {
    // Level 1: for screen text the next levels cost twice the time for a tenth of the bytes.
    level: 1,
    strategy: search === 'runs' ? constants.Z_RLE : constants.Z_DEFAULT_STRATEGY,
    // One turn of a thread for each image instead of one for each 16 KiB of it; more memory than that is never of use.
    chunkSize: Math.max(1024, Math.min(rows.length + 1024, 1024 * 1024)),
  };
  const compressed =
    rows.length <= SYNC_LIMIT ? deflateSync(rows, options) : await compressInThread(rows, options);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bits, COLOUR_TYPES[colourType], 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from(SIGNATURE),
    ...chunk('IHDR', header),
    ...(palette ? chunk('PLTE', palette) : []),
    ...chunk('IDAT', compressed),
    ...chunk('IEND', Buffer.alloc(0)),
  ]);
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
