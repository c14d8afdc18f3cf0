import { LiveletError } from '../errors.js';
import { MAX_COPIED_PIXELS, MAX_FRAME_COPIES, MAX_SCREEN_PIXELS, MAX_SCREEN_SIDE } from './capture.js';

/** @throws `picture-too-large` for a screen beyond the bounds, `picture-malformed` for an empty one */
export function checkScreenSize(width: number, height: number): void {
  if (width > MAX_SCREEN_SIDE || height > MAX_SCREEN_SIDE || width * height > MAX_SCREEN_PIXELS) {
    throw new LiveletError('picture-too-large', `a picture of ${width} x ${height}`, {
      data: { width, height },
    });
  }
  if (width < 1 || height < 1) throw new LiveletError('picture-malformed', 'a picture without pixels');
}

/** How many copies one frame of a screen may have; 4 at least. */
export function maxCopies({ width, height }: { readonly width: number; readonly height: number }): number {
  return Math.min(MAX_FRAME_COPIES, Math.floor(MAX_COPIED_PIXELS / (width * height)));
}
