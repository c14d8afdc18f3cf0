import { crc32, deflateSync } from 'node:zlib';

/** A PNG of one colour (`0xRRGGBB`), or one that only says that it is so large: its pixels are missing then. */
export function solidPng(
  width: number,
  height: number,
  colour: number,
  content: 'whole' | 'header' = 'whole',
): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // One bit a pixel, indexed.
  header.set([1, 3, 0, 0, 0], 8);
  const palette = Buffer.alloc(3);
  palette.writeUIntBE(colour, 0, 3);
  const rows = content === 'whole' ? Buffer.alloc((1 + Math.ceil(width / 8)) * height) : Buffer.alloc(0);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}
