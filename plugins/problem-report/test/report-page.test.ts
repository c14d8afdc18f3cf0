import { AxeBuilder } from '@axe-core/playwright';
import { type PanelPage, startPanelBrowser } from '@livelet/compliance/panel-page';
import type { JsonValue, Locale, ReportItem } from '@livelet/core';
import test from 'ava';

const browser = await startPanelBrowser();
test.after.always(async () => await browser[Symbol.asyncDispose]());

const PANEL = new URL('../site/report-panel.js', import.meta.url);
/** A PNG of one pixel. */
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const GATHERED = {
  type: 'gathered',
  items: [
    { id: 'program', text: 'event: started\nprogram: operator' },
    { id: 'log', text: '{"event":"started"}\n' },
  ],
  relay: 'relay.example',
  canSeal: true,
  waiting: 0,
};

async function report(more: object = {}, width = 600, locale: Locale = 'en'): Promise<PanelPage> {
  const panel = await browser.open({ module: PANEL, size: { width, height: 900 }, locale });
  await panel.tell({ ...GATHERED, ...more } as unknown as JsonValue);
  await panel.page.getByLabel(locale === 'it' ? 'Che cosa è successo?' : 'What happened?').waitFor();
  return panel;
}

/** What the panel handed over to be sealed. */
async function handedOver(panel: PanelPage, type: 'send' | 'seal'): Promise<readonly ReportItem[]> {
  const found = (await panel.posted()).find(({ json }) => (json as { type?: string }).type === type);
  return (found?.json as unknown as { items: readonly ReportItem[] } | undefined)?.items ?? [];
}

test.serial('it asks what there is, and hands over nothing before the press', async (t) => {
  await using panel = await report();
  t.deepEqual(await panel.posted(), [{ json: { type: 'gather' } }]);
  await panel.page.getByLabel('What happened?').fill('The picture stood still.');
  await panel.page.getByRole('textbox', { name: 'Log of this program' }).fill('nothing');
  t.deepEqual(await panel.posted(), []);
  t.deepEqual(panel.problems, []);
});

test.serial(
  'what is sent is what is shown: changed as it was changed, struck as it was struck',
  async (t) => {
    await using panel = await report();
    const { page } = panel;
    await page.getByLabel('What happened?').fill('The picture stood still.');
    await page.getByRole('textbox', { name: 'Log of this program' }).fill('{"event":"mine"}');
    await page.getByRole('checkbox', { name: 'This program', exact: true }).uncheck();
    await page.getByRole('checkbox', { name: 'Window and screen' }).uncheck();
    await page.getByRole('button', { name: 'Send' }).click();
    t.deepEqual(await handedOver(panel, 'send'), [
      { id: 'note', text: 'The picture stood still.' },
      { id: 'log', text: '{"event":"mine"}' },
    ]);
  },
);

test.serial('everything struck out: there is nothing to send', async (t) => {
  await using panel = await report();
  for (const box of await panel.page.getByRole('checkbox').all()) await box.uncheck();
  t.true(await panel.page.getByRole('button', { name: 'Send' }).isDisabled());
  t.true(await panel.page.getByRole('button', { name: 'Save as a file' }).isDisabled());
});

test.serial('while it is sent it can be cancelled, and the outcome is said', async (t) => {
  await using panel = await report();
  const { page } = panel;
  await page.getByRole('button', { name: 'Send' }).click();
  await panel.tell({ type: 'sending' });
  await page.getByRole('progressbar').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  t.deepEqual((await panel.posted()).at(-1), { json: { type: 'cancel' } });
  await panel.tell({ type: 'cancelled' });
  await page.getByText('Not sent.').waitFor();
  await page.getByRole('button', { name: 'Send' }).click();
  await panel.tell({ type: 'failed', error: 'storage-full' });
  await page.getByText('Too many reports wait already').waitFor();
  await page.getByRole('button', { name: 'Send' }).click();
  await panel.tell({ type: 'done', how: 'queued' });
  await page.getByText('Your report waits on this computer, sealed').waitFor();
  t.is(await page.getByRole('button').count(), 0);
  t.is((await panel.announced()).length, 3);
  t.deepEqual(panel.problems, []);
});

test.serial(
  'no picture unless the person adds one; it is drawn anew, shown, and can be taken out',
  async (t) => {
    await using panel = await report();
    const { page } = panel;
    await page.getByRole('button', { name: 'Add what the session shows' }).click();
    await page.getByText('There is no picture to add').waitFor();
    const bytes = Buffer.from(PIXEL, 'base64');
    const withText = Buffer.concat([
      bytes.subarray(0, -12),
      textChunk('CANARY in a picture'),
      bytes.subarray(-12),
    ]);
    const choosing = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Add a picture file' }).click();
    await (await choosing).setFiles({ name: 'CANARY.png', mimeType: 'image/png', buffer: withText });
    await page.getByRole('img', { name: 'Picture' }).waitFor();
    await page.getByRole('button', { name: 'Save as a file' }).click();
    const picture = (await handedOver(panel, 'seal')).at(-1);
    t.like(picture, { id: 'picture', type: 'image/jpeg' });
    const jpeg = Buffer.from(picture?.id === 'picture' ? picture.picture : '', 'base64');
    t.is(jpeg.readUInt16BE(0), 0xffd8);
    t.false(jpeg.includes('CANARY'));
    await page.getByRole('button', { name: 'Remove the picture' }).click();
    await page.getByRole('button', { name: 'Send' }).click();
    t.false((await handedOver(panel, 'send')).some(({ id }) => id === 'picture'));
    t.deepEqual(panel.problems, []);
  },
);

/** A `tEXt` chunk; its checksum is not looked at for chunks that nobody needs. */
function textChunk(text: string): Buffer {
  const data = Buffer.from(`Comment\0${text}`);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, Buffer.from('tEXt'), data, Buffer.alloc(4)]);
}

test.serial('nobody to seal for: it can be saved as text, and not sent', async (t) => {
  await using panel = await report({ canSeal: false });
  const { page } = panel;
  t.is(await page.getByRole('button', { name: 'Send' }).count(), 0);
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as text' }).click();
  t.regex((await saving).suggestedFilename(), /^livelet-report-.*\.txt$/);
  await page.getByText('Saved as text.').waitFor();
});

for (const locale of ['en', 'it'] as const) {
  for (const width of [360, 900]) {
    test.serial(`axe finds nothing, and nothing is cut off: ${locale}, ${width} px`, async (t) => {
      await using panel = await report({ waiting: 1 }, width, locale);
      const { violations } = await new AxeBuilder({ page: panel.page })
        .setLegacyMode(true)
        .disableRules(['page-has-heading-one', 'landmark-one-main', 'region', 'document-title'])
        .analyze();
      t.deepEqual(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
        [],
      );
      const wider = await panel.page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      t.true(wider <= 0, `${wider} px too wide`);
    });
  }
}

test.serial('by keyboard: from the words to Send', async (t) => {
  await using panel = await report();
  const { page } = panel;
  await page.getByLabel('What happened?').focus();
  await page.keyboard.type('It stopped.');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  t.false(await page.getByRole('checkbox', { name: 'This program', exact: true }).isChecked());
  await page.getByRole('button', { name: 'Send' }).focus();
  await page.keyboard.press('Enter');
  const sent = await handedOver(panel, 'send');
  t.deepEqual(
    sent.map(({ id }) => id),
    ['note', 'log', 'window'],
  );
});
