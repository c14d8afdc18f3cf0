import { AxeBuilder } from '@axe-core/playwright';
import { headlessChromium } from '@livelet/compliance/headless-chromium';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** One headless Chromium for a test file. */
export function startBrowser(): Promise<Browser> {
  const root = process.getuid?.() === 0;
  return chromium.launch({ executablePath: headlessChromium(), args: root ? ['--no-sandbox'] : [] });
}

/** A page of its own context, and what its console complained about. */
export async function newPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({
    locale: 'en-US',
    viewport: { width: 420, height: 860 },
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return { page, complaints };
}

/** What axe finds wrong with the page as it is now. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  // Pages have no frames; the other mode opens a page of its own each time.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
}
