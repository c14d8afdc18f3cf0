import type { Rectangle } from '@livelet/core';
import sharp, { type Sharp } from 'sharp';
import type { Picture } from '../picture/picture.js';
import { pixels } from '../picture/rectangles.js';

/** How good a JPEG is. */
export interface JpegQuality {
  /** 1 to 100, as libjpeg counts. */
  readonly jpeg: number;
  /** Colours at half the resolution (4:2:0). */
  readonly subsampling: boolean;
}

/** Makes JPEG images of a picture's areas. The picture may change once the promise is pending. */
export interface JpegEncoder {
  encode(picture: Picture, area: Rectangle, quality: JpegQuality): Promise<Uint8Array>;
}

// Each call is one tile; several tiles at a time use the cores better than several threads on one.
sharp.concurrency(1);
sharp.cache(false);

/** By npm `sharp`, which is always there. */
export class SharpJpeg implements JpegEncoder {
  encode(picture: Picture, area: Rectangle, { jpeg, subsampling }: JpegQuality): Promise<Uint8Array> {
    const chromaSubsampling = subsampling ? '4:2:0' : '4:4:4';
    return imageOf(picture, area).jpeg({ quality: jpeg, chromaSubsampling }).toBuffer();
  }
}

/** A copy of an area for sharp, which reads it later. */
export function imageOf(picture: Picture, area: Rectangle): Sharp {
  const { width, height } = area;
  return sharp(rgb(picture, area), { raw: { width, height, channels: 3 } });
}

/** Red, green and blue of each pixel. */
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
