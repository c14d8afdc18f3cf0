import { spawn } from 'node:child_process';
import { once } from 'node:events';
import test, { type ExecutionContext } from 'ava';
import type { Page } from 'playwright-core';
import { BRISK, startCast } from '../start/cast.js';
import { clickStage, middle, playUntilAllowed } from '../start/people.js';

// One computer plays everybody, and is counted as one address.
process.env.LIVELET_RELAY_SOCKETS_PER_MINUTE = '1000';

async function allow(panel: Page, capability: string): Promise<void> {
  const given = panel.locator(`#switch-${capability}`);
  if (!(await given.isVisible())) await panel.locator('.switches summary').click();
  await given.check();
}

/** A program of the customer's copies, and keeps it until another one does. */
async function copyOn(t: ExecutionContext, display: string, text: string): Promise<void> {
  const program = spawn('xclip', ['-quiet', '-i', '-selection', 'clipboard'], {
    env: { ...process.env, DISPLAY: display },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  t.teardown(() => void program.kill());
  const owns = once(program.stderr, 'data');
  program.stdin.end(text);
  await owns;
}

async function pasteOn(display: string): Promise<string> {
  const program = spawn('xclip', ['-o', '-selection', 'clipboard'], {
    env: { ...process.env, DISPLAY: display },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(program, 'close');
  let text = '';
  for await (const part of program.stdout.setEncoding('utf8')) text += part;
  await ended;
  return text;
}

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
  await copyOn(t, display, 'canary of the customer');
  await copyHere('canary of the operator');

  await allow(panel, 'take-clipboard');
  await menu.click();
  await shared.getByText('What they copy is shared now.').waitFor();
  await copyOn(t, display, 'copied there');
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
