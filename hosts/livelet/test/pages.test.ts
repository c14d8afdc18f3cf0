import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Clock, systemClock } from '@livelet/core';
import { ManualClock } from '@livelet/core/test-support';
import { createBrowserShell } from '@livelet/window';
import test from 'ava';
import type { Browser, Page } from 'playwright-core';
import { PageLink } from '../src/page-link.js';
import { accessibilityProblems, newPage, startBrowser } from './browser.js';
import { VIEWS } from './views.js';

const SITE = fileURLToPath(new URL('../site/', import.meta.url));

let browser: Browser;
test.before(async () => {
  browser = await startBrowser();
});
test.after.always(() => browser?.close());

interface Shown extends AsyncDisposable {
  readonly page: Page;
  readonly link: PageLink;
  readonly complaints: readonly string[];
  /** The program goes away, the browser stays. */
  closeHost(): Promise<void>;
}

/** The page alone, led by the test instead of a session. */
async function openPage(
  options: Parameters<typeof newPage>[1] = {},
  clock: Clock = systemClock,
): Promise<Shown> {
  const resources = new AsyncDisposableStack();
  const shell = resources.use(createBrowserShell({ open: false }));
  const window = await shell.open({
    id: 'livelet',
    folder: SITE,
    plugins: new Map(),
    title: 'Livelet',
    width: 1,
    height: 1,
  });
  const link = resources.use(new PageLink(window, { relay: 'relay.example', region: 'EU', help: [] }, clock));
  const { page, complaints } = await newPage(browser, options);
  resources.defer(() => page.context().close());
  await page.goto(window.address ?? '');
  await page.getByRole('heading', { level: 1 }).waitFor();
  const closeHost = (): Promise<void> => shell[Symbol.asyncDispose]() as Promise<void>;
  return { page, link, complaints, closeHost, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

/** The page's timers wait for `page.clock.runFor` from here on. */
async function stopTime(page: Page): Promise<void> {
  const now = Date.now();
  await page.clock.install({ time: now });
  await page.clock.pauseAt(now + 60_000);
}

// Contrast is a matter of the colours, whatever the language; names and widths are the other way round.
for (const [locale, colorScheme] of [
  ['en', 'light'],
  ['it', 'dark'],
] as const) {
  test(`each state, ${locale}, ${colorScheme}: axe finds nothing, 360 px are enough`, async (t) => {
    const options = { locale: locale === 'it' ? 'it-IT' : 'en-US', colorScheme } as const;
    await using shown = await openPage({ ...options, viewport: { width: 360, height: 740 } });
    const { page, link, complaints } = shown;
    for (const [name, view] of Object.entries(VIEWS)) {
      const before = await page.getByRole('heading', { level: 1 }).elementHandle();
      link.show({ step: 'connecting' });
      await page.locator('progress').waitFor();
      link.show(view);
      if (view.step !== 'connecting') await page.locator('progress').waitFor({ state: 'detached' });
      t.truthy(before);
      t.deepEqual(await accessibilityProblems(page), [], name);
      const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      t.is(overflow, 0, `${name} is wider than the window`);
      t.is(await page.locator('html').getAttribute('lang'), locale);
    }
    t.deepEqual(complaints, []);
  });
}

test('the focus starts where each step begins', async (t) => {
  await using shown = await openPage();
  const { page, link } = shown;
  const focused = (): Promise<string> =>
    page.evaluate(`document.activeElement.id || document.activeElement.tagName`);
  t.is(await focused(), 'code');
  for (const name of ['connecting', 'who', 'panel', 'ended-stopped'] as const) {
    const view = VIEWS[name];
    if (!view) return t.fail(name);
    link.show(view);
    await page.locator('h1:focus').waitFor();
    t.is(await focused(), 'H1', name);
  }
});

test('digits are grouped as they are typed, corrected and pasted', async (t) => {
  await using shown = await openPage();
  const { page } = shown;
  const field = page.getByRole('textbox');
  await field.pressSequentially('48x2-917 05');
  t.is(await field.inputValue(), '482 917 05');
  await field.press('Home');
  await field.press('ArrowRight');
  await field.press('Backspace');
  await field.press('7');
  t.is(await field.inputValue(), '782 917 05');
  await field.press('9');
  t.is(await field.inputValue(), '798 291 705', 'the caret stayed behind the corrected digit');
  await field.fill('4829-1705-6183');
  t.is(await field.inputValue(), '482 917 056 183');
  await field.fill('1234 5678 9012 3456 78');
  t.is(await field.inputValue(), '1234 5678 9012 3456', 'sixteen digits are the most, in groups of four');
});

test('a wrong digit is told at once, and nothing is sent', async (t) => {
  await using shown = await openPage();
  const { page, link } = shown;
  const sent: unknown[] = [];
  link.onMessage((message) => sent.push(message));
  const field = page.getByRole('textbox');
  await field.pressSequentially('482917056184');
  await page.getByText('One of the digits is not right').waitFor();
  t.is(await field.getAttribute('aria-invalid'), 'true');
  await field.press('Enter');
  await field.press('Backspace');
  await page.getByText('One of the digits is not right').waitFor({ state: 'detached' });
  await field.press('Enter');
  await page.getByText('One digit is missing').waitFor();
  t.deepEqual(sent, []);
});

test('a reload keeps the step', async (t) => {
  // Time stands still while the page loads, which takes as long as it takes.
  const clock = new ManualClock();
  await using shown = await openPage({}, clock);
  const { page, link } = shown;
  const view = VIEWS.who;
  if (!view) return t.fail();
  link.show(view);
  await page.getByRole('button', { name: 'Refuse' }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Refuse' }).waitFor();
  await clock.advance(60_000);
  t.false(link.gone.aborted);
});

test('the language switch changes every text and survives the next step', async (t) => {
  await using shown = await openPage();
  const { page, link } = shown;
  await page.getByRole('button', { name: 'Italiano' }).click();
  await page.getByRole('heading', { name: 'Ricevi aiuto su questo computer' }).waitFor();
  const view = VIEWS.who;
  if (!view) return t.fail();
  link.show(view);
  await page.getByRole('button', { name: 'Rifiuta' }).waitFor();
  t.is(await page.locator('html').getAttribute('lang'), 'it');
});

test('Allow is closed while it counts, and counts again after the page was hidden', async (t) => {
  await using shown = await openPage();
  const { page, link } = shown;
  const sent: unknown[] = [];
  link.onMessage((message) => sent.push(message));
  const view = VIEWS.who;
  if (view?.step !== 'who') return t.fail();
  await stopTime(page);
  link.show({ ...view, armSeconds: 2 });
  const counting = page.getByRole('button', { name: /^Allow \(\d\)$/ });
  await counting.dispatchEvent('click');
  t.is(await counting.getAttribute('aria-disabled'), 'true');
  await page.getByRole('status').getByText('Allow can be pressed in 2 seconds').waitFor();
  await page.clock.runFor(2000);
  const allow = page.getByRole('button', { name: 'Allow', exact: true });
  await allow.waitFor();
  await page.getByRole('status').getByText('Allow can be pressed now').waitFor();
  await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
  await counting.waitFor();
  t.deepEqual(sent, []);
  await page.clock.runFor(2000);
  await allow.waitFor();
  await page.getByRole('switch', { name: 'Use your mouse and keyboard' }).click();
  await page.getByRole('switch', { name: 'Write messages with you' }).press('Space');
  const answer = new Promise((resolve) => link.onMessage(resolve));
  await allow.click();
  t.deepEqual(await answer, { type: 'allow', capabilities: ['view', 'control'] });
});

for (const [width, height] of [
  [560, 900],
  [360, 640],
] as const) {
  test(`in ${width} x ${height} both answers are in view and hide no switch that has the focus`, async (t) => {
    await using shown = await openPage({ viewport: { width, height } });
    const { page, link } = shown;
    const view = VIEWS.who;
    if (!view) return t.fail();
    link.show(view);
    const refuse = page.getByRole('button', { name: 'Refuse' });
    const answers = [refuse, page.getByRole('button', { name: 'Allow' })];
    await page.locator('h1:focus').waitFor();
    const tops: number[] = [];
    for (const answer of answers) {
      const box = await answer.boundingBox();
      if (!box) return t.fail();
      t.true(box.y >= 0 && box.y + box.height <= height);
      tops.push(box.y);
    }
    t.is(tops[0], tops[1], 'in one row');
    const order = ['See your screen', 'Use your mouse and keyboard', 'Write messages with you'];
    for (const name of order) {
      await page.keyboard.press('Tab');
      const focused = page.locator(':focus');
      t.is(await focused.getAttribute('role'), 'switch');
      const box = await page.getByRole('switch', { name }).and(focused).boundingBox();
      if (!box) return t.fail(name);
      t.true(box.y >= 0 && box.y + box.height <= Math.min(...tops), name);
    }
    await page.keyboard.press('Tab');
    t.is(await page.locator(':focus').textContent(), await refuse.textContent());
  });
}

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

test('the code page says where the relay stands', async (t) => {
  await using shown = await openPage({ locale: 'it-IT' });
  const words = 'Collegamento tramite relay.example. Il computer che fa da tramite si trova in: EU.';
  await t.notThrowsAsync(shown.page.getByText(words).waitFor());
});

test('a helper who shows no name is called so, and not left out of the sentence', async (t) => {
  await using shown = await openPage({ locale: 'en-US' });
  const view = VIEWS.who;
  if (view?.step !== 'who') return t.fail();
  shown.link.show({ ...view, helper: { ...view.helper, name: '' } });
  const heading = shown.page.getByRole('heading', { name: 'Someone without a name wants to help you' });
  await t.notThrowsAsync(heading.waitFor());
});

test('the receipt can be saved, and stays when the program has gone', async (t) => {
  await using shown = await openPage();
  const { page, link } = shown;
  const view = VIEWS['ended-interrupted'];
  if (!view) return t.fail();
  const told = new Promise((resolve) => link.onMessage(resolve));
  link.show(view);
  t.deepEqual(await told, { type: 'shown' });
  await shown.closeHost();
  await page.getByText('The program has closed. Nobody can connect.').waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save this as text' }).click();
  const file = await (await download).path();
  const text = await readFile(file, 'utf8');
  t.regex(text, /Who helped: Maria Rossi/);
  t.regex(text, /See your screen: 4\smin\s12\ss/);
  t.regex(text, /Signed: By your program only: the connection was lost\n/);
  t.regex(text, /Without connection:\n- \d\d:\d\d[^\n]*, 12\ss\n- \d\d:\d\d[^\n]*, 2\smin\n/);
});

test('a program that goes away without a receipt is told in plain words', async (t) => {
  await using shown = await openPage();
  await shown.closeHost();
  await shown.page.getByRole('heading', { name: 'The program has closed. Nobody can connect.' }).waitFor();
  t.is(await shown.page.getByRole('textbox').count(), 0);
  t.deepEqual(await accessibilityProblems(shown.page), []);
});
