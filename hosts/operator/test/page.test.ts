import { readFile } from 'node:fs/promises';
import { checkReceipt } from '@livelet/core';
import anyTest, { type TestFn } from 'ava';
import type { Browser, Page } from 'playwright-core';
import { joinAsCustomer, reached, testRelay } from './fixture.js';
import { customerHost, joinWithPlugins, openConsole, startBrowser } from './page-fixture.js';

const test = anyTest.serial as TestFn<unknown>;
let browser: Browser;
anyTest.before(async () => {
  browser = await startBrowser();
});
anyTest.after.always(() => browser?.close());

async function newCode(page: Page): Promise<string> {
  await page.getByRole('button', { name: /New session|Nuova sessione/ }).click();
  return codeOn(page);
}

/** The digits on the page, in their groups. */
async function codeOn(page: Page): Promise<string> {
  const code = page.getByRole('img', { name: /^(Session code|Codice della sessione) [\d ]+$/ });
  const name = (await code.getAttribute('aria-label')) ?? '';
  return name.replace(/^\D+/, '');
}

test('a whole session by mouse', async (t) => {
  const relay = await testRelay(t);
  const host = await customerHost(t, [
    ['file-transfer', 'depot'],
    ['recording', 'recorded'],
  ]);
  const { page, operator } = await openConsole(t, browser, relay);
  await page.getByText('No sessions today.').waitFor();
  await page.getByText('127.0.0.1').waitFor();

  const code = await newCode(page);
  await page.getByText(/Valid for\s+9:5\d/).waitFor();
  await page.getByRole('button', { name: 'Copy code' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  t.is(await page.evaluate('navigator.clipboard.readText()'), code);

  const customer = await joinWithPlugins(t, relay, code, host);
  await page.getByRole('heading', { name: 'Compare these four words' }).waitFor();
  for (const word of customer.sasWords) await page.getByText(word, { exact: true }).first().waitFor();
  await page.getByText('Anna Bianchi is deciding what you may do').waitFor();
  t.is(await page.locator('canvas[data-livelet-stage]:visible').count(), 0);

  customer.ownGrants.grant('view');
  customer.ownGrants.grant('chat');
  await page.getByText('Viewing', { exact: true }).waitFor();
  await page.locator('canvas[data-livelet-stage]:visible').waitFor();
  await page.getByRole('button', { name: /^\d+ % Actual size$/ }).waitFor();
  const places = (): Promise<unknown> =>
    Promise.all(['session-toolbar', 'zoom-buttons'].map((name) => page.locator(name).boundingBox()));
  const before = await places();
  t.true(((await page.locator('session-toolbar').boundingBox())?.height ?? 99) < 60, 'one line');
  for (const tab of await page.getByRole('tab').all()) {
    const { x, width } = (await tab.boundingBox()) ?? { x: Number.NaN, width: 0 };
    t.true(x + width <= 1280, 'all tabs fit');
  }

  const asked = new Promise((resolve) => customer.onAsked(resolve));
  await page.getByRole('button', { name: 'Ask for control' }).click();
  t.is(await asked, 'control');
  await page.getByRole('button', { name: 'Asked' }).waitFor();
  customer.ownGrants.deny('control');
  await page.getByRole('button', { name: /^Ask again in (10|9|8) s$/ }).waitFor();
  customer.ownGrants.grant('control');
  await page.getByText('Controlling', { exact: true }).waitFor();
  t.deepEqual(await places(), before, 'nothing moved');

  await page.getByRole('tab', { name: 'Files' }).click();
  const askedForFiles = new Promise((resolve) => customer.onAsked(resolve));
  const files = page.getByRole('tabpanel', { name: 'Files' });
  await files.getByRole('button', { name: 'Ask for files' }).click();
  t.is(await askedForFiles, 'take-files');
  await files.getByRole('button', { name: 'Ask for files: Asked' }).waitFor();
  customer.ownGrants.deny('take-files');
  await files.getByRole('button', { name: /^Ask for files again in \d+ s$/ }).waitFor();
  await files.getByText('The customer refused.').waitFor();
  customer.ownGrants.grant('take-files');
  await files.getByRole('button', { name: 'Ask for files' }).waitFor({ state: 'detached' });

  const menu = page.locator('livelet-record-menu');
  const askedToRecord = new Promise((resolve) => customer.onAsked(resolve));
  await menu.getByRole('button', { name: 'Record', exact: true }).click();
  await menu.getByRole('button', { name: 'Ask to record' }).press('Enter');
  t.is(await askedToRecord, 'record');
  await menu.getByText('no answer yet').waitFor();
  customer.ownGrants.deny('record');
  const again = menu.getByRole('button', { name: /^Ask to record again in \d+ s$/ });
  await again.waitFor();
  t.is(await again.getAttribute('aria-disabled'), 'true');
  await menu.getByText('The customer refused.').waitFor();

  await page.getByRole('tab', { name: 'Details' }).click();
  const events = page.getByRole('listitem').filter({ hasText: 'Control' });
  await events.filter({ hasText: 'Denied' }).waitFor();
  const notes = page.getByRole('textbox', { name: 'Your notes' });
  await notes.fill('Printer.');
  const { state } = operator.console;
  t.true(state.view === 'session');
  if (state.view === 'session') await page.getByText(state.peer.fingerprint).waitFor();

  customer.ownGrants.revoke('view');
  await page.getByRole('heading', { name: 'Paused by Anna Bianchi' }).waitFor();
  customer.ownGrants.grant('view', { durationMs: 1 });
  await page.getByRole('heading', { name: 'The time to see the screen is over' }).waitFor();
  await page.getByRole('button', { name: 'End', exact: true }).click();
  await page.getByRole('button', { name: 'End session' }).click();
  await page.getByRole('heading', { name: 'Session with Anna Bianchi ended' }).waitFor();
  await page.getByText('By both programs').waitFor();
  t.is(await notes.inputValue(), 'Printer.');
  await page.getByText('You ended it.').waitFor();
  t.like(await customer.ended, { how: 'ended-by-peer', reason: 'person' });

  await page.getByRole('button', { name: 'Copy' }).click();
  const receipt = String(await page.evaluate('navigator.clipboard.readText()'));
  for (const line of [
    'Helper: Maria Rossi',
    'With: Anna Bianchi',
    'Control: Denied',
    'Screen: Taken back',
    'Time connected: ',
  ]) {
    t.true(receipt.includes(line), line);
  }
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  t.regex((await download).suggestedFilename(), /^livelet-\d{4}-\d\d-\d\dT\d{4}\.txt$/);
  const second = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save signed (.json)' }).click();
  const signed = await second;
  t.regex(signed.suggestedFilename(), /^livelet-\d{4}-\d\d-\d\dT\d{4}\.json$/);
  const checked = checkReceipt(await readFile(await signed.path(), 'utf8'));
  t.is(checked.account.ownNotes, undefined, 'the notes stay here');
  t.true(checked.intact);
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('listitem').filter({ hasText: 'Anna Bianchi' }).waitFor();
  await page.getByRole('button', { name: 'New session' }).waitFor();
});

test('a shortcut right behind a closed dialog counts, while the focus is still in it', async (t) => {
  const relay = await testRelay(t);
  const { page } = await openConsole(t, browser, relay);
  await page.getByRole('button', { name: 'New session' }).first().waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await page.evaluate(`{
    const app = document.querySelector('operator-app').shadowRoot;
    const dialog = app.querySelector('shortcuts-dialog').shadowRoot.querySelector('dialog');
    dialog.close();
    const key = new KeyboardEvent('keydown', { key: 'n', bubbles: true, composed: true });
    dialog.querySelector('button').dispatchEvent(key);
  }`);
  t.regex(await codeOn(page), /^\d{3} \d{3} \d{3} \d{3}$/);
});

test('a whole session by keyboard alone', async (t) => {
  const relay = await testRelay(t);
  const host = await customerHost(t);
  const { page } = await openConsole(t, browser, relay, { locale: 'it-IT' });
  await page.getByRole('button', { name: 'Nuova sessione' }).waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Scorciatoie da tastiera' }).waitFor();
  await page.keyboard.press('n');
  t.true(await page.getByRole('dialog').isVisible(), 'keys do nothing behind a dialog');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });

  await page.keyboard.press('n');
  const code = await codeOn(page);
  await page.getByRole('button', { name: 'Copia codice' }).and(page.locator(':focus')).waitFor();
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: 'Altro codice' }).and(page.locator(':focus')).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Nuova sessione' }).waitFor();
  await page.keyboard.press('n');
  const second = await codeOn(page);
  t.not(second, code);

  const customer = await joinWithPlugins(t, relay, second, host);
  await page.getByRole('heading', { name: 'Confrontate queste quattro parole' }).waitFor();
  const asked: string[] = [];
  customer.onAsked((capability) => {
    asked.push(capability);
    customer.ownGrants.grant(capability);
  });
  await page.keyboard.press('v');
  await page.getByText('Stai guardando').waitFor();
  await page.keyboard.press('c');
  await page.getByText('Stai controllando').waitFor();
  await page.keyboard.press('t');
  await page.getByRole('log').waitFor();
  t.deepEqual(asked, ['view', 'control', 'chat']);
  await page.locator('livelet-chat textarea:focus').waitFor();
  await page.keyboard.type('ep');
  t.is(await page.getByRole('textbox', { name: 'Scrivi un messaggio' }).inputValue(), 'ep');
  await page.keyboard.press('Shift+Tab');

  await page.keyboard.press('p');
  await page.getByRole('tab', { name: 'Dettagli' }).waitFor({ state: 'hidden' });
  await page.keyboard.press('p');
  await page.getByRole('tab', { name: 'Messaggi' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('tab', { name: 'Dettagli', selected: true }).and(page.locator(':focus')).waitFor();

  const percent = page.getByRole('button', { name: /Dimensione reale/ });
  await page.keyboard.press('1');
  await percent.filter({ hasText: '100 %' }).waitFor();
  await page.keyboard.press('+');
  await percent.filter({ hasText: '125 %' }).waitFor();
  await page.keyboard.press('0');
  await percent.filter({ hasNotText: '125 %' }).waitFor();

  await page.keyboard.press('e');
  await page.getByRole('dialog', { name: 'Terminare la sessione con Anna Bianchi?' }).waitFor();
  await page.locator('end-dialog button:focus').filter({ hasText: 'Continua' }).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Sessione con Anna Bianchi terminata' }).waitFor();
  await page.keyboard.press('n');
  await codeOn(page);
});

test('End is in reach beside every dialog', async (t) => {
  const relay = await testRelay(t);
  const { page } = await openConsole(t, browser, relay);
  const code = await newCode(page);
  await page.getByRole('button', { name: 'Settings' }).click();
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await settings.waitFor();
  await joinAsCustomer(t, relay, code);
  const end = page.getByRole('button', { name: 'End', exact: true });
  const asked = page.getByRole('dialog', { name: /End the session/ });
  for (const size of [
    { width: 1280, height: 800 },
    { width: 360, height: 640 },
  ]) {
    await page.setViewportSize(size);
    await end.click();
    await asked.getByRole('button', { name: 'Keep going' }).click();
    await settings.waitFor();
  }
  await settings.getByRole('button', { name: 'Close' }).click();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await end.click();
  await asked.waitFor();
  t.is(await page.getByRole('dialog').count(), 2, 'the shortcuts are still there');
});

test('keys go to the customer while the stage has the keyboard, until the chord', async (t) => {
  const relay = await testRelay(t);
  const host = await customerHost(t);
  const { page } = await openConsole(t, browser, relay);
  const customer = await joinWithPlugins(t, relay, await newCode(page), host);
  for (const capability of ['view', 'control'] as const) customer.ownGrants.grant(capability);
  await page.getByText('Controlling', { exact: true }).waitFor();
  await page.locator('canvas[data-livelet-stage]:visible').click();
  await page
    .getByText(/Keys go to the customer/)
    .first()
    .waitFor();
  await page.keyboard.type('en?');
  t.is(await page.getByRole('dialog').count(), 0);
  await page.keyboard.press('Control+Alt+Shift');
  await page.keyboard.press('e');
  await page.getByRole('dialog', { name: /End the session/ }).waitFor();
});

test('why the customer’s program ended the session is said, with what to do', async (t) => {
  const relay = await testRelay(t);
  const { page } = await openConsole(t, browser, relay);
  for (const [reason, said] of [
    ['display-lost', /^The screen of Anna Bianchi went away: .* get a new code\.$/],
    ['window-gone', /^The Livelet window of Anna Bianchi was closed or out of sight, .* get a new code\.$/],
    ['shutdown', /^The Livelet program of Anna Bianchi was closed, .* get a new code\.$/],
    ['failure', /^A fault of the Livelet program of Anna Bianchi .* get a new code\.$/],
    ['person', /^Anna Bianchi ended it\.$/],
  ] as const) {
    const customer = await joinAsCustomer(t, relay, await newCode(page));
    await page.getByRole('heading', { name: 'Compare these four words' }).waitFor();
    await customer.end(reason);
    await page.getByText(said).waitFor();
  }
  t.pass();
});

test('a page that is loaded again is where it was', async (t) => {
  const relay = await testRelay(t);
  const host = await customerHost(t);
  const { page } = await openConsole(t, browser, relay);
  const code = await newCode(page);
  await page.reload();
  t.is(await codeOn(page), code);
  const customer = await joinWithPlugins(t, relay, code, host);
  await page.getByRole('heading', { name: 'Compare these four words' }).waitFor();
  await page.reload();
  customer.ownGrants.grant('view');
  await page.locator('canvas[data-livelet-stage]:visible').waitFor();
  await page.reload();
  await page.locator('canvas[data-livelet-stage]:visible').waitFor();
});

test('what goes wrong is said in two sentences, with a way on', async (t) => {
  const relay = await testRelay(t, { codeLifetimeMs: 300 });
  const { page, operator } = await openConsole(t, browser, relay);
  const alert = page.getByRole('alert');
  await newCode(page).catch(() => undefined);
  await alert.filter({ hasText: 'The code has expired' }).waitFor();
  await page.getByRole('button', { name: 'Get a new code' }).waitFor();
  t.is(operator.console.state.view, 'home');

  await relay.close();
  await page.getByRole('button', { name: 'Get a new code' }).click();
  await alert.filter({ hasText: 'can’t be reached' }).waitFor();
  await page.getByRole('button', { name: 'Try again' }).click();
  await alert.filter({ hasText: 'can’t be reached' }).waitFor();
});

test('another certificate', async (t) => {
  const relay = await testRelay(t);
  const pins = [`sha256/${Buffer.alloc(32).toString('base64')}`];
  const deployment = { ...relay.deployment, pins };
  const other = await openConsole(t, browser, relay, { operator: { deployment }, locale: 'it-IT' });
  await other.page.getByRole('button', { name: 'Nuova sessione' }).click();
  await other.page.getByRole('alert').waitFor();
  t.like(other.operator.console.state, { notice: { code: 'relay-certificate-not-pinned' } });
});

test('three wrong secrets show a possible attack and longer codes', async (t) => {
  const relay = await testRelay(t);
  const { page, operator } = await openConsole(t, browser, relay);
  for (let attempt = 0; attempt < 3; attempt++) {
    await page.getByRole('button', { name: /New session|Try again/ }).click();
    await t.throwsAsync(joinAsCustomer(t, relay, await codeOn(page), { wrongSecret: true }));
    await reached(operator.console, 'home');
    await page.getByRole('alert').waitFor();
  }
  await page.getByText('codes now have 16 digits').waitFor();
  await page.getByRole('button', { name: 'Try again' }).click();
  t.regex(await codeOn(page), /^(\d{4} ){3}\d{4}$/);
});

test('the program ends behind the page', async (t) => {
  const relay = await testRelay(t);
  const { page, operator } = await openConsole(t, browser, relay);
  await page.getByRole('button', { name: 'New session' }).waitFor();
  await operator[Symbol.asyncDispose]();
  await page.getByRole('alert').filter({ hasText: 'The program isn’t running any more' }).waitFor();
  t.is(await page.getByRole('button', { name: 'New session' }).count(), 0);
});

test('a window that is closed ends the program, and with it the session', async (t) => {
  const relay = await testRelay(t);
  const { page, operator } = await openConsole(t, browser, relay);
  const customer = await joinAsCustomer(t, relay, await newCode(page));
  await page.getByRole('heading', { name: 'Compare these four words' }).waitFor();
  await page.close();
  await operator.closed;
  await operator[Symbol.asyncDispose]();
  t.like(await customer.ended, { how: 'ended-by-peer', reason: 'shutdown' });
});

test('a quiet session leaves the page alone', async (t) => {
  const relay = await testRelay(t);
  const host = await customerHost(t);
  const { page } = await openConsole(t, browser, relay);
  const customer = await joinWithPlugins(t, relay, await newCode(page), host);
  customer.ownGrants.grant('view');
  await page.locator('canvas[data-livelet-stage]:visible').waitFor();
  // Counts what changes in the toolbar and the stage, apart from the numbers that are meant to.
  const changes = await page.evaluate(`new Promise((resolve) => {
    const view = document.querySelector('operator-app').shadowRoot.querySelector('session-view').shadowRoot;
    const bar = view.querySelector('session-toolbar').shadowRoot;
    let changes = 0;
    const observer = new MutationObserver((records) => {
      const meant = (node) => node.parentElement?.closest('ticking-time') || node.closest?.('ticking-time');
      changes += records.filter(({ target }) => !meant(target)).length;
    });
    for (const root of [view, bar]) observer.observe(root, { subtree: true, childList: true, attributes: true, characterData: true });
    setTimeout(() => resolve(changes), 3000);
  })`);
  t.is(changes, 0);
});
