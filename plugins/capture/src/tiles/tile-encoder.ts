import {
  encodeSmallImage,
  MAX_SMALL_COLOURS,
  MAX_SMALL_SIDE,
  type Rectangle,
  type TileOperation,
} from '@livelet/core';
import type { ServiceIdentifier } from 'inversify';
import type { Picture } from '../picture/picture.js';
import { pixels } from '../picture/rectangles.js';
import { encodeIndexedPng } from './indexed-png.js';
import { imageOf, type JpegEncoder, type JpegQuality, SharpJpeg } from './jpeg-encoder.js';
import { type Palette, paletteOf } from './palette.js';
import { looksLikePhoto } from './photo-cells.js';
import { encodePhotoPng } from './photo-png.js';

/** Whether what looks like a photo may be sent a little different, or must be exact. */
export type Fidelity = 'quick' | 'exact';

/** How good a tile may be; the pace's FrameQuality is one. */
export interface TileQuality extends JpegQuality {
  /** Nothing may be lossy. */
  readonly lossless: boolean;
  /** The line is what everything waits for: bytes count more than the processor's time. @default false */
  readonly small?: boolean;
}

/** Makes tiles of a picture's areas. The picture may change once the promise is pending. */
export interface TileEncoder {
  encode(
    picture: Picture,
    area: Rectangle,
    fidelity: Fidelity,
    quality?: TileQuality,
  ): Promise<TileOperation>;
}
export const TileEncoder: ServiceIdentifier<TileEncoder> = Symbol.for('@livelet/plugin-capture/TileEncoder');

/** Up to this many pixels an exact image is small anyway. */
const ALWAYS_EXACT_PIXELS = 4096;
/** Of a line that was not measured. */
const USUAL_QUALITY: TileQuality = { jpeg: 80, subsampling: true, lossless: false };
// Lossless WebP has a fifth of PNG's bytes on text with many colours, and four fifths on photos; effort 0 is the fastest.
const WEBP = { lossless: true, effort: 0 } as const;
/** A tenth smaller, in twice the time. */
const SMALL_WEBP = { lossless: true, effort: 1 } as const;

/**
 * Few colours become indexed PNG, or what is smaller for a few pixels; photos JPEG or, when they must be exact, PNG;
 * all else is lossless WebP.
 */
export class SharpTileEncoder implements TileEncoder {
  readonly #jpeg: JpegEncoder;

  constructor(jpeg: JpegEncoder = new SharpJpeg()) {
    this.#jpeg = jpeg;
  }

  async encode(
    picture: Picture,
    area: Rectangle,
    fidelity: Fidelity,
    quality: TileQuality = USUAL_QUALITY,
  ): Promise<TileOperation> {
    const { x, y, width, height } = area;
    const tile = { kind: 'tile', x, y, width, height } as const;
    const photo = pixels(area) > ALWAYS_EXACT_PIXELS && looksLikePhoto(picture, area);
    if (photo && fidelity === 'quick' && !quality.lossless) {
      return { ...tile, codec: 'jpeg', lossy: true, image: await this.#jpeg.encode(picture, area, quality) };
    }
    const palette = paletteOf(picture, area);
    if (palette) {
      const image = await encodeIndexedPng(width, height, palette);
      const small = smallImage(width, height, palette);
      if (small && small.length <= image.length) {
        return { ...tile, codec: 'small', lossy: false, image: small };
      }
      return { ...tile, codec: 'png', lossy: false, image };
    }
    if (photo && !quality.small) {
      return { ...tile, codec: 'png', lossy: false, image: await encodePhotoPng(picture, area) };
    }
    const image = await imageOf(picture, area)
      .webp(quality.small ? SMALL_WEBP : WEBP)
      .toBuffer();
    return { ...tile, codec: 'webp-lossless', lossy: false, image };
  }
}

/** What it takes without a PNG's headers, where that may be less: what was typed. */
function smallImage(width: number, height: number, palette: Palette): Uint8Array | undefined {
  const { colours } = palette;
  const small = width <= MAX_SMALL_SIDE && height <= MAX_SMALL_SIDE && colours.length <= MAX_SMALL_COLOURS;
  return small ? encodeSmallImage({ width, height, ...palette }) : undefined;
}
