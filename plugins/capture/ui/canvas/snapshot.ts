import type { CursorLayer } from './cursor-layer.js';

/**
 * The picture as it is at this moment, as a PNG of the display's own size. Without the cursor it is the canvas itself,
 * pixel for pixel.
 * @throws Error where the browser can't make one, such as for want of memory
 */
export async function snapshot(picture: HTMLCanvasElement, cursor: CursorLayer | undefined): Promise<Blob> {
  const copy = new OffscreenCanvas(picture.width, picture.height);
  const context = copy.getContext('2d', { alpha: false });
  if (!context) throw new Error('no canvas for a picture');
  context.drawImage(picture, 0, 0);
  cursor?.paintOn(context);
  return await copy.convertToBlob({ type: 'image/png' });
}
