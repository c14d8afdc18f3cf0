/** A screen that the customer's own browser captures, from the button to the operator's picture, in real Chromium. */
import test from 'ava';
import type { Page } from 'playwright-core';
import { type Desktop, startDesktop } from '../fixtures/desktop.js';
import { allEnded, keepStreams, tracks } from '../fixtures/kept-streams.js';
import { type LocalSession, startLocalSession } from '../fixtures/local-session.js';
import { type PersonsBrowser, startBrowser } from '../fixtures/session-pages.js';
import { displayPixels, STAGE, stagePixels, watchDrawing } from '../fixtures/stage-picture.js';
import { withDeadline } from '../fixtures/with-deadline.js';
import { clickStage, playNextUntilAllowed, playUntilAllowed } from '../start/people.js';

/** Whatever a person does shows within this, ms. */
const REACTION = 20_000;
/** Where the terminal shows what is typed; the pointer, which the browser draws into the picture, is elsewhere. */
const TERMINAL = { x: 100, y: 110, width: 600, height: 80 };
/** Mean difference in brightness, of 255, of a picture whose colours the browser's capture has halved. */
const SIMILAR = 3;

const resources = new AsyncDisposableStack();
let desktop: Desktop;
let session: LocalSession;
let operator: PersonsBrowser;
test.before(async () => {
  desktop = resources.use(await startDesktop());
  session = resources.use(
    await startLocalSession({
      display: desktop.display,
      liveletOptions: ['--capture', 'web', '--arm-seconds', '1'],
    }),
  );
  operator = resources.use(await startBrowser({ viewport: { width: 1440, height: 900 } }));
  operator.context.setDefaultTimeout(REACTION);
});
test.after.always(() => resources.disposeAsync());

test.serial('the operator sees what the browser captures, as long as the customer allows it', async (t) => {
  await using customer = await startBrowser({
    display: desktop.display,
    flags: ['--auto-select-desktop-capture-source=Entire screen', '--window-position=1300,60'],
    viewport: { width: 560, height: 800 },
  });
  customer.context.setDefaultTimeout(REACTION);
  await keepStreams(customer.context, 'getDisplayMedia');
  const page = customer.page;

  const panel = await playUntilAllowed(operator.page, page, session);
  const heading = panel.getByRole('heading', { level: 1 });
  await heading.getByText('but nothing of your screen is shared now').waitFor();
  await operator.page.getByText('No picture', { exact: true }).waitFor();
  await panel.getByRole('button', { name: 'Choose what to share' }).click();
  await panel.locator('main').getByText('The browser is sharing what you chose').waitFor();
  await heading.getByText('sees your screen and can use').waitFor();
  await operator.page.locator(STAGE).waitFor();
  await operator.page.getByText('Controlling', { exact: true }).waitFor();
  await showsTerminal(operator.page, desktop);

  const before = await terminalOf(operator.page);
  await clickStage(operator.page, desktop, desktop.terminal);
  await operator.page.keyboard.type(
    '# The quick brown fox jumps over the lazy dog, and over the fence behind it',
  );
  await until(operator.page, async () => difference(await terminalOf(operator.page), before) > SIMILAR);
  await showsTerminal(operator.page, desktop);

  t.deepEqual(await tracks(page), ['live']);
  await panel.getByRole('switch', { name: /see/i }).uncheck();
  await operator.page.locator(STAGE).waitFor({ state: 'hidden' });
  await allEnded(page, REACTION);

  await panel.getByRole('switch', { name: /see/i }).check();
  await panel.getByRole('button', { name: 'Choose what to share' }).press('Enter');
  await heading.getByText('sees your screen').waitFor();
  await operator.page.locator(STAGE).waitFor();
  await showsTerminal(operator.page, desktop);
  t.deepEqual(await tracks(page), ['ended', 'live']);

  // The track ends as by the browser's own “Stop sharing”.
  await page.evaluate('streams.at(-1).getTracks()[0].stop()');
  await heading.getByText('but nothing of your screen is shared now').waitFor();
  await panel.locator('main').getByText('Nothing is shared.').waitFor();
  const said = panel.locator('[aria-live=polite]').filter({ hasText: 'Nothing is shared.' });
  t.is(await said.count(), 1, 'told once to who can’t see it');
  await operator.page.getByText('No picture', { exact: true }).waitFor();
  // Nobody types or clicks on what they can't see.
  await operator.page.locator('.picture textarea:disabled').waitFor({ state: 'attached' });
  for (const tool of ['Zoom in', 'Keys'])
    await operator.page.getByRole('button', { name: tool, exact: true }).waitFor({ state: 'detached' });
  await operator.page.getByRole('button', { name: 'Try again' }).click();
  await panel.getByRole('button', { name: 'Choose what to share' }).click();
  await heading.getByText('sees your screen').waitFor();
  await operator.page.getByText('Controlling', { exact: true }).waitFor();
  await operator.page.locator('.picture textarea:enabled').waitFor({ state: 'attached' });
  await showsTerminal(operator.page, desktop);
  await panel.getByRole('button', { name: 'Stop' }).click();
  await allEnded(page, REACTION);
});

test.serial('a customer who refuses reads it, and so does the operator, who can ask again', async (t) => {
  await session.nextLivelet();
  // The browser answers for its picker as when the person cancels it.
  await using customer = await startBrowser({
    flags: ['--use-fake-ui-for-media-stream=deny'],
    viewport: { width: 560, height: 800 },
  });
  customer.context.setDefaultTimeout(REACTION);

  const panel = await playNextUntilAllowed(operator.page, customer.page, session);
  await panel.getByRole('button', { name: 'Choose what to share' }).press('Enter');
  await panel.locator('main').getByText('Nothing is shared.').waitFor();
  t.is(await panel.evaluate('document.activeElement.textContent.startsWith("Nothing is shared.")'), true);
  await operator.page.getByText('chose none').waitFor();
  await operator.page.getByRole('button', { name: 'Try again' }).click();
  await panel.locator('main').getByText('Your helper is waiting to see your screen.').waitFor();
  t.true(await panel.getByRole('button', { name: 'Choose what to share' }).isVisible());
});

/** Resolves when the operator's picture of the terminal is the display's, but for what the capture does to colours. */
async function showsTerminal(operator: Page, desktop: Desktop): Promise<void> {
  await until(operator, async () => {
    const { x, y, width, height } = TERMINAL;
    const shown = brightness(await displayPixels(desktop.scene.connection, width, height, x, y));
    return difference(await terminalOf(operator), shown) < SIMILAR;
  });
}

async function terminalOf(operator: Page): Promise<readonly number[]> {
  return brightness(await stagePixels(operator, STAGE, TERMINAL));
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

/** Of the pixels of an RGBA picture (ITU-R BT.601-7, 2.5.1). */
function brightness(picture: Buffer): readonly number[] {
  const values: number[] = [];
  for (let at = 0; at < picture.length; at += 4) {
    const [red = 0, green = 0, blue = 0] = picture.subarray(at, at + 3);
    values.push(0.299 * red + 0.587 * green + 0.114 * blue);
  }
  return values;
}

function difference(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 0)), 0) / a.length;
}
