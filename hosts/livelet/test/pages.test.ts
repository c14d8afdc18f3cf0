import { readFile } from 'node:fs/promises';
import { ManualClock } from '@livelet/core/test-support';
import test from 'ava';
import type { Browser } from 'playwright-core';
import { accessibilityProblems, startBrowser } from './browser.js';
import { type ShownOptions, showPage, stopTime } from './shown-page.js';
import { VIEWS } from './views.js';

let browser: Browser;
test.before(async () => {
  browser = await startBrowser();
});
test.after.always(() => browser?.close());

/** The page alone, led by the test instead of a session. */
const openPage = (...options: ShownOptions) => showPage(browser, ...options);

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

test('the question to record says that sound may be in it, in both languages', async (t) => {
  const view = VIEWS['panel-question'];
  if (view?.step !== 'panel') return t.fail();
  for (const [locale, told] of [
    ['en-US', /of what they hear if you allow sound/],
    ['it-IT', /di quello che sente se permetti il suono/],
  ] as const) {
    await using shown = await openPage({ locale });
    shown.link.show({ ...view, question: { id: 1, capability: 'record' } });
    await t.notThrowsAsync(shown.page.getByRole('alertdialog').getByText(told).waitFor());
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
  const { panel } = VIEWS;
  if (panel === undefined) return t.fail();
  link.show(panel);
  await page.getByRole('button', { name: 'Stop', exact: true }).waitFor();
  t.is(await page.getByText('Allow can be pressed now').count(), 0);
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
  const second = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save it signed (.json)' }).click();
  const signed = await second;
  t.regex(signed.suggestedFilename(), /^livelet-2026-11-21\.json$/);
  t.is(await readFile(await signed.path(), 'utf8'), '{"account":{}}');
  t.regex(text, /Who helped: Maria Rossi/);
  t.regex(text, /Time connected: /);
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
