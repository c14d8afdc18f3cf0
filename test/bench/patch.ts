import type { XConnection } from '../fixtures/x-client.js';

const COPY_FROM_PARENT = 0;
const INPUT_OUTPUT = 1;

/** A bare window on the display that changes a square of itself when told. */
export interface Patch {
  /** Fills the square whose corner is at (x, y) of the screen; returns ms since 1970 right before the request. */
  fill(x: number, y: number, colour: number): number;
}

export const PATCH_AREA = { x: 1000, y: 60, width: 800, height: 480 };
/** Side of the square, px. */
export const PATCH_SIZE = 64;

export function createPatch({ client, screen }: XConnection): Patch {
  const window = client.AllocID();
  const context = client.AllocID();
  const { x, y, width, height } = PATCH_AREA;
  client.CreateWindow(
    window,
    screen.root,
    x,
    y,
    width,
    height,
    0,
    COPY_FROM_PARENT,
    INPUT_OUTPUT,
    COPY_FROM_PARENT,
    {
      backgroundPixel: 0xffffff,
      overrideRedirect: true,
    },
  );
  client.CreateGC(context, window, {});
  client.MapWindow(window);
  return {
    fill: (left, top, colour) => {
      client.ChangeGC(context, { foreground: colour });
      const at = performance.timeOrigin + performance.now();
      client.PolyFillRectangle(window, context, [left - x, top - y, PATCH_SIZE, PATCH_SIZE]);
      return at;
    },
  };
}
