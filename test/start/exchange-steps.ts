import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSealKeys, openReport, parseDeployment, relayApi, systemRandom } from '@livelet/core';
import { loadIdentityFile } from '@livelet/program';
import { startProgram } from '../fixtures/program.js';
import { withDeadline } from '../fixtures/with-deadline.js';
import { copyOn, pasteOn } from '../fixtures/xclip.js';
import { type Cast, type CastOptions, REACTION } from './cast.js';
import { allow, clickStage, middle } from './people.js';
import type { Check } from './steps.js';

/** Opens the reports of the tour. */
const SUPPORT = createSealKeys(systemRandom);
const NOTE = 'Ring again on Monday.';

/**
 * What the tour's steps need: somebody who reads reports, a folder for files that isn't the person's own, microphones
 * and cameras, and a screen of the operator's.
 */
export const TOUR: CastOptions = {
  ownHome: true,
  devices: true,
  ownScreen: { width: 800, height: 600 },
  prepareDeployment: async (file, folder) => {
    const supportKey = Buffer.from(SUPPORT.publicKey).toString('base64');
    const copy = join(folder, 'deployment.json');
    const deployment: object = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(copy, JSON.stringify({ ...deployment, supportKey }));
    return copy;
  },
};

/** Each direction by itself, by programs of the desktop and the operator's browser. */
export async function shareClipboard(cast: Cast, check: Check): Promise<void> {
  const { operator, panel, desktop } = cast;
  await operator.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const copyHere = (text: string): Promise<void> =>
    operator.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  const menu = operator.locator('livelet-clipboard-menu');
  const open = operator.getByRole('button', { name: 'Clipboard', exact: true });
  check('nothing of it is shown before it is allowed', (await open.count()) === 0);
  await copyOn(desktop.display, 'copied before');
  await copyHere('mine');
  await allow(panel, 'take-clipboard');
  await open.click();
  await menu.getByText('What they copy is shared now.').waitFor();
  await copyOn(desktop.display, 'copied there');
  await menu.getByText(/Last .*: text, 12 byte/).waitFor();
  await panel
    .locator('main')
    .getByText(/Last .*: text, 12 byte/)
    .waitFor();
  const pasted = await operator.evaluate('navigator.clipboard.readText()');
  check('what a program of the customer’s copies, the operator can paste', pasted === 'copied there');

  await allow(panel, 'send-clipboard');
  await menu.getByText('What you had copied before was not sent.').waitFor();
  check('what was copied before it was allowed isn’t sent', true);
  await copyHere('copied here');
  await operator.keyboard.press('Escape');
  await clickStage(operator, desktop, middle(desktop.scene.button));
  await panel
    .locator('main')
    .getByText(/Last .*: text, 11 byte/)
    .waitFor();
  const there = await pasteOn(desktop.display);
  check('what the operator copies, a program of the customer’s can paste', there === 'copied here');

  await panel.locator('#switch-send-clipboard').uncheck();
  await open.click();
  await menu.getByText('What you copy is shared now').waitFor({ state: 'detached' });
  check('no longer than that', (await pasteOn(desktop.display)) === '');
}

export async function exchangeFiles(cast: Cast, check: Check): Promise<void> {
  const { operator, customer, panel, folder } = cast;
  const arrived = join(folder, 'Downloads/Livelet');
  const isThere = async (name: string, content: Buffer): Promise<boolean> =>
    (await readFile(join(arrived, name))).equals(content);
  await operator.getByRole('tab', { name: 'Files' }).click();
  const courier = operator.locator('livelet-courier');
  const done = (count: number): Promise<void> =>
    courier
      .locator('.transfer[data-state=done]')
      .nth(count - 1)
      .waitFor();
  const sent = Buffer.alloc(3_000_000, 'sent');
  await operator.getByRole('button', { name: 'Ask to send files' }).waitFor();
  await allow(panel, 'send-files');
  await panel.locator('main').getByText(arrived).waitFor();
  await courier
    .locator('#files')
    .setInputFiles([{ name: 'sent.bin', mimeType: 'application/octet-stream', buffer: sent }]);
  await done(1);
  await panel.locator('livelet-depot .transfer[data-state=done]').waitFor();
  check('a file of the operator’s is in the customer’s folder', await isThere('sent.bin', sent));

  await allow(panel, 'take-files');
  const given = Buffer.from('given');
  await panel
    .locator('livelet-depot #files')
    .setInputFiles([{ name: 'given.txt', mimeType: 'text/plain', buffer: given }]);
  await courier.getByRole('button', { name: 'Receive: given.txt' }).click();
  await done(2);
  check('a file that the customer gives arrives at the operator’s', await isThere('given.txt', given));
  const names = (await readdir(arrived)).toSorted().join();
  check('nothing else arrives', names === 'given.txt,sent.bin');

  for (const page of [customer, panel]) await page.evaluate(CHOOSE_FOLDER);
  await panel.getByRole('button', { name: 'Show a folder' }).click();
  const theirs = courier.locator('[data-pane=theirs]');
  await theirs.getByRole('checkbox', { name: 'shown.txt' }).check();
  await theirs.getByRole('button', { name: 'Receive the selected ones' }).click();
  await done(3);
  const shown = Buffer.from('hello');
  check('and one from a folder that the customer shows', await isThere('shown.txt', shown));
}

/** The browser's own dialogue can't be pressed by a program: its private folder stands for what a person chooses there. */
const CHOOSE_FOLDER = `(async () => {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle('Photos', { create: true });
  const file = await (await folder.getFileHandle('shown.txt', { create: true })).createWritable();
  await file.write('hello');
  await file.close();
  window.showDirectoryPicker = async () => folder;
})()`;

export async function reportProblem({ operator, session }: Cast, check: Check): Promise<void> {
  await operator.getByRole('button', { name: 'Report a problem' }).click();
  const dialog = operator.getByRole('dialog', { name: 'Report a problem' });
  await dialog.getByLabel('What happened?').fill('The picture stood still.');
  await dialog.getByRole('button', { name: 'Add what the session shows' }).click();
  await dialog.getByRole('img', { name: 'Picture' }).waitFor();
  await dialog.getByRole('checkbox', { name: 'Window and screen' }).uncheck();
  await dialog.getByRole('button', { name: 'Send' }).click();
  await dialog.getByText('Sent. Thank you.').waitFor();
  check('the operator reads that it was sent', true);
  const deployment = parseDeployment(await readFile(join(session.folder, 'deployment.json'), 'utf8'));
  const identity = await loadIdentityFile(join(session.folder, 'operator/identity.key'));
  const { entries } = (await relayApi({ deployment, identity }).call('GET', '/reports?after=0&whole')) as {
    readonly entries: readonly { readonly envelope: string }[];
  };
  const envelope = Buffer.from(entries[0]?.envelope ?? '', 'base64');
  check('the relay holds it, and can’t read it', !envelope.includes('stood still'));
  const parts = openReport(Uint8Array.from(envelope), SUPPORT).items.map(({ id }) => id);
  check(`the support reads what was shown and ticked: ${parts.join(', ')}`, !parts.includes('window'));
}

export async function takeNotes({ operator }: Cast, check: Check): Promise<void> {
  await operator.keyboard.press('Escape');
  await operator.getByRole('tab', { name: 'Details' }).click();
  await operator.getByRole('textbox', { name: 'Your notes' }).fill(NOTE);
  check('the operator has a place for notes of their own', true);
}

/** Once the session is over, and the Livelet too. */
export async function readReceipt({ operator, customer, session }: Cast, check: Check): Promise<void> {
  await operator.getByText('By both programs').waitFor();
  const sent = createHash('sha256').update(Buffer.alloc(3_000_000, 'sent')).digest('hex');
  await operator.getByText(`Sent “sent.bin”, 3,000,000 bytes, SHA-256 ${sent}`).waitFor();
  await operator.getByText('Received “given.txt”, 5 bytes').waitFor();
  check('it lists the files, and says that both programs signed it', true);
  await customer.getByText(`Received “sent.bin”, 3,000,000 bytes, SHA-256 ${sent}`).waitFor();
  await customer.getByText('Sent “given.txt”, 5 bytes').waitFor();
  check('so does the customer’s', true);
  await operator.getByText('The helper began to record (picture and sound)').waitFor();
  await operator.getByText(/The recording ended \(picture and sound, .*\d\ss\)/).waitFor();
  check('and the recording, with its length', true);
  const notes = await operator.getByRole('textbox', { name: 'Your notes' }).inputValue();
  check('the operator’s notes are with it', notes === NOTE);
  const folder = join(session.folder, 'livelet/receipts');
  const name = (await readdir(folder)).find((file) => file.endsWith('.json')) ?? '';
  check('they are not in the customer’s', !(await readFile(join(folder, name), 'utf8')).includes(NOTE));
  await using verify = startProgram('hosts/operator/bin/livelet-receipt.js', [
    ...['verify', '--file', join(folder, name)],
  ]);
  const status = await withDeadline(verify.exited, REACTION, 'the receipt to be verified');
  check('livelet-receipt finds both signatures in the customer’s, and nothing changed', status === 0);
  check('both of them cover the files', !verify.output().includes('Not signed by the other end'));
}
