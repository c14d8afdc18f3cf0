import { decodeSmallImage, type TileOperation } from '@livelet/core';
import sharp from 'sharp';

/** The RGB bytes of a tile, decoded by another program than the encoder where there is one. */
export async function decodedTile({ codec, image }: TileOperation): Promise<Buffer> {
  if (codec === 'small') {
    const { colours, indexes } = decodeSmallImage(image);
    const bytes = Buffer.alloc(indexes.length * 3);
    for (const [at, index] of indexes.entries()) bytes.writeUIntBE(colours[index] as number, at * 3, 3);
    return bytes;
  }
  const { data, info } = await sharp(image, { failOn: 'warning' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`${info.channels} channels`);
  return data;
}
