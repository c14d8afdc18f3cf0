/** One session on a line that fails in each way that it can, one behind the other. */
import test from 'ava';
import { pictureEqualsDisplay } from '../fixtures/stage-picture.js';
import { withDeadline } from '../fixtures/with-deadline.js';
import { BRISK, type Cast, REACTION, startCast } from '../start/cast.js';
import { clickStage, middle, playUntilAllowed, sendChat } from '../start/people.js';

let cast: Cast;
test.before(async () => {
  cast = await startCast(undefined, { ...BRISK, countBytes: true });
  cast.panel = await playUntilAllowed(cast.operator, cast.customer, cast.session);
  await mode('Controlling');
  await pictureEqualsDisplay(cast.operator, cast.desktop.scene.connection, cast.desktop);
});
test.after.always(() => cast?.[Symbol.asyncDispose]());

async function mode(text: string): Promise<void> {
  await cast.operator
    .locator('.mode')
    .getByText(text, { exact: true })
    .waitFor({ timeout: 3 * REACTION });
}

/** Asks the display, one request behind the other, until so many keys are down. */
async function keysDown(count: number): Promise<void> {
  const { connection } = cast.desktop.scene;
  const asking = (async () => {
    while ((await connection.keysDown()) !== count);
  })();
  await withDeadline(asking, REACTION, `${count} keys to be down`);
}

/** The operator clicks the button on the customer's desktop. */
async function click(): Promise<void> {
  const { desktop, operator } = cast;
  const clicked = desktop.scene.clicked();
  await clickStage(operator, desktop, middle(desktop.scene.button));
  await withDeadline(clicked, REACTION, 'the click to arrive');
}

async function bothAreTold(): Promise<void> {
  await mode('Reconnecting');
  await cast.panel.getByRole('heading', { name: 'The connection to Maria Rossi was lost' }).waitFor();
}

async function bothGoOn(): Promise<void> {
  await mode('Controlling');
  await cast.panel.getByRole('heading', { name: /^Maria Rossi sees your screen and can use/ }).waitFor();
  await pictureEqualsDisplay(cast.operator, cast.desktop.scene.connection, cast.desktop);
}

test.serial('a line that is cut: both wait and go on, and what was written meanwhile arrives', async (t) => {
  const { operator, panel, session } = cast;
  await sendChat(operator, 'before');
  await panel.locator('main').getByText('before', { exact: true }).waitFor();
  await click();
  await operator.keyboard.down('Shift');
  await keysDown(1);
  {
    using _cut = session.proxy?.interrupt();
    await bothAreTold();
    await keysDown(0);
    await operator.keyboard.up('Shift');
    await sendChat(operator, 'written while it was lost');
    await sendChat(panel, 'and here too');
  }
  await bothGoOn();
  await panel.locator('main').getByText('written while it was lost').waitFor();
  await operator.getByText('and here too').waitFor();
  await click();
  await operator.getByRole('tab', { name: 'Details' }).click();
  t.is(await operator.locator('session-details dd').filter({ hasText: /^1$/ }).count(), 1);
});

test.serial('a relay that is killed and started again: the session goes on', async (t) => {
  const killed = cast.session.relay.process.pid;
  await cast.session.restartRelay();
  t.not(cast.session.relay.process.pid, killed);
  await bothGoOn();
  await cast.operator.getByRole('tab', { name: 'Chat' }).click();
  await sendChat(cast.panel, 'through the new relay');
  await cast.operator.getByText('through the new relay').waitFor();
});

test.serial('Stop while the connection is lost ends the session at once', async (t) => {
  using _cut = cast.session.proxy?.interrupt();
  await bothAreTold();
  await cast.panel.getByRole('button', { name: 'Stop' }).click();
  await cast.customer.getByText('The program has closed. Nobody can connect.').waitFor();
  t.is(await withDeadline(cast.session.livelet.exited, 2 * REACTION, 'the Livelet to exit'), 0);
});
