import { headlessChromium } from '@livelet/compliance/headless-chromium';
import test from 'ava';
import { WatchedMonitor } from '../src/viewer/watched-monitor.js';
import { launch, StagePage } from './stage-page.js';

const browser = await launch(headlessChromium());
test.after.always(() => browser.close());

test('that a watched monitor is gone, and back, stands on the stage for a while', async (t) => {
  await using page = await StagePage.open(browser, 'stage');
  await page.page.clock.install();
  await page.page.clock.pauseAt(Date.now() + 60_000);
  await page.receive({ type: 'monitor', name: 'DP-1', isThere: false });
  const line = page.page.getByRole('status').filter({ hasText: 'DP-1' });
  t.is(await line.textContent(), 'Monitor DP-1 is gone: what you see now is another picture.');
  await page.evaluate(`setLocale('it')`);
  await page.receive({ type: 'monitor', name: 'DP-1', isThere: true });
  t.is(await line.textContent(), 'Il monitor DP-1 è tornato.');
  await page.page.clock.runFor(8000);
  t.is(await line.count(), 0);
});

test('once there is no picture at all, only that is told', async (t) => {
  await using page = await StagePage.open(browser, 'stage');
  await page.receive({ type: 'state', state: 'viewing' });
  await page.receive({ type: 'monitor', name: 'DP-1', isThere: false });
  await page.receive({ type: 'state', state: 'failed', error: 'display-lost' });
  t.deepEqual(
    (await page.page.getByRole('status').allInnerTexts())
      .map((told) => told.replace(/\s*Try again$/, ''))
      .filter(Boolean),
    ['The customer’s screen was switched off or restarted. Try again in a moment.'],
  );
});

const SIZE = { y: 0, width: 800, height: 600 };
const LEFT = { ...SIZE, id: 1, name: 'HDMI-1', x: 0 };
const RIGHT = { ...SIZE, id: 2, name: 'DP-1', x: 800 };
const WHOLE = { ...SIZE, id: 0, name: '', x: 0, width: 1600 };
/** As a display with one monitor has them. */
const ALONE = { ...LEFT, id: 0 };

test('a monitor that is shown and goes is told of once, and once when it is back', (t) => {
  const watched = new WatchedMonitor();
  t.is(watched.follow(undefined, [LEFT, RIGHT, WHOLE]), undefined);
  t.deepEqual(watched.follow(RIGHT, [ALONE]), { type: 'monitor', name: 'DP-1', isThere: false });
  t.is(watched.follow(ALONE, [ALONE]), undefined);
  t.deepEqual(watched.follow(ALONE, [LEFT, RIGHT, WHOLE]), { type: 'monitor', name: 'DP-1', isThere: true });
  t.is(watched.follow(RIGHT, [LEFT, RIGHT, WHOLE]), undefined);
});

test('nothing is told of a monitor that nobody watches, nor of one that was left meanwhile', (t) => {
  const watched = new WatchedMonitor();
  t.is(watched.follow(LEFT, [ALONE]), undefined);
  t.is(watched.follow(WHOLE, [ALONE]), undefined);
  watched.follow(RIGHT, [ALONE]);
  watched.forget();
  t.is(watched.follow(ALONE, [LEFT, RIGHT, WHOLE]), undefined);
});
