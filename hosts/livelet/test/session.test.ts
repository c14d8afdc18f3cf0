import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkReceipt } from '@livelet/core';
import test from 'ava';
import type { Browser, Page } from 'playwright-core';
import { accessibilityProblems, startBrowser } from './browser.js';
import { pressAllow, startCustomer, typeCode } from './customer.js';
import { granted, startWorld, type World, waitingOperator } from './world.js';

let browser: Browser;
let world: World;
test.before(async () => {
  [browser, world] = await Promise.all([startBrowser(), startWorld()]);
});
test.after.always(async () => {
  await browser?.close();
  await world?.[Symbol.asyncDispose]();
});

test.serial('by mouse: code, who, Allow, small window, question, revoke, Stop, receipt', async (t) => {
  await using customer = await startCustomer(browser, world, { smallWindows: true });
  const { page, livelet, complaints } = customer;
  const operator = await waitingOperator(world.relay);
  await typeCode(page, operator.code);
  const session = await operator.session();
  await page.getByRole('heading', { name: 'Maria Rossi wants to help you' }).waitFor();
  const shownWords = await page.locator('.word').allTextContents();
  t.deepEqual(shownWords, [...session.sasWords]);
  t.is(await page.locator('.fingerprint').textContent(), operator.fingerprint);
  const opened = page.context().waitForEvent('page');
  await pressAllow(page);
  const panel = await opened;
  await panel.getByRole('heading', { name: 'Maria Rossi sees your screen' }).waitFor();
  await Promise.all([granted(session, 'view'), granted(session, 'chat')]);
  t.false(session.peerGrants.isGranted('control'));
  await panel.getByRole('heading', { name: 'Messages' }).waitFor();
  t.is(await panel.getByRole('heading', { name: 'Files' }).count(), 0, 'no heading over nothing');
  t.deepEqual(await accessibilityProblems(page), []);

  await session.ask('control');
  await panel.getByRole('alertdialog', { name: 'Maria Rossi asks to use your mouse and keyboard' }).waitFor();
  await panel.getByLabel('Until the end').check();
  await panel.getByRole('alertdialog').getByRole('button', { name: 'Allow', exact: true }).click();
  await granted(session, 'control');
  await panel
    .getByRole('heading', { name: 'Maria Rossi sees your screen and can use your mouse and keyboard' })
    .waitFor();
  await panel.getByRole('switch', { name: 'use your mouse and keyboard' }).click();
  await granted(session, 'control', false);
  t.is(session.peerGrants.get('control').state, 'revoked');

  await panel.getByRole('button', { name: 'Stop' }).click();
  t.like(await session.ended, { how: 'ended-by-peer', reason: 'person' });
  await page.getByRole('heading', { name: 'You have stopped the help' }).waitFor();
  t.deepEqual(await livelet.done, { reason: 'ended' });
  await page.getByText('The program has closed. Nobody can connect.').waitFor();
  t.true(panel.isClosed(), 'the small window has gone');
  t.deepEqual(complaints, []);
});

test.serial(
  'a browser that the person opened is known by its process, so that no input reaches it',
  async (t) => {
    await using customer = await startCustomer(browser, world);
    const [id, ...more] = customer.livelet.browsers() ?? [];
    t.deepEqual(more, []);
    const command = await readFile(`/proc/${id}/cmdline`, 'utf8');
    t.regex(command, /chromium/);
    t.notRegex(command, /--type=/, 'the process with the windows, not one of its helpers');
  },
);

test.serial('by keyboard alone, at 360 pixels', async (t) => {
  await using customer = await startCustomer(browser, world, { width: 360 });
  const { page, livelet } = customer;
  const operator = await waitingOperator(world.relay);
  await page.keyboard.type(operator.code);
  await page.keyboard.press('Enter');
  const session = await operator.session();
  await page.locator('h1:focus', { hasText: 'Maria Rossi wants to help you' }).waitFor();
  await tabTo(page, 'Use your mouse and keyboard');
  await page.keyboard.press('Space');
  await page.getByRole('status').getByText('Allow can be pressed now').waitFor();
  await tabTo(page, 'Allow');
  await page.keyboard.press('Enter');
  await granted(session, 'control');
  await page.locator('h1:focus').waitFor();
  await tabTo(page, 'see your screen');
  await page.keyboard.press('Space');
  await granted(session, 'view', false);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  t.like(await session.ended, { reason: 'person' });
  await page.locator('h1:focus', { hasText: 'You have stopped the help' }).waitFor();
  t.is((await livelet.done).reason, 'ended');
});

/** Tab until the element with that name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  const focused = `(() => {
    const element = document.activeElement;
    return (element.labels?.[0] ?? element).textContent.trim();
  })()`;
  for (let presses = 0; presses < 20; presses++) {
    await page.keyboard.press('Tab');
    if (((await page.evaluate(focused)) as string).startsWith(name)) return;
  }
  throw new Error(`Tab doesn't lead to ${name}`);
}

test.serial('a session that was refused leaves a receipt that both programs signed', async (t) => {
  const stateDir = await mkdtemp(join(world.folder, 'refused-'));
  await using customer = await startCustomer(browser, world, { stateDir });
  const operator = await waitingOperator(world.relay);
  await typeCode(customer.page, operator.code);
  const session = await operator.session();
  await customer.page.getByRole('button', { name: 'Refuse' }).click();
  t.like(await session.ended, { how: 'ended-by-peer', reason: 'refused' });
  await customer.livelet.done;
  t.is(session.agreed.missing, undefined);
  const names = (await readdir(join(stateDir, 'receipts'))).sort();
  t.is(names.length, 2);
  const { agreed, intact, account } = checkReceipt(
    await readFile(join(stateDir, 'receipts', names[0] ?? ''), 'utf8'),
  );
  t.true(intact);
  t.is(agreed, 'both');
  t.is(account.agreed.customer?.reason, 'refused');
  t.deepEqual(account.agreed.facts, session.agreed.facts);
  const text = await readFile(join(stateDir, 'receipts', names[1] ?? ''), 'utf8');
  t.regex(text, /Both ends signed who was there/);
});
