/** What the operator types on when the field is gone that they typed into. */
import test, { type ExecutionContext } from 'ava';
import type { Page } from 'playwright-core';
import { reached, type TestRelay, testRelay } from './fixture.js';
import {
  accessibilityFaults,
  customerHost,
  joinWithPlugins,
  type OpenConsole,
  openConsole,
  startBrowser,
} from './page-fixture.js';

const browser = await startBrowser();
test.after.always(async () => await browser.close());

const NOTE = 'page-note:popover-open';
/** Holds a letter of each shortcut that acts at once, and what presses a button. */
const TYPED_ON = 'e \n\n pvcts echo the rest\n e\n';

interface Typing extends OpenConsole {
  readonly relay: TestRelay;
  readonly customer: Awaited<ReturnType<typeof joinWithPlugins>>;
}

/** A console in whose picture the operator types. */
async function typing(t: ExecutionContext): Promise<Typing> {
  const relay = await testRelay(t);
  const host = await customerHost(t);
  const opened = await openConsole(t, browser, relay);
  const { operator, page } = opened;
  operator.console.newCode();
  const { code } = await reached(operator.console, 'waiting');
  const customer = await joinWithPlugins(t, relay, code, host);
  customer.ownGrants.grant('view');
  customer.ownGrants.grant('control');
  await page.locator('.picture textarea:enabled').waitFor({ state: 'attached' });
  await page.locator('canvas[data-livelet-stage]:visible').click();
  await page.locator('.picture textarea:focus').waitFor({ state: 'attached' });
  await page.keyboard.type('echo ');
  return { ...opened, relay, customer };
}

/** Nothing that a shortcut would have done. */
async function nothingHappened(t: ExecutionContext, page: Page): Promise<void> {
  await page.locator(NOTE).getByText('You were still typing').waitFor();
  t.is(await page.getByRole('dialog').count(), 0);
  t.deepEqual(await accessibilityFaults(page), []);
}

test('control is taken back: what is typed on is no shortcut until the person means one', async (t) => {
  const { operator, page, customer } = await typing(t);
  customer.ownGrants.revoke('control');
  await page.locator('.picture textarea:disabled').waitFor({ state: 'attached' });
  await page.keyboard.type(TYPED_ON);
  await nothingHappened(t, page);
  const { grants } = await reached(operator.console, 'session');
  t.deepEqual(
    grants.filter(({ state }) => state === 'asked'),
    [],
  );
  // Control that comes back doesn't bring the shortcuts.
  customer.ownGrants.grant('control');
  await page.locator('.picture textarea:enabled').waitFor({ state: 'attached' });
  await page.keyboard.type(TYPED_ON);
  await nothingHappened(t, page);

  await page.keyboard.press('Tab');
  await page.keyboard.press('e');
  const asked = page.getByRole('dialog', { name: /End the session/ });
  await asked.waitFor();
  // Typed into the question, it goes on.
  await page.keyboard.press('Enter');
  await asked.waitFor({ state: 'hidden' });
  await reached(operator.console, 'session');
});

test('the picture is taken back, or the line is lost: the session goes on whatever is typed', async (t) => {
  const { operator, page, customer, relay } = await typing(t);
  customer.ownGrants.revoke('view');
  await page.getByRole('heading', { name: /^Paused by/ }).waitFor();
  await page.keyboard.type(TYPED_ON);
  await nothingHappened(t, page);

  customer.ownGrants.grant('view');
  await page.locator('.picture textarea:enabled').waitFor({ state: 'attached' });
  await page.locator('canvas[data-livelet-stage]:visible').click();
  await page.locator('.picture textarea:focus').waitFor({ state: 'attached' });
  await page.keyboard.type('echo ');
  await relay.close();
  await page.getByRole('heading', { name: 'The connection was lost' }).waitFor();
  await page.locator('.picture textarea:disabled').waitFor({ state: 'attached' });
  await page.keyboard.type(TYPED_ON);
  await nothingHappened(t, page);
  await relay.startAgain();
  await page.locator('.picture textarea:focus').waitFor({ state: 'attached' });
  await reached(operator.console, 'session', ({ connection }) => connection.state === 'connected');
});

test('the receipt comes in its place: no new session begins by a letter, nor by a button', async (t) => {
  const { operator, page, customer } = await typing(t);
  await customer.end('person');
  await page.getByRole('heading', { name: /^Session with .* ended$/ }).waitFor();
  await page.keyboard.type('new\n n\n');
  await nothingHappened(t, page);
  await reached(operator.console, 'ended');
  await page.getByRole('heading', { name: /^Session with .* ended$/ }).click();
  await page.keyboard.press('n');
  await reached(operator.console, 'waiting');
});
