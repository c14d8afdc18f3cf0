import { fileURLToPath } from 'node:url';
import { type PortPair, portPair, startXvfb, type Xvfb } from '@livelet/compliance';
import { type JsonValue, type PagePort, type PluginUi, systemClock } from '@livelet/core';
import { build } from 'esbuild';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { SHARE_PIECE, type ShareState, WEB_CAPTURE_PIECE } from '../src/web-display/web-capture-protocol.js';
import { WebCaptureSource } from '../src/web-display/web-capture-source.js';
import { paintOn, type XPainter } from './x-client.js';

const ADDRESS = 'https://capture.test/';
/** Keeps the streams that the browser gives, for a look at their tracks, and mounts the piece on a port of the test's. */
const PAGE = `
import { mount } from '/piece.js';
globalThis.streams = [];
const original = navigator.mediaDevices.getDisplayMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getDisplayMedia = async (options) => {
  const stream = await original(options);
  streams.push(stream);
  return stream;
};
const listeners = [];
globalThis.receive = (json) => { for (const listener of listeners) listener({ json }); };
const text = (bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
globalThis.piece = mount({
  root: document.body,
  locale: 'en',
  onLocale() { return { [Symbol.dispose]() {} }; },
  announce() {},
  port: {
    post({ json, bytes }) { posted(json, bytes ? btoa(text(bytes)) : undefined); },
    onMessage(listener) { listeners.push(listener); return { [Symbol.dispose]() {} }; },
    onClose() { return { [Symbol.dispose]() {} }; },
  },
});
`;

export interface WebBrowserOptions {
  /** Whether the browser's picker answers with the entire screen, or the page may not ask at all. @default true */
  readonly accept?: boolean;
  /** Presses the button as soon as it is there. @default true */
  readonly press?: boolean;
}

/** Chromium on a display of its own, for the tests of a file, one after the other. */
export interface WebDesk extends AsyncDisposable {
  readonly xvfb: Xvfb;
  readonly browser: Browser;
}

export async function openWebDesk(): Promise<WebDesk> {
  await using stack = new AsyncDisposableStack();
  const xvfb = stack.use(await startXvfb({ width: 800, height: 600 }));
  const browser = await launch(xvfb);
  stack.defer(() => browser.close());
  const owned = stack.move();
  return { xvfb, browser, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** A window of it with the piece that captures in a page, and the source that it feeds. */
export class WebBrowser implements AsyncDisposable {
  readonly source: WebCaptureSource;
  readonly page: Page;
  readonly painter: XPainter;
  readonly states: ShareState[] = [];
  /** Whether anything is shared, each time that it is told. */
  readonly shared: boolean[] = [];
  readonly #resources: AsyncDisposableStack;
  readonly #panel: PortPair;
  readonly #capture: PortPair;
  #telling: Promise<unknown> = Promise.resolve();
  #watcher: (() => void) | undefined;

  static async open(
    { xvfb, browser }: WebDesk,
    { accept = true, press = true }: WebBrowserOptions = {},
  ): Promise<WebBrowser> {
    await using stack = new AsyncDisposableStack();
    const painter = stack.use(await paintOn(xvfb.name));
    const context = await browser.newContext({ viewport: null });
    stack.defer(() => context.close());
    return new WebBrowser(await openPage(context, accept), painter, press, stack.move());
  }

  private constructor(page: Page, painter: XPainter, press: boolean, resources: AsyncDisposableStack) {
    this.page = page;
    this.painter = painter;
    this.#resources = resources;
    this.#capture = portPair(`plugin:livelet.capture:${WEB_CAPTURE_PIECE}`);
    this.#panel = portPair(`plugin:livelet.capture:${SHARE_PIECE}`);
    const ports = new Map<string, PagePort>([
      [WEB_CAPTURE_PIECE, this.#capture.host],
      [SHARE_PIECE, this.#panel.host],
    ]);
    const ui: PluginUi = {
      onPort(id, listener) {
        listener(ports.get(id) as PagePort);
        return { [Symbol.dispose]: () => undefined };
      },
    };
    this.#panel.page.onMessage(({ json }) => {
      this.states.push((json as { state: ShareState }).state);
      this.#watcher?.();
      if (press && this.states.at(-1) === 'asking') this.press();
    });
    this.source = new WebCaptureSource(ui, systemClock, 'panel', (isShared) => this.shared.push(isShared));
  }

  /** Joins the piece in the page with its port; once. */
  async connect(): Promise<this> {
    const { page } = this.#capture;
    await this.page.exposeFunction('posted', (json: JsonValue, base64?: string) => {
      page.post(base64 === undefined ? { json } : { json, bytes: Buffer.from(base64, 'base64') });
    });
    await this.page.evaluate(`import('/page.js')`);
    // Playwright's evaluations count as presses of the person's.
    page.onMessage(({ json }) => {
      this.#telling = this.#telling.then(() => this.page.evaluate(`receive(${JSON.stringify(json)})`));
    });
    return this;
  }

  press(): void {
    this.#panel.page.post({ json: { type: 'choose' } });
  }

  /** The page goes away. */
  closePort(): void {
    this.#capture.page.close();
  }

  async state(wanted: ShareState): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#watcher = () => {
        if (this.states.at(-1) === wanted) resolve();
      };
      this.#watcher();
    });
  }

  /** `live` or `ended`, for each track that the browser ever gave. */
  tracks(): Promise<string[]> {
    return this.page.evaluate(
      'streams.flatMap((stream) => stream.getTracks()).map((track) => track.readyState)',
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.source[Symbol.asyncDispose]();
    this.#capture.page.close();
    // What the page is being told comes to its end before the page does.
    await this.#telling;
    await this.#resources.disposeAsync();
  }
}

function launch(xvfb: Xvfb): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    headless: false,
    // Chromium refuses to be root with its sandbox.
    chromiumSandbox: process.getuid?.() !== 0,
    env: { ...process.env, DISPLAY: xvfb.name },
    args: [
      '--auto-select-desktop-capture-source=Entire screen',
      // Its window leaves the display's corner to what tests draw.
      '--window-position=250,150',
      '--window-size=500,400',
      '--disable-gpu',
    ],
  });
}

/** Made once. */
let script: Promise<string> | undefined;

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../ui/web-capture.js', import.meta.url))],
    bundle: true,
    format: 'esm',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

async function openPage(context: BrowserContext, accept: boolean): Promise<Page> {
  script ??= bundle();
  const files = new Map([
    ['/', { body: '<!doctype html><title>capture</title>', contentType: 'text/html' }],
    ['/page.js', { body: PAGE, contentType: 'text/javascript' }],
    ['/piece.js', { body: await script, contentType: 'text/javascript' }],
  ]);
  const page = await context.newPage();
  await page.route('**/*', (route) => {
    const file = files.get(new URL(route.request().url()).pathname);
    const headers = {
      'content-type': file?.contentType ?? 'text/plain',
      'permissions-policy': `display-capture=${accept ? '(self)' : '()'}`,
    };
    return route.fulfill(file ? { ...file, headers } : { status: 404 });
  });
  await page.goto(ADDRESS);
  return page;
}
