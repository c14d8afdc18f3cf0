/** A screen that the customer's own browser captures, from the button to the operator's picture, in real Chromium. */
import test from 'ava';
import type { Page } from 'playwright-core';
import { type Desktop, startDesktop } from '../fixtures/desktop.js';
import { startLocalSession } from '../fixtures/local-session.js';
import { startBrowser } from '../fixtures/session-pages.js';
import { displayPixels, STAGE, stagePixels, watchDrawing } from '../fixtures/stage-picture.js';
import { withDeadline } from '../fixtures/with-deadline.js';
import { clickStage, playUntilAllowed } from '../start/people.js';

/** Whatever a person does shows within this, ms. */
const REACTION = 20_000;
/** Where the terminal shows what is typed; the pointer, which the browser draws into the picture, is elsewhere. */
const TERMINAL = { x: 100, y: 110, width: 600, height: 80 };
/** Mean difference in brightness, of 255, of a picture whose colours the browser's capture has halved. */
const SIMILAR = 3;
/** Keeps the streams that the browser gives, for a look at their tracks. */
const KEPT = `
  globalThis.streams = [];
  const original = navigator.mediaDevices.getDisplayMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getDisplayMedia = async (options) => {
    const stream = await original(options);
    streams.push(stream);
    return stream;
  };
`;

test('the operator sees what the browser captures, as long as the customer allows it', async (t) => {
  await using desktop = await startDesktop();
  await using session = await startLocalSession({
    display: desktop.display,
    liveletOptions: ['--capture', 'web'],
  });
  await using operator = await startBrowser({ viewport: { width: 1440, height: 900 } });
  await using customer = await startBrowser({
    display: desktop.display,
    flags: ['--auto-select-desktop-capture-source=Entire screen', '--window-position=1300,60'],
    viewport: { width: 560, height: 800 },
  });
  for (const { context } of [operator, customer]) context.setDefaultTimeout(REACTION);
  await customer.context.addInitScript(KEPT);
  const page = customer.page;

  const panel = await playUntilAllowed(operator.page, page, session);
  await panel.getByRole('button', { name: 'Choose what to share' }).click();
  await panel.getByText('The browser is sharing what you chose').waitFor();
  await operator.page.locator(STAGE).waitFor();
  await showsTerminal(operator.page, desktop);
  t.pass('the picture is there');

  const before = await terminalOf(operator.page, desktop);
  await clickStage(operator.page, desktop, desktop.terminal);
  await operator.page.keyboard.type(
    '# The quick brown fox jumps over the lazy dog, and over the fence behind it',
  );
  await until(
    operator.page,
    async () => difference(await terminalOf(operator.page, desktop), before) > SIMILAR,
  );
  await showsTerminal(operator.page, desktop);
  t.pass('what is typed is seen');

  t.deepEqual(await tracks(page), ['live']);
  await panel.getByRole('switch', { name: /see/i }).uncheck();
  await operator.page.locator(STAGE).waitFor({ state: 'hidden' });
  await allEnded(page);
  t.pass('nothing is captured any more');

  await panel.getByRole('switch', { name: /see/i }).check();
  await panel.getByRole('button', { name: 'Choose what to share' }).press('Enter');
  await showsTerminal(operator.page, desktop);
  t.deepEqual(await tracks(page), ['ended', 'live']);
  await panel.getByRole('button', { name: 'Stop' }).click();
  await allEnded(page);
});

test('a customer who refuses reads it, and so does the operator, who can have them asked again', async (t) => {
  await using desktop = await startDesktop();
  await using session = await startLocalSession({
    display: desktop.display,
    liveletOptions: ['--capture', 'web'],
  });
  await using operator = await startBrowser({ viewport: { width: 1440, height: 900 } });
  // The browser answers for its picker as when the person cancels it.
  await using customer = await startBrowser({
    flags: ['--use-fake-ui-for-media-stream=deny'],
    viewport: { width: 560, height: 800 },
  });
  for (const { context } of [operator, customer]) context.setDefaultTimeout(REACTION);

  const panel = await playUntilAllowed(operator.page, customer.page, session);
  await panel.getByRole('button', { name: 'Choose what to share' }).press('Enter');
  await panel.getByText('Nothing is shared.').waitFor();
  t.is(await panel.evaluate('document.activeElement.textContent.startsWith("Nothing is shared.")'), true);
  await operator.page.getByText('chose none').waitFor();
  await operator.page.getByRole('button', { name: 'Try again' }).click();
  await panel.getByText('Your helper is waiting to see your screen.').waitFor();
  t.true(await panel.getByRole('button', { name: 'Choose what to share' }).isVisible());
});

function tracks(page: Page): Promise<string[]> {
  return page.evaluate('streams.flatMap((stream) => stream.getTracks()).map((track) => track.readyState)');
}

/** Resolves when nothing that the browser gave is being captured; a track that the page stops tells no event. */
async function allEnded(page: Page): Promise<void> {
  const looking = page.evaluate(async () => {
    const { streams } = globalThis as unknown as { streams: MediaStream[] };
    while (streams.some((stream) => stream.active)) await new Promise(requestAnimationFrame);
  });
  await withDeadline(looking, REACTION, 'the tracks to end');
}

/** Resolves when the operator's picture of the terminal is the display's, but for what the capture does to colours. */
async function showsTerminal(operator: Page, desktop: Desktop): Promise<void> {
  await until(operator, async () => {
    const display = await displayPixels(desktop.scene.connection, desktop.width, desktop.height);
    const shown = brightness(display, desktop.width);
    return difference(await terminalOf(operator, desktop), shown) < SIMILAR;
  });
}

async function terminalOf(operator: Page, { width }: Desktop): Promise<readonly number[]> {
  return brightness(await stagePixels(operator), width);
}

/** Looks again whenever the operator's page draws. */
async function until(operator: Page, holds: () => Promise<boolean>): Promise<void> {
  const look = async (): Promise<void> => {
    for (;;) {
      const drawn = await watchDrawing(operator);
      if (await holds()) return;
      await drawn();
    }
  };
  await withDeadline(look(), REACTION, 'the picture');
}

/** Of the terminal's pixels in an RGBA picture (ITU-R BT.601-7, 2.5.1). */
function brightness(picture: Buffer, width: number): readonly number[] {
  const values: number[] = [];
  for (let y = TERMINAL.y; y < TERMINAL.y + TERMINAL.height; y++) {
    for (let x = TERMINAL.x; x < TERMINAL.x + TERMINAL.width; x++) {
      const at = (y * width + x) * 4;
      const [red = 0, green = 0, blue = 0] = picture.subarray(at, at + 3);
      values.push(0.299 * red + 0.587 * green + 0.114 * blue);
    }
  }
  return values;
}

function difference(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 0)), 0) / a.length;
}
