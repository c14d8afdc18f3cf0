import type { Rectangle } from '@livelet/core';
import sharp from 'sharp';
import { createPicture, type Picture } from '../picture/picture.js';
import { pixels, wholeOf } from '../picture/rectangles.js';
import { type JpegEncoder, type JpegQuality, SharpJpeg } from './jpeg-encoder.js';
import { MAX_TURBO_PIXELS, TurboJpeg } from './turbo-jpeg.js';

const SAMPLE_SIDE = 128;
const SAMPLE_QUALITY = { jpeg: 80, subsampling: true } as const;
/** Of so many each, the fastest counts: the first also loads code. */
const ROUNDS = 3;
/** Mean difference of a byte, of 255, above which what was decoded isn't what was encoded. */
const MAX_DIFFERENCE = 6;

/**
 * JPEG by whichever is faster on this machine: sharp at first, and what was measured a few milliseconds later. A
 * library that is missing, wrong or fails is never used (again).
 */
export class JpegChoice implements JpegEncoder, Disposable {
  readonly #sharp = new SharpJpeg();
  #turbo: TurboJpeg | undefined;
  #chosen: JpegEncoder = this.#sharp;
  #over = false;
  /** When the choice is made, which it is told: `turbo` or `sharp`. Never rejects. */
  readonly made: Promise<'turbo' | 'sharp'>;

  constructor(turbo: TurboJpeg | undefined = TurboJpeg.open()) {
    this.#turbo = turbo;
    this.made = this.#choose();
  }

  async encode(picture: Picture, area: Rectangle, quality: JpegQuality): Promise<Uint8Array> {
    const chosen = pixels(area) <= MAX_TURBO_PIXELS ? this.#chosen : this.#sharp;
    if (chosen === this.#sharp) return await chosen.encode(picture, area, quality);
    try {
      return await chosen.encode(picture, area, quality);
    } catch {
      // The picture may have newer pixels by now; then a newer tile follows too.
      this.#drop();
      return await this.#sharp.encode(picture, area, quality);
    }
  }

  [Symbol.dispose](): void {
    this.#over = true;
    this.#drop();
  }

  #drop(): void {
    this.#chosen = this.#sharp;
    this.#turbo?.[Symbol.dispose]();
    this.#turbo = undefined;
  }

  async #choose(): Promise<'turbo' | 'sharp'> {
    const turbo = this.#turbo;
    if (!turbo) return 'sharp';
    try {
      const sample = samplePicture();
      if ((await isRight(turbo, sample)) && (await isFaster(turbo, this.#sharp, sample)) && !this.#over) {
        this.#chosen = turbo;
        return 'turbo';
      }
    } catch {
      // What failed once isn't trusted with a screen.
    }
    this.#drop();
    return 'sharp';
  }
}

/** Soft waves with a hard edge. */
function samplePicture(): Picture {
  const picture = createPicture(SAMPLE_SIDE, SAMPLE_SIDE);
  for (const at of picture.words.keys()) {
    const [x, y] = [at % SAMPLE_SIDE, Math.floor(at / SAMPLE_SIDE)];
    const wave = Math.round(100 + 60 * Math.sin(x / 9) + 60 * Math.cos(y / 7));
    picture.words[at] = (wave << 16) | ((x + y < SAMPLE_SIDE ? 200 : 60) << 8) | (255 - wave);
  }
  return picture;
}

/** Whether an independent decoder sees the pixels that were encoded. */
async function isRight(encoder: JpegEncoder, picture: Picture): Promise<boolean> {
  const image = await encoder.encode(picture, wholeOf(picture), SAMPLE_QUALITY);
  const limits = { limitInputPixels: picture.width * picture.height };
  const { data, info } = await sharp(image, limits).raw().toBuffer({ resolveWithObject: true });
  if (info.width !== picture.width || info.height !== picture.height || info.channels !== 3) return false;
  let difference = 0;
  for (const [at, word] of picture.words.entries()) {
    const rgb = data.readUIntBE(at * 3, 3);
    for (const shift of [0, 8, 16])
      difference += Math.abs(((word >>> shift) & 255) - ((rgb >>> shift) & 255));
  }
  return difference / data.length <= MAX_DIFFERENCE;
}

async function isFaster(a: JpegEncoder, b: JpegEncoder, picture: Picture): Promise<boolean> {
  return (await bestTime(a, picture)) < (await bestTime(b, picture));
}

/** ms */
async function bestTime(encoder: JpegEncoder, picture: Picture): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    await encoder.encode(picture, wholeOf(picture), SAMPLE_QUALITY);
    best = Math.min(best, performance.now() - began);
  }
  return best;
}
