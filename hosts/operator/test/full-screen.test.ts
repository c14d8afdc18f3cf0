/** The stage alone on the screen, and the way out of it. */
import { CHAT_PATH, type ChatService } from '@livelet/core';
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

test.serial('in full screen the way out comes with the pointer and by the keyboard', async (t) => {
  const relay = await testRelay(t);
  const host = await customerHost(t);
  const { operator, page } = await openConsole(t, browser, relay);
  await page.getByRole('button', { name: 'New session' }).click();
  const { code } = await reached(operator.console, 'waiting');
  const customer = await joinWithPlugins(t, relay, code, host);
  customer.ownGrants.grant('view');
  customer.ownGrants.grant('control');
  await page.locator('canvas[data-livelet-stage]:visible').waitFor();
  const [shown, away] = [
    page.locator('full-screen-bar[shown]'),
    page.locator('full-screen-bar:not([shown])'),
  ];
  const leave = page.getByRole('button', { name: 'Leave full screen' });
  t.false(await leave.isVisible());

  const enter = page.getByRole('button', { name: /^Full screen/ });
  await enter.press('Enter');
  await page.locator('.stage:fullscreen').waitFor();
  await shown.waitFor();
  await page.locator('full-screen-bar button:focus').waitFor();
  t.deepEqual(await accessibilityFaults(page), []);

  // The customer's keyboard and mouse.
  await page.mouse.click(640, 400);
  await page.locator('textarea:focus').waitFor({ state: 'attached' });
  await away.waitFor({ state: 'attached' });
  await page.mouse.move(640, 1);
  await shown.waitFor();
  await page.mouse.move(640, 300);
  await away.waitFor({ state: 'attached' });

  // The chord gives the keyboard back; the next Tab goes to the way out.
  for (const key of ['Control', 'Alt', 'Shift']) await page.keyboard.down(key);
  for (const key of ['Shift', 'Alt', 'Control']) await page.keyboard.up(key);
  await shown.waitFor();
  await page.keyboard.press('Tab');
  await page.locator('full-screen-bar button:focus').waitFor();
  await page.keyboard.press('e');
  await page.getByRole('button', { name: 'End session' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'End session' }).waitFor({ state: 'hidden' });
  await leave.press('Enter');
  await page.locator('.stage:fullscreen').waitFor({ state: 'detached' });
  await leave.waitFor({ state: 'hidden' });
  // Where the keyboard was before.
  await page.locator('zoom-buttons button:focus').waitFor();
});

test.serial(
  'in full screen a message is noticed, the shortcuts are shown, and the chat gets the keyboard',
  async (t) => {
    const relay = await testRelay(t);
    const host = await customerHost(t);
    const { operator, page } = await openConsole(t, browser, relay);
    operator.console.newCode();
    const { code } = await reached(operator.console, 'waiting');
    const customer = await joinWithPlugins(t, relay, code, host);
    for (const capability of ['view', 'chat'] as const) customer.ownGrants.grant(capability);
    await page.locator('canvas[data-livelet-stage]:visible').waitFor();
    await page.getByRole('button', { name: /^Full screen/ }).press('Enter');
    await page.locator('.stage:fullscreen').waitFor();

    await page.keyboard.press('?');
    const keys = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await keys.waitFor();
    t.true(await keys.evaluate((dialog) => dialog.matches(':modal')));
    await keys.getByRole('button', { name: 'Close' }).press('Enter');
    await keys.waitFor({ state: 'hidden' });

    const chat = customer.pluginChannel({
      serves: [],
      opens: [{ path: CHAT_PATH, priority: 'chat' }],
    });
    t.teardown(() => chat[Symbol.dispose]());
    const console = chat.remote<ChatService>(CHAT_PATH);
    for (const id of ['one', 'two']) await console.deliver({ id, text: 'hello', at: 1 });
    await page.locator('page-note:popover-open').getByText('Chat: 2 unread, outside full screen').waitFor();
    t.deepEqual(await accessibilityFaults(page), []);

    await page.keyboard.press('t');
    await page.locator('.stage:fullscreen').waitFor({ state: 'detached' });
    await page.locator('livelet-chat textarea:focus').waitFor();
    await page.keyboard.type('hello, e');
    t.is(await page.getByRole('textbox', { name: 'Write a message' }).inputValue(), 'hello, e');
    t.is(await page.getByRole('dialog').count(), 0);
  },
);
