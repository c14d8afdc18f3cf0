/** How large the side panel is beside the stage, or below it. */
import test from 'ava';
import { reached, testRelay } from './fixture.js';
import {
  accessibilityFaults,
  customerHost,
  joinWithPlugins,
  openConsole,
  startBrowser,
} from './page-fixture.js';

const browser = await startBrowser();
test.after.always(async () => await browser.close());

test('the side panel can be made larger, so that two folders stand beside each other', async (t) => {
  const relay = await testRelay(t);
  const host = await customerHost(t, [['file-transfer', 'depot']]);
  const { operator, page } = await openConsole(t, browser, relay);
  await page.getByRole('button', { name: 'New session' }).click();
  const { code } = await reached(operator.console, 'waiting');
  const customer = await joinWithPlugins(t, relay, code, host);
  customer.ownGrants.grant('take-files');
  await page.getByRole('tab', { name: 'Files' }).click();
  await page.getByText('The customer shares no folder now.').waitFor();
  const divider = page.getByRole('separator', { name: 'Size of the side panel' });
  const size = (value: number) => page.locator(`panel-divider[aria-valuenow="${value}"]`).waitFor();
  const beside = (): Promise<boolean> =>
    page.locator('livelet-courier .panes').evaluate((panes) => {
      const [own, theirs] = [...panes.children].map((pane) => pane.getBoundingClientRect().top);
      return own === theirs;
    });
  await size(24);
  t.false(await beside());
  await divider.press('ArrowLeft');
  await size(28);
  await divider.press('ArrowLeft');
  await size(32);
  t.true(await beside());
  await divider.press('End');
  await size(70);
  await divider.press('Home');
  await size(20);

  const { x = 0, y = 0 } = (await divider.boundingBox()) ?? {};
  await page.mouse.move(x + 4, y + 300);
  await page.mouse.down();
  await page.mouse.move(640, y + 300);
  await size(50);
  await page.mouse.up();
  await page.mouse.move(300, y + 300);
  await divider.dblclick();
  await size(24);
  t.deepEqual(await accessibilityFaults(page), []);

  await page.setViewportSize({ width: 560, height: 800 });
  await page.locator('panel-divider[aria-orientation=horizontal]').waitFor();
  await size(42);
  await divider.press('ArrowUp');
  await size(46);
  await page.getByRole('button', { name: 'Side panel' }).click();
  t.false(await divider.isVisible());
});
