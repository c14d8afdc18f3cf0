import { AxeBuilder } from '@axe-core/playwright';
import { type PanelPage, startPanelBrowser } from '@livelet/compliance/panel-page';
import type { JsonValue, Locale } from '@livelet/core';
import test from 'ava';
import type { RecordedToPage, RecorderToMenu } from '../src/page-protocol.js';

const browser = await startPanelBrowser();
test.after.always(async () => await browser[Symbol.asyncDispose]());

const MENU = new URL('../site/record-menu.js', import.meta.url);
const PANEL = new URL('../site/recorded-panel.js', import.meta.url);
const FOLDER = '/home/ada/Videos/Livelet';
const FILE = `${FOLDER}/livelet-2026-11-22T093005.webm`;

const IDLE: RecorderToMenu = {
  phase: 'idle',
  grant: 'granted',
  sound: false,
  soundAllowed: true,
  recordedMs: 0,
  folder: FOLDER,
  canShow: false,
};

async function menu(state: Partial<RecorderToMenu> = {}, locale: Locale = 'en'): Promise<PanelPage> {
  const panel = await browser.open({ module: MENU, locale, size: { width: 360, height: 640 } });
  await tell(panel, { ...IDLE, ...state });
  return panel;
}

async function tell(panel: PanelPage, state: RecorderToMenu | RecordedToPage): Promise<void> {
  await panel.tell(state as unknown as JsonValue);
}

test.serial('with the keyboard it is begun, paused, gone on with and stopped', async (t) => {
  await using panel = await menu();
  const { page } = panel;
  const press = async (name: string): Promise<void> => {
    const button = page.getByRole('button', { name, exact: true });
    await button.focus();
    await page.keyboard.press('Enter');
  };
  await press('Record');
  t.true(await page.getByText(FOLDER).isVisible());
  await press('Start recording');
  t.deepEqual(await panel.posted(), [{ json: { type: 'start', sound: false } }]);
  await tell(panel, { ...IDLE, phase: 'starting' });
  t.true(await page.getByText('Waiting until the other person can see it…').isVisible());
  await tell(panel, { ...IDLE, phase: 'recording', recordedMs: 3_723_400, path: FILE });
  t.regex(
    (await page.getByRole('button', { name: /^REC/ }).innerText()).replace(/\s+/g, ' ').trim(),
    /^REC 1:02:0\d$/,
  );
  t.true(await page.getByText(FILE).isVisible());
  t.deepEqual(await panel.marks(), ['You are recording']);
  await press('Pause');
  await tell(panel, { ...IDLE, phase: 'paused', recordedMs: 65_000, path: FILE });
  t.is(
    (await page.getByRole('button', { name: /^REC/ }).innerText()).replace(/\s+/g, ' ').trim(),
    'REC 1:05',
  );
  t.deepEqual(await panel.marks(), ['Recording paused']);
  await press('Go on');
  await press('Stop recording');
  t.deepEqual(
    (await panel.posted()).map(({ json }) => json),
    [{ type: 'pause' }, { type: 'resume' }, { type: 'stop' }],
  );
  await tell(panel, { ...IDLE, last: { path: FILE, whole: true } });
  t.true(await page.getByText(FILE).isVisible());
  // A browser can't open a folder: the path is all there is.
  t.false(await page.getByRole('button', { name: 'Show in its folder' }).isVisible());
  await tell(panel, { ...IDLE, last: { path: FILE, whole: true }, canShow: true });
  await press('Show in its folder');
  t.deepEqual(await panel.posted(), [{ json: { type: 'show' } }]);
  t.deepEqual(await panel.announced(), [
    'The recording has begun. The other person sees that too.',
    'The recording is paused.',
    `The recording is here: ${FILE}`,
  ]);
  t.deepEqual(panel.problems, []);
});

test.serial('what ended it is told, and that what is there plays', async (t) => {
  await using panel = await menu();
  await panel.page.getByRole('button', { name: 'Record' }).click();
  await tell(panel, { ...IDLE, last: { path: FILE, whole: true, error: 'recording-disk-full' } });
  const alert = panel.page.locator('.last');
  t.is(
    (await alert.innerText()).replace(/\s+/g, ' '),
    `Less is free on the disk than a recording needs. What was recorded until then is here and can be played: ${FILE}`,
  );
  await panel.speak('it');
  await panel.page.getByText('Sul disco è libero meno di quanto serve a una registrazione.').waitFor();
  t.regex(await alert.innerText(), /è qui e si può guardare/);
});

test.serial('an end that the operator didn’t ask for is in sight, with where the film is', async (t) => {
  await using panel = await menu({ phase: 'recording', path: FILE });
  const { page } = panel;
  await page.getByRole('button', { name: /^REC/ }).waitFor();
  await tell(panel, { ...IDLE, grant: 'revoked', last: { path: FILE, whole: true, error: 'revoked' } });
  await page.getByText('The other person took the permission back.').waitFor();
  await page.getByText(FILE).waitFor();
  t.deepEqual(await panel.announced(), [
    'The recording has begun. The other person sees that too.',
    `The other person took the permission back. What was recorded until then is here and can be played: ${FILE}`,
  ]);
  await tell(panel, {
    ...IDLE,
    grant: 'expired',
    last: { path: FILE, whole: true, error: 'revoked', ranOut: true },
  });
  await page.getByText('The time for which it was allowed is over.').waitFor();
  // Put away, the button says it until somebody looks again.
  await page.keyboard.press('Escape');
  await page.getByText(FILE).waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Recording ended' }).click();
  await page.getByText(FILE).waitFor();
  await page.getByRole('button', { name: 'Record', exact: true }).waitFor();
});

test.serial('a recording that ended by itself is no longer news a while after it was put away', async (t) => {
  await using panel = await menu({ phase: 'recording', path: FILE });
  const { page } = panel;
  await page.clock.install();
  await tell(panel, { ...IDLE, last: { path: FILE, whole: true, error: 'revoked' } });
  await page.getByText(FILE).waitFor();
  await page.clock.runFor(60_000);
  await page.getByRole('button', { name: 'Recording ended' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByText(FILE).waitFor({ state: 'hidden' });
  await page.clock.runFor(60_000);
  await page.getByRole('button', { name: 'Record', exact: true }).click();
  await page.getByText(FILE).waitFor();
  t.deepEqual(panel.problems, []);
});

test.serial('without the permission it can be asked for', async (t) => {
  await using panel = await menu({ grant: 'none' });
  const { page } = panel;
  await page.getByRole('button', { name: 'Record' }).click();
  t.is(await page.getByRole('button', { name: 'Start recording' }).count(), 0);
  t.true(await page.getByRole('button', { name: 'Ask: record' }).isVisible());
  await tell(panel, { ...IDLE, grant: 'asked' });
  t.true(await page.getByText('You asked to record; no answer yet.').isVisible());
});

test.serial('what was pressed is gone: the keyboard goes on at what can be pressed next', async (t) => {
  await using panel = await menu({ grant: 'none' });
  const { page } = panel;
  const focused = async (name: string): Promise<void> =>
    await page.getByRole('button', { name, exact: true }).and(page.locator(':focus')).waitFor();
  await page.getByRole('button', { name: 'Record' }).press('Enter');
  await page.getByRole('button', { name: 'Ask: record' }).focus();
  await tell(panel, { ...IDLE, grant: 'asked' });
  await page.getByRole('dialog').and(page.locator(':focus')).waitFor();
  await tell(panel, IDLE);
  await focused('Start recording');
  await tell(panel, { ...IDLE, phase: 'recording', path: FILE });
  await focused('Pause');
  t.deepEqual(panel.problems, []);
});

test.serial('sound is offered where the page has some', async (t) => {
  await using panel = await menu();
  const { page } = panel;
  await page.evaluate(`document.addEventListener('livelet-page-sound', ({ detail }) =>
    detail.answer({ tracks: [], onChange: () => ({ [Symbol.dispose]() {} }) }))`);
  await page.getByRole('button', { name: 'Record' }).click();
  const sound = page.getByRole('checkbox', { name: 'With sound' });
  t.true(await sound.isChecked());
  await page.getByRole('button', { name: 'Start recording' }).click();
  await sound.uncheck();
  await page.getByRole('button', { name: 'Start recording' }).click();
  await sound.check();
  await tell(panel, { ...IDLE, soundAllowed: false });
  t.false(await sound.isChecked(), 'none is allowed now');
  t.true(await sound.isDisabled());
  await page.getByRole('button', { name: 'Start recording' }).click();
  t.deepEqual(
    (await panel.posted()).map(({ json }) => json),
    [
      { type: 'start', sound: true },
      { type: 'start', sound: false },
      { type: 'start', sound: false },
    ],
  );
});

test.serial('the panel of who is recorded says so, and answers once it does', async (t) => {
  await using panel = await browser.open({ module: PANEL, size: { width: 360, height: 640 } });
  const badge = panel.page.getByText('REC', { exact: true });
  t.false(await badge.isVisible());
  const told = { number: 1, state: 'recording', sound: true, helper: 'Ada' } as const;
  await tell(panel, told);
  t.true(await badge.isVisible());
  t.true(await panel.page.getByText('Your helper is recording your screen and the sound.').isVisible());
  t.deepEqual(await panel.posted(), [{ json: { shown: 1 } }]);
  await tell(panel, { ...told, number: 2, state: 'paused' });
  t.true(await panel.page.getByText('The recording is paused.').isVisible());
  await tell(panel, { ...told, number: 3, state: 'off' });
  t.false(await badge.isVisible());
  t.deepEqual(await panel.announced(), [
    'Your helper is recording your screen and the sound.',
    'The recording is paused.',
    'Your helper may record, and isn’t recording now.',
  ]);
  t.deepEqual(panel.problems, []);
});

for (const locale of ['en', 'it'] as const) {
  test.serial(`axe finds nothing, in ${locale}`, async (t) => {
    const serious = async (panel: PanelPage): Promise<string[]> => {
      const { violations } = await new AxeBuilder({ page: panel.page }).analyze();
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id }) => id);
    };
    await using operator = await menu({ phase: 'recording', recordedMs: 1_000, path: FILE }, locale);
    await operator.page.getByRole('button', { name: /^REC/ }).click();
    t.deepEqual(await serious(operator), []);
    await using customer = await browser.open({ module: PANEL, locale });
    await tell(customer, { number: 1, state: 'recording', sound: false, helper: 'Ada' });
    t.deepEqual(await serious(customer), []);
  });
}
