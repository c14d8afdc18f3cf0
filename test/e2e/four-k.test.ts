/** A display of 3840 x 2160 in a real session: all of it is seen, exactly, and it can be worked on. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { startDesktop } from '../fixtures/desktop.js';
import { fileAppears } from '../fixtures/file-appears.js';
import { startLocalSession } from '../fixtures/local-session.js';
import { startBrowser } from '../fixtures/session-pages.js';
import { pictureEqualsDisplay, stageOf } from '../fixtures/stage-picture.js';
import { withDeadline } from '../fixtures/with-deadline.js';
import { clickStage, middle, playUntilAllowed } from '../start/people.js';

/** Whatever the two programs do shows within this, ms. */
const REACTION = 20_000;
const SCREEN = { width: 3840, height: 2160 } as const;

test('a 4K display is shown, clicked on and typed into', async (t) => {
  await using desktop = await startDesktop(SCREEN.width, SCREEN.height);
  await using session = await startLocalSession({ display: desktop.display });
  await using operator = await startBrowser({ viewport: { width: 1440, height: 900 } });
  await using customer = await startBrowser({ viewport: { width: 560, height: 900 } });
  operator.context.setDefaultTimeout(REACTION);
  const { page } = operator;
  const { scene } = desktop;

  await playUntilAllowed(page, customer.page, session);
  await page.locator(stageOf(SCREEN)).waitFor();
  const equal = pictureEqualsDisplay(page, scene.connection, SCREEN);
  await t.notThrowsAsync(equal, 'the picture equals the display, pixel for pixel');

  const before = scene.colour;
  const clicked = scene.clicked();
  await clickStage(page, SCREEN, middle(scene.button));
  await withDeadline(clicked, REACTION, 'the click to arrive');
  t.not(scene.colour, before);

  const file = join(session.folder, 'typed');
  const written = fileAppears(session.folder, 'typed', REACTION);
  await clickStage(page, SCREEN, desktop.terminal);
  await page.keyboard.type(`printf %s '3840 × 2160' > ${file}.part && mv ${file}.part ${file}\n`);
  await written;
  t.is(await readFile(file, 'utf8'), '3840 × 2160');
  await pictureEqualsDisplay(page, scene.connection, SCREEN);
});
