import {
  type CopyOperation,
  type FrameOperation,
  MAX_VIDEO_PADDING,
  type TileOperation,
  type VideoOperation,
} from '@livelet/core/page';
import { type CopyWay, copyOnCanvas } from './canvas-copy.js';
import { decodeTile } from './tile-decoder.js';
import type { VideoTrackDecoder } from './video-track-decoder.js';

/** How long a chunk may take to become a picture, ms: a hundred times what the slowest pages need. */
export const VIDEO_DEADLINE = 5000;

/** An operation with all that drawing it needs. */
export type Drawable =
  | { readonly operation: TileOperation; readonly image: ImageBitmap | ImageData }
  | { readonly operation: VideoOperation; readonly image: VideoFrame }
  | { readonly operation: CopyOperation };

/** How operations are prepared. */
export interface Decoding {
  readonly videos: VideoTrackDecoder | undefined;
  /** ms */
  readonly videoDeadline: number;
}

/**
 * Decodes what an operation shows; chunks in the order of the calls.
 *
 * @returns what `release` gives back. Rejects for what can't be decoded, in time or at all, and for what isn't of the
 *   size that its operation says
 */
export async function prepare(operation: FrameOperation, decoding: Decoding): Promise<Drawable> {
  switch (operation.kind) {
    case 'tile':
      return { operation, image: await decodeTile(operation) };
    case 'copy':
      return { operation };
    case 'video':
      return { operation, image: await decodeVideo(operation, decoding) };
  }
}

/** Draws a prepared operation at its place. */
export function draw(context: CanvasRenderingContext2D, drawable: Drawable, copyWay: CopyWay): void {
  if (!('image' in drawable)) {
    copyOnCanvas(context, drawable.operation, copyWay);
    return;
  }
  const { x, y, width, height } = drawable.operation;
  if (drawable.image instanceof ImageData) {
    context.putImageData(drawable.image, x, y);
    return;
  }
  context.drawImage(drawable.image, 0, 0, width, height, x, y, width, height);
}

/** Frees what was decoded for it. */
export function release(drawable: Drawable): void {
  if ('image' in drawable && !(drawable.image instanceof ImageData)) drawable.image.close();
}

async function decodeVideo(operation: VideoOperation, decoding: Decoding): Promise<VideoFrame> {
  const { videos, videoDeadline } = decoding;
  if (!videos) throw new RangeError('a video that was never asked for');
  const decoded = videos.decode(operation);
  const frame = await inTime(decoded, videoDeadline);
  const { displayWidth, displayHeight } = frame;
  if (fits(displayWidth, operation.width) && fits(displayHeight, operation.height)) return frame;
  frame.close();
  throw new RangeError('a video of another size');
}

function fits(decoded: number, declared: number): boolean {
  return decoded >= declared && decoded <= declared + MAX_VIDEO_PADDING;
}

async function inTime(decoded: Promise<VideoFrame>, deadline: number): Promise<VideoFrame> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new RangeError('a video without a picture')), deadline);
  try {
    return await Promise.race([decoded, late.promise]);
  } catch (error) {
    // One that comes after all is not drawn.
    decoded.then((frame) => frame.close()).catch(() => undefined);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
