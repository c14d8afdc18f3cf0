import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { below, type FilesPage, hostFiles } from './hosted-files.js';

const TEXT = new TextEncoder().encode('Hello, file.');

function choose(page: FilesPage, files: readonly (readonly [string, Uint8Array])[]): void {
  page.say({
    type: 'chosen',
    last: true,
    files: files.map(([name, bytes], n) => {
      page.held.set(n, bytes);
      return { file: n, path: name.split('/'), kind: 'file', size: bytes.length, modified: 0 };
    }),
  });
}

test.serial(
  'each end says where it is: its own path, and of the customer’s only what the folder is called',
  async (t) => {
    const shown: string[] = [];
    const desktop = {
      showInFolder: (path: string) => void shown.push(path),
      chooseFolder: async () => undefined,
    };
    await using hosted = await hostFiles({ desktop });
    const [operator, customer] = [hosted.page('operator'), hosted.page('customer')];
    choose(operator, [['a.txt', TEXT]]);
    t.is((await operator.over()).keptAt, 'received/a.txt');
    choose(operator, [['a.txt', TEXT]]);
    const { question } = await customer.shows((state) => state.question !== undefined);
    customer.say({ type: 'answer', question: question?.id ?? 0, choice: 'keep-both', all: false });
    await operator.shows(({ transfers }) => transfers[1]?.keptAt === 'received/a (2).txt');
    choose(operator, [
      ['b.txt', TEXT],
      ['folder/c.txt', TEXT],
    ]);
    await operator.shows(({ transfers }) => transfers[2]?.keptAt === 'received');
    t.false(JSON.stringify(operator.messages).includes(hosted.folders.customer));
    choose(customer, [['folder/d.txt', TEXT]]);
    const { offers } = await operator.shows((state) => state.offers.length === 1);
    operator.say({ type: 'take-offer', offer: offers[0]?.id ?? '' });
    const { transfers, canShow } = await operator.shows((state) => state.transfers[3]?.state === 'done');
    t.true(canShow);
    t.is(transfers[3]?.keptAt, join(hosted.folders.operator, 'folder'));
    // The other end isn't told of the operator's folder.
    t.is(
      (await customer.shows((state) => state.transfers[3]?.state === 'done')).transfers[3]?.keptAt,
      undefined,
    );
    operator.say({ type: 'show', transfer: 1 });
    operator.say({ type: 'show', transfer: 4 });
    operator.say({ type: 'look', pane: 'own', path: ['folder'] });
    await operator.heard('looked');
    customer.say({ type: 'show', transfer: 2 });
    await customer.shows(({ canShow }) => canShow);
    t.deepEqual(shown, [join(hosted.folders.operator, 'folder'), join(hosted.folders.customer, 'a (2).txt')]);
  },
);

test.serial('a name that can’t be sent is left out, and said to be', async (t) => {
  await using hosted = await hostFiles();
  const operator = hosted.page('operator');
  choose(operator, [
    ['a.txt', TEXT],
    ['b\\c.txt', TEXT],
    ['d\u0007.txt', TEXT],
  ]);
  t.like(await operator.over(), {
    state: 'done',
    items: 1,
    itemsDone: 1,
    kept: 1,
    // Trying again would change nothing.
    canRetry: false,
    failed: [
      { name: 'b\\c.txt', reason: 'file-name-refused' },
      { name: 'd.txt', reason: 'file-name-refused' },
    ],
  });
  t.deepEqual(await below(hosted.folders.customer), ['a.txt']);
  const customer = await hosted.page('customer').shows(({ transfers }) => transfers[0]?.state === 'done');
  t.like(customer.transfers[0], { items: 1, kept: 1, keptAt: join(hosted.folders.customer, 'a.txt') });
});

test.serial('a folder of many names is looked through piece by piece, folders first', async (t) => {
  await using hosted = await hostFiles();
  const { operator: own } = hosted.folders;
  await mkdir(join(own, 'zoo'), { recursive: true });
  await Promise.all(Array.from({ length: 520 }, (_, n) => writeFile(join(own, `${1000 + n}`), '')));
  const operator = hosted.page('operator');
  operator.say({ type: 'look', pane: 'own', path: [] });
  const first = await operator.heard('looked');
  t.like(first, { from: 0, listing: { more: true } });
  t.is(first.listing?.files.length, 500);
  t.is(first.listing?.files[0]?.name, 'zoo');
  operator.messages.length = 0;
  operator.say({ type: 'look', pane: 'own', path: [], from: 500 });
  const { listing } = await operator.heard('looked');
  t.is(listing?.more, false);
  t.deepEqual([listing?.files.length, listing?.files.at(-1)?.name], [21, '1519']);
});

test.serial('both ends list what became of each file, and under which name it is kept', async (t) => {
  await using hosted = await hostFiles();
  const [operator, customer] = [hosted.page('operator'), hosted.page('customer')];
  await mkdir(hosted.folders.customer, { recursive: true });
  await writeFile(join(hosted.folders.customer, 'a.txt'), 'before');
  choose(operator, [
    ['a.txt', TEXT],
    ['docs/b:c.txt', TEXT],
    ['d.txt', TEXT],
    ['e\\f.txt', TEXT],
  ]);
  const { question } = await customer.shows((state) => state.question !== undefined);
  customer.say({ type: 'answer', question: question?.id ?? 0, choice: 'keep-both', all: false });
  t.like(await operator.over(), { items: 3, kept: 3, failedCount: 1 });
  t.like(await customer.over(), { items: 3, kept: 3, failedCount: 0 });
  const arrived = [
    { how: 'kept', name: 'a.txt', keptAs: 'a (2).txt' },
    { how: 'kept', name: 'd.txt', keptAs: 'd.txt' },
    { how: 'kept', name: 'docs/b:c.txt', keptAs: 'docs/b_c.txt' },
  ];
  const refused = { how: 'failed', name: 'e\\f.txt', reason: 'file-name-refused' };
  for (const [page, expected] of [
    [customer, arrived],
    [operator, [...arrived, refused]],
  ] as const) {
    page.say({ type: 'items', transfer: 1 });
    const { items } = await page.heard('items');
    t.deepEqual(
      items.toSorted((one, other) => (one.name < other.name ? -1 : 1)),
      expected,
    );
  }
});

test.serial('what the customer leaves out is told to the operator as that', async (t) => {
  await using hosted = await hostFiles();
  const [operator, customer] = [hosted.page('operator'), hosted.page('customer')];
  await mkdir(hosted.folders.customer, { recursive: true });
  await writeFile(join(hosted.folders.customer, 'a.txt'), 'before');
  choose(operator, [['a.txt', TEXT]]);
  const { question } = await customer.shows((state) => state.question !== undefined);
  customer.say({ type: 'answer', question: question?.id ?? 0, choice: 'skip', all: false });
  t.like(await operator.over(), { state: 'done', items: 1, kept: 0, skipped: 1, canRetry: false });
  operator.say({ type: 'items', transfer: 1 });
  t.deepEqual((await operator.heard('items')).items, [{ how: 'skipped', name: 'a.txt' }]);
});

test.serial('an offer that is being taken is named by its transfer', async (t) => {
  await using hosted = await hostFiles();
  const [operator, customer] = [hosted.page('operator'), hosted.page('customer')];
  choose(customer, [['a.txt', TEXT]]);
  const { offers } = await operator.shows((state) => state.offers.length === 1);
  operator.say({ type: 'take-offer', offer: offers[0]?.id ?? '' });
  t.like(await operator.over(), { way: 'in', kept: 1, offer: offers[0]?.id });
});
