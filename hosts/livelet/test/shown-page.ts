import { fileURLToPath } from 'node:url';
import { type Clock, systemClock } from '@livelet/core';
import { createBrowserShell } from '@livelet/window';
import type { Browser, Page } from 'playwright-core';
import { PageLink } from '../src/page-link.js';
import type { PieceShown } from '../src/page-protocol.js';
import { newPage } from './browser.js';

const SITE = fileURLToPath(new URL('../site/', import.meta.url));

export interface Shown extends AsyncDisposable {
  readonly page: Page;
  readonly link: PageLink;
  readonly complaints: readonly string[];
  /** The program goes away, the browser stays. */
  closeHost(): Promise<void>;
}

/** Of its browser context, the clock that the program counts by, and the pieces that are there in every view. */
export type ShownOptions = [
  options?: Parameters<typeof newPage>[1],
  clock?: Clock,
  help?: readonly PieceShown[],
];

/** The page alone, led by the test instead of a session. */
export async function showPage(
  browser: Browser,
  ...[options = {}, clock = systemClock, help = []]: ShownOptions
): Promise<Shown> {
  const resources = new AsyncDisposableStack();
  const shell = resources.use(createBrowserShell({ open: false }));
  const window = await shell.open({
    id: 'livelet',
    folder: SITE,
    plugins: new Map(),
    title: 'Livelet',
    width: 1,
    height: 1,
  });
  const link = resources.use(new PageLink(window, { relay: 'relay.example', region: 'EU', help }, clock));
  const { page, complaints } = await newPage(browser, options);
  resources.defer(() => page.context().close());
  await page.goto(window.address ?? '');
  await page.getByRole('heading', { level: 1 }).waitFor();
  const closeHost = (): Promise<void> => shell[Symbol.asyncDispose]() as Promise<void>;
  return { page, link, complaints, closeHost, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

/** The page's timers wait for `page.clock.runFor` from here on. */
export async function stopTime(page: Page): Promise<void> {
  const now = Date.now();
  await page.clock.install({ time: now });
  await page.clock.pauseAt(now + 60_000);
}
