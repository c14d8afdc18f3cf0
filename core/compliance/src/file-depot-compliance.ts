import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ByteStream,
  decodeFileMessage,
  type ErrorCode,
  encodeFileMessage,
  type FileMessage,
  type FilePath,
  type GiverMessage,
  MAX_FILE_MESSAGE,
  MAX_ITEMS_AHEAD,
  MAX_TRANSFER_ITEMS,
  type MessageStream,
  messageStream,
  type TakerMessage,
} from '@livelet/core';
import { HOSTILE_PATHS } from './hostile-names.js';
import type { TestFunction } from './test-function.js';

/** A depot as its courier reaches it. */
export interface FileDepotUnderTest extends AsyncDisposable {
  /** A new stream to SEND_FILES_PATH. */
  send(): Promise<ByteStream>;
  /** A new stream to TAKE_FILES_PATH. */
  take(): Promise<ByteStream>;
  /** Ends its session; resolves when it has stopped. */
  stop(): Promise<void>;
  /** Where files arrive. Absolute path. */
  readonly folder: string;
  /** A folder that has `folder` somewhere below it, and nothing else. Absolute path. */
  readonly sandbox: string;
}

const CONTENT = new TextEncoder().encode('What was sent.');
const HASH = sha256(CONTENT);
const MODIFIED = Date.UTC(2020, 1, 29, 12, 30, 15);

type Wrong = {
  readonly title: string;
  /** In the order in which they are sent; `want` waits for the depot's first answer. */
  readonly messages: readonly (GiverMessage | 'want' | Uint8Array)[];
  readonly code: ErrorCode;
};

const TRANSFER = transfer(1, CONTENT.length);
const ITEM = item(0, ['a']);
const data = (offset: number, bytes: Uint8Array): GiverMessage => ({ type: 'data', index: 0, offset, bytes });

/** What no honest giver sends. The depot resets the stream, and nothing is left in the folder. */
const WRONG: readonly Wrong[] = [
  { title: 'bytes that are no message', messages: [Uint8Array.of(0x7f)], code: 'message-malformed' },
  { title: 'an item of no transfer', messages: [ITEM], code: 'message-malformed' },
  { title: 'two transfers in one', messages: [TRANSFER, TRANSFER], code: 'message-malformed' },
  { title: 'too many items', messages: [transfer(MAX_TRANSFER_ITEMS + 1, 0)], code: 'file-too-many' },
  {
    title: 'more items than it said',
    messages: [TRANSFER, ITEM, item(1, ['b'], 0)],
    code: 'message-malformed',
  },
  { title: 'more bytes than it said', messages: [transfer(1, 1), ITEM], code: 'message-malformed' },
  { title: 'an item out of turn', messages: [TRANSFER, item(5, ['a'])], code: 'message-malformed' },
  {
    title: 'more items at once than it may',
    messages: [
      transfer(1_000, 100_000),
      ...Array.from({ length: MAX_ITEMS_AHEAD + 1 }, (_, n) => item(n, [`${n}`])),
    ],
    code: 'message-malformed',
  },
  { title: 'content of nothing', messages: [TRANSFER, data(0, CONTENT)], code: 'message-malformed' },
  {
    title: 'content at another place',
    messages: [TRANSFER, ITEM, 'want', data(3, CONTENT.subarray(3))],
    code: 'message-malformed',
  },
  {
    title: 'more content than the file has',
    messages: [TRANSFER, ITEM, 'want', data(0, CONTENT), data(CONTENT.length, CONTENT)],
    code: 'message-malformed',
  },
  {
    title: 'an end before the end',
    messages: [TRANSFER, ITEM, 'want', { type: 'end', index: 0, hash: HASH }],
    code: 'message-malformed',
  },
  {
    title: 'an answer in the place of a question',
    messages: [TRANSFER, ITEM, 'want', encodeFileMessage({ type: 'done', index: 0, name: 'a' })],
    code: 'message-malformed',
  },
];

/**
 * Runs all cases of a depot's taking side.
 *
 * @param open a fresh depot for each case, with `send-files` and `take-files` granted, that keeps both where a name is
 *   there already
 */
export function testFileDepot(test: TestFunction, open: () => Promise<FileDepotUnderTest>): void {
  test('file depot: keeps a file whole, with its date, under its name', async (t) => {
    await using depot = await open();
    const answers = await give(await depot.send(), [{ path: ['a', 'b.txt'], bytes: CONTENT }]);
    t.deepEqual(answers.map(plain), ['done b.txt']);
    const kept = join(depot.folder, 'a', 'b.txt');
    t.deepEqual(await readFile(kept), Buffer.from(CONTENT));
    const { mtimeMs, mode } = await stat(kept);
    t.is(mtimeMs, MODIFIED);
    if (process.platform !== 'win32') t.is(mode & 0o777, 0o600);
  });

  test('file depot: keeps empty files and empty folders', async (t) => {
    await using depot = await open();
    const answers = await give(await depot.send(), [
      { path: ['empty'], bytes: new Uint8Array(0) },
      { path: ['folder', 'inner'] },
    ]);
    t.deepEqual(answers.map(plain), ['done empty', 'done inner']);
    t.deepEqual(await below(depot.folder), ['empty', 'folder', 'folder/inner']);
  });

  test(`file depot: none of ${HOSTILE_PATHS.length} hostile names leaves the folder`, async (t) => {
    await using depot = await open();
    const answers = await give(
      await depot.send(),
      HOSTILE_PATHS.map((path) => ({ path, bytes: CONTENT })),
    );
    t.is(answers.length, HOSTILE_PATHS.length);
    const kept = answers.filter(({ type }) => type === 'done').length;
    const refused = answers.filter((answer) => answer.type === 'failed');
    t.is(kept + refused.length, HOSTILE_PATHS.length);
    for (const answer of refused) {
      // A name can stand in the way of a folder of that name.
      const { reason } = answer as Extract<TakerMessage, { type: 'failed' }>;
      t.true(reason === 'file-name-refused' || reason === 'file-unwritable', reason);
    }
    const inside = await below(depot.folder);
    const files: string[] = [];
    for (const name of inside) if ((await stat(join(depot.folder, name))).isFile()) files.push(name);
    t.is(files.length, kept);
    // Besides what is in the folder the sandbox has the folder itself, and those that lead to it.
    t.is((await below(depot.sandbox)).length, inside.length + depth(depot));
    t.deepEqual(
      inside.filter((name) => /[\\:\p{Cc}\u202e\u200b]|[. ](?:\/|$)/u.test(name)),
      [],
    );
  });

  test('file depot: throws away what isn’t what was sent', async (t) => {
    await using depot = await open();
    const stream = messageStream(await depot.send(), MAX_FILE_MESSAGE);
    const answers = stream[Symbol.asyncIterator]();
    for (const message of [TRANSFER, ITEM]) await say(stream, message);
    await next(answers);
    for (const message of [data(0, CONTENT), { type: 'end', index: 0, hash: new Uint8Array(32) } as const]) {
      await say(stream, message);
    }
    t.deepEqual(await next(answers), { type: 'failed', index: 0, reason: 'file-damaged' });
    stream.closeWrite();
    await answers.next();
    t.deepEqual(await below(depot.folder), []);
  });

  test('file depot: what the giver gives up leaves nothing', async (t) => {
    await using depot = await open();
    const stream = messageStream(await depot.send(), MAX_FILE_MESSAGE);
    const answers = stream[Symbol.asyncIterator]();
    for (const message of [TRANSFER, ITEM]) await say(stream, message);
    await next(answers);
    await say(stream, data(0, CONTENT.subarray(0, 4)));
    await say(stream, { type: 'given-up', index: 0, reason: 'file-changed' });
    stream.closeWrite();
    t.true((await answers.next()).done === true);
    t.deepEqual(await below(depot.folder), []);
  });

  for (const { title, messages, code } of WRONG) {
    test(`file depot: refuses ${title}`, async (t) => {
      await using depot = await open();
      const raw = await depot.send();
      const stream = messageStream(raw, MAX_FILE_MESSAGE);
      const answers = stream[Symbol.asyncIterator]();
      for (const message of messages) {
        if (message === 'want') await next(answers);
        else await say(stream, message).catch(() => undefined);
      }
      t.is(await raw.closed, code);
      await depot.stop();
      t.deepEqual(await below(depot.folder), []);
    });
  }

  for (const [title, request, code] of [
    ['an offer that nobody made', { offer: 'x' }, 'file-unreadable'],
    ['a folder that nobody shares', { paths: [['a']] }, 'file-unreadable'],
    ['a path that leads out', { paths: [['..', 'a']] }, 'file-name-refused'],
    ['nothing', {}, 'message-malformed'],
  ] as const) {
    test(`file depot: gives nothing for ${title}`, async (t) => {
      await using depot = await open();
      const raw = await depot.take();
      const stream = messageStream(raw, MAX_FILE_MESSAGE);
      await stream.send(new TextEncoder().encode(JSON.stringify(request)));
      t.is(await raw.closed, code);
    });
  }
}

interface Given {
  readonly path: FilePath;
  /** Absent: a folder. */
  readonly bytes?: Uint8Array;
}

/** Gives files as an honest giver does, whatever they are called. @returns how each ended, in the order of the files */
export async function give(raw: ByteStream, files: readonly Given[]): Promise<TakerMessage[]> {
  const stream = messageStream(raw, MAX_FILE_MESSAGE);
  const total = files.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0);
  await say(stream, transfer(files.length, total));
  const over: TakerMessage[] = [];
  let announced = 0;
  const announce = async (): Promise<void> => {
    for (
      ;
      announced < files.length && announced - over.filter(Boolean).length < MAX_ITEMS_AHEAD;
      announced += 1
    ) {
      const { path, bytes } = files[announced] as Given;
      await say(stream, item(announced, path, bytes?.length ?? 0, bytes ? 'file' : 'folder'));
    }
  };
  await announce();
  for await (const bytes of stream) {
    const message = decodeFileMessage(bytes) as TakerMessage;
    if (message.type === 'pause' || message.type === 'kept-in') continue;
    if (message.type === 'want') {
      const content = files[message.index]?.bytes ?? new Uint8Array(0);
      const { index } = message;
      if (content.length > 0) await say(stream, { type: 'data', index, offset: 0, bytes: content });
      await say(stream, { type: 'end', index, hash: sha256(content) });
    } else {
      over[message.index] = message;
      await announce();
      if (over.filter(Boolean).length === files.length) stream.closeWrite();
    }
  }
  return over;
}

function transfer(items: number, bytes: number): GiverMessage {
  return { type: 'transfer', items, bytes, title: 'test' };
}

function item(
  index: number,
  path: FilePath,
  size = CONTENT.length,
  kind: 'file' | 'folder' = 'file',
): GiverMessage {
  return { type: 'item', index, item: { kind, size, modified: MODIFIED, path } };
}

async function say(stream: MessageStream, message: FileMessage | Uint8Array): Promise<void> {
  await stream.send(message instanceof Uint8Array ? message : encodeFileMessage(message));
}

async function next(answers: AsyncIterator<Uint8Array>): Promise<FileMessage | undefined> {
  const { done, value } = await answers.next();
  const message = done ? undefined : decodeFileMessage(value as Uint8Array);
  // A depot may tell it or not.
  return message?.type === 'kept-in' ? await next(answers) : message;
}

function plain(answer: TakerMessage): string {
  return answer.type === 'done' ? `done ${answer.name}` : answer.type;
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}

/** Everything below a folder, by path, sorted; none where there is no folder. */
async function below(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder, { recursive: true })).toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Folders from the sandbox down to where files arrive. */
function depth({ sandbox, folder }: FileDepotUnderTest): number {
  return folder.slice(sandbox.length).split(/[\\/]/).filter(Boolean).length;
}
