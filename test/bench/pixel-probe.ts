import type { Page } from 'playwright-core';

/**
 * Looks at single pixels of the operator's canvas right after each drawing, inside the page. All times are ms since
 * 1970 with fractions, by the clock of this machine that page and benchmark share.
 */
export interface PixelProbe {
  /** Starts to watch for `colour` (RRGGBB) at a point of the shared screen; the function it gives waits for it. */
  watch(x: number, y: number, colour: number): Promise<() => Promise<number>>;
  /** Resolves when the pixel at (x, y) has another colour than at the call. */
  changes(x: number, y: number): Promise<number>;
  /** When the last press reached the page. */
  lastPress(): Promise<number>;
  /** When the canvas was last drawn on. */
  lastDrawing(): Promise<number>;
  /** When every part of the canvas had been drawn on for the first time. The picture must have no black in it. */
  wholeSince(): Promise<number>;
}

interface PageState {
  watched: { readonly x: number; readonly y: number; found(colour: number): boolean } | undefined;
  seen: Promise<number>;
  lastPress: number;
  lastDrawing: number;
  wholeSince: number;
  /** Watches (x, y) until its colour is `wanted`, or any other than now when `wanted` is undefined. */
  watch(x: number, y: number, wanted: number | undefined): void;
}

/** Puts the probe into a page, before the page loads. */
export async function installPixelProbe(page: Page): Promise<PixelProbe> {
  await page.addInitScript(probeInPage);
  const start = (x: number, y: number, wanted: number | undefined): Promise<void> =>
    page.evaluate(
      ([px, py, colour]) => (globalThis as unknown as { probe: PageState }).probe.watch(px, py, colour),
      [x, y, wanted] as const,
    );
  const seen = (): Promise<number> =>
    page.evaluate(() => (globalThis as unknown as { probe: PageState }).probe.seen);
  return {
    watch: async (x, y, colour) => {
      await start(x, y, colour);
      return seen;
    },
    changes: async (x, y) => {
      await start(x, y, undefined);
      return seen();
    },
    lastPress: () => page.evaluate(() => (globalThis as unknown as { probe: PageState }).probe.lastPress),
    wholeSince: () => page.evaluate(() => (globalThis as unknown as { probe: PageState }).probe.wholeSince),
    lastDrawing: () => page.evaluate(() => (globalThis as unknown as { probe: PageState }).probe.lastDrawing),
  };
}

/** Runs in the page: looks after every call that can change the canvas, so that no animation frame is waited for. */
function probeInPage(): void {
  const LIMIT = 10_000;
  const STEP = 64;
  const now = (): number => performance.timeOrigin + performance.now();
  const state: PageState = {
    watched: undefined,
    seen: Promise.resolve(0),
    lastPress: 0,
    lastDrawing: 0,
    wholeSince: 0,
    watch: (x, y, wanted) => {
      const first = colourAt(x, y);
      state.seen = new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('the colour never came')), LIMIT);
        const found = (colour: number): boolean => {
          if (wanted === undefined ? colour === first : colour !== wanted) return false;
          clearTimeout(timer);
          resolve(now());
          return true;
        };
        state.watched = { x, y, found };
      });
    },
  };
  Object.assign(globalThis, { probe: state });
  const pressed = (): void => {
    state.lastPress = now();
  };
  addEventListener('pointerdown', pressed, { capture: true });

  const drawing = CanvasRenderingContext2D.prototype;
  for (const name of ['drawImage', 'putImageData'] as const) {
    const original = drawing[name] as (...values: unknown[]) => void;
    Object.assign(drawing, {
      [name](this: CanvasRenderingContext2D, ...values: unknown[]): void {
        original.apply(this, values);
        state.lastDrawing = now();
        if (state.wholeSince === 0 && isWhole()) state.wholeSince = state.lastDrawing;
        const { watched } = state;
        if (watched?.found(colourAt(watched.x, watched.y))) state.watched = undefined;
      },
    });
  }

  /** A grid of points, close enough that no tile of the first frame lies between them. */
  function isWhole(): boolean {
    const canvas = findCanvas(document);
    if (!canvas || canvas.width < STEP) return false;
    for (let y = STEP / 2; y < canvas.height; y += STEP)
      for (let x = STEP / 2; x < canvas.width; x += STEP) if (colourAt(x, y) === 0) return false;
    return true;
  }

  function colourAt(x: number, y: number): number {
    const context = findCanvas(document)?.getContext('2d');
    const [red = 0, green = 0, blue = 0] = context?.getImageData(x, y, 1, 1).data ?? [];
    return (red << 16) + (green << 8) + blue;
  }

  function findCanvas(root: Document | ShadowRoot): HTMLCanvasElement | undefined {
    const canvas = root.querySelector<HTMLCanvasElement>('canvas[data-livelet-stage]');
    if (canvas) return canvas;
    for (const element of root.querySelectorAll('*')) {
      const inside = element.shadowRoot && findCanvas(element.shadowRoot);
      if (inside) return inside;
    }
    return undefined;
  }
}
