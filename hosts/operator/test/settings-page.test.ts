import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createIdentity,
  createSealKeys,
  signArchiveChoice,
  signDeployment,
  systemRandom,
} from '@livelet/core';
import test, { type ExecutionContext } from 'ava';
import type { Page } from 'playwright-core';
import { type TestRelay, testFolder, testRelay } from './fixture.js';
import { accessibilityFaults, openConsole, type PageOptions, startBrowser } from './page-fixture.js';

const browser = await startBrowser();
test.after.always(() => browser.close());

const ORGANISATION = createIdentity(systemRandom);
const archiveKey = Buffer.from(createSealKeys(systemRandom).publicKey).toString('base64');

async function openSettings(t: ExecutionContext, relay: TestRelay, options: PageOptions = {}): Promise<Page> {
  const deployment = signDeployment({ ...relay.deployment, archiveKey }, ORGANISATION);
  const { page } = await openConsole(t, browser, relay, {
    ...options,
    operator: { deployment, ...options.operator },
  });
  await page.getByRole('heading', { level: 2 }).first().waitFor();
  await page.keyboard.press(',');
  await page.getByRole('dialog').waitFor();
  return page;
}

async function choiceFile(t: ExecutionContext, signer = ORGANISATION): Promise<string> {
  const place = { relayUrl: 'wss://archive.example', deploymentId: 'archive-1', pins: [], archiveKey };
  const file = join(await testFolder(t), 'archive-choice.json');
  await writeFile(file, JSON.stringify(signArchiveChoice(place, 1, signer)));
  return file;
}

test.serial('who keeps the chats is read there, changed with a signed file, and changed back', async (t) => {
  const relay = await testRelay(t);
  const page = await openSettings(t, relay);
  const kept = page.locator('.kept');
  t.true((await kept.innerText()).includes(new URL(relay.url).host));
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Load a signed choice…' }).click(),
  ]);
  await chooser.setFiles(await choiceFile(t));
  await page.getByText('Your organisation chose this computer.').waitFor();
  t.true((await kept.innerText()).includes('archive.example'));
  await page.getByRole('button', { name: 'Back to the own relay' }).click();
  await page.getByText('This is your organisation’s own relay.').waitFor();
  t.is(await page.getByRole('alert').count(), 0);
});

test.serial(
  'a choice that the organisation did not sign is refused in words, and nothing changes',
  async (t) => {
    const page = await openSettings(t, await testRelay(t));
    const before = await page.locator('.kept').innerText();
    const file = await choiceFile(t, createIdentity(systemRandom));
    await page.locator('input[type="file"]').setInputFiles(file);
    const alert = page.getByRole('alert');
    await alert.waitFor();
    t.regex(await alert.innerText(), /did not sign this place for chats/);
    t.is(await page.locator('.kept').innerText(), before);
  },
);

test.serial('proxy and regions are shown', async (t) => {
  const relay = await testRelay(t);
  const page = await openSettings(t, relay, {
    operator: {
      allowedRegions: ['EU', 'CH'],
      proxy: async () => ({
        host: 'proxy.example',
        port: 3128,
        credentials: { user: 'u', password: 'secret' },
      }),
    },
  });
  await page.getByText('proxy.example:3128').waitFor();
  t.true(await page.getByText('EU, CH').isVisible());
  t.false((await page.content()).includes('secret'));
});

test.serial('it is reached and left with the keyboard, and its language can be switched in it', async (t) => {
  const page = await openSettings(t, await testRelay(t));
  await page.keyboard.press('Escape');
  t.is(await page.getByRole('dialog').count(), 0);
  await page.getByRole('button', { name: 'Settings' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Settings' });
  await dialog.waitFor();
  await dialog.getByRole('button', { name: 'IT Italiano' }).click();
  await page.getByRole('dialog', { name: 'Impostazioni' }).waitFor();
  t.true(await page.getByRole('button', { name: 'Carica una scelta firmata…' }).isVisible());
});

for (const locale of ['en-GB', 'it-IT'] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test.serial(`axe finds nothing, and nothing is cut off, in ${locale}, ${colorScheme}`, async (t) => {
      const viewport = { width: 400, height: 800 };
      const page = await openSettings(t, await testRelay(t), { locale, colorScheme, viewport });
      t.deepEqual(await accessibilityFaults(page), []);
      const overflow = await page
        .getByRole('dialog')
        .evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth);
      t.is(overflow, 0);
    });
  }
}
