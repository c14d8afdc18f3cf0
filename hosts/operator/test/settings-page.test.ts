import { readFile, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import {
  createIdentity,
  createSealKeys,
  signArchiveChoice,
  signDeployment,
  systemRandom,
} from '@livelet/core';
import { createBrowserShell } from '@livelet/window';
import test, { type ExecutionContext } from 'ava';
import type { Page } from 'playwright-core';
import { RecordingsPlace } from '../src/recordings-place.js';
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
  await page.getByRole('button', { name: 'Back to your organisation’s relay' }).click();
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

test.serial(
  'another folder for recordings is entered, made for this person alone, and given up again',
  async (t) => {
    const stateDir = await testFolder(t);
    const page = await openSettings(t, await testRelay(t), { operator: { stateDir } });
    const field = page.getByLabel('Another folder, as a whole path');
    const section = page.getByRole('region', { name: 'Recordings' });
    await section.getByText('Livelet, among your videos').waitFor();
    t.is(await section.getByRole('button', { name: 'Choose…' }).count(), 0);
    await writeFile(join(stateDir, 'a-file'), '');
    for (const refused of ['Videos', join(stateDir, 'a-file'), join(stateDir, 'a-file/inner')]) {
      await field.fill(refused);
      await field.press('Enter');
      await page.getByRole('alert').getByText('Enter the whole path of a folder').waitFor();
      t.is(await field.inputValue(), refused);
    }
    const folder = join(stateDir, 'films/of today');
    await field.fill(` ${folder} `);
    await field.press('Enter');
    await section.getByText(folder).waitFor();
    t.is(await page.getByRole('alert').count(), 0);
    t.is((await stat(folder)).mode & 0o777, 0o700);
    const file = join(stateDir, 'recordings-folder.json');
    t.deepEqual(JSON.parse(await readFile(file, 'utf8')), { folder });
    t.is((await stat(file)).mode & 0o777, 0o600);
    t.is((await RecordingsPlace.load(stateDir)).folder, folder);
    t.is((await RecordingsPlace.load(stateDir, '/other')).folder, '/other');
    await section.getByRole('button', { name: 'Back to my videos' }).press('Enter');
    await section.getByText('Livelet, among your videos').waitFor();
    t.is((await RecordingsPlace.load(stateDir)).folder, undefined);
  },
);

test.serial(
  'where the program has windows of its own, the folder is chosen in the desktop’s way',
  async (t) => {
    const folder = join(await testFolder(t), 'films');
    const started: string[] = [];
    const answers = [undefined, folder];
    const chooseFolder = async (start: string): Promise<string | undefined> => {
      started.push(start);
      return answers.shift();
    };
    const desktop = { showInFolder: () => undefined, chooseFolder };
    const shell = Object.assign(createBrowserShell({ open: false }), { desktop });
    t.teardown(() => shell[Symbol.asyncDispose]());
    const page = await openSettings(t, await testRelay(t), { operator: { shell } });
    const section = page.getByRole('region', { name: 'Recordings' });
    await section.getByRole('button', { name: 'Choose…' }).click();
    await section.getByRole('button', { name: 'Choose…' }).click();
    await section.getByText(folder).waitFor();
    t.deepEqual(started, [homedir(), homedir()]);
  },
);

test.serial('a folder that was set at the start is shown, not changed', async (t) => {
  const page = await openSettings(t, await testRelay(t), { operator: { recordingsDir: '/films' } });
  const section = page.getByRole('region', { name: 'Recordings' });
  await section.getByText('Set with --recordings-dir at the start.').waitFor();
  t.true(await section.getByText('/films').isVisible());
  t.is(await section.getByRole('textbox').count(), 0);
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
