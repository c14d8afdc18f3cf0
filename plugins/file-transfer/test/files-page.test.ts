import { mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type PanelPage, startPanelBrowser } from '@livelet/compliance/panel-page';
import test from 'ava';
import { COURIER, DEPOT, openPanel, STATE, said, state, TRANSFER, tell } from './files-panel.js';

const browser = await startPanelBrowser();
test.after.always(async () => await browser[Symbol.asyncDispose]());

const open = async (module: URL, width?: number, locale?: 'en' | 'it'): Promise<PanelPage> =>
  await openPanel(browser, module, width, locale);

test.serial('chosen files are named to the half, and read piece by piece when it asks', async (t) => {
  await using panel = await open(COURIER);
  await panel.page.locator('#files').setInputFiles([
    { name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('0123456789') },
    { name: 'b.txt', mimeType: 'text/plain', buffer: Buffer.from('') },
  ]);
  const chosen = await said<{ files: { file: number; path: string[]; size: number }[]; last: boolean }>(
    panel,
    'chosen',
  );
  t.true(chosen.last);
  t.deepEqual(
    chosen.files.map(({ path, size }) => [path, size]),
    [
      [['a.txt'], 10],
      [['b.txt'], 0],
    ],
  );
  const file = chosen.files[0]?.file ?? 0;
  await tell(panel, { type: 'request', request: 1, what: 'read', file, offset: 2, length: 3 });
  const answer = await said<{ request: number }>(panel, 'answered');
  t.is(answer.request, 1);
  t.is(Buffer.from(answer.bytes ?? []).toString(), '234');
  await tell(panel, { type: 'request', request: 2, what: 'read', file: 999, offset: 0, length: 3 });
  t.like(await said(panel, 'answered'), { request: 2, error: 'file-unreadable' });
  t.deepEqual(panel.problems, []);
});

test.serial(
  'a chosen folder keeps its paths, and its empty folders where the browser tells of them',
  async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'livelet-pick-'));
    t.teardown(async () => await rm(folder, { recursive: true }));
    await mkdir(join(folder, 'photos'));
    await writeFile(join(folder, 'photos/x.txt'), 'x');
    const paths = async (panel: PanelPage): Promise<string[]> => {
      const { files } = await said<{ files: { path: string[]; kind: string }[] }>(panel, 'chosen');
      return files.map(({ path, kind }) => `${kind} ${path.join('/')}`).toSorted();
    };
    await using panel = await open(COURIER);
    // The browser's private folder stands for the one that a person chooses in its dialogue: the same kind of handle.
    await panel.page.evaluate(`(async () => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('photos', { create: true });
    await folder.getDirectoryHandle('empty', { create: true });
    await folder.getFileHandle('x.txt', { create: true });
    window.showDirectoryPicker = async () => folder;
  })()`);
    await panel.page.getByRole('button', { name: 'Choose a folder' }).click();
    t.deepEqual(await paths(panel), ['file photos/x.txt', 'folder photos', 'folder photos/empty']);
    // A browser without that picker.
    await using other = await open(COURIER);
    await other.page.evaluate('delete window.showDirectoryPicker');
    await state(other, { maySend: false });
    await state(other);
    await other.page.getByText('Choosing a folder leaves out the empty ones').waitFor();
    await other.page.locator('#folder').setInputFiles(join(folder, 'photos'));
    t.deepEqual(await paths(other), ['file photos/x.txt']);
  },
);

test.serial('files dropped anywhere in the window are sent, and never open in its place', async (t) => {
  await using panel = await open(COURIER);
  const address = panel.page.url();
  const drop = `(() => {
    const data = new DataTransfer();
    data.items.add(new File(['hello'], 'dropped.txt'));
    const send = (type) => document.body.dispatchEvent(
      new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
    return [send('dragover'), send('drop')];
  })()`;
  t.deepEqual(await panel.page.evaluate(drop), [false, false]);
  t.is(panel.page.url(), address);
});

test.serial(
  'a dropped folder is sent with what is in it: empty folders too, each file with its date',
  async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'livelet-drop-'));
    t.teardown(async () => await rm(folder, { recursive: true }));
    await mkdir(join(folder, 'photos/empty'), { recursive: true });
    await writeFile(join(folder, 'photos/x.txt'), 'xyz');
    const modified = Date.UTC(2020, 1, 29, 12);
    await utimes(join(folder, 'photos/x.txt'), new Date(modified), new Date(modified));
    await using panel = await open(COURIER);
    // The browser's own drag and drop of something that lies on the disk.
    const devtools = await panel.page.context().newCDPSession(panel.page);
    const data = { items: [], files: [join(folder, 'photos')], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await devtools.send('Input.dispatchDragEvent', { type, x: 100, y: 100, data });
    }
    const { files, last } = await said<{
      files: { path: string[]; kind: string; size: number; modified: number }[];
      last: boolean;
    }>(panel, 'chosen');
    t.true(last);
    t.deepEqual(
      files
        .map(({ path, kind, size, ...file }) => [path.join('/'), kind, size, file.modified])
        .toSorted(([a], [b]) => `${a}`.localeCompare(`${b}`)),
      [
        ['photos', 'folder', 0, 0],
        ['photos/empty', 'folder', 0, 0],
        ['photos/x.txt', 'file', 3, modified],
      ],
    );
    t.deepEqual(panel.problems, []);
  },
);

test.serial(
  'a transfer shows how far it is and can be paused, gone on with, cancelled and tried again',
  async (t) => {
    await using panel = await open(COURIER);
    await state(panel, { transfers: [TRANSFER] });
    const { page } = panel;
    const row = page.locator('.transfer');
    t.regex(
      (await row.innerText()).replace(/\s+/g, ' '),
      /Being sent film\.mp4 \(\+2\) 1 of 3 · 1 MB \/ 4 MB · 500 kB\/s · 6 seconds left/,
    );
    t.true(await row.getByText('a.txt: no room on the disk').isVisible());
    await page.getByRole('button', { name: 'Pause: film.mp4' }).click();
    t.like(await said(panel, 'pause'), { transfer: 7 });
    await state(panel, { transfers: [{ ...TRANSFER, paused: 'here' }] });
    await page.getByRole('button', { name: 'Go on: film.mp4' }).click();
    t.like(await said(panel, 'resume'), { transfer: 7 });
    await page.getByRole('button', { name: 'Cancel: film.mp4' }).click();
    t.like(await said(panel, 'cancel'), { transfer: 7 });
    await state(panel, { transfers: [{ ...TRANSFER, state: 'broken', error: 'revoked', canRetry: true }] });
    await page.getByRole('button', { name: 'Try again: film.mp4' }).click();
    t.like(await said(panel, 'retry'), { transfer: 7 });
    await state(panel, {
      transfers: [{ ...TRANSFER, state: 'done', itemsDone: 3, kept: 3, failedCount: 0 }],
    });
    t.regex((await row.innerText()).replace(/\s+/g, ' '), /^Sent film\.mp4 \(\+2\) Done · 3 of 3/);
    t.deepEqual(await panel.announced(), [
      'Anna offers you: safe\u202egpj.exe',
      'Being sent: film.mp4 (+2)',
      'Sent in part: film.mp4 (+2). Broke off: not allowed now',
      'Sent: film.mp4 (+2)',
    ]);
  },
);

test.serial('the question about an existing name takes each answer', async (t) => {
  await using panel = await open(DEPOT);
  await state(panel, { question: { id: 3, path: ['docs', 'a.txt'] } });
  t.true(await panel.page.getByText('docs/a.txt').isVisible());
  await panel.page.getByRole('button', { name: 'Keep both' }).click();
  t.like(await said(panel, 'answer'), { question: 3, choice: 'keep-both', all: false });
  await panel.page.getByLabel('Do the same for the rest of this transfer').check();
  await panel.page.getByRole('button', { name: 'Skip this one' }).click();
  t.like(await said(panel, 'answer'), { question: 3, choice: 'skip', all: true });
});

test.serial('the operator takes an offer, and moves through both folders by keyboard', async (t) => {
  await using panel = await open(COURIER, 700);
  const { page } = panel;
  await page.getByRole('button', { name: /^Receive: / }).click();
  t.like(await said(panel, 'take-offer'), { offer: 'o1' });
  await state(panel, { shared: { name: 'Photos' } });
  t.like(await said(panel, 'look'), { pane: 'theirs', path: [] });
  const listing = {
    files: [
      { name: 'sub', kind: 'folder', size: 0, modified: 0 },
      { name: 'x.jpg', kind: 'file', size: 5, modified: 0 },
    ],
    more: false,
  } as const;
  await tell(panel, { type: 'looked', pane: 'theirs', path: [], from: 0, listing });
  await page.getByRole('button', { name: 'sub/' }).press('Enter');
  t.like(await said(panel, 'look'), { pane: 'theirs', path: ['sub'] });
  await tell(panel, { type: 'looked', pane: 'theirs', path: ['sub'], from: 0, listing });
  await page.getByText('5 bytes').waitFor();
  await page.getByRole('checkbox', { name: 'x.jpg' }).press('Space');
  await page.getByRole('button', { name: 'Receive the selected ones' }).press('Enter');
  t.like(await said(panel, 'take-shared'), { paths: [['sub', 'x.jpg']] });
});

test.serial('the customer shows a folder, and nothing above it can be named', async (t) => {
  await using panel = await open(DEPOT);
  // The browser's private folder stands for the one that a person chooses in its dialogue: the same kind of handle.
  await panel.page.evaluate(`(async () => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('shown', { create: true });
    await folder.getDirectoryHandle('inner', { create: true });
    const write = async (parent, name, text) => {
      const file = await (await parent.getFileHandle(name, { create: true })).createWritable();
      await file.write(text);
      await file.close();
    };
    await write(folder, 'a.txt', 'hello');
    await write(root, 'secret.txt', 'secret');
    window.showDirectoryPicker = async () => folder;
  })()`);
  await panel.page.getByRole('button', { name: 'Show a folder' }).click();
  t.like(await said(panel, 'share'), { name: 'shown' });
  await tell(panel, { type: 'request', request: 1, what: 'list', path: [], from: 0 });
  const { value } = await said<{ value: { files: { name: string; kind: string; size: number }[] } }>(
    panel,
    'answered',
  );
  t.deepEqual(
    value.files.map(({ name, kind, size }) => [name, kind, size]),
    [
      ['inner', 'folder', 0],
      ['a.txt', 'file', 5],
    ],
  );
  for (const path of [['..', 'secret.txt'], ['../secret.txt'], ['inner', '..', '..', 'secret.txt']]) {
    await tell(panel, { type: 'request', request: 2, what: 'open', path });
    t.like(await said(panel, 'answered'), { request: 2, error: 'file-unreadable' });
  }
  await tell(panel, { type: 'request', request: 3, what: 'open', path: ['a.txt'] });
  const opened = await said<{ value: { file: number } }>(panel, 'answered');
  await tell(panel, {
    type: 'request',
    request: 4,
    what: 'read',
    file: opened.value.file,
    offset: 0,
    length: 9,
  });
  t.is(Buffer.from((await said(panel, 'answered')).bytes ?? []).toString(), 'hello');
  await state(panel, { shared: { name: 'shown' } });
  await panel.page.getByRole('button', { name: 'No longer show it' }).click();
  await said(panel, 'unshare');
  await tell(panel, { type: 'request', request: 5, what: 'list', path: [], from: 0 });
  t.like(await said(panel, 'answered'), { request: 5, error: 'file-unreadable' });
});

test.serial('the customer sees nothing of it until something is allowed', async (t) => {
  await using panel = await open(DEPOT);
  t.true(await panel.page.getByText(STATE.folder).isVisible());
  await state(panel, { maySend: false, mayTake: false });
  t.false(await panel.page.locator('livelet-depot').isVisible());
});

// What axe looks at is the same in both languages; Italian, whose words are longer, is where room runs out.
for (const [name, module] of [
  ['courier', COURIER],
  ['depot', DEPOT],
] as const) {
  test.serial(
    `axe finds nothing in the ${name}’s panel, and 360 px are enough in both languages`,
    async (t) => {
      await using panel = await open(module, 360, 'it');
      await state(panel, {
        shared: { name: 'Photos' },
        question: { id: 1, path: ['a.txt'] },
        transfers: [TRANSFER, { ...TRANSFER, id: 8, state: 'done' }],
      });
      await panel.page.locator('.transfer').first().waitFor();
      const { violations } = await new AxeBuilder({ page: panel.page }).analyze();
      t.deepEqual(
        violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id),
        [],
      );
      const fits = 'document.documentElement.scrollWidth <= innerWidth';
      t.true(await panel.page.evaluate(fits));
      await panel.speak('en');
      await panel.page.getByText('Being sent').first().waitFor();
      t.true(await panel.page.evaluate(fits));
    },
  );
}

/** A folder of the disk as the browser's handle of it, which a person otherwise chooses in its dialogue. */
async function showFolder(panel: PanelPage, folder: string): Promise<void> {
  const { page } = panel;
  await page.evaluate(`document.addEventListener('dragover', (event) => event.preventDefault());
    window.dropped = new Promise((resolve) => document.addEventListener('drop', (event) => {
      event.preventDefault();
      resolve(event.dataTransfer.items[0].getAsFileSystemHandle());
    }));
    window.showDirectoryPicker = () => window.dropped;`);
  const devtools = await page.context().newCDPSession(page);
  const data = { items: [], files: [folder], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await devtools.send('Input.dispatchDragEvent', { type, x: 100, y: 100, data });
  }
  await page.getByRole('button', { name: 'Show a folder' }).click();
  await said(panel, 'share');
}

test.serial('symlinks in a folder of the disk that the customer shows lead nowhere', async (t) => {
  const sandbox = await mkdtemp(join(tmpdir(), 'livelet-show-'));
  t.teardown(async () => await rm(sandbox, { recursive: true }));
  await mkdir(join(sandbox, 'outside/deep'), { recursive: true });
  await writeFile(join(sandbox, 'outside/secret.txt'), 'secret');
  await mkdir(join(sandbox, 'shown/inner'), { recursive: true });
  await writeFile(join(sandbox, 'shown/a.txt'), 'hello');
  await writeFile(join(sandbox, 'shown/inner/b.txt'), 'hello');
  const shown = join(sandbox, 'shown');
  await symlink(join(sandbox, 'outside'), join(shown, 'third'));
  await symlink('third', join(shown, 'second'));
  await symlink('second', join(shown, 'first'));
  await symlink('../outside/secret.txt', join(shown, 'secret.txt'));
  await symlink('../../outside/secret.txt', join(shown, 'inner/secret.txt'));
  await symlink('ring', join(shown, 'ring'));
  await using panel = await open(DEPOT);
  await showFolder(panel, shown);
  let request = 0;
  const ask = async (what: 'list' | 'open', path: string[]): Promise<unknown> => {
    request += 1;
    const message = { type: 'request', request, what, path } as const;
    await tell(panel, what === 'list' ? { ...message, what, from: 0 } : { ...message, what });
    const { value, error } = await said<{ value?: { files?: { name: string }[] }; error?: string }>(
      panel,
      'answered',
    );
    return error ?? value?.files?.map(({ name }) => name) ?? value;
  };
  t.deepEqual(await ask('list', []), ['inner', 'a.txt']);
  t.deepEqual(await ask('list', ['inner']), ['b.txt']);
  for (const path of [['first'], ['third', 'deep'], ['ring']]) {
    t.is(await ask('list', path), 'file-unreadable', path.join('/'));
  }
  const names = [['secret.txt'], ['inner', 'secret.txt'], ['first', 'secret.txt'], ['third', 'secret.txt']];
  for (const path of names) t.is(await ask('open', path), 'file-unreadable', path.join('/'));
  // Swapped after they were seen: the file itself, then the folder that it is in.
  await rm(join(shown, 'a.txt'));
  await symlink('../outside/secret.txt', join(shown, 'a.txt'));
  t.is(await ask('open', ['a.txt']), 'file-unreadable');
  await rename(join(shown, 'inner'), join(sandbox, 'inner'));
  await writeFile(join(sandbox, 'outside/b.txt'), 'secret');
  await symlink('../outside', join(shown, 'inner'));
  t.is(await ask('open', ['inner', 'b.txt']), 'file-unreadable');
  t.is(await ask('list', ['inner']), 'file-unreadable');
});
