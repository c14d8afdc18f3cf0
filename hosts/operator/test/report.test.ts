import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSealKeys, openReport, systemRandom } from '@livelet/core';
import test from 'ava';
import type { Browser } from 'playwright-core';
import { DEADLINE, joinAsCustomer, testFolder, testRelay } from './fixture.js';
import { accessibilityFaults, openConsole, startBrowser } from './page-fixture.js';

let browser: Browser;
test.before(async () => {
  browser = await startBrowser();
});
test.after.always(async () => await browser?.close());

test.serial('a problem is reported at home and in a session, and the support reads it', async (t) => {
  const relay = await testRelay(t);
  const keys = createSealKeys(systemRandom);
  const supportKey = Buffer.from(keys.publicKey).toString('base64');
  const stateDir = await testFolder(t);
  const { page, operator } = await openConsole(t, browser, relay, {
    operator: { deployment: { ...relay.deployment, supportKey }, stateDir },
  });
  const dialog = page.getByRole('dialog', { name: 'Report a problem' });
  const open = (): Promise<void> => page.getByRole('button', { name: 'Report a problem' }).click();
  await open();
  await dialog.getByLabel('What happened?').fill('At home.');
  t.deepEqual(await accessibilityFaults(page), []);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });

  const coded = Promise.withResolvers<string>();
  using _waiting = operator.console.onChange({
    changed: () => {
      const { state } = operator.console;
      if (state.view === 'waiting') coded.resolve(state.code);
    },
    quality: () => undefined,
  });
  await page.getByRole('button', { name: /New session/ }).click();
  const customer = await joinAsCustomer(t, relay, await coded.promise);
  await page.getByRole('button', { name: 'End', exact: true }).waitFor({ timeout: DEADLINE });
  await open();
  await dialog.getByLabel('What happened?').fill('In a session.');
  await dialog.getByRole('button', { name: 'Add what the session shows' }).click();
  await dialog.getByText('There is no picture to add').waitFor();
  await dialog.getByRole('button', { name: 'Send' }).click();
  await dialog.getByText('Sent. Thank you.').waitFor();

  const { entries } = (await relay.api.call('GET', '/reports?after=0&whole')) as {
    readonly entries: readonly { readonly envelope: string }[];
  };
  const reports = entries.map(({ envelope }) =>
    openReport(Uint8Array.from(Buffer.from(envelope, 'base64')), keys),
  );
  t.is(reports.length, 1);
  const [{ items } = { items: [] }] = reports;
  t.deepEqual(
    items.map(({ id }) => id),
    ['note', 'program', 'session', 'log', 'window'],
  );
  t.like(items[0], { text: 'In a session.' });
  const log = await readFile(join(stateDir, 'logs/events.log'), 'utf8');
  t.false(log.includes(customer.peer.name) || log.includes('Maria'));
  t.true(log.includes('"event":"session-started","side":"operator"'));
});
