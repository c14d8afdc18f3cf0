/** Monitors and display sizes that change under a running session, from the X server to the operator's mouse. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startXvfb } from '@livelet/compliance';
import test from 'ava';
import type { Page } from 'playwright-core';
import { startLocalSession } from '../fixtures/local-session.js';
import { drawScene, type Scene } from '../fixtures/scene.js';
import { startBrowser } from '../fixtures/session-pages.js';
import { type DisplayArea, pictureEqualsDisplay, stageOf } from '../fixtures/stage-picture.js';
import { withDeadline } from '../fixtures/with-deadline.js';
import { clickStage, playUntilAllowed } from '../start/people.js';

const run = promisify(execFile);

/** Whatever the two programs do shows within this, ms. */
const REACTION = 20_000;
const WHOLE = { x: 0, y: 0, width: 1920, height: 1080 } as const;
const LEFT = { ...WHOLE, width: 960 } as const;
const RIGHT = { ...LEFT, x: 960 } as const;
const SMALL = { ...WHOLE, width: 1280, height: 720 } as const;
const SMALL_RIGHT = { ...SMALL, x: 960, width: 320 } as const;
/** Inside the scene's button at every size of the display. */
const POINT = { x: 1262, y: 701 } as const;
/** Pixels that a click may be off: the stage is drawn smaller, and the mouse is on whole pixels of the page. */
const NEAR = 3;

test('monitors and the display’s size change while the operator looks and clicks', async (t) => {
  await using server = await startXvfb(WHOLE);
  await using scene = await drawScene(server.name);
  await using session = await startLocalSession({ display: server.name });
  await using operator = await startBrowser({ viewport: { width: 1440, height: 900 } });
  await using customer = await startBrowser({ viewport: { width: 560, height: 900 } });
  operator.context.setDefaultTimeout(REACTION);
  const { page } = operator;
  const xrandr = (...words: string[]) => run('xrandr', ['-display', server.name, ...words]);
  const menu = page.getByRole('combobox', { name: 'Monitor', exact: true });
  const shows = async (what: string, area: DisplayArea): Promise<void> => {
    await page.locator(stageOf(area)).waitFor();
    await t.notThrowsAsync(pictureEqualsDisplay(page, scene.connection, area), what);
  };

  await playUntilAllowed(page, customer.page, session);
  await shows('the whole display', WHOLE);
  t.true(await menu.isHidden(), 'there is nothing to choose');

  await xrandr('--setmonitor', 'left', '960/250x1080/280+0+0', 'screen');
  await xrandr('--setmonitor', 'right', '960/250x1080/280+960+0', 'none');
  await menu.waitFor();
  await shows('the first of two monitors', LEFT);
  t.is(await menu.inputValue(), '1');

  await menu.selectOption('2');
  await shows('the second one, which is as large', RIGHT);
  await t.notThrowsAsync(clicks(page, scene, RIGHT));
  await shows('what the click changed', RIGHT);

  await menu.selectOption({ label: 'All monitors · 1920 × 1080' });
  await shows('both side by side', WHOLE);
  await t.notThrowsAsync(clicks(page, scene, WHOLE));

  // Timings that no memory display needs, but its server checks.
  await xrandr('--newmode', 'small', '74.5', '1280', '1344', '1472', '1664', '720', '723', '728', '748');
  await xrandr('--addmode', 'screen', 'small');
  await xrandr('--output', 'screen', '--mode', 'small');
  await shows('a smaller display', SMALL);
  await t.notThrowsAsync(clicks(page, scene, SMALL));

  await menu.selectOption('2');
  await shows('what is left of the second monitor', SMALL_RIGHT);
  await t.notThrowsAsync(clicks(page, scene, SMALL_RIGHT));

  await xrandr('--output', 'screen', '--mode', '1920x1080');
  await shows('the second monitor grows again', RIGHT);
  await t.notThrowsAsync(clicks(page, scene, RIGHT));

  await xrandr('--delmonitor', 'right');
  await menu.waitFor({ state: 'hidden' });
  await shows('one is left, which is all there is', WHOLE);
  await t.notThrowsAsync(clicks(page, scene, WHOLE));
});

/** Clicks where the stage shows the scene's button. @throws when the click arrives elsewhere on the display, or never */
async function clicks(page: Page, { connection, button }: Scene, shown: DisplayArea): Promise<void> {
  const pressed = connection.event((event) => event.name === 'ButtonPress');
  await clickStage(page, shown, { x: POINT.x - (shown.x ?? 0), y: POINT.y - (shown.y ?? 0) });
  const { x = 0, y = 0 } = await withDeadline(pressed, REACTION, 'the click to arrive');
  const off = { x: button.x + x - POINT.x, y: button.y + y - POINT.y };
  if (Math.abs(off.x) > NEAR || Math.abs(off.y) > NEAR) throw new Error(`${off.x}, ${off.y} pixels off`);
}
