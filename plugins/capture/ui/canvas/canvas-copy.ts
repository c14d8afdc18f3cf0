import type { CopyOperation } from '@livelet/core/page';

/**
 * How a canvas copies a part of itself: by drawing itself, which takes the whole canvas aside before (specified, and
 * nearly free on a GPU), or by reading and writing the rectangle's pixels (exact too, and many times faster where the
 * canvas is in the page's own memory).
 */
export type CopyWay = 'draw' | 'pixels';

/** Pixels above which a copy is drawn either way: read ones would fill the memory faster than it is collected. */
const MAX_READ_PIXELS = 8 * 1024 * 1024;

/** The faster one here: what WebGL calls a major performance caveat is a GPU that is none. */
export function chooseCopyWay(): CopyWay {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('webgl', { failIfMajorPerformanceCaveat: true });
  // Pages may hold some WebGL contexts only, and it would live until it is collected.
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return context ? 'draw' : 'pixels';
}

/** Where the two rectangles overlap, the target is what the source was before. */
export function copyOnCanvas(context: CanvasRenderingContext2D, copy: CopyOperation, way: CopyWay): void {
  const { fromX, fromY, x, y, width, height } = copy;
  if (way === 'draw' || width * height > MAX_READ_PIXELS) {
    context.drawImage(context.canvas, fromX, fromY, width, height, x, y, width, height);
  } else {
    context.putImageData(context.getImageData(fromX, fromY, width, height), x, y);
  }
}
