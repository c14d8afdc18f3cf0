/** The operator's own screen, from the choice to the customer's picture, in real Chromium. */
import { startXvfb } from '@livelet/compliance';
import test from 'ava';
import { startDesktop } from '../fixtures/desktop.js';
import { allEnded, keepStreams, tracks } from '../fixtures/kept-streams.js';
import { startLocalSession } from '../fixtures/local-session.js';
import { startBrowser } from '../fixtures/session-pages.js';
import { pictureEqualsDisplay, STAGE } from '../fixtures/stage-picture.js';
import { connectX } from '../fixtures/x-client.js';
import { openMark, playUntilAllowed } from '../start/people.js';

/** Whatever a person does shows within this, ms. */
const REACTION = 20_000;
const SIZE = { width: 800, height: 600 };

test('the customer sees what the operator shows, and each of them can end it', async (t) => {
  await using own = await startXvfb(SIZE);
  await using screen = await connectX(own.name);
  await using desktop = await startDesktop(1280, 720);
  await using session = await startLocalSession({
    display: desktop.display,
    operatorOptions: ['--display', own.name],
    liveletOptions: ['--arm-seconds', '1'],
  });
  await using there = await startBrowser({
    display: own.name,
    flags: ['--auto-select-desktop-capture-source=Entire screen', '--window-position=0,0'],
    viewport: { width: 1200, height: 560 },
  });
  await using here = await startBrowser({ viewport: { width: 560, height: 900 } });
  for (const { context } of [there, here]) context.setDefaultTimeout(REACTION);
  await keepStreams(there.context, 'getDisplayMedia');
  const [operator, customer] = [there.page, here.page];
  const panel = await playUntilAllowed(operator, customer, session);
  const picture = customer.locator(STAGE);

  await operator.getByRole('tab', { name: 'My screen' }).click();
  await operator.getByRole('button', { name: 'Ask to show your screen' }).first().click();
  await panel.getByRole('heading', { name: /show you their screen/ }).waitFor();
  t.false(await picture.isVisible());
  await panel.getByRole('button', { name: 'Allow' }).click();

  await operator.getByRole('radio', { name: '800 × 600' }).check();
  await operator.getByRole('button', { name: 'Show it' }).click();
  await openMark(operator, 'You are showing your screen').waitFor();
  await panel.locator('main').getByText('Your helper is showing you their screen.').waitFor();
  await pictureEqualsDisplay(customer, screen, SIZE);
  await panel.getByRole('button', { name: 'Close it' }).press('Enter');
  await operator.locator('livelet-show-screen').getByText('The customer has closed it.').waitFor();
  await picture.waitFor({ state: 'hidden' });

  await operator.getByRole('radio', { name: 'chosen in the browser' }).check();
  await operator.getByRole('button', { name: 'Show it' }).click();
  await picture.waitFor();
  t.deepEqual(await tracks(operator), ['live']);
  await operator.locator('livelet-showing-mark').getByRole('button', { name: 'Stop showing' }).press('Enter');
  // The button is gone, and the keyboard goes on from where it was.
  await operator.locator('[data-contribution=showing]:focus').waitFor({ state: 'attached' });
  await picture.waitFor({ state: 'hidden' });
  await allEnded(operator, REACTION);

  await operator.getByRole('button', { name: 'Show it' }).click();
  await picture.waitFor();
  await panel.getByRole('switch', { name: /show you their screen/ }).uncheck();
  await picture.waitFor({ state: 'detached' });
  await openMark(operator, 'You are showing your screen').waitFor({ state: 'detached' });
  await allEnded(operator, REACTION);
  t.deepEqual(await tracks(operator), ['ended', 'ended']);
});
