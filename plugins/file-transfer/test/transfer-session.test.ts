import { createCipheriv, createHash } from 'node:crypto';
import { lstat, mkdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SimulatedRelay } from '@livelet/core/test-support';
import test from 'ava';
import { below, type FilesPage, hostFiles, notesOf } from './hosted-files.js';

const TEXT = new TextEncoder().encode('Hello, file.');
const MODIFIED = Date.UTC(2021, 5, 1, 8);

function choose(page: FilesPage, files: readonly (readonly [string, Uint8Array])[]): void {
  page.say({
    type: 'chosen',
    last: true,
    files: files.map(([name, bytes], n) => {
      page.held.set(n, bytes);
      return { file: n, path: name.split('/'), kind: 'file', size: bytes.length, modified: MODIFIED };
    }),
  });
}

const random = (length: number, seed = 1): Uint8Array => {
  // The same each time, without a pattern that a piece at the wrong place could hide in.
  const cipher = createCipheriv('aes-128-ctr', new Uint8Array(16).fill(seed), new Uint8Array(16));
  return cipher.update(new Uint8Array(length));
};

test.serial('what the operator chooses arrives, both see it, and both receipts list it', async (t) => {
  await using hosted = await hostFiles();
  const [operator, customer] = [hosted.page('operator'), hosted.page('customer')];
  const large = random(1_500_000);
  choose(operator, [
    ['a.txt', TEXT],
    ['photos/b.bin', large],
    ['empty', new Uint8Array(0)],
  ]);
  const sent = await operator.over();
  t.like(sent, {
    way: 'out',
    state: 'done',
    items: 3,
    itemsDone: 3,
    failedCount: 0,
    bytes: TEXT.length + large.length,
  });
  t.is(sent.bytesDone, sent.bytes);
  t.like(await customer.over(), { way: 'in', state: 'done', items: 3, itemsDone: 3, title: 'a.txt' });
  t.deepEqual(await below(hosted.folders.customer), ['a.txt', 'empty', 'photos', 'photos/b.bin']);
  t.true((await readFile(join(hosted.folders.customer, 'photos/b.bin'))).equals(large));
  t.is((await stat(join(hosted.folders.customer, 'a.txt'))).mtimeMs, MODIFIED);
  const hash = createHash('sha256').update(TEXT).digest('hex');
  const fact = { name: 'a.txt', size: TEXT.length, 'sha-256': hash };
  const sentNotes = notesOf(hosted.pair.operator);
  t.is(sentNotes.length, 3);
  t.deepEqual(
    sentNotes.find((note) => 'name' in note && note.name === 'a.txt'),
    {
      what: 'file-sent',
      ...fact,
      direction: 'out',
    },
  );
  t.deepEqual(
    notesOf(hosted.pair.customer).find((note) => 'name' in note && note.name === 'a.txt'),
    {
      what: 'file-received',
      ...fact,
      direction: 'in',
    },
  );
});

test.serial('nothing is sent or taken without its own permission', async (t) => {
  await using hosted = await hostFiles({ granted: [] });
  const [operator, customer] = [hosted.page('operator'), hosted.page('customer')];
  choose(operator, [['a.txt', TEXT]]);
  t.like(await operator.over(), { state: 'broken', error: 'not-granted', canRetry: true });
  choose(customer, [['secret.txt', TEXT]]);
  await customer.shows(({ offers }) => offers.length === 1);
  t.deepEqual((await operator.shows(() => true)).offers, []);
  hosted.pair.customer.ownGrants.grant('send-files');
  await operator.shows(({ maySend }) => maySend);
  operator.say({ type: 'retry', transfer: 1 });
  await operator.shows(({ transfers }) => transfers[0]?.state === 'done');
  t.deepEqual(await below(hosted.folders.customer), ['a.txt']);
  t.deepEqual((await operator.shows(() => true)).offers, []);
});

test.serial('the customer offers, the operator takes', async (t) => {
  await using hosted = await hostFiles();
  const [operator, customer] = [hosted.page('operator'), hosted.page('customer')];
  choose(customer, [['report.pdf', TEXT]]);
  const { offers } = await operator.shows((state) => state.offers.length === 1);
  t.like(offers[0], { name: 'report.pdf', items: 1, bytes: TEXT.length });
  t.deepEqual(await below(hosted.folders.operator), []);
  operator.say({ type: 'take-offer', offer: offers[0]?.id ?? '' });
  t.like(await operator.over(), { way: 'in', state: 'done' });
  t.like(await customer.over(), { way: 'out', state: 'done' });
  t.deepEqual(await below(hosted.folders.operator), ['report.pdf']);
  await operator.shows((state) => state.offers.length === 0);
  await customer.shows((state) => state.offers.length === 0);
  choose(customer, [['second.pdf', TEXT]]);
  await operator.shows((state) => state.offers.length === 1);
  customer.close();
  await operator.shows((state) => state.offers.length === 0);
});

test.serial('a name that is there is asked about: keep both, replace, skip', async (t) => {
  await using hosted = await hostFiles();
  const { customer: folder } = hosted.folders;
  await mkdir(folder, { recursive: true });
  const [operator, customer] = [hosted.page('operator'), hosted.page('customer')];
  const outside = join(hosted.sandbox, 'outside');
  await writeFile(outside, 'outside');
  for (const name of ['both.txt', 'replace.txt', 'skip.txt']) await writeFile(join(folder, name), 'before');
  await symlink(outside, join(folder, 'link.txt'));
  const CHOICES = {
    'both.txt': 'keep-both',
    'replace.txt': 'replace',
    'skip.txt': 'skip',
    'link.txt': 'replace',
  } as const;
  choose(
    operator,
    Object.keys(CHOICES).map((name) => [name, TEXT] as const),
  );
  for (let n = 0; n < 4; n += 1) {
    const { question } = await customer.shows((state) => (state.question?.id ?? 0) > n);
    const name = question?.path[0] as keyof typeof CHOICES;
    customer.say({ type: 'answer', question: question?.id ?? 0, choice: CHOICES[name], all: false });
  }
  t.like(await operator.over(), { state: 'done', skipped: 1, failedCount: 0 });
  const read = async (name: string): Promise<string> => await readFile(join(folder, name), 'utf8');
  t.deepEqual(await below(folder), ['both (2).txt', 'both.txt', 'link.txt', 'replace.txt', 'skip.txt']);
  t.is(await read('both.txt'), 'before');
  t.is(await read('both (2).txt'), 'Hello, file.');
  t.is(await read('replace.txt'), 'Hello, file.');
  t.is(await read('skip.txt'), 'before');
  // The link was replaced, not what it leads to.
  t.true((await lstat(join(folder, 'link.txt'))).isFile());
  t.is(await readFile(outside, 'utf8'), 'outside');
});

test.serial('a folder with a symlink’s name isn’t followed out of the folder', async (t) => {
  await using hosted = await hostFiles();
  const { customer: folder } = hosted.folders;
  const outside = join(hosted.sandbox, 'outside');
  await mkdir(folder, { recursive: true });
  await mkdir(outside);
  await symlink(outside, join(folder, 'photos'));
  await symlink(join(outside, 'x'), join(folder, 'a.txt.part'));
  const operator = hosted.page('operator');
  choose(operator, [
    ['photos/b.bin', TEXT],
    ['a.txt', TEXT],
  ]);
  const over = await operator.over();
  t.deepEqual(over.failed, [{ name: 'photos/b.bin', reason: 'file-unwritable' }]);
  t.deepEqual(await below(outside), []);
  t.is(await readFile(join(folder, 'a.txt'), 'utf8'), 'Hello, file.');
});

test.serial(
  'symlinks that lead to each other are followed by neither end, however long the chain',
  async (t) => {
    await using hosted = await hostFiles();
    const { operator: own, customer: folder } = hosted.folders;
    const outside = join(hosted.sandbox, 'outside');
    await mkdir(outside);
    await writeFile(join(outside, 'secret'), 'secret');
    await mkdir(join(own, 'tools/deep'), { recursive: true });
    await writeFile(join(own, 'tools/deep/x.txt'), TEXT);
    await mkdir(folder, { recursive: true });
    // Out of the folder, in three steps; one that leads to itself; one from the middle of a path back into the folder.
    for (const root of [own, folder]) {
      await symlink(outside, join(root, 'third'));
      await symlink('third', join(root, 'second'));
      await symlink('second', join(root, 'first'));
      await symlink('ring', join(root, 'ring'));
    }
    await symlink('../first', join(own, 'tools/out'));
    await symlink('deep', join(own, 'tools/inner'));
    const operator = hosted.page('operator');
    for (const path of [
      ['first'],
      ['first', 'secret'],
      ['ring'],
      ['tools', 'out'],
      ['tools', 'inner', 'x.txt'],
    ]) {
      operator.messages.length = 0;
      operator.say({ type: 'look', pane: 'own', path });
      t.is((await operator.heard('looked')).error, 'file-unreadable', path.join('/'));
      operator.say({ type: 'send-own', paths: [path] });
      t.is((await operator.heard('refused')).error, 'file-unreadable', path.join('/'));
    }
    operator.say({ type: 'send-own', paths: [['tools']] });
    t.like(await operator.over(), { state: 'done', items: 3 });
    choose(operator, [
      ['first/b.bin', TEXT],
      ['ring/b.bin', TEXT],
    ]);
    const { transfers } = await operator.shows((state) => state.transfers[1]?.state === 'done');
    t.is(transfers[1]?.failedCount, 2);
    t.deepEqual(await below(outside), ['secret']);
    t.deepEqual(
      (await below(folder)).filter((name) => name.startsWith('tools')),
      ['tools', 'tools/deep', 'tools/deep/x.txt'],
    );
  },
);

test.serial('a file that the page can’t read any more is told, and nothing of it stays', async (t) => {
  await using hosted = await hostFiles();
  const operator = hosted.page('operator');
  choose(operator, [
    ['gone.bin', random(900_000)],
    ['a.txt', TEXT],
  ]);
  operator.held.delete(0);
  const over = await operator.over();
  t.deepEqual(over.failed, [{ name: 'gone.bin', reason: 'file-unreadable' }]);
  t.deepEqual(await below(hosted.folders.customer), ['a.txt']);
});

test.serial('pause holds a transfer at either end, and it goes on; cancel leaves nothing', async (t) => {
  await using hosted = await hostFiles();
  const [operator, customer] = [hosted.page('operator'), hosted.page('customer')];
  operator.holdAt(1_000_000);
  choose(operator, [['a.bin', random(3_000_000)]]);
  await customer.shows(({ transfers }) => transfers[0]?.state === 'running');
  customer.say({ type: 'pause', transfer: 1 });
  await operator.shows(({ transfers }) => transfers[0]?.paused === 'there');
  operator.goOn();
  t.is((await operator.shows(() => true)).transfers[0]?.state, 'running');
  customer.say({ type: 'resume', transfer: 1 });
  t.like(await operator.over(), { state: 'done' });
  operator.holdAt(1_000_000);
  choose(operator, [['b.bin', random(3_000_000)]]);
  await operator.shows(({ transfers }) => transfers[1]?.state === 'running');
  operator.say({ type: 'pause', transfer: 2 });
  await customer.shows(({ transfers }) => transfers[1]?.paused === 'there');
  customer.say({ type: 'cancel', transfer: 2 });
  t.like(await operator.over(), { state: 'broken', error: 'cancelled', itemsDone: 0 });
  await customer.shows(({ transfers }) => transfers[1]?.error === 'cancelled');
  operator.goOn();
  await hosted.stop();
  t.like((await customer.shows(() => true)).transfers[1], { itemsDone: 0, failedCount: 0 });
  t.deepEqual(await below(hosted.folders.customer), ['a.bin']);
});

test.serial('what was taken back in the middle goes on where it was, once it is allowed again', async (t) => {
  await using hosted = await hostFiles();
  const [operator, customer] = [hosted.page('operator'), hosted.page('customer')];
  const bytes = random(4_000_000);
  operator.holdAt(2_000_000);
  choose(operator, [['a.bin', bytes]]);
  await customer.shows(({ transfers }) => (transfers[0]?.bytesDone ?? 0) > 1_000_000);
  hosted.pair.customer.ownGrants.revoke('send-files');
  t.like(await operator.over(), { state: 'broken', error: 'revoked', canRetry: true });
  await customer.over();
  t.deepEqual(await below(hosted.folders.customer), ['a.bin.part']);
  t.like((await customer.shows(() => true)).transfers[0], { error: 'revoked' });
  const there = (await stat(join(hosted.folders.customer, 'a.bin.part'))).size;
  t.true(there >= 1_000_000 && there < bytes.length);
  await hosted.pair.clock.advance(10_000);
  hosted.pair.customer.ownGrants.grant('send-files');
  await operator.shows(({ maySend }) => maySend);
  operator.goOn();
  operator.say({ type: 'retry', transfer: 1 });
  await operator.shows(({ transfers }) => transfers[0]?.state === 'done');
  t.true((await readFile(join(hosted.folders.customer, 'a.bin'))).equals(bytes));
  t.deepEqual(await below(hosted.folders.customer), ['a.bin']);
});

test.serial('a part that was changed meanwhile isn’t gone on with', async (t) => {
  await using hosted = await hostFiles();
  const [operator, customer] = [hosted.page('operator'), hosted.page('customer')];
  const bytes = random(4_000_000, 3);
  operator.holdAt(2_000_000);
  choose(operator, [['a.bin', bytes]]);
  await customer.shows(({ transfers }) => (transfers[0]?.bytesDone ?? 0) > 1_000_000);
  hosted.pair.customer.ownGrants.revoke('send-files');
  await Promise.all([operator.over(), customer.over()]);
  const part = join(hosted.folders.customer, 'a.bin.part');
  const changed = await readFile(part);
  changed.fill(0, 0, 10);
  await writeFile(part, changed);
  hosted.pair.customer.ownGrants.grant('send-files');
  await operator.shows(({ maySend }) => maySend);
  operator.goOn();
  operator.say({ type: 'retry', transfer: 1 });
  await operator.shows(({ transfers }) => transfers[0]?.state === 'done');
  t.true((await readFile(join(hosted.folders.customer, 'a.bin'))).equals(bytes));
});

test.serial('a drop of the line in the middle costs nothing', async (t) => {
  const relay = new SimulatedRelay();
  await using hosted = await hostFiles({ relay });
  const [operator, customer] = [hosted.page('operator'), hosted.page('customer')];
  const bytes = random(4_000_000, 5);
  operator.holdAt(2_000_000);
  choose(operator, [['a.bin', bytes]]);
  await customer.shows(({ transfers }) => (transfers[0]?.bytesDone ?? 0) > 1_000_000);
  relay.down = true;
  hosted.pair.link.cut();
  await hosted.pair.clock.advance(60_000);
  relay.down = false;
  await hosted.pair.clock.advance(10_000);
  operator.goOn();
  t.like(await operator.over(), { state: 'done' });
  t.true((await readFile(join(hosted.folders.customer, 'a.bin'))).equals(bytes));
});

test.serial('after the end nothing half-written remains, and no empty folder', async (t) => {
  await using hosted = await hostFiles();
  const [operator, customer] = [hosted.page('operator'), hosted.page('customer')];
  operator.holdAt(2_000_000);
  choose(operator, [['a.bin', random(4_000_000, 7)]]);
  await customer.shows(({ transfers }) => (transfers[0]?.bytesDone ?? 0) > 500_000);
  await hosted.pair.operator.end('person');
  await hosted.stop();
  t.deepEqual(await below(join(hosted.sandbox, 'customer')), []);
});

test.serial('the operator’s own folder is looked through and sent from; symlinks stay behind', async (t) => {
  await using hosted = await hostFiles();
  const { operator: own, customer: folder } = hosted.folders;
  await mkdir(join(own, 'tools/empty'), { recursive: true });
  await writeFile(join(own, 'tools/x.txt'), TEXT);
  await symlink('/etc/passwd', join(own, 'tools/link'));
  await utimes(join(own, 'tools/empty'), new Date(MODIFIED), new Date(MODIFIED));
  const operator = hosted.page('operator');
  operator.say({ type: 'look', pane: 'own', path: ['tools'] });
  const { listing } = await operator.heard('looked');
  t.deepEqual(
    listing?.files.map(({ name, kind }) => [name, kind]),
    [
      ['empty', 'folder'],
      ['x.txt', 'file'],
    ],
  );
  operator.say({ type: 'send-own', paths: [['tools']] });
  const leftOut = { count: 1, names: ['tools/link'] };
  t.like(await operator.over(), { state: 'done', items: 3, failedCount: 0, leftOut });
  t.deepEqual(await below(folder), ['tools', 'tools/empty', 'tools/x.txt']);
  t.is((await stat(join(folder, 'tools/empty'))).mtimeMs, MODIFIED);
  operator.say({ type: 'send-own', paths: [['..', 'x']] });
  t.is((await operator.heard('refused')).error, 'file-name-refused');
});
