import anyTest, { type TestFn } from 'ava';
import type { Browser } from 'playwright-core';
import { reached, testRelay } from './fixture.js';
import {
  accessibilityFaults,
  customerHost,
  joinWithPlugins,
  openConsole,
  startBrowser,
} from './page-fixture.js';

const test = anyTest.serial as TestFn<unknown>;
let browser: Browser;
anyTest.before(async () => {
  browser = await startBrowser();
});
anyTest.after.always(() => browser?.close());

for (const [locale, colorScheme, words] of [
  [
    'en-GB',
    'light',
    {
      viewing: 'Viewing',
      lost: 'The connection was lost',
      said: 'The connection was lost and is being restored.',
      back: 'The connection is back.',
      details: 'Details',
      restored: 'Times restored1',
      without: 'Without connection',
    },
  ],
  [
    'it-IT',
    'dark',
    {
      viewing: 'Stai guardando',
      lost: 'Il collegamento è caduto',
      said: 'Il collegamento è caduto e lo sto ripristinando.',
      back: 'Il collegamento è tornato.',
      details: 'Dettagli',
      restored: 'Quante volte è stato ripristinato1',
      without: 'Senza connessione',
    },
  ],
] as const) {
  test(`a relay that restarts: the page waits, and goes on by itself, ${locale}, ${colorScheme}`, async (t) => {
    const relay = await testRelay(t);
    const host = await customerHost(t);
    const { operator, page } = await openConsole(t, browser, relay, { locale, colorScheme });
    operator.console.newCode();
    const { code } = await reached(operator.console, 'waiting');
    const customer = await joinWithPlugins(t, relay, code, host);
    await reached(operator.console, 'session');
    customer.ownGrants.grant('view');
    const mode = page.locator('.mode');
    await mode.getByText(words.viewing, { exact: true }).waitFor();
    await page.getByRole('button', { name: /^\d+ % / }).waitFor();

    await relay.close();
    await page.getByRole('heading', { name: words.lost }).waitFor();
    const said = page.locator('[aria-live=polite]');
    await said.getByText(words.said, { exact: true }).waitFor();
    t.is(await page.locator('.picture.dimmed[inert] canvas[data-livelet-stage]:visible').count(), 1);
    const askable = page.locator('ask-button button:not([aria-disabled=true])');
    t.is(await askable.count(), 0, 'nothing can be asked');
    t.deepEqual(await accessibilityFaults(page), []);

    await relay.startAgain();
    await said.getByText(words.back, { exact: true }).waitFor();
    await mode.getByText(words.viewing, { exact: true }).waitFor();
    await page.locator('.picture:not([inert]) > .ll-panel canvas[data-livelet-stage]:visible').waitFor();
    await page.getByRole('tab', { name: words.details }).click();
    const way = page.locator('session-details').locator('dl').filter({ hasText: 'TLS' });
    t.true((await way.innerText()).replace(/\s*\n\s*/g, '').includes(words.restored));
    t.deepEqual(await accessibilityFaults(page), []);

    await customer.end('person');
    await page.getByText(words.without, { exact: true }).waitFor();
    t.is(customer.receipt.interruptions.length, 1);
    t.deepEqual(await accessibilityFaults(page), []);
  });
}

test('the keyboard is on the stage again after a drop, without a click', async (t) => {
  const relay = await testRelay(t);
  const host = await customerHost(t);
  const { operator, page } = await openConsole(t, browser, relay, { locale: 'en-GB', colorScheme: 'light' });
  operator.console.newCode();
  const { code } = await reached(operator.console, 'waiting');
  const customer = await joinWithPlugins(t, relay, code, host);
  await reached(operator.console, 'session');
  customer.ownGrants.grant('view');
  customer.ownGrants.grant('control');
  const keyboard = page.locator('.picture textarea');
  await page.locator('.picture textarea:enabled').waitFor({ state: 'attached' });
  await page.locator('canvas[data-livelet-stage]:visible').click();
  const focused = page.locator('.picture textarea:focus');
  await focused.waitFor({ state: 'attached' });

  await relay.close();
  await page.getByRole('heading', { name: 'The connection was lost' }).waitFor();
  await page.locator('.picture textarea:disabled').waitFor({ state: 'attached' });
  t.is(await focused.count(), 0);
  await relay.startAgain();
  await focused.waitFor({ state: 'attached' });
  t.true(await keyboard.isEnabled());
  await customer.end('person');
});
