/** What a session can lose: a page, a program, the display. One operator helps one customer after the other. */
import { once } from 'node:events';
import { startXvfb } from '@livelet/compliance';
import test from 'ava';
import type { Page } from 'playwright-core';
import { processTree } from '../fixtures/process-tree.js';
import { pictureEqualsDisplay, STAGE } from '../fixtures/stage-picture.js';
import { withDeadline } from '../fixtures/with-deadline.js';
import { BRISK, type Cast, REACTION, startCast } from '../start/cast.js';
import { playNextUntilAllowed, playUntilAllowed } from '../start/people.js';

// One computer plays everybody, and is counted as one address.
process.env.LIVELET_RELAY_SOCKETS_PER_MINUTE = '1000';

let cast: Cast;
test.before(async () => {
  cast = await startCast(undefined, BRISK);
  cast.panel = await playUntilAllowed(cast.operator, cast.customer, cast.session);
  await pictureEqualsDisplay(cast.operator, cast.desktop.scene.connection, cast.desktop);
});
test.after.always(() => cast?.[Symbol.asyncDispose]());

interface Customer {
  readonly page: Page;
  readonly panel: Page;
}

/** Another customer, whose screen the operator sees. */
async function nextCustomer(display?: string): Promise<Customer> {
  const { session, operator, customer } = cast;
  await session.nextLivelet(display);
  const page = await customer.context().newPage();
  const panel = await playNextUntilAllowed(operator, page, session);
  await operator.locator(`${STAGE}:visible`).waitFor();
  return { page, panel };
}

/** The Livelet ends by itself and leaves no process. */
async function liveletEnds(): Promise<number> {
  const { livelet } = cast.session;
  const id = livelet.process.pid ?? 0;
  await withDeadline(livelet.exited, REACTION, 'the Livelet to exit');
  return processTree(id).length;
}

test.serial('the operator’s page reloads: the picture is whole again, and exact', async (t) => {
  await cast.operator.reload();
  await pictureEqualsDisplay(cast.operator, cast.desktop.scene.connection, cast.desktop);
  t.true(await cast.panel.getByRole('switch', { name: 'see your screen' }).isChecked());
});

test.serial('the customer’s page goes away: the session ends within seconds, the Livelet too', async (t) => {
  // The browser is for the next one.
  await cast.customer.context().newPage();
  await cast.customer.close();
  await cast.operator.getByRole('heading', { name: 'Session with Anna Bianchi ended' }).waitFor();
  t.is(await liveletEnds(), 0);
});

test.serial('the display is killed: both are told, the Livelet ends', async (t) => {
  await using display = await startXvfb();
  const { page } = await nextCustomer(display.name);
  process.kill(display.processId, 'SIGKILL');
  await cast.operator.getByRole('heading', { name: 'Session with Anna Bianchi ended' }).waitFor();
  await page.getByText('The program has closed. Nobody can connect.').waitFor();
  t.is(await liveletEnds(), 0);
});

test.serial('the operator’s program is killed: the customer is told, and Stop ends it all', async (t) => {
  const { page, panel } = await nextCustomer();
  const { process: operator } = cast.session.operator;
  operator.kill('SIGKILL');
  await once(operator, 'exit');
  await panel.getByRole('heading', { name: 'The connection to Maria Rossi was lost' }).waitFor();
  await panel.getByRole('button', { name: 'Stop' }).click();
  await page.getByText('The program has closed. Nobody can connect.').waitFor();
  t.is(await liveletEnds(), 0);
});
