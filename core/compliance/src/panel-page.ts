import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonValue, Locale } from '@livelet/core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { headlessChromium } from './headless-chromium.js';

/** Which panel is mounted, and where. */
export interface PanelPageOptions {
  /** The built module of the contribution. */
  readonly module: URL;
  /** What is in the slot before the panel, such as another plugin's canvas. @default nothing */
  readonly slot?: string;
  /** Styles of the page around the panel. @default none */
  readonly styles?: string;
  readonly locale?: Locale;
  /** CSS pixels. @default 800 x 600 */
  readonly size?: { readonly width: number; readonly height: number };
}

/** One message that the panel posted. */
export interface PostedMessage {
  readonly json: JsonValue;
  readonly bytes?: Uint8Array;
}

/** A panel mounted in a real browser, under the same content policy as in a host, with a port that the test holds. */
export interface PanelPage extends AsyncDisposable {
  readonly page: Page;
  /** What the panel posted since the last call. */
  posted(): Promise<PostedMessage[]>;
  /** Posts to the panel as its half in the host does. */
  tell(json: JsonValue, bytes?: Uint8Array): Promise<void>;
  /** What it announced to people who can't see it. */
  announced(): Promise<string[]>;
  /** What it says is open now. */
  marks(): Promise<string[]>;
  /** Switches the page's language. */
  speak(locale: Locale): Promise<void>;
  /** Resolves when a condition, JavaScript in the page, holds. The page's own policy allows no waitForFunction. */
  until(condition: string): Promise<void>;
  /** What the browser complained of: errors of scripts, refusals by the content policy. */
  readonly problems: readonly string[];
}

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'";

const HARNESS = `
import { mount } from '/panel.js';
const container = document.querySelector('.slot');
const root = container.appendChild(document.createElement('section'));
root.className = 'll-panel';
const listeners = new Set();
const locales = new Set();
const state = { locale: document.documentElement.lang };
const disposable = (set, item) => { set.add(item); return { [Symbol.dispose]: () => set.delete(item) }; };
globalThis.posted = [];
globalThis.announced = [];
globalThis.marked = [];
globalThis.tell = (json, bytes) => {
  const message = bytes === undefined ? { json } : { json, bytes: Uint8Array.from(bytes) };
  for (const listener of listeners) listener(message);
};
globalThis.speak = (locale) => { state.locale = locale; for (const listener of locales) listener(locale); };
globalThis.mounted = mount({
  root,
  port: {
    name: 'test', bufferedBytes: 0,
    post: ({ json, bytes }) => posted.push(bytes === undefined ? { json } : { json, bytes: [...bytes] }),
    onMessage: (listener) => disposable(listeners, listener),
    onClose: () => disposable(new Set(), 0),
    close() {},
  },
  get locale() { return state.locale; },
  onLocale: (listener) => disposable(locales, listener),
  announce: (text) => announced.push(text),
  marks: (sentences) => { globalThis.marked = sentences; },
  dress: (shadow, css = '') => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('* { box-sizing: border-box; } [hidden] { display: none !important; }' + css);
    shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheet];
  },
  askControl: (capability) => {
    const button = document.createElement('button');
    button.textContent = 'Ask: ' + capability;
    return button;
  },
});
`;

/** One browser for the tests of a file. */
export interface PanelBrowser extends AsyncDisposable {
  open(options: PanelPageOptions): Promise<PanelPage>;
}

/** How the browser is started. */
export interface PanelBrowserOptions {
  /** X display that its windows open on, such as for a real keyboard. @default none */
  readonly display?: string;
  /** More of its command line, such as for a camera. @default none */
  readonly flags?: readonly string[];
  /** Whether it is the browser that people have, which asks before a page may; `headlessChromium()` otherwise. @default with a display or flags */
  readonly isWhole?: boolean;
}

/** Starts the installed Chromium. */
export async function startPanelBrowser({
  display,
  flags = [],
  isWhole = display !== undefined || flags.length > 0,
}: PanelBrowserOptions = {}): Promise<PanelBrowser> {
  const shown = ['--ozone-platform=x11', '--disable-gpu', '--no-first-run'];
  const browser = await chromium.launch({
    executablePath: isWhole ? (process.env.CHROMIUM ?? '/usr/bin/chromium') : headlessChromium(),
    args: [...(display === undefined ? [] : shown), ...flags],
    ...(display !== undefined && { headless: false, env: { ...process.env, DISPLAY: display } }),
    chromiumSandbox: process.getuid?.() !== 0,
  });
  return {
    open: async (options) => await openPanel(browser, options),
    [Symbol.asyncDispose]: async () => await browser.close(),
  };
}

async function openPanel(browser: Browser, options: PanelPageOptions): Promise<PanelPage> {
  await using stack = new AsyncDisposableStack();
  const server = await serve(options);
  stack.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  const problems: string[] = [];
  const page = await openPage(browser, options, problems);
  stack.defer(async () => await page.context().close());
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  // A panel of the slot `background` has no element of its own.
  await page.evaluate(until('globalThis.mounted !== undefined'));
  const owned = stack.move();
  return {
    page,
    problems,
    async posted() {
      const messages = await page.evaluate<{ json: JsonValue; bytes?: number[] }[]>('posted.splice(0)');
      return messages.map(({ json, bytes }) =>
        bytes === undefined ? { json } : { json, bytes: Uint8Array.from(bytes) },
      );
    },
    tell: async (json, bytes) => {
      const beside = bytes === undefined ? '' : `, ${JSON.stringify([...bytes])}`;
      await page.evaluate(`tell(${JSON.stringify(json)}${beside})`);
    },
    announced: async () => await page.evaluate<string[]>('announced.splice(0)'),
    marks: async () => await page.evaluate<string[]>('marked'),
    until: async (condition) => await page.evaluate(until(condition)),
    speak: async (locale) => await page.evaluate(`speak('${locale}')`),
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

function until(condition: string): string {
  return `new Promise((resolve) => {
    const look = () => ((${condition}) ? resolve() : requestAnimationFrame(look));
    look();
  })`;
}

async function openPage(browser: Browser, options: PanelPageOptions, problems: string[]): Promise<Page> {
  const viewport = options.size ?? { width: 800, height: 600 };
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  return page;
}

async function serve({ module, slot = '', styles = '', locale = 'en' }: PanelPageOptions): Promise<Server> {
  const html = `<!doctype html><html lang="${locale}"><meta charset="utf-8"><title>Panel</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css">
<main class="slot">${slot}</main><script type="module" src="/harness.js"></script></html>`;
  const files = new Map<string, readonly [string, string]>([
    ['/', ['text/html', html]],
    ['/harness.js', ['text/javascript', HARNESS]],
    ['/panel.js', ['text/javascript', await readFile(module, 'utf8')]],
    ['/page.css', ['text/css', styles]],
  ]);
  const server = createServer(({ url = '/' }, response) => {
    const file = files.get(url);
    response.setHeader('content-security-policy', POLICY);
    if (file === undefined) response.writeHead(404).end();
    else response.setHeader('content-type', file[0]).end(file[1]);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return server;
}
