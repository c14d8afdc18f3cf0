import { mkdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createIdentity, createSealKeys, fingerprint, openReport, systemRandom } from '@livelet/core';
import { captureEgress, filesOf } from '@livelet/core/test-support';
import test from 'ava';
import type { Browser } from 'playwright-core';
import { DEADLINE, joinAsCustomer, reached, testFolder, testRelay } from './fixture.js';
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
  // What ends the session is in reach meanwhile, whatever is written.
  await page.getByRole('button', { name: 'End', exact: true }).click();
  await page.getByRole('button', { name: 'Keep going' }).click();
  t.deepEqual(await accessibilityFaults(page), []);
  await dialog.getByRole('button', { name: 'Add what the session shows' }).click();
  await dialog.getByText('There is no picture to add').waitFor();
  await dialog.getByRole('button', { name: 'Send' }).click();
  await dialog.getByText('Sent. Thank you.').waitFor();
  // The button that had the focus is gone.
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });

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

test.serial('planted secrets: none leaves before the press, only what was sealed after it', async (t) => {
  const relay = await testRelay(t);
  const keys = createSealKeys(systemRandom);
  const supportKey = Buffer.from(keys.publicKey).toString('base64');
  const stateDir = join(await testFolder(t), 'CANARY-home');
  await mkdir(stateDir);
  using egress = captureEgress(Number(new URL(relay.deployment.relayUrl).port));
  const { page, operator } = await openConsole(t, browser, relay, {
    operator: { deployment: { ...relay.deployment, supportKey }, stateDir, name: 'CANARY-helper' },
  });
  const dialog = page.getByRole('dialog', { name: 'Report a problem' });
  const open = (): Promise<void> => page.getByRole('button', { name: 'Report a problem' }).click();

  // Without a session: gathered, shown, looked at, and put away.
  await open();
  await dialog.getByRole('textbox', { name: 'Log of this program' }).waitFor();
  await dialog.getByLabel('What happened?').fill('CANARY-unsent');
  await dialog.locator('#picture-file').setInputFiles({
    name: 'CANARY-file.png',
    mimeType: 'image/png',
    buffer: Buffer.from('CANARY-picture'),
  });
  await dialog.getByText('There is no picture to add').waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  t.false(egress.bytes().includes('/reports'), 'nothing of it before the press');

  // In a session, with something to be private about.
  await page.getByRole('button', { name: /New session/ }).click();
  const { code } = await reached(operator.console, 'waiting');
  const identity = createIdentity(systemRandom);
  const customer = await joinAsCustomer(t, relay, code, { identity, name: 'CANARY-customer' });
  await page.getByRole('button', { name: 'End', exact: true }).waitFor();
  customer.ownGrants.grant('view');
  await page.getByRole('tab', { name: 'Details' }).click();
  await page.getByRole('textbox', { name: 'Your notes' }).fill('CANARY-notes');
  await open();
  await dialog.getByLabel('What happened?').fill('It stopped.');
  await dialog.getByRole('checkbox', { name: 'Window and screen' }).uncheck();
  t.false(egress.bytes().includes('/reports'));
  await dialog.getByRole('button', { name: 'Send' }).click();
  await dialog.getByText('Sent. Thank you.').waitFor();

  const { entries } = (await relay.api.call('GET', '/reports?after=0&whole')) as {
    readonly entries: readonly { readonly envelope: string }[];
  };
  t.is(entries.length, 1);
  const envelope = Buffer.from(entries[0]?.envelope ?? '', 'base64');
  const sent = egress.bytes();
  t.true(sent.includes('POST /livelet/1/api/reports'));
  t.true(sent.includes(envelope), 'what lies at the relay is what left this computer');
  const { items } = openReport(Uint8Array.from(envelope), keys);
  t.deepEqual(
    items.map(({ id }) => id),
    ['note', 'program', 'session', 'log'],
  );

  operator.console.end();
  await customer.ended;
  await reached(operator.console, 'ended');
  const { address = '' } = operator;
  await operator[Symbol.asyncDispose]();
  const digits = code.replaceAll(/\D/g, '');
  const secret = Buffer.from(relay.identity.secretKey.subarray(0, 32));
  const canaries = [
    ...['CANARY', 'CANARY-unsent', 'CANARY-file', 'CANARY-picture', 'CANARY-customer', 'CANARY-notes'],
    ...[code, digits, digits.slice(-7), homedir(), stateDir, customer.sasWords.join(' ')],
    ...[secret.toString('base64'), secret.toString('hex'), Buffer.from(keys.secretKey).toString('base64')],
    ...[fingerprint(relay.identity.publicKey), customer.peer.fingerprint, fingerprint(identity.publicKey)],
    Buffer.from(identity.publicKey).toString('base64'),
    address.slice(address.lastIndexOf('/') + 1),
  ];
  t.true(canaries.length >= 20 && canaries.every((canary) => canary.length > 4), `${canaries.length}`);
  const report = Buffer.from(JSON.stringify(items));
  // A receipt and the list of sessions are there to say who, and a receipt holds the notes; nothing else on this disk does.
  const said = /\/receipts\/|\/customer-names\.json$/;
  const logs = new Map([...(await filesOf(stateDir))].filter(([file]) => !said.test(file)));
  t.deepEqual(
    [...logs.keys()].map((file) => file.slice(stateDir.length)),
    ['/logs/events.log'],
  );
  for (const file of logs.keys()) t.is((await stat(file)).mode & 0o777, 0o600);
  for (const [where, bytes] of [
    ...logs,
    ['what was sent', egress.bytes()],
    ['the report', report],
  ] as const) {
    for (const canary of canaries) t.false(bytes.includes(canary), `${canary} in ${where}`);
  }
});
