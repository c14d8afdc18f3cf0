import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ByteStream,
  decodeFileMessage,
  encodeFileMessage,
  type FileMessage,
  MAX_FILE_MESSAGE,
  type MessageStream,
  messageStream,
  OFFERED_FILES_PATH,
  SEND_FILES_PATH,
  type ServicePath,
  TAKE_FILES_PATH,
  type TakerMessage,
} from '@livelet/core';
import test from 'ava';
import { DiskRoom } from '../src/disk-room.js';
import { FileTaker } from '../src/file-taker.js';
import { FolderTree } from '../src/folder-tree.js';
import { isKeptName } from '../src/kept-name.js';
import { PartShelf } from '../src/part-shelf.js';
import { SafeFolder } from '../src/safe-folder.js';
import { below, type FilesPage, type HostedFiles, hostFiles, notesOf } from './hosted-files.js';

const TEXT = new TextEncoder().encode('Hello, file.');
const HASH = createHash('sha256').update(TEXT).digest();

function choose(page: FilesPage, name: string, bytes = TEXT): void {
  page.held.set(1, bytes);
  const file = { file: 1, path: [name], kind: 'file', size: bytes.length, modified: 0 } as const;
  page.say({ type: 'chosen', last: true, files: [file] });
}

const json = (value: object): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** A stream of the operator's end, where no half of ours runs. */
async function opened(hosted: HostedFiles, path: ServicePath): Promise<MessageStream> {
  const channel = hosted.pair.operator.pluginChannel({ serves: [], opens: [{ path, priority: 'files' }] });
  return messageStream(await channel.open(path), MAX_FILE_MESSAGE);
}

/** Takes the customer's only offer; at its end says what `answer` makes of the item's name, or resets. */
async function takeOffer(
  answer: (index: number) => TakerMessage | undefined,
): Promise<{ readonly notes: object[]; readonly code: string | undefined }> {
  await using hosted = await hostFiles({ courier: false });
  const customer = hosted.page('customer');
  choose(customer, 'report.pdf');
  const { offers } = await customer.shows((state) => state.offers.length === 1);
  const stream = await opened(hosted, TAKE_FILES_PATH);
  await stream.send(json({ offer: offers[0]?.id ?? '' }));
  let code: string | undefined;
  try {
    for await (const bytes of stream) {
      const message = decodeFileMessage(bytes);
      if (message.type === 'item') {
        await say(stream, { type: 'want', index: 0, offset: 0, hash: new Uint8Array(32) });
      } else if (message.type === 'end') {
        const last = answer(message.index);
        if (last) await say(stream, last);
        else stream.reset('cancelled');
      }
    }
    stream.closeWrite();
  } catch (error) {
    ({ code } = error as { code: string });
  }
  await customer.over();
  return { notes: notesOf(hosted.pair.customer), code };
}

async function say(stream: MessageStream, message: FileMessage): Promise<void> {
  await stream.send(encodeFileMessage(message));
}

const IN_PART = { what: 'file-sent-in-part', name: 'report.pdf', size: 12, sent: 12, direction: 'out' };

test.serial('what left is in the receipt, whatever the other end says became of it', async (t) => {
  for (const answer of [
    (index: number): TakerMessage => ({ type: 'failed', index, reason: 'file-disk-full' }),
    (index: number): TakerMessage => ({ type: 'skip', index }),
    () => undefined,
  ]) {
    t.deepEqual((await takeOffer(answer)).notes, [IN_PART]);
  }
});

test.serial('the receipt names what was sent, not what the other end would call it', async (t) => {
  const lie = await takeOffer((index) => ({ type: 'done', index, name: 'holiday.jpg' }));
  t.is(lie.code, 'message-malformed');
  t.deepEqual(lie.notes, [IN_PART]);
  const { notes } = await takeOffer((index) => ({ type: 'done', index, name: 'report (2).pdf' }));
  t.like(notes[0], { what: 'file-sent', name: 'report (2).pdf', 'sha-256': HASH.toString('hex') });
});

test('a name that was made safe or numbered is known again, and no other', (t) => {
  const long = `${'x'.repeat(300)}.pdf`;
  for (const [own, kept] of [
    ['a.txt', 'a.txt'],
    ['a.txt', 'a (2).txt'],
    ['a (2).txt', 'a (2) (1000).txt'],
    ['CON', '_CON (3)'],
    ['a:b', 'a_b'],
    ['.profile', '.profile (7)'],
    [long, `${'x'.repeat(236)} (2).pdf`],
  ] as const) {
    t.true(isKeptName(own, kept), kept);
  }
  for (const [own, kept] of [
    ['a.txt', 'b.txt'],
    ['a.txt', 'a (1).txt'],
    ['a.txt', 'a (02).txt'],
    ['a.txt', 'a (2).exe'],
    ['a.txt', '../a.txt'],
    ['a.txt', 'a\u202e.txt'],
  ] as const) {
    t.false(isKeptName(own, kept), kept);
  }
});

test.serial('a question is about the name that is there, and goes with its transfer', async (t) => {
  await using hosted = await hostFiles({ courier: false });
  await mkdir(hosted.folders.customer, { recursive: true });
  await writeFile(join(hosted.folders.customer, 'photo_gpj.exe'), 'before');
  const customer = hosted.page('customer');
  const stream = await opened(hosted, SEND_FILES_PATH);
  await say(stream, { type: 'transfer', items: 1, bytes: 12, title: 'x' });
  const item = { kind: 'file', size: 12, modified: 0, path: ['photo:\u202egpj.exe'] } as const;
  await say(stream, { type: 'item', index: 0, item });
  const { question } = await customer.shows((state) => state.question !== undefined);
  t.deepEqual(question?.path, ['photo_gpj.exe']);
  stream.reset('cancelled');
  await customer.shows((state) => state.question === undefined);
  t.is(await readFile(join(hosted.folders.customer, 'photo_gpj.exe'), 'utf8'), 'before');
});

test.serial('a file whose date no clock shows is kept with the date of its arrival', async (t) => {
  await using hosted = await hostFiles({ courier: false });
  const stream = await opened(hosted, SEND_FILES_PATH);
  await say(stream, { type: 'transfer', items: 1, bytes: 0, title: 'x' });
  const item = { kind: 'file', size: 0, modified: Number.MAX_SAFE_INTEGER, path: ['a'] } as const;
  await say(stream, { type: 'item', index: 0, item });
  const answers: string[] = [];
  for await (const bytes of stream) {
    const { type } = decodeFileMessage(bytes);
    answers.push(type);
    const hash = createHash('sha256').digest();
    if (type === 'want') await say(stream, { type: 'end', index: 0, hash });
    else if (type === 'done') stream.closeWrite();
  }
  t.deepEqual(answers, ['kept-in', 'want', 'done']);
});

test.serial('attempts at nothing don’t push what arrived out of the list', async (t) => {
  await using hosted = await hostFiles({ courier: false });
  const customer = hosted.page('customer');
  const send = async (items: number): Promise<void> => {
    const stream = await opened(hosted, SEND_FILES_PATH);
    await say(stream, { type: 'transfer', items, bytes: 0, title: `${items}` });
    const item = { kind: 'folder', size: 0, modified: 0, path: ['kept'] } as const;
    if (items > 0) await say(stream, { type: 'item', index: 0, item });
    else stream.closeWrite();
    for await (const _ of stream) stream.closeWrite();
  };
  await send(1);
  for (let n = 0; n < 120; n += 1) await send(0);
  const { transfers } = await customer.shows((state) => (state.transfers.at(-1)?.id ?? 0) >= 121);
  t.is(transfers.length, 100);
  t.like(transfers[0], { title: '1', itemsDone: 1 });
});

/** A customer's end without our half: says that it offers `offer`, then gives `given` for it. */
async function offering(hosted: HostedFiles, name: string, given: readonly FileMessage[]): Promise<void> {
  const serves = [OFFERED_FILES_PATH, TAKE_FILES_PATH].map((path) => {
    return { path, capability: 'take-files', priority: 'files' } as const;
  });
  const channel = hosted.pair.customer.pluginChannel({ serves, opens: [] });
  channel.accept(OFFERED_FILES_PATH, (stream) => {
    const offers = [{ id: 'o', name, items: 1, bytes: 12 }];
    void messageStream(stream, 64 * 1024).send(json({ offers }));
  });
  channel.accept(TAKE_FILES_PATH, (raw) => void give(raw).catch(() => undefined));
  const give = async (raw: ByteStream): Promise<void> => {
    const stream = messageStream(raw, MAX_FILE_MESSAGE);
    for (const message of given) await say(stream, message).catch(() => undefined);
    // Until it is refused.
    for await (const _ of stream);
  };
}

test.serial('what comes for an offer is no more than was offered', async (t) => {
  for (const [items, bytes] of [
    [2, 12],
    [1, 13],
  ] as const) {
    await using hosted = await hostFiles({ depot: false });
    await offering(hosted, 'safe\u202egpj.exe', [{ type: 'transfer', items, bytes, title: 'x' }]);
    const operator = hosted.page('operator');
    const { offers } = await operator.shows((state) => state.offers.length === 1);
    t.is(offers[0]?.name, 'safegpj.exe');
    operator.say({ type: 'take-offer', offer: 'o' });
    t.like(await operator.over(), { state: 'broken', error: 'file-changed' });
    t.deepEqual(await below(hosted.folders.operator), []);
  }
});

test.serial('of more files than a transfer takes none is sent, the last ones neither', async (t) => {
  await using hosted = await hostFiles();
  const operator = hosted.page('operator');
  for (let piece = 0; piece < 45; piece += 1) {
    const files = Array.from({ length: 500 }, (_, n) => {
      return { file: 1, path: [`${piece}-${n}`], kind: 'file', size: 0, modified: 0 } as const;
    });
    operator.say({ type: 'chosen', files, last: piece === 44 });
  }
  t.is((await operator.heard('refused')).error, 'file-too-many');
  choose(operator, 'a.txt');
  t.like(await operator.over(), { state: 'done', items: 1 });
  t.deepEqual(await below(hosted.folders.customer), ['a.txt']);
});

test.serial('paused there is over once the transfer is begun again', async (t) => {
  await using hosted = await hostFiles();
  const [operator, customer] = [hosted.page('operator'), hosted.page('customer')];
  operator.holdAt(0);
  choose(operator, 'a.txt');
  await customer.shows(({ transfers }) => transfers[0]?.state === 'running');
  customer.say({ type: 'pause', transfer: 1 });
  await operator.shows(({ transfers }) => transfers[0]?.paused === 'there');
  hosted.pair.customer.ownGrants.revoke('send-files');
  await operator.over();
  await hosted.pair.clock.advance(10_000);
  hosted.pair.customer.ownGrants.grant('send-files');
  await operator.shows(({ maySend }) => maySend);
  operator.goOn();
  operator.say({ type: 'retry', transfer: 1 });
  const { transfers } = await operator.shows((state) => state.transfers[0]?.state === 'done');
  t.is(transfers[0]?.paused, 'no');
});

test.serial('content in pieces of one byte waits at the other end, not in memory', async (t) => {
  const path = await mkdtemp(join(tmpdir(), 'livelet-pieces-'));
  t.teardown(async () => await rm(path, { recursive: true, force: true }));
  await using tree = new FolderTree(await SafeFolder.open(path));
  const SIZE = 30_000;
  let [pulled, written, most] = [0, 0, 0];
  const wanted = Promise.withResolvers<void>();
  async function* hostile(): AsyncGenerator<Uint8Array> {
    yield encodeFileMessage({ type: 'transfer', items: 1, bytes: SIZE, title: 'x' });
    const item = { kind: 'file', size: SIZE, modified: 0, path: ['a'] } as const;
    yield encodeFileMessage({ type: 'item', index: 0, item });
    await wanted.promise;
    for (let offset = 0; offset < SIZE; offset += 1) {
      pulled += 1;
      most = Math.max(most, pulled - written);
      yield encodeFileMessage({ type: 'data', index: 0, offset, bytes: Uint8Array.of(0) });
    }
    const hash = createHash('sha256').update(new Uint8Array(SIZE)).digest();
    yield encodeFileMessage({ type: 'end', index: 0, hash });
  }
  const stream: MessageStream = {
    queuedBytes: 0,
    send: async () => wanted.resolve(),
    closeWrite: () => undefined,
    reset: () => undefined,
    [Symbol.asyncIterator]: hostile,
  };
  const place = {
    tree,
    shelf: new PartShelf(),
    ask: () => t.fail() as never,
    room: new DiskRoom(),
  };
  const nothing = (): void => undefined;
  await new FileTaker(stream, place, {
    begun: nothing,
    itemDone: nothing,
    keptIn: nothing,
    sentInPart: nothing,
    peerPaused: nothing,
    moved: (bytes) => {
      written += bytes;
    },
  }).run();
  t.is(written, SIZE);
  t.true(most < 5_000, `${most} pieces in memory`);
});
