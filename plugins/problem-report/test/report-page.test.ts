import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type PanelPage, startPanelBrowser } from '@livelet/compliance/panel-page';
import {
  type JsonValue,
  type Locale,
  MAX_REPORT_PICTURE,
  type ReportItem,
  STAGE_SNAPSHOT_EVENT,
} from '@livelet/core';
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
  const bar = page.getByRole('progressbar', { name: 'Sealing and sending…' });
  for (const part of [0, 0.25, 1]) {
    await panel.tell({ type: 'sending', part });
    await bar.and(page.locator(`progress[data-part="${part}"]`)).waitFor();
    t.is(await bar.evaluate((element) => (element as unknown as { value: number }).value), part);
  }
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
  t.is((await panel.announced()).length, 3);
  await page.getByRole('button', { name: 'Save as a file' }).click();
  t.like((await panel.posted()).at(-1), { json: { type: 'seal' } });
  await page.getByRole('button', { name: 'Delete what waits' }).click();
  t.deepEqual((await panel.posted()).at(-1), { json: { type: 'discard' } });
  await panel.tell({ type: 'discarded' });
  await page.getByText('No report waits on this computer any more.').waitFor();
  t.is(await page.getByRole('button').count(), 0);
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

/** A picture of the page's own, drawn by `draw` with `context`, `width` and `height` at hand. */
function drawn(width: number, height: number, draw: string): string {
  return `(() => {
    const canvas = document.createElement('canvas');
    const [width, height] = [${width}, ${height}];
    Object.assign(canvas, { width, height });
    const context = canvas.getContext('2d');
    ${draw};
    return canvas;
  })()`;
}

const NOISE = `
  const pixels = context.createImageData(width, height);
  for (let at = 0; at < pixels.data.length; at += 65_536) {
    crypto.getRandomValues(pixels.data.subarray(at, at + 65_536));
  }
  for (let at = 3; at < pixels.data.length; at += 4) pixels.data[at] = 255;
  context.putImageData(pixels, 0, 0)`;

/** The size of what would be sent, and its pixel in the middle. */
async function shownPicture({ page }: PanelPage): Promise<{
  readonly size: readonly [number, number];
  readonly middle: readonly number[];
}> {
  await page.getByRole('img', { name: 'Picture' }).waitFor();
  return page.evaluate(`(async () => {
    const find = (root) =>
      root.querySelector('img') ??
      [...root.querySelectorAll('*')].map((part) => part.shadowRoot && find(part.shadowRoot)).find(Boolean);
    const picture = find(document);
    await picture.decode();
    const canvas = document.createElement('canvas');
    const { naturalWidth: width, naturalHeight: height } = picture;
    Object.assign(canvas, { width, height });
    const context = canvas.getContext('2d');
    context.drawImage(picture, 0, 0);
    const pixel = context.getImageData(width / 2, height / 2, 1, 1).data;
    return { size: [width, height], middle: [...pixel] };
  })()`);
}

async function chooseFile({ page }: PanelPage, buffer: Buffer): Promise<void> {
  await page.locator('#picture-file').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer });
}

async function pngOf(panel: PanelPage, canvas: string): Promise<Buffer> {
  const address = await panel.page.evaluate<string>(`${canvas}.toDataURL('image/png')`);
  return Buffer.from(address.replace(/^.*,/, ''), 'base64');
}

/** The session shows this. */
async function showOnStage({ page }: PanelPage, canvas: string): Promise<void> {
  await page.evaluate(`addEventListener('${STAGE_SNAPSHOT_EVENT}', ({ detail }) => {
    const canvas = ${canvas};
    detail.answer(new Promise((resolve) => canvas.toBlob(resolve, 'image/webp', 0.9)));
  })`);
  await page.getByRole('button', { name: 'Add what the session shows' }).click();
}

test.serial('a picture of the session is asked of the page that shows it', async (t) => {
  await using panel = await report();
  await showOnStage(
    panel,
    drawn(80, 60, `context.fillStyle = 'rgb(0, 0, 255)'; context.fillRect(0, 0, width, height)`),
  );
  const { size, middle } = await shownPicture(panel);
  t.deepEqual(size, [80, 60]);
  t.true((middle[2] ?? 0) > 240 && (middle[0] ?? 255) < 16, `${middle}`);
  t.deepEqual(panel.problems, []);
});

test.serial(
  'a picture of the screen is one picture: the browser shows the page no more after it',
  async (t) => {
    await using panel = await report();
    const { page } = panel;
    // The browser's own question can't be answered by a program; the stream that it gives is of the same kind.
    await page.evaluate(`{
    const canvas = ${drawn(64, 48, `context.fillStyle = 'rgb(0, 200, 0)'; context.fillRect(0, 0, width, height)`)};
    const stream = canvas.captureStream(30);
    window.tracks = stream.getTracks();
    navigator.mediaDevices.getDisplayMedia = async () => stream;
  }`);
    await page.getByRole('button', { name: 'Add my screen' }).click();
    const { size, middle } = await shownPicture(panel);
    t.deepEqual(size, [64, 48]);
    t.true((middle[1] ?? 0) > 180, `${middle}`);
    t.deepEqual(await page.evaluate('tracks.map(({ readyState }) => readyState)'), ['ended']);

    await page.getByRole('button', { name: 'Remove the picture' }).click();
    await page.evaluate(
      `navigator.mediaDevices.getDisplayMedia = () => Promise.reject(new DOMException('no'))`,
    );
    await page.getByRole('button', { name: 'Add my screen' }).click();
    await page.getByText('There is no picture to add').waitFor();
    t.deepEqual(panel.problems, []);
  },
);

test.serial('what is transparent in a picture is white, and what is large gets smaller', async (t) => {
  await using panel = await report();
  await chooseFile(panel, await pngOf(panel, drawn(3840, 1000, '')));
  const { size, middle } = await shownPicture(panel);
  t.deepEqual(size, [1920, 500]);
  t.deepEqual(middle, [255, 255, 255, 255]);
});

test.serial('a picture that is hard to press together gets rougher until it fits', async (t) => {
  await using panel = await report();
  await showOnStage(panel, drawn(1300, 1300, NOISE));
  await panel.page.getByRole('img', { name: 'Picture' }).waitFor();
  await panel.page.getByRole('button', { name: 'Save as a file' }).click();
  const picture = (await handedOver(panel, 'seal')).at(-1);
  const bytes = picture?.id === 'picture' ? Buffer.from(picture.picture, 'base64').length : 0;
  t.true(bytes > 500_000 && bytes <= MAX_REPORT_PICTURE, `${bytes} bytes`);
});

for (const [title, make] of [
  ['that is none', () => Buffer.from('<svg/>')],
  ['that is cut short', () => Buffer.from(PIXEL, 'base64').subarray(0, 30)],
] as const) {
  test.serial(`a picture file ${title} is not taken, and the person reads so`, async (t) => {
    await using panel = await report();
    await chooseFile(panel, make());
    await panel.page.getByText('There is no picture to add').waitFor();
    t.is(await panel.page.getByRole('img', { name: 'Picture' }).count(), 0);
    t.deepEqual(panel.problems, []);
  });
}

test.serial('a picture file of more than 32 MiB is not even read', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'livelet-picture-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'large.png');
  await writeFile(file, '');
  await truncate(file, 32 * 1024 * 1024 + 1);
  await using panel = await report();
  await panel.page.locator('#picture-file').setInputFiles(file);
  await panel.page.getByText('There is no picture to add').waitFor();
  t.deepEqual(panel.problems, []);
});

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
  t.regex((await saving).suggestedFilename(), /^livelet-report-\d{4}-\d\d-\d\d-\d{6}\.txt$/);
  await page.getByText('The text goes to your downloads, unless you are asked where.').waitFor();
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
