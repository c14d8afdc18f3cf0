import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflate } from 'node:zlib';
import { LiveletError, pngHeader, pngPixelData, pngRawBytes } from '@livelet/core';

/**
 * Unpacks the pixels, keeping none of them: there must be exactly as many as the header says, so that nobody who
 * pastes the picture unpacks more.
 * @throws `clipboard-malformed`, `clipboard-too-large`
 */
export async function checkPngPixels(png: Uint8Array): Promise<void> {
  const expected = pngRawBytes(pngHeader(png));
  let found = 0;
  const inflate: Transform = createInflate({ chunkSize: 64 * 1024 });
  try {
    await pipeline(Readable.from(pngPixelData(png)), inflate, async (unpacked: AsyncIterable<Uint8Array>) => {
      for await (const piece of unpacked) {
        found += piece.length;
        if (found > expected) throw new LiveletError('clipboard-malformed', 'more pixels than said');
      }
    });
  } catch (error) {
    throw new LiveletError('clipboard-malformed', 'damaged pixels', { cause: error });
  }
  if (found !== expected) throw new LiveletError('clipboard-malformed', 'fewer pixels than said');
}
