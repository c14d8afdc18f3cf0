import { AxeBuilder } from '@axe-core/playwright';
import { startPanelBrowser } from '@livelet/compliance/panel-page';
import type { JsonValue } from '@livelet/core';
import test from 'ava';
import type { Page } from 'playwright-core';
import type { AudienceToPage, PresenterToPage } from '../src/demo/demo-protocol.js';

const browser = await startPanelBrowser();
test.after.always(async () => await browser[Symbol.asyncDispose]());

const CHOICE = new URL('../site/show-screen.js', import.meta.url);
const MARK = new URL('../site/showing-mark.js', import.meta.url);
const WATCHING = new URL('../site/watching-mark.js', import.meta.url);
const PICTURE = new URL('../site/shown-screen.js', import.meta.url);

const DISPLAYS = [
  { id: 1, name: 'HDMI-1', x: 0, y: 0, width: 1920, height: 1080 },
  { id: 0, name: '', x: 0, y: 0, width: 3840, height: 1080 },
];
const told = (state: PresenterToPage['state'], more: Partial<PresenterToPage> = {}): JsonValue =>
  ({ state, peerName: 'Anna', displays: DISPLAYS, ...more }) as unknown as JsonValue;
const watching = (value: boolean): JsonValue =>
  ({ watching: value, peerName: 'Maria' }) satisfies AudienceToPage;

async function serious(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id);
}

test.serial('the operator chooses by keyboard, and stops from the same place', async (t) => {
  await using panel = await browser.open({ module: CHOICE, size: { width: 360, height: 600 } });
  const { page } = panel;
  await panel.tell(told('off'));
  await page.getByRole('radio', { name: 'HDMI-1 · 1920 × 1080' }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  t.deepEqual(await panel.posted(), [{ json: { type: 'show', what: 0 } }]);
  await panel.tell(told('showing'));
  await page.getByText('You are showing your screen').waitFor();
  await page.keyboard.press('Enter');
  t.deepEqual(await panel.posted(), [{ json: { type: 'stop' } }]);
  await panel.tell(told('off', { displays: [], end: 'closed' }));
  await page.getByText('The customer has closed it.').waitFor();
  await page.keyboard.press('Enter');
  t.deepEqual(await panel.posted(), [{ json: { type: 'show', what: 'picker' } }]);
  t.deepEqual(panel.problems, []);
});

test.serial('the mark is there as long as something is shown, and is told to who can’t see it', async (t) => {
  await using panel = await browser.open({ module: MARK });
  await panel.tell(told('off'));
  t.is(await panel.page.getByRole('button').count(), 0);
  await panel.tell(told('showing'));
  t.deepEqual(await panel.marks(), ['You are showing your screen']);
  await panel.page.getByRole('button', { name: 'Stop showing' }).click();
  t.deepEqual(await panel.posted(), [{ json: { type: 'stop' } }]);
  await panel.tell(told('resuming'));
  await panel.page.getByTitle(/as soon as the connection is back/).waitFor();
  t.deepEqual(await panel.marks(), []);
  await panel.tell(told('off', { end: 'taken-back' }));
  await panel.page.getByRole('button').waitFor({ state: 'detached' });
  t.deepEqual(await panel.announced(), [
    'You are showing your screen',
    'You are showing your screen again as soon as the connection is back.',
    'The customer no longer allows it.',
  ]);
});

test.serial('the customer closes it by keyboard, and reads that it is closed', async (t) => {
  await using panel = await browser.open({ module: WATCHING });
  const { page } = panel;
  await panel.tell(watching(false));
  t.false(await page.getByText('helper').first().isVisible());
  await panel.tell(watching(true));
  t.deepEqual(await panel.marks(), ['You see their screen']);
  await page.getByRole('button', { name: 'Close it' }).press('Enter');
  t.deepEqual(await panel.posted(), [{ json: { type: 'close' } }]);
  await panel.tell(watching(false));
  t.deepEqual(await panel.marks(), []);
  t.is(await page.evaluate('document.activeElement.textContent'), 'You no longer see your helper’s screen.');
});

test.serial('in a narrow window the picture is in sight, and as wide as that', async (t) => {
  const size = { width: 360, height: 640 };
  const styles =
    'body { margin: 0; padding: 16px; } .slot::before { content: ""; display: block; block-size: 900px; }';
  await using panel = await browser.open({ module: PICTURE, size, styles });
  const { page } = panel;
  await panel.tell({ type: 'state', state: 'viewing' });
  const view = page.locator('.view');
  await view.waitFor();
  const { x = 0, y = 0, width = 0, height = 0 } = (await view.boundingBox()) ?? {};
  t.true(x >= 0 && width >= 340 && x + width <= 360, `${x} ${width}`);
  t.true(y >= 0 && y + height < 641, `${y} ${height}`);
  await page.getByRole('button', { name: 'Larger' }).press('Enter');
  t.true(((await view.boundingBox())?.height ?? 0) > 1.5 * height);
  t.is(await page.evaluate('document.documentElement.scrollWidth'), 360);
});

test.serial('the picture is there while it is shown, and no longer', async (t) => {
  await using panel = await browser.open({ module: PICTURE });
  const { page } = panel;
  const picture = page.getByRole('img', { name: 'Your helper’s screen' });
  await panel.tell({ type: 'state', state: 'opening' });
  t.false(await picture.isVisible());
  await panel.tell({ type: 'state', state: 'viewing' });
  await page.getByRole('button', { name: 'Larger' }).press('Enter');
  await page.getByRole('button', { name: 'Larger', pressed: true }).waitFor();
  await page.getByRole('button', { name: 'Full screen' }).press('Enter');
  const leave = page.getByRole('button', { name: 'Leave full screen (Esc)' });
  await leave.waitFor();
  t.true(await page.getByRole('button', { name: 'Close it' }).isVisible());
  await leave.press('Enter');
  await page.getByRole('button', { name: 'Full screen', exact: true }).press('Enter');
  await leave.waitFor();
  await page.getByRole('button', { name: 'Close it' }).press('Enter');
  const posted = (await panel.posted()).filter(({ bytes }) => bytes === undefined);
  t.deepEqual(posted, [{ json: { type: 'close' } }]);
  await panel.tell({ type: 'state', state: 'waiting' });
  await page.getByText('You no longer see').waitFor();
  t.false(await picture.isVisible());
  await panel.until('document.fullscreenElement === null');
  t.deepEqual(await panel.announced(), [
    'Your helper is showing you their screen.',
    'You no longer see your helper’s screen.',
  ]);
  t.deepEqual(panel.problems, []);
});

test.serial('axe finds nothing, and Italian fits too', async (t) => {
  const pieces: readonly (readonly [URL, JsonValue])[] = [
    [CHOICE, told('off', { end: 'failed' })],
    [MARK, told('showing')],
    [WATCHING, watching(true)],
    [PICTURE, { type: 'state', state: 'viewing' }],
  ];
  for (const [module, message] of pieces) {
    await using panel = await browser.open({ module, size: { width: 360, height: 600 } });
    await panel.tell(message);
    await panel.page.getByRole('button').first().waitFor();
    t.deepEqual(await serious(panel.page), [], module.pathname);
    await panel.speak('it');
    await panel.page
      .getByRole('button', { name: /^(Mostra|Smetti|Chiudi|Più grande)/ })
      .first()
      .waitFor();
    t.true((await panel.page.evaluate<number>('document.documentElement.scrollWidth')) <= 360);
  }
});
