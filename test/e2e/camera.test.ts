/** Both people's cameras in real Chromium, whose fake devices play known films: what comes out is what went in. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KNOWN_QUARTERS, startXvfb, writeKnownFilm } from '@livelet/compliance';
import test from 'ava';
import type { Locator, Page } from 'playwright-core';
import { showsQuarters } from '../fixtures/camera-picture.js';
import { allEnded, keepStreams, tracks } from '../fixtures/kept-streams.js';
import { startLocalSession } from '../fixtures/local-session.js';
import { type PersonsBrowser, startBrowser } from '../fixtures/session-pages.js';
import { withDeadline } from '../fixtures/with-deadline.js';
import { openMark, playUntilAllowed } from '../start/people.js';

/** Whatever a person does shows within this, ms. */
const REACTION = 20_000;
const [RED, GREEN, BLUE, WHITE] = KNOWN_QUARTERS;
const OPERATORS_FILM = [BLUE, WHITE, GREEN, RED] as const;

test('each sees the other’s camera as long as the customer allows it, and both know', async (t) => {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'livelet-film-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const display = stack.use(await startXvfb({ width: 640, height: 400 }));
  const session = stack.use(
    await startLocalSession({ display: display.name, liveletOptions: ['--arm-seconds', '1'] }),
  );
  const person = async (film: typeof KNOWN_QUARTERS, width: number): Promise<Page> => {
    const file = join(folder, `${width}.y4m`);
    await writeKnownFilm(file, film);
    const browser: PersonsBrowser = stack.use(
      await startBrowser({
        flags: [
          '--use-fake-ui-for-media-stream',
          '--use-fake-device-for-media-stream',
          `--use-file-for-fake-video-capture=${file}`,
        ],
        viewport: { width, height: 900 },
      }),
    );
    browser.context.setDefaultTimeout(REACTION);
    await keepStreams(browser.context, 'getUserMedia');
    return browser.page;
  };
  const operator = await person(OPERATORS_FILM, 1440);
  const customer = await person(KNOWN_QUARTERS, 560);
  const panel = await playUntilAllowed(operator, customer, session);
  t.deepEqual([await tracks(operator), await tracks(customer)], [[], []]);

  await allow(panel, 'camera');
  await panel.locator('main').getByText('Your camera is on: your helper sees you.').waitFor();
  await openMark(operator, 'You see their camera').waitFor();
  await showsQuarters(operator.locator('livelet-camera-window canvas'), KNOWN_QUARTERS);
  t.deepEqual([await tracks(operator), await tracks(customer)], [[], ['live']]);
  await plays(panel.locator('livelet-own-camera video'));
  await panel.getByRole('button', { name: 'Turn my camera off' }).press('Enter');
  await operator.getByRole('button', { name: 'Their camera is off' }).waitFor();
  t.deepEqual(await tracks(customer), ['ended']);
  await panel.getByRole('button', { name: 'Turn my camera on' }).press('Enter');
  await showsQuarters(operator.locator('livelet-camera-window canvas'), KNOWN_QUARTERS);

  await allow(panel, 'show-camera');
  await operator.getByRole('button', { name: 'Camera', exact: true }).click();
  t.deepEqual(await tracks(operator), []);
  await operator.locator('#menu').getByRole('button', { name: 'Turn my camera on' }).click();
  await openMark(operator, 'Camera open').waitFor();
  await panel.locator('main').getByText('Your helper shows you their camera.').waitFor();
  await showsQuarters(panel.getByRole('img', { name: 'Your helper' }), OPERATORS_FILM);
  await panel.getByRole('button', { name: 'Close it' }).press('Enter');
  await operator.getByText('The customer has closed your picture.').waitFor();
  t.deepEqual(await tracks(operator), ['ended']);
  // The other way is a permission of its own.
  t.deepEqual(await tracks(customer), ['ended', 'live']);

  await panel.locator('#switch-camera').uncheck();
  await openMark(operator, 'You see their camera').waitFor({ state: 'detached' });
  await allEnded(customer, REACTION);
});

async function allow(panel: Page, capability: string): Promise<void> {
  const given = panel.locator(`#switch-${capability}`);
  if (!(await given.isVisible())) await panel.locator('.switches summary').click();
  await given.check();
}

/** Resolves when the preview shows another picture than its first. */
async function plays(preview: Locator): Promise<void> {
  const looking = preview.evaluate(async (element) => {
    const video = element as HTMLVideoElement;
    while (video.videoWidth === 0 || video.currentTime === 0) {
      await new Promise((resolve) => video.addEventListener('timeupdate', resolve, { once: true }));
    }
  });
  await withDeadline(looking, REACTION, 'the preview');
}
