/** Both cameras are open, and a page is loaded again, or a program killed: what stays open is what both screens say. */
import { once } from 'node:events';
import { startXvfb } from '@livelet/compliance';
import test from 'ava';
import type { Page } from 'playwright-core';
import { allEnded, keepStreams, tracks } from '../fixtures/kept-streams.js';
import { startLocalSession } from '../fixtures/local-session.js';
import { startBrowser } from '../fixtures/session-pages.js';
import { playUntilAllowed } from '../start/people.js';

/** Whatever happens shows within this, ms. */
const REACTION = 60_000;

test('a page that is loaded again has its camera again; a killed console leaves none open at either end', async (t) => {
  await using stack = new AsyncDisposableStack();
  const display = stack.use(await startXvfb({ width: 640, height: 400 }));
  const session = stack.use(
    await startLocalSession({ display: display.name, liveletOptions: ['--arm-seconds', '1'] }),
  );
  const person = async (width: number): Promise<Page> => {
    const browser = stack.use(
      await startBrowser({
        flags: ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'],
        viewport: { width, height: 900 },
      }),
    );
    browser.context.setDefaultTimeout(REACTION);
    await keepStreams(browser.context, 'getUserMedia');
    return browser.page;
  };
  const operator = await person(1440);
  const customer = await person(560);
  const panel = await playUntilAllowed(operator, customer, session);
  for (const capability of ['camera', 'show-camera']) {
    const given = panel.locator(`#switch-${capability}`);
    if (!(await given.isVisible())) await panel.locator('.switches summary').click();
    await given.check();
  }
  const menu = operator.locator('livelet-camera-menu');
  await menu.getByRole('button', { name: 'Camera', exact: true }).click();
  await menu.getByRole('button', { name: 'Turn my camera on' }).click();
  const theirs = panel.locator('main').getByText('Your helper shows you their camera.');
  await theirs.waitFor();
  await panel.locator('main').getByText('Your camera is on: your helper sees you.').waitFor();

  await operator.reload();
  const open = operator.getByRole('list', { name: 'Open now' });
  await open.getByText('Camera open', { exact: true }).waitFor();
  await open.getByText('You see their camera', { exact: true }).waitFor();
  await theirs.waitFor();
  t.deepEqual([await tracks(operator), await tracks(customer)], [['live'], ['live']]);

  session.operator.process.kill('SIGKILL');
  await once(session.operator.process, 'exit');
  await allEnded(customer, REACTION);
  await allEnded(operator, REACTION);
  await theirs.waitFor({ state: 'hidden' });
  await panel.locator('main').getByText('Your camera is off: your helper can’t see you.').waitFor();
  await panel.getByRole('list', { name: 'Open now' }).waitFor({ state: 'detached' });
});
