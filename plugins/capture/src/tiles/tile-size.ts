/** Size of the largest tile, pixels. */
export interface TileSize {
  readonly width: number;
  readonly height: number;
}

/** Nothing smaller: an image's own header would be a good part of it. */
const LEAST = 64 * 32;

/** A tile may be so much more than a frame should have: smaller ones take more bytes in all. */
const BUDGETS = 2;

/** `most`, halved until a tile with so many bytes a pixel is about what a frame should have. */
export function tileSize(most: TileSize, bytesOfPixel: number, budget: number): TileSize {
  let { width, height } = most;
  while (width * height > LEAST && width * height * bytesOfPixel > budget * BUDGETS) {
    if (width > height) width /= 2;
    else height /= 2;
  }
  return { width, height };
}
