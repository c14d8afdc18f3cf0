import test from 'ava';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from './browser.js';
import { type ShownOptions, showPage, stopTime } from './shown-page.js';
import { VIEWS } from './views.js';

let browser: Browser;
test.before(async () => {
  browser = await startBrowser();
});
test.after.always(() => browser?.close());

/** The page alone, led by the test instead of a session. */
const openPage = (...options: ShownOptions) => showPage(browser, ...options);

test('a question takes no answer at first; Esc says no; Esc twice stops everything', async (t) => {
  await using shown = await openPage();
  const { page, link } = shown;
  const view = VIEWS['panel-question'];
  if (view?.step !== 'panel') return t.fail();
  const messages: { type: string }[] = [];
  const stopped = new Promise<void>((resolve) => {
    link.onMessage((message) => {
      messages.push(message);
      if (message.type === 'stop') resolve();
    });
  });
  // The page's time is the test's, so that a slow machine doesn't let the moment pass.
  await stopTime(page);
  link.show(view);
  await page.locator('#question:focus').waitFor();
  const allow = page.getByRole('button', { name: 'Allow', exact: true });
  t.is(await allow.getAttribute('aria-disabled'), 'true');
  await allow.dispatchEvent('click');
  t.deepEqual(messages, [], 'the click came too soon');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await stopped;
  t.deepEqual(
    messages.filter(({ type }) => type !== 'answer'),
    [{ type: 'stop' }],
  );
  t.deepEqual(messages[0], { type: 'answer', question: 1, time: 'no' } as { type: string });
});

test('what is seldom allowed is out of sight until it is on, and then stays in sight', async (t) => {
  await using shown = await openPage();
  const { page, link } = shown;
  const view = VIEWS['panel-more'];
  if (view?.step !== 'panel') return t.fail();
  link.show(view);
  const hear = page.getByRole('switch', { name: 'hear your microphone' });
  const speak = page.getByRole('switch', { name: 'speak to you' });
  await page.getByRole('switch', { name: 'receive files that you choose', checked: true }).waitFor();
  t.is(await page.getByRole('switch').count(), 4);
  await page.getByText('More that you can allow').click();
  t.is(await page.getByRole('switch').count(), view.switches.length);

  const switched = new Promise((resolve) => link.onMessage(resolve));
  await hear.check();
  t.deepEqual(await switched, { type: 'switch', capability: 'hear', on: true });
  const on = (capabilities: readonly string[]) =>
    view.switches.map((each) => ({ ...each, on: capabilities.includes(each.capability) }));
  link.show({ ...view, switches: on(['hear', 'take-files']) });
  t.true(await hear.evaluate((element) => element === element.ownerDocument.activeElement), 'it stays there');
  await page.getByText('More that you can allow').click();
  await speak.waitFor({ state: 'hidden' });
  t.true(await hear.isChecked());
  t.true(await hear.isVisible());

  // Allowed by a question: at once in sight, and still there when it was taken back.
  link.show({ ...view, switches: on(['hear', 'speak']) });
  await speak.waitFor();
  link.show({ ...view, switches: on([]) });
  await page.getByRole('switch', { name: 'speak to you', checked: false }).waitFor();
  t.is(await page.getByRole('switch').count(), 6);
});

test('what the person has begun in one piece stays while others come and go', async (t) => {
  await using shown = await openPage();
  const { page, link } = shown;
  const view = VIEWS['panel-more'];
  if (view?.step !== 'panel') return t.fail();
  await page.route('**/plugins/**', (route) =>
    route.fulfill({
      contentType: 'text/javascript',
      body: `export function mount({ root }) {
        const field = document.createElement('input');
        field.setAttribute('aria-label', new URL(import.meta.url).pathname.split('/').at(-1));
        root.append(field);
        return { [Symbol.dispose]: () => field.remove() };
      }`,
    }),
  );
  const pieces = (['camera', 'take-files', 'speak'] as const).map((capability) => ({
    plugin: 'test.piece',
    contribution: {
      id: capability,
      slot: 'control-panel' as const,
      title: { en: capability, it: capability },
      module: capability,
      capability,
    },
  }));
  const show = (granted: readonly string[]): void =>
    link.show({
      ...view,
      pieces,
      switches: view.switches.map((each) => ({ ...each, on: granted.includes(each.capability) })),
    });
  const fields = page.locator('.pieces').getByRole('textbox');
  const files = page.getByRole('textbox', { name: 'take-files' });

  show(['take-files']);
  await files.fill('half a message');
  show(['take-files', 'speak', 'camera']);
  await fields.nth(2).waitFor();
  const names = await fields.evaluateAll((all) => all.map((each) => each.getAttribute('aria-label')));
  t.deepEqual(names, ['camera', 'take-files', 'speak'], 'in their order');
  t.is(await files.inputValue(), 'half a message');
  show(['take-files', 'speak']);
  await page.getByRole('textbox', { name: 'camera' }).waitFor({ state: 'detached' });
  t.is(await files.inputValue(), 'half a message');
  show(['speak']);
  await files.waitFor({ state: 'detached' });
  t.is(await fields.count(), 1);
});

test('what is open is said above Stop, a recording first, and leaves the panel most of a small window', async (t) => {
  await using shown = await openPage();
  const { page, link } = shown;
  const view = VIEWS['panel-more'];
  if (view?.step !== 'panel') return t.fail();
  await page.setViewportSize({ width: 360, height: 640 });
  await page.route('**/plugins/**', (route) =>
    route.fulfill({
      contentType: 'text/javascript',
      body: `export function mount({ marks }) {
        const name = new URL(import.meta.url).pathname.split('/').at(-1);
        marks(name === 'record' ? ['Being recorded'] : ['You see their screen', 'They hear your computer', 'You hear their voice']);
        return { [Symbol.dispose]() {} };
      }`,
    }),
  );
  const pieces = ['show-screen', 'record', 'speak'].map((module) => ({
    plugin: 'test.piece',
    contribution: {
      id: module,
      slot: 'control-panel' as const,
      title: { en: module, it: module },
      module,
      ...(module === 'record' && { capability: 'record' as const }),
    },
  }));
  link.show({ ...view, pieces, switches: [{ capability: 'record', on: true }] });
  const marks = page.getByRole('list', { name: 'Open now' });
  await marks.getByRole('listitem').nth(6).waitFor();
  t.is(await marks.getByRole('listitem').first().innerText(), 'Being recorded');
  const taken = await page.locator('.stop').evaluate((stop) => stop.getBoundingClientRect().height);
  t.true(taken < 640 * 0.4, `${taken} px of 640`);
});

test('a piece’s announcement goes to the window that the piece is shown in', async (t) => {
  await using shown = await openPage();
  const { page, link } = shown;
  const [who, view] = [VIEWS.who, VIEWS['panel-more']];
  if (who?.step !== 'who' || view?.step !== 'panel') return t.fail();
  await page.route('**/plugins/**', (route) =>
    route.fulfill({
      contentType: 'text/javascript',
      body: `export function mount({ root, announce }) {
        const tell = document.createElement('button');
        tell.textContent = 'Tell';
        tell.addEventListener('click', () => announce('The file is here.'));
        root.append(tell);
        return { [Symbol.dispose]: () => tell.remove() };
      }`,
    }),
  );
  const title = { en: 'Files', it: 'File' };
  const contribution = { id: 'files', slot: 'control-panel', title, module: 'files.js' } as const;
  link.show({ ...who, armSeconds: 0 });
  const opened = page.context().waitForEvent('page');
  await page
    .getByRole('button', { name: 'Allow', exact: true })
    .and(page.locator('[aria-disabled=false]'))
    .click();
  const small = await opened;
  link.show({ ...view, pieces: [{ plugin: 'test.piece', contribution }] });
  await small.getByRole('button', { name: 'Tell' }).click();
  const told = (where: Page) => where.locator('[aria-live=polite]').getByText('The file is here.');
  await told(small).waitFor({ state: 'attached' });
  t.is(await told(page).count(), 0);

  // Closed by its own cross: the panel goes on in the page.
  await small.evaluate('window.close()');
  await page.getByRole('button', { name: 'Tell' }).click();
  await told(page).waitFor({ state: 'attached' });
});

test('a switch stays where the person put it until the program answers, and goes back if it doesn’t', async (t) => {
  await using shown = await openPage();
  const { page, link } = shown;
  const view = VIEWS['panel-more'];
  if (view?.step !== 'panel') return t.fail();
  await stopTime(page);
  link.show(view);
  const control = page.getByRole('switch', { name: 'use your mouse and keyboard' });
  await control.check();
  link.show({ ...view, helper: { ...view.helper, name: 'Luca' } });
  await page.getByRole('heading', { name: /Luca/ }).waitFor();
  t.true(await control.isChecked());
  await page.clock.runFor(2000);
  t.false(await control.isChecked());
});

test('the panel says for how many minutes', async (t) => {
  await using shown = await openPage();
  const { page, link } = shown;
  const view = VIEWS.panel;
  if (view?.step !== 'panel') return t.fail();
  await stopTime(page);
  const startedAt = Number(await page.evaluate('Date.now()')) - 30_000;
  link.show({ ...view, startedAt });
  const timer = page.getByRole('timer');
  t.is(await timer.textContent(), 'less than a minute');
  await page.clock.runFor(30_000);
  t.is(await timer.textContent(), '1 minute');
  await page.clock.runFor(60_000);
  t.is(await timer.textContent(), '2 minutes');
});

for (const [locale, words] of [
  [
    'en-US',
    ['may see your screen, but nothing is shared now', 'sees your screen', 'but nothing of your screen is'],
  ],
  [
    'it-IT',
    ['può vedere il tuo schermo, ma ora non è condiviso nulla', 'vede il tuo schermo', 'ma ora del tuo'],
  ],
] as const) {
  test(`the heading says that a screen is seen only while it can be, ${locale}`, async (t) => {
    await using shown = await openPage({ locale });
    const { page, link } = shown;
    const { panel, 'panel-held-back': both } = VIEWS;
    if (panel?.step !== 'panel' || both?.step !== 'panel') return t.fail();
    const heading = page.getByRole('heading', { level: 1 });
    const [allowed, seen, controlled] = words;
    const held = panel.switches.map((each) =>
      each.capability === 'view' ? { ...each, heldBack: true as const } : each,
    );
    link.show({ ...panel, switches: held });
    await heading.getByText(`Maria Rossi ${allowed}`, { exact: true }).waitFor();
    link.show(panel);
    await heading.getByText(`Maria Rossi ${seen}`, { exact: true }).waitFor();
    link.show({ ...panel, switches: held });
    await heading.getByText(`Maria Rossi ${allowed}`, { exact: true }).waitFor();
    link.show(both);
    await heading.getByText(controlled).waitFor();
    t.is(
      await page
        .locator('[aria-live=polite]')
        .textContent()
        .then((text) => text?.includes('Maria')),
      false,
    );
  });
}

test('a lost connection is told once, in words; Stop works meanwhile', async (t) => {
  await using shown = await openPage({ locale: 'en-US' });
  const { page, link } = shown;
  const [panel, lost] = [VIEWS.panel, VIEWS['panel-reconnecting']];
  if (!panel || !lost) return t.fail();
  link.show(panel);
  await page.getByRole('heading', { name: 'Maria Rossi sees your screen' }).waitFor();
  link.show(lost);
  await page.getByRole('heading', { name: 'The connection to Maria Rossi was lost' }).waitFor();
  await page.getByText(/If it isn’t back by 10:14.*, the help ends by itself\./).waitFor();
  const said = page.locator('[aria-live=polite]');
  await said.getByText('It is being restored. Until then nobody sees or uses your computer').waitFor();
  const stopped = new Promise((resolve) => link.onMessage(resolve));
  await page.getByRole('button', { name: 'Stop' }).click();
  t.deepEqual(await stopped, { type: 'stop' });
  link.show(panel);
  await page.getByRole('heading', { name: 'Maria Rossi sees your screen' }).waitFor();
  await said.getByText('The connection is back.').waitFor();
});
