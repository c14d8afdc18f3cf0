import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import type { Browser, Page } from 'playwright-core';
import { joinAsCustomer, reached, testRelay } from './fixture.js';
import {
  accessibilityFaults,
  customerHost,
  joinWithPlugins,
  type OpenConsole,
  openConsole,
  startBrowser,
} from './page-fixture.js';

const test = anyTest.serial as TestFn<unknown>;
let browser: Browser;
anyTest.before(async () => {
  browser = await startBrowser();
});
anyTest.after.always(() => browser?.close());

/** Widths that the console must be whole at, CSS pixels. */
const WIDTHS = [600, 900];

/** Nothing that axe finds, and nothing wider than the window. */
async function check(t: ExecutionContext, page: Page, state: string): Promise<void> {
  t.deepEqual(await accessibilityFaults(page), [], state);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    const needed = await page.evaluate('document.documentElement.scrollWidth');
    t.true(Number(needed) <= width, `${state} needs ${needed} of ${width} px`);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  for (const details of await page.locator('session-details').all()) {
    const cut = await details.evaluate((element) => element.scrollWidth - element.clientWidth);
    t.is(cut, 0, `${state}: details are ${cut} px too wide`);
  }
}

/** Goes to `view` by the console itself: this test is about what the page then looks like. */
async function shows(
  { operator, page }: OpenConsole,
  view: Parameters<typeof reached>[1],
  text: string | RegExp,
): Promise<void> {
  await reached(operator.console, view);
  await page.getByText(text).first().waitFor();
}

for (const [locale, colorScheme, words] of [
  [
    'en-GB',
    'light',
    {
      home: 'Help someone',
      wait: 'Read this code',
      compare: 'Compare these',
      ended: 'ended',
      picture: 'Picture',
    },
  ],
  [
    'it-IT',
    'dark',
    {
      home: 'Aiuta qualcuno',
      wait: 'Leggi questo',
      compare: 'Confrontate',
      ended: 'terminata',
      picture: 'Immagine',
    },
  ],
] as const) {
  test(`every state is whole for everyone, ${locale}, ${colorScheme}`, async (t) => {
    const relay = await testRelay(t);
    const host = await customerHost(t);
    const opened = await openConsole(t, browser, relay, { locale, colorScheme });
    const { page, operator } = opened;
    // A colour on its way to another has no contrast yet.
    await page.emulateMedia({ reducedMotion: 'reduce' });

    await shows(opened, 'home', words.home);
    await check(t, page, 'home');
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await check(t, page, 'shortcuts');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });

    await page.keyboard.press('n');
    const { code } = await reached(operator.console, 'waiting');
    await shows(opened, 'waiting', words.wait);
    await check(t, page, 'waiting');
    await t.throwsAsync(joinAsCustomer(t, relay, code, { wrongSecret: true }));
    await page.getByRole('alert').waitFor();
    await check(t, page, 'home after a failure');

    await page.keyboard.press('n');
    const second = await reached(operator.console, 'waiting');
    const customer = await joinWithPlugins(t, relay, second.code, host);
    await shows(opened, 'session', words.compare);
    await check(t, page, 'deciding');

    customer.ownGrants.grant('view');
    customer.ownGrants.grant('chat');
    await page.locator('canvas[data-livelet-stage]:visible').waitFor();
    await check(t, page, 'viewing, chat');
    await page.keyboard.press('m');
    await page.getByRole('table').waitFor();
    await page.getByRole('button', { name: words.picture, exact: true }).click();
    await page.getByRole('menuitemradio').first().waitFor();
    await check(t, page, 'measurements, the menu of the picture');
    await page.keyboard.press('Escape');
    await page.getByRole('tab').last().click();
    await operator.console.ask('control');
    await check(t, page, 'asking, details');
    customer.ownGrants.deny('control');
    await reached(operator.console, 'session', ({ events }) => events.some(({ what }) => what === 'denied'));
    await check(t, page, 'denied');
    customer.ownGrants.grant('control', { durationMs: 600_000 });
    await reached(operator.console, 'session', ({ events }) => events.length === 5);
    await check(t, page, 'controlling');
    customer.ownGrants.revoke('view');
    await page
      .getByText(/Anna Bianchi/)
      .first()
      .waitFor();
    await reached(operator.console, 'session', ({ events }) => events.length === 6);
    await check(t, page, 'paused');

    await page.keyboard.press('e');
    await page.getByRole('dialog').waitFor();
    await check(t, page, 'end?');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await shows(opened, 'ended', words.ended);
    await check(t, page, 'ended');
  });
}

test('the language is switched without losing the state', async (t) => {
  const relay = await testRelay(t);
  const { page } = await openConsole(t, browser, relay, { operator: { locale: 'it' } });
  await page.getByRole('button', { name: 'Nuova sessione' }).waitFor();
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('button', { name: 'New session' }).waitFor();
  t.is(await page.evaluate('document.documentElement.lang'), 'en');
  await page.reload();
  await page.getByRole('button', { name: 'New session' }).waitFor();
});
