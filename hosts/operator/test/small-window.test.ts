import test from 'ava';
import type { Locator } from 'playwright-core';
import { reached, testRelay } from './fixture.js';
import { customerHost, joinWithPlugins, openConsole, startBrowser } from './page-fixture.js';

const browser = await startBrowser();
test.after.always(() => browser.close());

type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

async function boxOf(element: Locator): Promise<Box> {
  return (await element.boundingBox()) ?? { x: Number.NaN, y: 0, width: 0, height: 0 };
}

function meet(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

test('the camera’s small window is in the way of neither messages nor tabs nor End, in any corner at any width', async (t) => {
  const relay = await testRelay(t);
  const host = await customerHost(t, [['camera', 'answerer']]);
  const { operator, page } = await openConsole(t, browser, relay, { locale: 'it-IT' });
  await page.getByRole('button', { name: 'Nuova sessione' }).click();
  const { code } = await reached(operator.console, 'waiting');
  const customer = await joinWithPlugins(t, relay, code, host);
  customer.ownGrants.grant('view');
  customer.ownGrants.grant('chat');
  const field = page.getByRole('textbox', { name: 'Messaggio' });
  const end = page.getByRole('button', { name: 'Termina', exact: true });
  const tabs = page.getByRole('tablist');
  const camera = page.locator('livelet-camera-window');
  await camera.waitFor({ state: 'attached' });
  // What its half says once the customer's camera is open, and the size of its picture.
  await camera.evaluate((element) => Object.assign(element, { state: 'shown' }));
  await camera.locator('canvas').evaluate((canvas) => Object.assign(canvas, { width: 640, height: 480 }));
  const shown = camera.getByRole('group', { name: 'Il cliente' });
  for (const width of [1280, 560, 360]) {
    await page.setViewportSize({ width, height: 800 });
    await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
    for (let corner = 0; corner < 4; corner += 1) {
      const box = await boxOf(shown);
      t.true(box.width >= 100 && box.height >= 60, `${width}: ${JSON.stringify(box)}`);
      for (const other of [field, end, tabs])
        t.false(meet(box, await boxOf(other)), `${width}, corner ${corner}`);
      await camera.getByRole('button', { name: 'Sposta in un altro angolo' }).press('Enter');
    }
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/camera-${width}.png` });
  }
});
