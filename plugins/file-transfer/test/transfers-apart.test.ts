import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { below, type FilesPage, hostFiles } from './hosted-files.js';

const TEXT = new TextEncoder().encode('Hello, file.');
const LARGE = new Uint8Array(3_000_000).fill(7);

function choose(page: FilesPage, ...files: (readonly [string, Uint8Array])[]): void {
  const chosen = files.map(([name, bytes]) => {
    const file = page.held.size + 1;
    page.held.set(file, bytes);
    return { file, path: [name], kind: 'file', size: bytes.length, modified: 0 } as const;
  });
  page.say({ type: 'chosen', last: true, files: chosen });
}

test.serial('an answer for all holds for the rest of its transfer, and for no other', async (t) => {
  await using hosted = await hostFiles();
  const { customer: folder } = hosted.folders;
  await mkdir(folder, { recursive: true });
  const names = ['a.txt', 'b.txt', 'later.txt'];
  for (const name of names) await writeFile(join(folder, name), 'before');
  const [operator, customer] = [hosted.page('operator'), hosted.page('customer')];
  choose(operator, ['a.txt', TEXT], ['b.txt', TEXT]);
  const { question } = await customer.shows((state) => state.question !== undefined);
  customer.say({ type: 'answer', question: question?.id ?? 0, choice: 'replace', all: true });
  t.like(await operator.over(), { state: 'done', kept: 2 });
  choose(operator, ['later.txt', TEXT]);
  const asked = await customer.shows((state) => state.question?.path[0] === 'later.txt');
  customer.say({ type: 'answer', question: asked.question?.id ?? 0, choice: 'skip', all: false });
  await operator.shows(({ transfers }) => transfers[1]?.state === 'done');
  t.deepEqual(await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8'))), [
    'Hello, file.',
    'Hello, file.',
    'before',
  ]);
});

test.serial('two are sent at once: a small one doesn’t wait behind a large one', async (t) => {
  await using hosted = await hostFiles();
  const operator = hosted.page('operator');
  operator.holdAt(1_000_000);
  choose(operator, ['large.bin', LARGE]);
  choose(operator, ['small.txt', TEXT]);
  await operator.shows(({ transfers }) => transfers[1]?.state === 'done');
  choose(operator, ['cancelled.bin', LARGE]);
  choose(operator, ['last.txt', TEXT]);
  await operator.shows(({ transfers }) => transfers[2]?.state === 'running');
  // Whoever gives one up has the next one go at once, whatever the other end still has to put away.
  operator.say({ type: 'cancel', transfer: 3 });
  const { transfers } = await operator.shows((state) => state.transfers[3]?.state === 'done');
  t.deepEqual(
    transfers.map(({ state }) => state),
    ['running', 'done', 'broken', 'done'],
  );
  operator.goOn();
  await operator.shows((state) => state.transfers[0]?.state === 'done');
  await hosted.stop();
  t.deepEqual(await below(hosted.folders.customer), ['large.bin', 'last.txt', 'small.txt']);
});
