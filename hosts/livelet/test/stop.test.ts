import { systemClock } from '@livelet/core';
import test, { type ExecutionContext } from 'ava';
import type { Browser, Locator, Page } from 'playwright-core';
import type { LiveletView, PieceShown } from '../src/page-protocol.js';
import { accessibilityProblems, startBrowser } from './browser.js';
import { type Shown, showPage } from './shown-page.js';
import { VIEWS } from './views.js';

let browser: Browser;
test.before(async () => {
  browser = await startBrowser();
});
test.after.always(() => browser?.close());

const TALL = { plugin: 'test.tall', title: { en: 'Tall', it: 'Alto' }, module: 'tall.js' } as const;
const HELP: PieceShown = { plugin: TALL.plugin, contribution: { ...TALL, id: 'help', slot: 'help' } };
const STAGE: PieceShown = { plugin: TALL.plugin, contribution: { ...TALL, id: 'stage', slot: 'stage' } };

/** The page with pieces that are higher than any window, each with a field and a button that fills the screen. */
async function openPage(view: LiveletView | undefined): Promise<Shown> {
  const shown = await showPage(browser, {}, systemClock, [HELP]);
  await shown.page.route('**/plugins/**', (route) =>
    route.fulfill({
      contentType: 'text/javascript',
      body: `export function mount({ root }) {
        const tall = document.createElement('div');
        tall.style.cssText = 'display: grid; align-content: space-between; block-size: 2000px; background: Canvas';
        tall.innerHTML = '<input aria-label="First"><button type="button">Fill the screen</button><input aria-label="Last">';
        tall.querySelector('button').addEventListener('click', async () => {
          await document.documentElement.requestFullscreen();
          tall.style.cssText += '; position: fixed; z-index: 1; inset: 0; block-size: auto';
        });
        root.append(tall);
        return { [Symbol.dispose]: () => tall.remove() };
      }`,
    }),
  );
  if (view) shown.link.show(view);
  await shown.page.getByRole('heading', { name: 'Maria Rossi sees your screen' }).waitFor();
  return shown;
}

/** It is what a person hits at the middle of it, without scrolling. */
async function isInReach(page: Page): Promise<void> {
  await page.evaluate(`new Promise((resolve) => {
    const stop = document.querySelector('.stop button');
    const look = () => {
      const { left, right, top, bottom } = stop.getBoundingClientRect();
      if (document.elementFromPoint((left + right) / 2, (top + bottom) / 2) === stop) resolve();
      else requestAnimationFrame(look);
    };
    look();
  })`);
}

async function pressed({ link }: Shown, how: () => Promise<void>): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    link.onMessage(({ type }) => type === 'stop' && resolve());
  });
  await how();
  await stopped;
}

async function openHelp(t: ExecutionContext, shown: Shown): Promise<Locator> {
  await shown.page.getByRole('button', { name: 'Tall' }).click();
  const dialog = shown.page.getByRole('dialog', { name: 'Tall' });
  await dialog.getByRole('textbox', { name: 'First' }).waitFor();
  t.deepEqual(await accessibilityProblems(shown.page), []);
  return dialog;
}

test('Stop is in sight and works beside an open help dialog, however far one has scrolled', async (t) => {
  await using shown = await openPage(VIEWS.panel);
  const { page } = shown;
  const stop = page.getByRole('button', { name: 'Stop' });
  const dialog = await openHelp(t, shown);
  for (const field of ['First', 'Last']) {
    await dialog.getByRole('textbox', { name: field }).focus();
    await isInReach(page);
  }
  await pressed(shown, () => stop.click());
});

test('Stop is reached with the keyboard out of the dialog, Esc closes it, and twice Esc stops', async (t) => {
  await using shown = await openPage(VIEWS.panel);
  const { page } = shown;
  const dialog = await openHelp(t, shown);
  await dialog.getByRole('textbox', { name: 'Last' }).focus();
  const reached = page.getByRole('button', { name: 'Stop' }).and(page.locator(':focus'));
  for (let presses = 0; presses < 20 && (await reached.count()) === 0; presses++) {
    await page.keyboard.press('Tab');
  }
  t.is(await reached.count(), 1);
  await dialog.getByRole('textbox', { name: 'First' }).focus();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await pressed(shown, async () => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
  });
});

test('a question is asked and answered beside an open help dialog; the end takes nobody out of it', async (t) => {
  await using shown = await openPage(VIEWS.panel);
  const { page, link } = shown;
  const dialog = await openHelp(t, shown);
  const question = VIEWS['panel-question'];
  if (question) link.show(question);
  await page.locator('#question:focus').waitFor();
  const answered = new Promise((resolve) => link.onMessage(resolve));
  await page.getByRole('alertdialog').getByRole('button', { name: 'No' }).click();
  t.deepEqual(await answered, { type: 'answer', question: 1, time: 'no' });
  await dialog.getByRole('textbox', { name: 'First' }).fill('half a sentence');
  const ended = VIEWS['ended-stopped'];
  if (ended) link.show(ended);
  await page
    .getByRole('status')
    .filter({ hasText: 'You have stopped the help' })
    .waitFor({ state: 'attached' });
  await dialog.getByRole('textbox', { name: 'First' }).and(page.locator(':focus')).waitFor();
});

test('Stop stays in sight below a picture, and above one that fills the screen until something is asked', async (t) => {
  const { panel, 'panel-question': question } = VIEWS;
  if (panel?.step !== 'panel' || question?.step !== 'panel') return t.fail();
  await using shown = await openPage({ ...panel, pieces: [STAGE] });
  const { page, link } = shown;
  const stop = page.getByRole('button', { name: 'Stop' });
  await page.getByRole('textbox', { name: 'Last' }).focus();
  await isInReach(page);

  await page.getByRole('button', { name: 'Fill the screen' }).click();
  await page.locator(':fullscreen .stop').waitFor();
  await isInReach(page);
  t.deepEqual(await accessibilityProblems(page), []);
  link.show({ ...question, pieces: [STAGE] });
  await page.locator('html:not(:fullscreen) #question:focus').waitFor();

  link.show({ ...panel, pieces: [STAGE] });
  await page.getByRole('button', { name: 'Fill the screen' }).click();
  await page.locator(':fullscreen .stop').waitFor();
  await pressed(shown, () => stop.click());
});
