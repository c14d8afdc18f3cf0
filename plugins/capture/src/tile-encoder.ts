import type { Rectangle, TileOperation } from '@livelet/core';
import type { ServiceIdentifier } from 'inversify';
import sharp from 'sharp';
import { encodeIndexedPng } from './indexed-png.js';
import { lookAt } from './palette.js';
import type { Picture } from './picture.js';
import { pixels } from './rectangles.js';

/** Whether what looks like a photo may be sent a little different, or must be exact. */
export type Fidelity = 'quick' | 'exact';

/** Makes tiles of a picture's areas. The picture may change once the promise is pending. */
export interface TileEncoder {
  encode(picture: Picture, area: Rectangle, fidelity: Fidelity): Promise<TileOperation>;
}
export const TileEncoder: ServiceIdentifier<TileEncoder> = Symbol.for('@livelet/plugin-capture/TileEncoder');

/** Up to this many pixels an exact image is small anyway. */
const ALWAYS_EXACT_PIXELS = 4096;
/** An area with fewer pixels that equal their neighbour is a photo. */
const PHOTO_EVEN = 0.5;
const JPEG = { quality: 80, chromaSubsampling: '4:2:0' } as const;
// Lossless WebP is two thirds of PNG's bytes on photos and a fifth on text with many colours; effort 0 is the fastest.
const WEBP = { lossless: true, effort: 0 } as const;

// Each call is one tile; several tiles at a time use the cores better than several threads on one.
sharp.concurrency(1);
sharp.cache(false);

/** Few colours become indexed PNG, photos JPEG, all else lossless WebP. */
export class SharpTileEncoder implements TileEncoder {
  async encode(picture: Picture, area: Rectangle, fidelity: Fidelity): Promise<TileOperation> {
    const { palette, even } = lookAt(picture, area);
    const { x, y, width, height } = area;
    const tile = { kind: 'tile', x, y, width, height } as const;
    if (palette) {
      return { ...tile, codec: 'png', lossy: false, image: await encodeIndexedPng(width, height, palette) };
    }
    const image = sharp(rgb(picture, area), { raw: { width, height, channels: 3 } });
    if (fidelity === 'quick' && even < PHOTO_EVEN && pixels(area) > ALWAYS_EXACT_PIXELS) {
      return { ...tile, codec: 'jpeg', lossy: true, image: await image.jpeg(JPEG).toBuffer() };
    }
    return { ...tile, codec: 'webp-lossless', lossy: false, image: await image.webp(WEBP).toBuffer() };
  }
}

/** Red, green and blue of each pixel; a copy, since sharp reads it later. */
function rgb(picture: Picture, area: Rectangle): Uint8Array {
  const bytes = new Uint8Array(pixels(area) * 3);
  let at = 0;
  for (let y = area.y; y < area.y + area.height; y++) {
    const start = y * picture.width + area.x;
    for (let x = start; x < start + area.width; x++) {
      const word = picture.words[x] as number;
      bytes[at++] = word >>> 16;
      bytes[at++] = word >>> 8;
      bytes[at++] = word;
    }
  }
  return bytes;
}
