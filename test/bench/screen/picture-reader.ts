import type { Page } from 'playwright-core';
import { readMark } from './mark.js';
import { EDGE, type Reading, SCREEN } from './works.js';

/** What one animation frame of the viewer's page showed. */
export interface Sample {
  /** ms of the page's `performance.now()`. */
  readonly at: number;
  /** Each track's frame, by the reading of it that shows the oldest; null when one of them can't be read. */
  readonly numbers: readonly (number | null)[];
  /** Whether the watched pixel has more red than blue: which of a button's two colours it has, however lossy. */
  readonly warm?: boolean;
}

/** What is read in each animation frame. */
export interface ReadingPlan {
  /** CSS selector of the canvas; looked for in shadow roots too. */
  readonly canvas: string;
  /** What plays at the same time, each read by itself. */
  readonly tracks: readonly (readonly Reading[])[];
  readonly pixel?: { readonly x: number; readonly y: number };
  /** Looks after each drawing on the canvas too, from then on for as long as the page lives. @default false */
  readonly drawings?: boolean;
}

/** Reads the viewer's canvas in the viewer's page, once in each animation frame: what an eye could have seen. */
export interface PictureReader {
  start(plan: ReadingPlan): Promise<void>;
  /** What has been seen since the start, each time it was new. */
  stop(): Promise<Sample[]>;
  /** The same as the canvas had it after each drawing, before any animation frame; since the start. */
  drawn(): Promise<Sample[]>;
  /** When the watched pixel first had the other colour than at the start; undefined when it isn't within `limit` ms. */
  changed(limit: number): Promise<number | undefined>;
  /** When presses reached the page since the start, ms of its `performance.now()`. */
  presses(): Promise<number[]>;
}

interface PageReader {
  start(plan: ReadingPlan): void;
  stop(): Sample[];
  changed(limit: number): Promise<number | undefined>;
  presses: number[];
  drawn: Sample[];
}

interface PageConstants {
  readonly edge: typeof EDGE;
  readonly screen: typeof SCREEN;
}

const reader = (): PageReader => (globalThis as unknown as { pictureReader: PageReader }).pictureReader;

/** Puts the reader into a page, before the page loads. */
export async function installPictureReader(page: Page): Promise<PictureReader> {
  const constants: PageConstants = { edge: EDGE, screen: SCREEN };
  await page.addInitScript({ content: `(${readInPage})(${JSON.stringify(constants)}, ${readMark});` });
  const inPage = `(${reader})()`;
  return {
    start: (plan) => page.evaluate(`${inPage}.start(${JSON.stringify(plan)})`),
    stop: () => page.evaluate(`${inPage}.stop()`),
    drawn: () => page.evaluate(`${inPage}.drawn`),
    changed: (limit) => page.evaluate(`${inPage}.changed(${limit})`),
    presses: () => page.evaluate(`${inPage}.presses`),
  };
}

/** Runs in the page. */
function readInPage({ edge, screen }: PageConstants, read: typeof readMark): void {
  const MARK = { width: 128, height: 8 };
  let samples: Sample[] = [];
  let plan: ReadingPlan | undefined;
  let canvas: HTMLCanvasElement | undefined;
  let hooked = false;
  let waiting = (): void => undefined;
  const state: PageReader = {
    presses: [],
    drawn: [],
    start: (wanted) => {
      samples = [];
      state.drawn = [];
      state.presses.length = 0;
      canvas = find(document, wanted.canvas);
      if (!canvas) throw new Error(`no ${wanted.canvas} in the page`);
      plan = wanted;
      if (plan.drawings) hookDrawing();
      requestAnimationFrame(look);
    },
    stop: () => {
      plan = undefined;
      return samples;
    },
    changed: (limit) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => resolve(undefined), limit);
        waiting = () => {
          const [, second] = samples;
          if (!second) return;
          clearTimeout(timer);
          waiting = () => undefined;
          resolve(second.at);
        };
        waiting();
      }),
  };
  Object.assign(globalThis, { pictureReader: state });
  addEventListener('pointerdown', () => state.presses.push(performance.now()), { capture: true });

  function look(): void {
    if (!plan) return;
    requestAnimationFrame(look);
    if (note(samples) && samples.length === 2) waiting();
  }

  /** @returns whether there was something new */
  function note(seen: Sample[]): boolean {
    if (!plan) return false;
    const at = performance.now();
    const last = seen.at(-1);
    const numbers = plan.tracks.map((readings) => least(readings.map(readOne)));
    const warm = plan.pixel && isWarm(plan.pixel.x, plan.pixel.y);
    if (last && warm === last.warm && numbers.every((number, track) => number === last.numbers[track]))
      return false;
    seen.push({ at, numbers, ...(warm === undefined ? {} : { warm }) });
    return true;
  }

  function hookDrawing(): void {
    if (hooked) return;
    hooked = true;
    const drawing = CanvasRenderingContext2D.prototype;
    for (const name of ['drawImage', 'putImageData'] as const) {
      const original = drawing[name] as (...values: unknown[]) => void;
      Object.assign(drawing, {
        [name](this: CanvasRenderingContext2D, ...values: unknown[]): void {
          original.apply(this, values);
          if (this.canvas === canvas) note(state.drawn);
        },
      });
    }
  }

  function least(numbers: readonly (number | null)[]): number | null {
    return numbers.reduce((a, b) => (a === null || b === null ? null : Math.min(a, b)));
  }

  function readOne(reading: Reading): number | null {
    if (reading.kind === 'mark') {
      const number = read(pixels(reading.x, reading.y, MARK.width, MARK.height));
      return number === undefined ? null : number - reading.ahead;
    }
    const row = pixels(0, reading.y, screen.width, 1);
    let run = 0;
    for (let x = 0; x < screen.width; x += 1) {
      const isEdge = (row[x * 4] ?? 0) > 170 && (row[x * 4 + 1] ?? 0) < 100 && (row[x * 4 + 2] ?? 0) > 170;
      run = isEdge ? run + 1 : 0;
      if (run === edge.width / 2) return Math.round((x + 1 - run - reading.first) / reading.step);
    }
    return null;
  }

  function isWarm(x: number, y: number): boolean {
    const [red = 0, , blue = 0] = pixels(x, y, 1, 1);
    return red > blue;
  }

  function pixels(x: number, y: number, width: number, height: number): Uint8ClampedArray {
    const data = canvas?.getContext('2d')?.getImageData(x, y, width, height).data;
    if (!data) throw new Error('the canvas gives no pixels');
    return data;
  }

  function find(root: Document | ShadowRoot, selector: string): HTMLCanvasElement | undefined {
    const found = root.querySelector<HTMLCanvasElement>(selector);
    if (found) return found;
    for (const element of root.querySelectorAll('*')) {
      const inside = element.shadowRoot && find(element.shadowRoot, selector);
      if (inside) return inside;
    }
    return undefined;
  }
}
