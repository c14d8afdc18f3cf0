import { fileURLToPath } from 'node:url';
import { encodeSourceMessage, type SourceMessage } from '@livelet/core';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';

const ADDRESS = 'http://stage.test/';
/** As hosts serve their pages. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'";
const DOCUMENT = `<!doctype html><html lang="en"><head><title>stage</title><link rel="stylesheet" href="/page.css">
<script type="module" src="/page.js"></script></head><body><div id="slot"><section></section></div></body></html>`;
const STYLES = 'body{margin:0}#slot{display:grid;width:400px;height:300px}section{min-width:0;min-height:0}';
/** Mounts a panel with a port that the test holds the other end of. */
const PAGE = `
import { mount } from '/panel.js';
const listeners = [];
const locales = [];
const posted = [];
const watchers = new Set();
const look = () => { for (const watcher of watchers) watcher(); };
/** Resolves when \`holds\` does; looked at after each message and event of the panel. */
globalThis.when = (holds) => new Promise((resolve) => {
  const watcher = () => {
    if (!holds()) return;
    watchers.delete(watcher);
    resolve();
  };
  watchers.add(watcher);
  watcher();
});
const context = {
  root: document.querySelector('section'),
  locale: 'en',
  onLocale(listener) { locales.push(listener); return { [Symbol.dispose]() {} }; },
  announce() {},
  port: {
    name: 'plugin:livelet.capture:screen',
    bufferedBytes: 0,
    post({ json, bytes }) { posted.push(bytes ? { json, bytes: [...bytes] } : { json }); look(); },
    onMessage(listener) { listeners.push(listener); return { [Symbol.dispose]() {} }; },
    onClose() { return { [Symbol.dispose]() {} }; },
    close() {},
  },
};
globalThis.events = [];
for (const name of ['livelet-stage-geometry', 'livelet-stage-statistics']) {
  document.querySelector('#slot').addEventListener(name, (event) => { events.push([name, event.detail]); look(); });
}
globalThis.posted = posted;
globalThis.receive = (json, bytes) => {
  for (const listener of listeners) listener({ json, ...(bytes && { bytes: Uint8Array.from(bytes) }) });
};
globalThis.setLocale = (locale) => { context.locale = locale; for (const listener of locales) listener(locale); };
globalThis.stage = () => {
  const find = (root) => {
    for (const element of root.querySelectorAll('*')) {
      if (element.matches('canvas[data-livelet-stage]')) return element;
      const inside = element.shadowRoot && find(element.shadowRoot);
      if (inside) return inside;
    }
  };
  return find(document);
};
globalThis.mounted = mount(context);
`;

/** @param executablePath for pages with nothing but their own drawing: `headlessChromium()` */
export function launch(executablePath = '/usr/bin/chromium'): Promise<Browser> {
  // Chromium refuses to be root with its sandbox.
  const chromiumSandbox = process.getuid?.() !== 0;
  return chromium.launch({ executablePath, chromiumSandbox });
}

/** What the panel posted. */
export interface Posted {
  readonly json: unknown;
  readonly bytes?: readonly number[];
}

/** The script of each panel, made once. */
const bundles = new Map<string, Promise<string>>();

async function bundle(module: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`../ui/${module}.js`, import.meta.url))],
    bundle: true,
    format: 'esm',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

/** One of this plugin's panels in a real page with the hosts' content policy. */
export class StagePage implements AsyncDisposable {
  readonly page: Page;
  /** What the page's console said that is worse than information. */
  readonly complaints: string[] = [];

  /** @param ratio device pixels for each CSS pixel */
  static async open(browser: Browser, module: 'stage' | 'display-menu', ratio = 1): Promise<StagePage> {
    const script = bundles.get(module) ?? bundle(module);
    bundles.set(module, script);
    const files = new Map([
      ['/', { body: DOCUMENT, contentType: 'text/html' }],
      ['/page.css', { body: STYLES, contentType: 'text/css' }],
      ['/page.js', { body: PAGE, contentType: 'text/javascript' }],
      ['/panel.js', { body: await script, contentType: 'text/javascript' }],
    ]);
    const page = await browser.newPage({ deviceScaleFactor: ratio });
    const opened = new StagePage(page);
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) opened.complaints.push(message.text());
    });
    page.on('pageerror', (error) => opened.complaints.push(error.message));
    await page.route(`${ADDRESS}**`, async (route) => {
      const file = files.get(new URL(route.request().url()).pathname);
      const headers = { 'content-security-policy': POLICY };
      await route.fulfill(
        file ? { ...file, headers: { ...headers, 'content-type': file.contentType } } : { status: 404 },
      );
    });
    await page.goto(ADDRESS);
    await page.evaluate(`import('/page.js')`);
    return opened;
  }

  private constructor(page: Page) {
    this.page = page;
  }

  async send(message: SourceMessage): Promise<void> {
    await this.receive(null, [...encodeSourceMessage(message)]);
  }

  /** An event of the page around. */
  async dispatch(name: string, detail: string | boolean): Promise<void> {
    const event = `new CustomEvent('${name}', { detail: ${JSON.stringify(detail)} })`;
    await this.page.evaluate(`document.querySelector('#slot').dispatchEvent(${event})`);
  }

  async receive(json: unknown, bytes?: readonly number[]): Promise<void> {
    await this.page.evaluate(
      ([value, octets]) =>
        (globalThis as never as { receive(j: unknown, b: unknown): void }).receive(value, octets),
      [json, bytes] as const,
    );
  }

  /** Waits until the panel has posted so many messages. */
  async posted(count: number): Promise<readonly Posted[]> {
    await this.when(`posted.length >= ${count}`);
    return this.page.evaluate('posted');
  }

  /** Waits until an expression holds. */
  async when(expression: string): Promise<void> {
    await this.page.evaluate(`when(() => ${expression})`);
  }

  /** `0xRRGGBB` of each pixel of the stage's canvas. */
  pixels(): Promise<number[]> {
    return this.page.evaluate(`(() => {
      const canvas = stage();
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return Array.from({ length: data.length / 4 }, (_, at) =>
        (data[at * 4] << 16) | (data[at * 4 + 1] << 8) | data[at * 4 + 2]);
    })()`);
  }

  evaluate<T>(expression: string): Promise<T> {
    return this.page.evaluate(expression);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.close();
  }
}
