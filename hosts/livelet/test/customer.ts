import { createIdentity, systemRandom } from '@livelet/core';
import { createBrowserShell } from '@livelet/window';
import type { Browser, Page } from 'playwright-core';
import { type LiveletOptions, type RunningLivelet, runLivelet } from '../src/livelet.js';
import { newPage } from './browser.js';
import type { World } from './world.js';

/** A Livelet in this process with its page in a headless browser. */
export interface Customer extends AsyncDisposable {
  readonly livelet: RunningLivelet;
  readonly page: Page;
  readonly complaints: readonly string[];
}

export interface CustomerOptions extends Partial<LiveletOptions> {
  /** Whether the browser has small windows that stay in front. @default false */
  readonly smallWindows?: boolean;
  /** CSS pixels. @default 420 */
  readonly width?: number;
}

export async function startCustomer(
  browser: Browser,
  { relay, display, folder }: World,
  { smallWindows = false, width = 420, ...options }: CustomerOptions = {},
): Promise<Customer> {
  await using starting = new AsyncDisposableStack();
  const shell = starting.use(createBrowserShell({ open: false }));
  const livelet = starting.use(
    await runLivelet({
      deployment: relay.deployment,
      identity: createIdentity(systemRandom),
      name: 'Anna',
      stateDir: folder,
      display: display.name,
      shell,
      armSeconds: 1,
      ...options,
    }),
  );
  const { page, complaints } = await newPage(browser, { viewport: { width, height: 860 } });
  starting.defer(() => page.context().close());
  if (!smallWindows) {
    await page.addInitScript(
      `Object.defineProperty(window, 'documentPictureInPicture', { value: undefined })`,
    );
  }
  await page.goto(livelet.address ?? '');
  await page.getByRole('textbox').waitFor();
  const running = starting.move();
  return { livelet, page, complaints, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** Types a code and presses Continue. */
export async function typeCode(page: Page, code: string): Promise<void> {
  await page.getByLabel('Code from your helper').fill(code);
  await page.getByRole('button', { name: 'Continue' }).click();
}

/** Waits until Allow is open, and presses it. */
export async function pressAllow(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Allow', exact: true }).click();
}
