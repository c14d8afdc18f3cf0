import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { headlessChromium } from '@livelet/compliance/headless-chromium';
import type { PagePort, PortMessage } from '@livelet/core';
import { createBrowserShell, type PageSpec, type PageWindow, type WindowShell } from '@livelet/window';
import { buildSync } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Whatever a test waits for comes within this, ms, on a busy computer too. */
export const DEADLINE = 20_000;

const packageFolder = join(dirname(fileURLToPath(import.meta.url)), '../..');

export interface DemoSite extends AsyncDisposable {
  readonly page: PageSpec;
  /** A file outside of all that the page may load. */
  readonly secret: string;
  /**
   * Bytes of the page's script, without and with components. The texts of errors are left out: they grow with all that
   * can go wrong, in each language, and say nothing about the toolkit.
   */
  readonly codeBytes: { readonly main: number; readonly components: number };
}

/** The demo page and its panel, bundled as the hosts' are, in a folder of their own. */
export async function demoSite(): Promise<DemoSite> {
  const folder = await mkdtemp(join(tmpdir(), 'window-test-'));
  const site = join(folder, 'site');
  const plugin = join(folder, 'plugin');
  await mkdir(plugin);
  const codeBytes = {
    main: bundle('main', join(site, 'main.js')),
    components: bundle('components', join(site, 'components.js')),
  };
  bundle('panel', join(plugin, 'dist/site/panel.js'));
  for (const file of ['index.html', 'components.html']) {
    await cp(join(packageFolder, 'test/demo', file), join(site, file));
  }
  const secret = join(folder, 'secret.js');
  await writeFile(secret, 'secret');
  return {
    page: {
      id: 'demo',
      folder: site,
      plugins: new Map([['demo', plugin]]),
      title: 'Livelet demo',
      width: 800,
      height: 600,
    },
    secret,
    codeBytes,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** @returns bytes of code */
function bundle(name: string, outfile: string): number {
  const entry = join(packageFolder, 'dist/test-demo', `${name}.js`);
  const { metafile } = buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'esm',
    target: 'chrome120',
    minify: true,
    metafile: true,
  });
  return Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([input]) => !input.includes('/texts/'))
    .reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
}

/** A browser without a display, for pages that a test opens by hand. */
export function headlessBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: headlessChromium(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface OpenDemo extends AsyncDisposable {
  readonly shell: WindowShell;
  readonly window: PageWindow;
  readonly address: string;
  readonly problems: string[];
  /** Every port that the page opens. */
  readonly ports: PortQueue;
}

/** The demo page served and not yet looked at. */
export async function openDemo(page: PageSpec): Promise<OpenDemo> {
  const shell = createBrowserShell({ open: false });
  const problems: string[] = [];
  shell.onProblem(({ message }) => problems.push(message));
  const window = await shell.open(page);
  const ports = new PortQueue();
  window.onPort((port) => ports.add(port));
  const { address } = window;
  if (address === undefined) throw new Error('no address');
  return {
    shell,
    window,
    address,
    problems,
    ports,
    [Symbol.asyncDispose]: () => shell[Symbol.asyncDispose](),
  };
}

/** Ports in the order in which they come. */
export class PortQueue extends EventTarget {
  readonly #ports: PagePort[] = [];

  add(port: PagePort): void {
    this.#ports.push(port);
    this.dispatchEvent(new Event('port'));
  }

  async next(): Promise<PagePort> {
    while (this.#ports.length === 0) await once(this, 'port', { signal: AbortSignal.timeout(DEADLINE) });
    return this.#ports.shift() as PagePort;
  }
}

/** The next message at `port`. */
export function nextMessage(port: PagePort): Promise<PortMessage> {
  return withDeadline(
    'a message',
    new Promise((resolve) => {
      const subscription = port.onMessage((message) => {
        subscription[Symbol.dispose]();
        resolve(message);
      });
    }),
  );
}

export async function withDeadline<T>(what: string, promise: Promise<T>, limit = DEADLINE): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not come within ${limit} ms`)), limit);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Shows `address` and keeps what the browser complains about, such as what the content security policy refused. */
export async function visit(page: Page, address: string): Promise<string[]> {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(address);
  return complaints;
}

/** Waits for what the demo page says about its connection. */
export async function waitForState(page: Page, state: RegExp): Promise<void> {
  await page.locator('#state').filter({ hasText: state }).waitFor({ timeout: DEADLINE });
}
