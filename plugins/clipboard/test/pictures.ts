import { crc32, deflateSync } from 'node:zlib';

/** What a test's PNG has that no ordinary one has. */
export interface PictureOptions {
  /** Instead of the rows that belong there. */
  readonly rows?: Uint8Array;
  /** Chunks before the pixels. */
  readonly extra?: readonly Uint8Array[];
}

/** An RGB picture that can't be compressed: about 3 bytes a pixel. */
export function noisyPicture(width: number, height: number, options: PictureOptions = {}): Uint8Array {
  const rows = options.rows ?? noise((1 + 3 * width) * height, 1 + 3 * width);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    ...(options.extra ?? []),
    chunk('IDAT', deflateSync(rows, { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

export function chunk(type: string, data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}

/** The same each time. Each row begins with filter 0. */
function noise(length: number, row: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = 12345;
  for (let at = 0; at < length; at += 1) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    bytes[at] = at % row === 0 ? 0 : state >>> 24;
  }
  return bytes;
}
