import { mkdtemp, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import {
  createIdentity,
  createSealKeys,
  fingerprint,
  openReport,
  type ReportText,
  systemRandom,
} from '@livelet/core';
import { captureEgress, filesOf } from '@livelet/core/test-support';
import test from 'ava';
import type { Browser } from 'playwright-core';
import { startBrowser } from './browser.js';
import { pressAllow, startCustomer, typeCode } from './customer.js';
import { granted, operatorOf, startWorld, type World, waitingOperator } from './world.js';

let world: World;
let browser: Browser;
test.before(async () => {
  world = await startWorld();
  browser = await startBrowser();
});
test.after.always(async () => {
  await browser?.close();
  await world?.[Symbol.asyncDispose]();
});

test.serial(
  'twenty planted secrets: none leaves before the press, only what was sealed after it',
  async (t) => {
    const keys = createSealKeys(systemRandom);
    const { relay } = world;
    const { api } = await operatorOf(relay);
    const stateDir = await mkdtemp(join(world.folder, 'CANARY-home-'));
    const identity = createIdentity(systemRandom);
    const supportKey = Buffer.from(keys.publicKey).toString('base64');
    const deployment = { ...relay.deployment, supportKey };
    using egress = captureEgress(Number(new URL(relay.deployment.relayUrl).port));
    await using customer = await startCustomer(browser, world, {
      deployment,
      identity,
      stateDir,
      name: 'CANARY-name',
    });
    const { page } = customer;

    // Without a session: gathered, shown, looked at, and put away.
    await page.getByLabel('Code from your helper').fill('CANARY-typed');
    await page.getByRole('button', { name: 'Report a problem' }).click();
    const dialog = page.getByRole('dialog', { name: 'Report a problem' });
    await dialog.getByRole('textbox', { name: 'Log of this program' }).waitFor();
    await dialog.getByLabel('What happened?').fill('CANARY-unsent');
    await dialog.locator('#picture-file').setInputFiles({
      name: 'CANARY-file.png',
      mimeType: 'image/png',
      buffer: Buffer.from('CANARY-picture'),
    });
    await dialog.getByText('There is no picture to add').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    t.is(egress.bytes().length, 0, 'nothing before the press');

    // In a session, with something to be private about.
    const operator = await waitingOperator(relay, 'CANARY-helper');
    await typeCode(page, operator.code);
    const session = await operator.session();
    await pressAllow(page);
    await granted(session, 'chat');
    const chat = page.getByLabel('Write a message');
    if ((await chat.count()) > 0) await chat.fill('CANARY-chat');
    const before = egress.bytes().length;
    await page.getByRole('button', { name: 'Report a problem' }).click();
    await dialog.getByLabel('What happened?').fill('It stopped.');
    await dialog.getByRole('checkbox', { name: 'Window and screen' }).uncheck();
    t.false(egress.bytes().subarray(before).includes('/reports'));
    await dialog.getByRole('button', { name: 'Send' }).click();
    await dialog.getByText('Sent. Thank you.').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();

    const { entries } = (await api.call('GET', '/reports?after=0&whole')) as {
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
    t.is((items[0] as ReportText).text, 'It stopped.');
    t.true(items.some((item) => item.id === 'session' && item.text.includes('side: customer')));

    await session.end('person');
    await customer.livelet.done;
    const code = operator.code.replaceAll(/\D/g, '');
    const secret = Buffer.from(identity.secretKey.subarray(0, 32));
    const address = customer.livelet.address ?? '';
    const canaries = [
      ...['CANARY', 'name', 'typed', 'unsent', 'file', 'picture', 'helper', 'chat', 'home-'].map((part) =>
        part === 'CANARY' ? part : `CANARY-${part}`,
      ),
      operator.code,
      code,
      code.slice(-7),
      homedir(),
      stateDir,
      secret.toString('base64'),
      secret.toString('hex'),
      Buffer.from(identity.publicKey).toString('base64'),
      fingerprint(identity.publicKey),
      operator.fingerprint,
      session.sasWords.join(' '),
      Buffer.from(keys.secretKey).toString('base64'),
      address.slice(address.lastIndexOf('/') + 1),
    ];
    t.true(canaries.length >= 20 && canaries.every((canary) => canary.length > 4));
    const report = Buffer.from(JSON.stringify(items));
    // A receipt is there to say who; nothing else on this disk does.
    const logs = new Map([...(await filesOf(stateDir))].filter(([file]) => !file.includes('/receipts/')));
    t.deepEqual(
      [...logs.keys()].map((file) => file.slice(stateDir.length)),
      ['/logs/events.log'],
    );
    for (const [file, bytes] of [
      ...logs,
      ['what was sent', egress.bytes()],
      ['the report', report],
    ] as const) {
      for (const canary of canaries) t.false(bytes.includes(canary), `${canary} in ${file}`);
    }
    for (const file of logs.keys()) t.is((await stat(file)).mode & 0o777, 0o600);
    const log = [...logs.values()].join('');
    for (const event of [
      'started',
      'view',
      'session-started',
      'grant',
      'report',
      'session-ended',
      'stopped',
    ]) {
      t.true(log.includes(`"event":"${event}"`), event);
    }
    t.false(log.includes(new URL(relay.deployment.relayUrl).host));
    t.deepEqual(customer.complaints, []);
  },
);
