import { fileURLToPath } from 'node:url';
import { encodeSourceMessage, type FrameMessage } from '@livelet/core';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';

/** WebCodecs are only there for pages that nobody could have changed on the way. */
const ADDRESS = 'https://painter.test/';
const DOCUMENT =
  '<!doctype html><html lang="en"><head><title>painter</title></head><body><canvas></canvas></body></html>';
/** What the decoder of a harness gives for a chunk: by its first byte, a picture of one colour, none, or an error. */
export const CHUNKS = { red: 1, green: 2, never: 3, fails: 4, small: 5, late: 6 } as const;
const ENTRY = `
import { decodeSourceMessage } from '@livelet/core/page';
import { FramePainter } from './canvas/frame-painter.js';
import { VideoPlayer } from './canvas/video-player.js';
const told = [];
const open = new Set();
let waiting = [];
const frameOf = (colour, width, height) => {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  context.fillStyle = colour;
  context.fillRect(0, 0, width, height);
  const frame = new VideoFrame(canvas, { timestamp: 0 });
  open.add(frame);
  const close = frame.close.bind(frame);
  frame.close = () => { open.delete(frame); close(); };
  return frame;
};
const videos = {
  decode({ chunk, width, height }) {
    told.push('decode ' + chunk[0]);
    switch (chunk[0]) {
      case 1: return Promise.resolve(frameOf('#ff0000', width + 1, height));
      case 2: return Promise.resolve(frameOf('#00ff00', width, height));
      case 3: return new Promise((_, reject) => waiting.push(reject));
      case 4: return Promise.reject(new Error('no chunk'));
      case 5: return Promise.resolve(frameOf('#0000ff', width, height - 1));
      case 6: return new Promise((resolve) => { globalThis.comeLate = () => resolve(frameOf('#ffffff', width, height)); });
    }
  },
  reset() {
    told.push('reset');
    for (const reject of waiting.splice(0)) reject(new Error('over'));
  },
};
globalThis.told = told;
globalThis.open = open;
globalThis.start = (copyWay, videoDeadline, decoder) => {
  const canvas = document.querySelector('canvas');
  globalThis.painter = new FramePainter(canvas, {
    drawn: ({ generation, number }) => told.push('drawn ' + generation + ' ' + number),
    broken: () => told.push('broken'),
  }, { copyWay, videoDeadline, videos: decoder === 'real' ? new VideoPlayer() : videos });
};
globalThis.add = (messages) => {
  for (const base64 of messages) {
    painter.add(decodeSourceMessage(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))));
  }
};
globalThis.until = (text) => new Promise((resolve) => {
  const look = () => told.includes(text) ? resolve() : setTimeout(look, 1);
  look();
});
globalThis.pixels = () => {
  const canvas = document.querySelector('canvas');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return Array.from({ length: data.length / 4 }, (_, at) =>
    (data[at * 4] << 16) | (data[at * 4 + 1] << 8) | data[at * 4 + 2]);
};
`;

/** Made once. */
let painterScript: Promise<string> | undefined;

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: fileURLToPath(new URL('../ui', import.meta.url)) },
    bundle: true,
    format: 'esm',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

/** A painter on a canvas of a real page. */
export class PainterPage implements AsyncDisposable {
  readonly #page: Page;
  /** What the page's console said that is worse than information. */
  readonly complaints: string[] = [];

  static async open(
    browser: Browser,
    copyWay: 'draw' | 'pixels' = 'pixels',
    videoDeadline = 10_000,
    decoder: 'real' | 'harness' = 'harness',
  ): Promise<PainterPage> {
    painterScript ??= bundle();
    const painter = await painterScript;
    const page = await browser.newPage();
    const opened = new PainterPage(page);
    page.on('pageerror', (error) => opened.complaints.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) opened.complaints.push(message.text());
    });
    await page.route(`${ADDRESS}**`, async (route) => {
      const script = new URL(route.request().url()).pathname === '/painter.js';
      const body = script ? painter : DOCUMENT;
      await route.fulfill({ body, contentType: script ? 'text/javascript' : 'text/html' });
    });
    await page.goto(ADDRESS);
    await page.evaluate(
      `import('/painter.js').then(() => start('${copyWay}', ${videoDeadline}, '${decoder}'))`,
    );
    return opened;
  }

  private constructor(page: Page) {
    this.#page = page;
  }

  restart(width: number, height: number): Promise<void> {
    return this.#page.evaluate(`painter.restart(${width}, ${height})`);
  }

  /** All at once, as from one task of the page. */
  async add(...frames: readonly FrameMessage[]): Promise<void> {
    const messages = frames.map((frame) => Buffer.from(encodeSourceMessage(frame)).toString('base64'));
    await this.#page.evaluate(`add(${JSON.stringify(messages)})`);
  }

  /** Waits until the painter or what it uses told this. */
  until(told: string): Promise<void> {
    return this.#page.evaluate(`until('${told}')`);
  }

  /** `drawn <generation> <number>`, `broken`, `reset` and `decode <first byte>`, in their order. */
  told(): Promise<string[]> {
    return this.#page.evaluate('told');
  }

  /** `0xRRGGBB` of each pixel. */
  pixels(): Promise<number[]> {
    return this.#page.evaluate('pixels()');
  }

  evaluate<T>(script: string): Promise<T> {
    return this.#page.evaluate<T>(script);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#page.close();
  }
}
