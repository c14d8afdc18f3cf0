import { decodeSmallImage, type TileCodec, type TileOperation } from '@livelet/core/page';

type ImageCodec = Exclude<TileCodec, 'small'>;

const MEDIA_TYPES: Readonly<Record<ImageCodec, string>> = {
  png: 'image/png',
  'webp-lossless': 'image/webp',
  jpeg: 'image/jpeg',
};
/** The pixels as they are coded: no colour profile and no alpha may change them. */
const EXACT: ImageBitmapOptions = { colorSpaceConversion: 'none', premultiplyAlpha: 'none' };

/**
 * @returns a bitmap of the tile's size, which the caller closes, or its pixels. Rejects for an image that is none or of
 *   another size.
 */
export async function decodeTile({
  codec,
  image,
  width,
  height,
}: TileOperation): Promise<ImageBitmap | ImageData> {
  if (codec === 'small') return smallPixels(image, width, height);
  const blob = new Blob([image as Uint8Array<ArrayBuffer>], { type: MEDIA_TYPES[codec] });
  const bitmap = await createImageBitmap(blob, EXACT);
  if (bitmap.width === width && bitmap.height === height) return bitmap;
  bitmap.close();
  throw new RangeError('an image of another size');
}

/** At once: a thread that decodes would take longer to be told. */
function smallPixels(bytes: Uint8Array, width: number, height: number): ImageData {
  const image = decodeSmallImage(bytes);
  if (image.width !== width || image.height !== height) throw new RangeError('an image of another size');
  const data = new ImageData(width, height);
  const view = new DataView(data.data.buffer);
  for (const [at, index] of image.indexes.entries()) {
    view.setUint32(at * 4, (((image.colours[index] as number) << 8) | 0xff) >>> 0);
  }
  return data;
}
