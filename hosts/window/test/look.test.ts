import { AxeBuilder } from '@axe-core/playwright';
import test from 'ava';
import type { Browser } from 'playwright-core';
import { type DemoSite, demoSite, headlessBrowser, openDemo, visit } from './support.js';

let site: DemoSite;
let browser: Browser;
test.before(async () => {
  site = await demoSite();
  browser = await headlessBrowser();
});
test.after.always(async () => {
  await browser?.close();
  await site?.[Symbol.asyncDispose]();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`plain elements and components keep to the policy, and axe finds nothing (${colorScheme})`, async (t) => {
    await using demo = await openDemo(site.page);
    const context = await browser.newContext({ colorScheme, locale: 'en-GB' });
    const page = await context.newPage();
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    const { origin } = new URL(demo.address);
    const complaints = await visit(page, `${origin}/components.html`);

    await page.getByRole('tab', { name: 'Chat' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByText('Nothing yet').waitFor();
    // Tabs that don't fit.
    await page.setViewportSize({ width: 150, height: 600 });
    await page.getByRole('button', { name: 'Scroll to start' }).click();
    await page.getByRole('tab', { name: 'Chat' }).click();
    await page.getByText('Messages').waitFor();
    await page.getByRole('switch', { name: 'See my screen' }).focus();
    await page.keyboard.press('Space');
    t.false(await page.getByRole('switch').isChecked());

    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    t.deepEqual(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
      [],
    );
    t.deepEqual(complaints, []);
    t.true(requests.includes(`${origin}/icons/chevron-left.svg`));
    t.deepEqual(
      requests.filter((url) => !url.startsWith(`${origin}/`)),
      [],
    );
    await context.close();
  });
}

test('the toolkit stays small', (t) => {
  const { main, components } = site.codeBytes;
  t.log(`toolkit ${main} bytes, with components ${components} bytes`);
  t.true(main < 50_000);
  t.true(components < 180_000);
});
