import { type PanelPage, startPanelBrowser } from '@livelet/compliance/panel-page';
import test from 'ava';
import { COURIER, openPanel, said, state, TRANSFER, tell } from './files-panel.js';

const browser = await startPanelBrowser();
test.after.always(async () => await browser[Symbol.asyncDispose]());
const open = async (module: URL, width?: number): Promise<PanelPage> =>
  await openPanel(browser, module, width);

test.serial('what is over is called by what became of it', async (t) => {
  await using panel = await open(COURIER);
  const over = { ...TRANSFER, state: 'broken', failed: [], failedCount: 0, rate: 0 } as const;
  for (const [transfer, words] of [
    [
      { ...over, way: 'in', itemsDone: 0, kept: 0, error: 'cancelled' },
      'Not received film.mp4 (+2) Cancelled · 0 of 3',
    ],
    [
      { ...over, way: 'in', itemsDone: 2, kept: 2, error: 'cancelled' },
      'Received in part film.mp4 (+2) Cancelled · 2 of 3',
    ],
    [
      { ...over, itemsDone: 0, kept: 0, error: 'deadline-exceeded' },
      'Not sent film.mp4 (+2) Broke off: nothing moved for too long · 0 of 3',
    ],
    [
      { ...over, state: 'done', itemsDone: 3, kept: 2, failedCount: 1 },
      'Sent in part film.mp4 (+2) Done · 2 of 3',
    ],
    [
      { ...over, state: 'done', itemsDone: 3, kept: 0, skipped: 3 },
      'Not sent film.mp4 (+2) 0 of 3 · 3 left out by the customer',
    ],
    [
      { ...over, state: 'done', items: 1, itemsDone: 1, kept: 0, skipped: 1, bytes: 6, bytesDone: 0 },
      'Not sent film.mp4 left out by the customer · 0 bytes / 6 bytes',
    ],
    [
      { ...over, state: 'done', items: 1, itemsDone: 1, kept: 0, failedCount: 1, bytes: 6, bytesDone: 0 },
      'Not sent film.mp4 0 bytes / 6 bytes',
    ],
  ] as const) {
    await state(panel, { transfers: [transfer] });
    const shown = panel.page.locator('.transfer').filter({ hasText: words.slice(0, words.indexOf(' ·')) });
    await shown.waitFor();
    t.true((await shown.innerText()).replace(/\s+/g, ' ').startsWith(words), words);
  }
});

test.serial('links and devices that stay behind are named to whoever sends', async (t) => {
  await using panel = await open(COURIER);
  const done = { ...TRANSFER, state: 'done', itemsDone: 3, kept: 3, failed: [], failedCount: 0 } as const;
  await state(panel, { transfers: [{ ...done, leftOut: { count: 2, names: ['tools/link'] } }] });
  const row = panel.page.locator('.transfer');
  await row.getByText('2 left out: links and devices').press('Enter');
  await row.getByText('tools/link').waitFor();
  t.true(await row.getByText('and 1 more').isVisible());
});

test.serial('what was kept says where it is; the path at this end can be copied and shown', async (t) => {
  await using panel = await open(COURIER);
  const { page } = panel;
  const done = { ...TRANSFER, state: 'done', items: 1, failed: [], failedCount: 0, rate: 0 } as const;
  const there = { ...done, id: 8, keptAt: 'Livelet/film (2).mp4' };
  const here = { ...done, way: 'in', keptAt: '/home/maria/Scaricati/Livelet/film.mp4' } as const;
  await state(panel, { transfers: [there, here] });
  await page.getByText('In the customer’s folder: Livelet/film (2).mp4').waitFor();
  t.is(await page.getByRole('button', { name: /^Copy the path/ }).count(), 1);
  t.false(await page.getByRole('button', { name: /^Show in its folder/ }).isVisible());
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copy the path: film.mp4' }).press('Enter');
  await page.getByRole('button', { name: 'Copied: film.mp4' }).waitFor();
  t.is(await page.evaluate('navigator.clipboard.readText()'), here.keptAt);
  await state(panel, { transfers: [here], canShow: true });
  await page.getByRole('button', { name: 'Show in its folder: film.mp4' }).press('Enter');
  t.like(await said(panel, 'show'), { transfer: 7 });
});

test.serial('names in a folder that would read otherwise are shown as they are', async (t) => {
  await using panel = await open(COURIER);
  await state(panel, { shared: { name: 'Photos' } });
  const listing = {
    files: [
      { name: 'in\u202etxt', kind: 'folder', size: 0, modified: 0 },
      { name: 'photo\u202egpj.exe', kind: 'file', size: 5, modified: 0 },
    ],
    more: false,
  } as const;
  await tell(panel, { type: 'looked', pane: 'theirs', path: ['up\u2066'], from: 0, listing });
  const pane = panel.page.locator('[data-pane="theirs"]');
  await pane.getByText('photogpj.exe').waitFor();
  await panel.page.getByRole('checkbox', { name: 'photogpj.exe', exact: true }).check();
  t.notRegex(await pane.innerText(), /[\u202e\u2066]/);
  await pane.getByRole('button', { name: 'Receive the selected ones' }).click();
  t.deepEqual((await said(panel, 'take-shared')).paths, [['up\u2066', 'photo\u202egpj.exe']]);
  await pane.getByRole('button', { name: 'intxt/' }).click();
  await panel.until(`posted.some(({ json }) => json.type === 'look' && json.path.length === 2)`);
});

test.serial('a folder of more names than one answer has is shown piece by piece', async (t) => {
  await using panel = await open(COURIER);
  await state(panel, { shared: { name: 'Photos' } });
  const files = Array.from({ length: 700 }, (_, n) => {
    return { name: `${1000 + n}.jpg`, kind: 'file', size: 5, modified: 0 } as const;
  });
  const looked = { type: 'looked', pane: 'theirs', path: [] } as const;
  await tell(panel, { ...looked, from: 0, listing: { files: files.slice(0, 500), more: true } });
  const pane = panel.page.locator('[data-pane="theirs"]');
  await pane.getByRole('checkbox', { name: '1000.jpg' }).check();
  await pane.getByRole('button', { name: 'Show more' }).press('Enter');
  await panel.until(`posted.some(({ json }) => json.type === 'look' && json.from === 500)`);
  // One of the first ones has moved on meanwhile.
  await tell(panel, { ...looked, from: 500, listing: { files: files.slice(499), more: false } });
  await pane.getByRole('checkbox', { name: '1699.jpg' }).waitFor();
  t.is(await pane.getByRole('checkbox').count(), 700);
  t.true(await pane.getByRole('checkbox', { name: '1000.jpg' }).isChecked());
  t.is(await pane.getByRole('button', { name: 'Show more' }).count(), 0);
});

test.serial('the two folders stand beside each other where they have room', async (t) => {
  await using panel = await open(COURIER, 400);
  await state(panel, { shared: { name: 'Photos' } });
  const places = async (): Promise<{ x: number; y: number }[]> =>
    await panel.page
      .locator('.pane')
      .evaluateAll((panes) =>
        panes.map((pane) => pane.getBoundingClientRect()).map(({ x, y }) => ({ x, y })),
      );
  await panel.page.locator('[data-pane="theirs"]').waitFor();
  const [own, theirs] = await places();
  t.is(own?.y, theirs?.y);
  await panel.page.setViewportSize({ width: 300, height: 700 });
  const [above, below] = await places();
  t.is(above?.x, below?.x);
});
