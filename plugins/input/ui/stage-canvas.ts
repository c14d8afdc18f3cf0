import { type ScreenPoint, STAGE_CANVAS_SELECTOR } from '@livelet/core/page';

/** The canvas that an event happened on; undefined when it happened elsewhere in the slot. */
export function stageCanvasOf(event: Event): HTMLCanvasElement | undefined {
  return event
    .composedPath()
    .find(
      (target): target is HTMLCanvasElement =>
        target instanceof HTMLCanvasElement && target.matches(STAGE_CANVAS_SELECTOR),
    );
}

/**
 * The pixel of the customer's desktop under a place in the page (CSS pixels). Outside the picture, as in a drag that
 * leaves it, the nearest pixel of its border.
 */
export function pixelAt(canvas: HTMLCanvasElement, clientX: number, clientY: number): ScreenPoint {
  const box = canvas.getBoundingClientRect();
  const along = (offset: number, length: number, pixels: number): number => {
    const pixel = Math.floor((offset * pixels) / length);
    return Math.min(Math.max(Number.isFinite(pixel) ? pixel : 0, 0), Math.max(pixels - 1, 0));
  };
  return {
    x: along(clientX - box.left, box.width, canvas.width) + Number(canvas.dataset.originX ?? 0),
    y: along(clientY - box.top, box.height, canvas.height) + Number(canvas.dataset.originY ?? 0),
  };
}
