import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startXvfb } from '@livelet/compliance';
import test, { type ExecutionContext } from 'ava';
import type { Locator, Page } from 'playwright-core';
import { reached, testRelay } from './fixture.js';
import { customerHost, joinWithPlugins, openConsole, startBrowser } from './page-fixture.js';

const browser = await startBrowser();
test.after.always(() => browser.close());

const run = promisify(execFile);
const STAGE = 'canvas[data-livelet-stage]:visible';

/** An operator who controls a desktop of two monitors, and may chat. */
async function inSession(t: ExecutionContext, locale: string): Promise<Page> {
  const relay = await testRelay(t);
  const display = await startXvfb({ width: 3840, height: 1080 });
  const host = await customerHost(t, [], display);
  const { operator, page } = await openConsole(t, browser, relay, { locale });
  await reached(operator.console, 'home');
  await page.getByRole('button', { name: /New session|Nuova sessione/ }).click();
  const { code } = await reached(operator.console, 'waiting');
  const monitor = (name: string, x: number, output: string) =>
    run('xrandr', ['-display', display.name, '--setmonitor', name, `1920/500x1080/280+${x}+0`, output]);
  await monitor('left', 0, 'screen');
  await monitor('right', 1920, 'none');
  const customer = await joinWithPlugins(t, relay, code, host);
  for (const capability of ['view', 'control', 'chat'] as const) customer.ownGrants.grant(capability);
  await page.locator(STAGE).waitFor();
  await page.getByRole('combobox', { name: 'Monitor', exact: true }).waitFor();
  await page.getByRole('textbox', { name: /message|messaggio/i }).waitFor();
  return page;
}

async function drawn(page: Page): Promise<void> {
  await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
}

async function boxOf(element: Locator): Promise<Record<'x' | 'y' | 'width' | 'height', number>> {
  return (await element.boundingBox()) ?? { x: Number.NaN, y: 0, width: 0, height: 0 };
}

interface Select {
  readonly offsetWidth: number;
  readonly style: { inlineSize: string };
}

for (const locale of ['en-GB', 'it-IT']) {
  test.serial(
    `each monitor's size is read in the menu, and the tools are one row at 1280 px, ${locale}`,
    async (t) => {
      const page = await inSession(t, locale);
      const menu = page.getByRole('combobox', { name: 'Monitor', exact: true });
      await drawn(page);
      const { is, needs } = await menu.evaluate((element) => {
        const select = element as unknown as Select;
        const is = select.offsetWidth;
        select.style.inlineSize = 'max-content';
        const needs = select.offsetWidth;
        select.style.inlineSize = '';
        return { is, needs };
      });
      t.true(is >= needs && needs > 150, `${is} of ${needs}`);
      t.true((await boxOf(page.locator('session-toolbar'))).height < 60);
    },
  );

  test.serial(`the chat's field is whole at 360 px, ${locale}`, async (t) => {
    const page = await inSession(t, locale);
    const field = page.getByRole('textbox', { name: /message|messaggio/i });
    for (const height of [800, 640]) {
      await page.setViewportSize({ width: 360, height });
      await drawn(page);
      const { y, height: own } = await boxOf(field);
      t.true(own > 30 && y + own <= height, `${y} + ${own} of ${height}`);
      t.true((await boxOf(page.locator(STAGE))).height > 50, 'and there is a picture above it');
    }
  });
}

test.serial(
  'what is open is said over the stage, in which nothing moves for it and everything can be pressed',
  async (t) => {
    const page = await inSession(t, 'en-GB');
    const stage = page.locator('.stage');
    await drawn(page);
    const before = [await boxOf(stage), await boxOf(page.locator(STAGE))];
    const open = page.getByRole('list', { name: 'Open now' });
    t.is(await open.count(), 0, 'nothing is there to say nothing');
    const say = (marks: readonly string[]): Promise<unknown> =>
      page.locator('session-view').evaluate((view, marks) => Object.assign(view, { marks }), marks);
    await say(['Microphone open', 'Camera open']);
    await open.getByText('Microphone open').waitFor();
    await drawn(page);
    t.deepEqual([await boxOf(stage), await boxOf(page.locator(STAGE))], before);

    const line = await boxOf(page.locator('status-line'));
    const [{ x, y }] = before as [Awaited<ReturnType<typeof boxOf>>];
    t.true(line.x >= x && line.y >= y && line.height > 15 && line.height < 40, JSON.stringify(line));
    const inset = await page.evaluate<string>(
      "document.documentElement.style.getPropertyValue('--ll-stage-inset')",
    );
    t.true(Number.parseFloat(inset) >= line.y + line.height, 'small windows stand below it');

    const middle = { x: line.x + line.width / 2, y: line.y + line.height / 2 };
    const isAside = page.locator('status-line.aside');
    await page.mouse.move(middle.x, middle.y + 200);
    t.is(await isAside.count(), 0);
    await page.mouse.move(middle.x, middle.y);
    await isAside.waitFor();
    const hit = await page.evaluate<string>(`(() => {
    let hit;
    let root = document;
    while (root) {
      const inside = root.elementFromPoint(${middle.x}, ${middle.y});
      if (inside === hit) break;
      hit = inside;
      root = hit.shadowRoot;
    }
    return hit.localName;
  })()`);
    t.notRegex(hit, /^(status-line|ul|li)$/);
    await say([]);
    await open.waitFor({ state: 'detached' });
  },
);
