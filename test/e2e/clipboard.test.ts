import test from 'ava';
import { copyOn, pasteOn } from '../fixtures/xclip.js';
import { BRISK, startCast } from '../start/cast.js';
import { allow, clickStage, middle, playUntilAllowed } from '../start/people.js';

// One computer plays everybody, and is counted as one address.
process.env.LIVELET_RELAY_SOCKETS_PER_MINUTE = '1000';

test.serial('what one copies the other pastes, once it is allowed and no longer than that', async (t) => {
  await using cast = await startCast(undefined, BRISK);
  const { operator, customer, session, desktop } = cast;
  const display = desktop.display;
  await operator.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const copyHere = (text: string): Promise<void> =>
    operator.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  const panel = await playUntilAllowed(operator, customer, session);
  const menu = operator.getByRole('button', { name: 'Clipboard', exact: true });
  const shared = operator.locator('livelet-clipboard-menu');
  t.is(await menu.count(), 0);
  await copyOn(display, 'canary of the customer');
  await copyHere('canary of the operator');

  await allow(panel, 'take-clipboard');
  await menu.click();
  await shared.getByText('What they copy is shared now.').waitFor();
  await copyOn(display, 'copied there');
  await shared.getByText(/Last .*: text, 12 byte/).waitFor();
  t.is(await operator.evaluate('navigator.clipboard.readText()'), 'copied there');
  await panel.getByText(/Last .*: text, 12 byte/).waitFor();

  await copyHere('canary of before');
  await allow(panel, 'send-clipboard');
  await shared.getByText('What you had copied before was not sent.').waitFor();
  await copyHere('copied here');
  await operator.keyboard.press('Escape');
  await clickStage(operator, desktop, middle(desktop.scene.button));
  await panel.getByText(/Last .*: text, 11 byte/).waitFor();
  t.is(await pasteOn(display), 'copied here');

  await panel.locator('#switch-send-clipboard').uncheck();
  await menu.click();
  await shared.getByText('What you copy is shared now').waitFor({ state: 'detached' });
  t.is(await pasteOn(display), '');
});
