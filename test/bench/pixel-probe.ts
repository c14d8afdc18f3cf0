import type { Page } from 'playwright-core';

/** What the probe saw: a colour at the watched point of the operator's canvas, and when. */
export interface Sighting {
  /** RRGGBB */
  readonly colour: number;
  /** ms since 1970, with fractions; the clock of this machine, shared by page and benchmark */
  readonly at: number;
}

/** Looks at single pixels of the operator's canvas right after each drawing, inside the page. */
export interface PixelProbe {
  /** Resolves when the pixel at (x, y), in pixels of the shared screen, has `colour`. */
  sees(x: number, y: number, colour: number): Promise<Sighting>;
  /** When the last press reached the page, as `at` of Sighting. */
  lastPress(): Promise<number>;
}

interface PageState {
  watched: { x: number; y: number; colour: number; found(at: number): void } | undefined;
  lastPress: number;
  look(): void;
}

/** Puts the probe into a page; before the page loads. */
export async function installPixelProbe(page: Page): Promise<PixelProbe> {
  await page.addInitScript(probeInPage);
  return {
    sees: async (x, y, colour) => {
      const at = await page.evaluate(
        ([px, py, wanted]) =>
          new Promise<number>((resolve, reject) => {
            const state = (globalThis as unknown as { pixelProbe: PageState }).pixelProbe;
            const timer = setTimeout(() => reject(new Error('the colour never came')), 10_000);
            const found = (at: number): void => {
              clearTimeout(timer);
              resolve(at);
            };
            state.watched = { x: px, y: py, colour: wanted, found };
            state.look();
          }),
        [x, y, colour] as const,
      );
      return { colour, at };
    },
    lastPress: () =>
      page.evaluate(() => (globalThis as unknown as { pixelProbe: PageState }).pixelProbe.lastPress),
  };
}

/** Runs in the page: looks after every call that can change the canvas, so that no frame has to be waited for. */
function probeInPage(): void {
  const now = (): number => performance.timeOrigin + performance.now();
  const state: PageState = {
    watched: undefined,
    lastPress: 0,
    look: () => {
      const { watched } = state;
      const canvas = findCanvas(document);
      if (!watched || !canvas) return;
      const context = canvas.getContext('2d');
      const [red = 0, green = 0, blue = 0] = context?.getImageData(watched.x, watched.y, 1, 1).data ?? [];
      if ((red << 16) + (green << 8) + blue !== watched.colour) return;
      state.watched = undefined;
      watched.found(now());
    },
  };
  Object.assign(globalThis, { pixelProbe: state });
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
        if (state.watched) state.look();
      },
    });
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
