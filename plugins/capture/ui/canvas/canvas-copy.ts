import type { CopyOperation } from '@livelet/core/page';

/**
 * How a canvas copies a part of itself: by drawing itself, which takes the whole canvas aside before (specified, and
 * nearly free on a GPU), or by reading and writing the rectangle's pixels (exact too, and many times faster where the
 * canvas is in the page's own memory).
 */
export type CopyWay = 'draw' | 'pixels';

/** Pixels above which a copy is drawn either way: read ones would fill the memory faster than it is collected. */
const MAX_READ_PIXELS = 8 * 1024 * 1024;

/** What renderers without a GPU call themselves; browsers don't always say that they are slow. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/** The faster one here: a page without a GPU for WebGL has none for its other canvases. */
export function chooseCopyWay(): CopyWay {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('webgl', { failIfMajorPerformanceCaveat: true });
  if (!context) return 'pixels';
  const names = context.getExtension('WEBGL_debug_renderer_info');
  const renderer = String(context.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER));
  // Pages may hold some WebGL contexts only, and it would live until it is collected.
  context.getExtension('WEBGL_lose_context')?.loseContext();
  return SOFTWARE.test(renderer) ? 'pixels' : 'draw';
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
