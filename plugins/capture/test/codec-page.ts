import { fileURLToPath } from 'node:url';
import type { JsonValue, PagePort, PluginUi, PortMessage } from '@livelet/core';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';

/** WebCodecs are only there for pages that nobody could have changed on the way. */
const ADDRESS = 'https://codec.test/';
/** As hosts serve their pages. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'";
const DOCUMENT = '<!doctype html><html lang="en"><head><title>codecs</title></head><body></body></html>';
const HARNESS = `
import { mount } from '/ui/video-encoder.js';
import { VideoPlayer } from '/ui/canvas/video-player.js';
// A machine that is busy with other tests must not make a codec too slow to be chosen.
const { setTimeout } = globalThis;
globalThis.setTimeout = (task, delay) => setTimeout(task, 10 * delay);
const player = new VideoPlayer();
globalThis.bytesOf = (base64) => Uint8Array.fromBase64?.(base64) ?? Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
const listeners = [];
globalThis.receive = (json, base64) => {
  for (const listener of listeners) listener({ json, ...(base64 && { bytes: bytesOf(base64) }) });
};
globalThis.mounted = mount({
  port: {
    post: ({ json, bytes }) => posted(json, bytes ? [...bytes] : []),
    onMessage(listener) { listeners.push(listener); return { [Symbol.dispose]() {} }; },
  },
});
/** Decodes a chunk and gives the canvas's pixels, RGBA. */
globalThis.draw = async (piece, base64) => {
  const frame = await player.decode({ ...piece, chunk: bytesOf(base64) });
  const canvas = new OffscreenCanvas(piece.width, piece.height);
  const context = canvas.getContext('2d', { alpha: false });
  const { width, height } = piece;
  context.drawImage(frame, 0, 0, width, height, 0, 0, width, height);
  frame.close();
  const { data } = context.getImageData(0, 0, width, height);
  let text = '';
  for (let at = 0; at < data.length; at += 8192) text += String.fromCharCode(...data.subarray(at, at + 8192));
  return btoa(text);
};
globalThis.ready = true;
`;

/** The video encoder's piece and the stage's decoder in a real page. It is also what connects the host's half to it. */
export class CodecPage implements AsyncDisposable {
  readonly #page: Page;
  readonly #listeners = new Set<(message: PortMessage) => void>();
  /** Errors of scripts, refusals by the content policy. */
  readonly problems: string[] = [];

  private constructor(page: Page) {
    this.#page = page;
  }

  /** @param ui takes the port that the page opens */
  static async open(browser: Browser, ui: PageSideUi): Promise<CodecPage> {
    const modules = ['video-encoder', 'canvas/video-player'];
    const bundle = await build({
      entryPoints: modules.map((name) => fileURLToPath(new URL(`../ui/${name}.js`, import.meta.url))),
      bundle: true,
      format: 'esm',
      write: false,
      outdir: '/ui',
    });
    const scripts = new Map(bundle.outputFiles.map(({ path, text }) => [path, text]));
    scripts.set('/harness.js', HARNESS);
    const page = await browser.newPage();
    const opened = new CodecPage(page);
    page.on('pageerror', (error) => opened.problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') opened.problems.push(message.text());
    });
    await page.route(`${ADDRESS}**`, async (route) => {
      const { pathname } = new URL(route.request().url());
      const body = pathname === '/' ? DOCUMENT : scripts.get(pathname);
      const contentType = pathname === '/' ? 'text/html' : 'text/javascript';
      const headers = { 'content-security-policy': POLICY, 'content-type': contentType };
      await route.fulfill(body === undefined ? { status: 404 } : { body, headers });
    });
    const listeners = opened.#listeners;
    await page.exposeFunction('posted', (json: JsonValue, bytes: number[]) => {
      const message = bytes.length > 0 ? { json, bytes: Uint8Array.from(bytes) } : { json };
      for (const listener of listeners) listener(message);
    });
    await page.goto(ADDRESS);
    await page.evaluate("import('/harness.js')");
    ui.connect(portOf(page, listeners));
    return opened;
  }

  /** What the stage shows of a chunk: RGBA. */
  async draw(piece: object, chunk: Uint8Array): Promise<Buffer> {
    const base64 = Buffer.from(chunk).toString('base64');
    const drawn = await this.#page.evaluate(
      ([what, text]) =>
        (globalThis as never as { draw(piece: object, text: string): Promise<string> }).draw(what, text),
      [piece, base64] as const,
    );
    return Buffer.from(drawn, 'base64');
  }

  /** The next message of a type that the piece posts, once the host's half has heard it. */
  answered(type: string): Promise<JsonValue> {
    return new Promise((resolve) => {
      const listen = ({ json }: PortMessage): void => {
        if ((json as { readonly type?: string }).type !== type) return;
        this.#listeners.delete(listen);
        resolve(json);
      };
      this.#listeners.add(listen);
    });
  }

  async evaluate<T>(script: string): Promise<T> {
    return await this.#page.evaluate<T>(script);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#page.close();
  }
}

/** What a host gives its plugin, connected to pages by the test. */
export class PageSideUi implements PluginUi {
  #listener: ((port: PagePort) => void) | undefined;

  onPort(_id: string, listener: (port: PagePort) => void): Disposable {
    this.#listener = listener;
    return {
      [Symbol.dispose]: () => {
        this.#listener = undefined;
      },
    };
  }

  connect(port: PagePort): void {
    this.#listener?.(port);
  }
}

function portOf(page: Page, listeners: Set<(message: PortMessage) => void>): PagePort {
  return {
    name: 'plugin:livelet.capture:video-encoder',
    bufferedBytes: 0,
    post({ json, bytes }) {
      const message: readonly [unknown, string | undefined] = [
        json,
        bytes && Buffer.from(bytes).toString('base64'),
      ];
      // A page that closes meanwhile is told by its close.
      page
        .evaluate(
          ([value, text]) =>
            (globalThis as never as { receive(json: unknown, text?: string): void }).receive(value, text),
          message,
        )
        .catch(() => undefined);
    },
    onMessage(listener) {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
    onClose(listener) {
      page.once('close', listener);
      return { [Symbol.dispose]: () => void page.off('close', listener) };
    },
    close() {},
  };
}
