import { type PanelPage, startPanelBrowser } from '@livelet/compliance/panel-page';
import test from 'ava';
import { COURIER, DEPOT, openPanel, STATE, said, state, TRANSFER, tell } from './files-panel.js';

const browser = await startPanelBrowser();
test.after.always(async () => await browser[Symbol.asyncDispose]());
const open = async (module: URL): Promise<PanelPage> => await openPanel(browser, module);

test.serial('the customer sees each file, where it is, and the name under which it is kept', async (t) => {
  await using panel = await open(DEPOT);
  const arrived = { ...TRANSFER, way: 'in', state: 'done', title: 'a:b.txt', rate: 0 } as const;
  const keptAt = '/home/anna/Downloads/Livelet';
  await state(panel, { transfers: [{ ...arrived, itemsDone: 3, kept: 1, skipped: 1, keptAt }] });
  const row = panel.page.locator('.transfer');
  await row.getByText('Received in part a:b.txt (+2)').waitFor();
  await row.getByText(`It is here: ${keptAt}`).waitFor();
  t.true(await row.getByText('1 of 3 · 1 left out by you').isVisible());
  await row.getByText('3 files').press('Enter');
  t.like(await said(panel, 'items'), { transfer: 7 });
  const items = [
    { how: 'kept', name: 'a:b.txt', keptAs: 'a_b (3).txt' },
    { how: 'skipped', name: 'c.txt' },
    { how: 'failed', name: 'd.txt', reason: 'file-disk-full' },
  ] as const;
  await tell(panel, { type: 'items', transfer: 7, items });
  await row.getByText('c.txt: left out by you').waitFor();
  t.deepEqual(await row.locator('.items li').allInnerTexts(), [
    'a:b.txt, kept as a_b (3).txt',
    'c.txt: left out by you',
    'd.txt: no room on the disk',
  ]);
  // A list that is open follows what is over; the first ones are as many as there can be.
  await state(panel, { transfers: [{ ...arrived, items: 9, itemsDone: 9, kept: 7, skipped: 1, keptAt }] });
  t.like(await said(panel, 'items'), { transfer: 7 });
  await tell(panel, { type: 'items', transfer: 7, items });
  await row.getByText('and 6 more').waitFor();
});

test.serial(
  'what arrives and doesn’t move waits for the other side, unless the person here is asked',
  async (t) => {
    await using panel = await open(DEPOT);
    const { rate: _, secondsLeft: __, ...still } = { ...TRANSFER, way: 'in' } as const;
    await state(panel, { transfers: [still] });
    const row = panel.page.locator('.transfer');
    await row.getByText('Waiting for the other side · 1 of 3').waitFor();
    await state(panel, { transfers: [still], question: { id: 3, path: ['a.txt'] } });
    await panel.page.locator('.question').waitFor();
    t.is(await row.getByText('Waiting for the other side').count(), 0);
  },
);

test.serial('one file is called by its place alone', async (t) => {
  await using panel = await open(DEPOT);
  const one = {
    ...TRANSFER,
    state: 'done',
    items: 1,
    itemsDone: 1,
    kept: 1,
    failed: [],
    failedCount: 0,
  } as const;
  await state(panel, { transfers: [{ ...one, way: 'in', keptAt: '/home/anna/a_b (3).txt' }] });
  await panel.page.getByText('It is here: /home/anna/a_b (3).txt').waitFor();
  t.is(await panel.page.locator('.items').count(), 0);
  // Of what was given nobody says where it is, but under which name.
  await state(panel, { transfers: [{ ...one, way: 'out' }] });
  await panel.page.locator('.items').getByText('1 file').waitFor();
});

test.serial('an offer that is arriving can’t be taken once more', async (t) => {
  await using panel = await open(COURIER);
  const receive = panel.page.getByRole('button', { name: /^Receive: / });
  t.true(await receive.isEnabled());
  await state(panel, { transfers: [{ ...TRANSFER, way: 'in', offer: 'o1' }] });
  await panel.page.locator('.transfer').waitFor();
  t.true(await receive.isDisabled());
  await state(panel, { transfers: [{ ...TRANSFER, way: 'in', offer: 'o1', state: 'broken' }] });
  await panel.page.locator('.transfer[data-state=broken]').waitFor();
  t.true(await receive.isEnabled());
});

test.serial('what waits behind another tab is announced, and counted until it is seen', async (t) => {
  await using panel = await open(COURIER);
  const { page } = panel;
  await page.evaluate(`globalThis.counts = [];
    document.addEventListener('livelet-panel-unread', (event) => counts.push(event.detail.count));`);
  const show = async (isShown: boolean): Promise<void> => {
    await page.evaluate(
      `document.querySelector('livelet-courier').style.display = '${isShown ? '' : 'none'}'`,
    );
  };
  await show(false);
  // Once the browser has noticed that nobody sees it, what comes counts.
  const offers = [...STATE.offers, { id: 'o2', name: 'new.txt', items: 3, bytes: 9 }];
  await page.evaluate(`new Promise((done) => {
    new IntersectionObserver((entries, observer) => { observer.disconnect(); requestAnimationFrame(() => done()); })
      .observe(document.querySelector('livelet-courier'));
  })`);
  await state(panel, { offers });
  await panel.until('counts.at(-1) === 1');
  await state(panel, { offers, question: { id: 3, path: ['a.txt'] } });
  await panel.until('counts.at(-1) === 2');
  await state(panel, { offers });
  await panel.until('counts.at(-1) === 1');
  await show(true);
  await panel.until('counts.at(-1) === 0');
  const announced = await panel.announced();
  t.true(announced.includes('Anna offers you: new.txt (+2)'));
  t.true(announced.includes('A file with this name is there already: a.txt'));
});
