import type { TileCodec, TileOperation } from '@livelet/core/page';

const MEDIA_TYPES: Readonly<Record<TileCodec, string>> = {
  png: 'image/png',
  'webp-lossless': 'image/webp',
  jpeg: 'image/jpeg',
};
/** The pixels as they are coded: no colour profile and no alpha may change them. */
const EXACT: ImageBitmapOptions = { colorSpaceConversion: 'none', premultiplyAlpha: 'none' };

/** @returns a bitmap of the tile's size, which the caller closes. Rejects for an image that is none or of another size. */
export async function decodeTile({ codec, image, width, height }: TileOperation): Promise<ImageBitmap> {
  const blob = new Blob([image as Uint8Array<ArrayBuffer>], { type: MEDIA_TYPES[codec] });
  const bitmap = await createImageBitmap(blob, EXACT);
  if (bitmap.width === width && bitmap.height === height) return bitmap;
  bitmap.close();
  throw new RangeError('an image of another size');
}
