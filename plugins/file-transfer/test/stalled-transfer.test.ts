import {
  encodeFileMessage,
  MAX_FILE_MESSAGE,
  type MessageStream,
  messageStream,
  SEND_FILES_PATH,
  TAKE_FILES_PATH,
} from '@livelet/core';
import { ManualClock, settled } from '@livelet/core/test-support';
import test from 'ava';
import type { DeskState } from '../src/page-protocol.js';
import { PAUSED, ProgressWatch, STALLED } from '../src/progress-watch.js';
import { type FilesPage, hostFiles } from './hosted-files.js';

const TEXT = new TextEncoder().encode('Hello, file.');
const MINUTE = 60_000;

function choose(page: FilesPage, name: string): void {
  page.held.set(1, TEXT);
  const file = { file: 1, path: [name], kind: 'file', size: TEXT.length, modified: 0 } as const;
  page.say({ type: 'chosen', last: true, files: [file] });
}

test.serial('takers that never take hold up nobody: the next one has its turn', async (t) => {
  const clock = new ManualClock();
  await using hosted = await hostFiles({ depot: false, clock });
  const channel = hosted.pair.customer.pluginChannel({
    serves: [{ path: SEND_FILES_PATH, capability: 'send-files', priority: 'files' }],
    opens: [],
  });
  const streams: MessageStream[] = [];
  const arrived = Array.from({ length: 3 }, () => Promise.withResolvers<void>());
  channel.accept(SEND_FILES_PATH, (raw) => {
    streams.push(messageStream(raw, MAX_FILE_MESSAGE));
    arrived[streams.length - 1]?.resolve();
  });
  const operator = hosted.page('operator');
  for (const name of ['a.txt', 'b.txt', 'c.txt']) choose(operator, name);
  await Promise.all([arrived[0]?.promise, arrived[1]?.promise]);
  const before = await shows(operator, clock, (state) => state.transfers[1]?.state === 'running');
  t.is(before.transfers[2]?.state, 'waiting');
  await clock.advance(STALLED);
  await arrived[2]?.promise;
  const { transfers } = await shows(operator, clock, (state) => state.transfers[2]?.state === 'running');
  for (const over of transfers.slice(0, 2))
    t.like(over, { state: 'broken', error: 'deadline-exceeded', canRetry: true });
  // This one takes all, and never says goodbye: what it has it has.
  const [, , third] = streams;
  const heard = third?.[Symbol.asyncIterator]();
  await heard?.next();
  await heard?.next();
  await third?.send(encodeFileMessage({ type: 'skip', index: 0 }));
  await shows(operator, clock, (state) => state.transfers[2]?.itemsDone === 1);
  await clock.advance(STALLED);
  await shows(operator, clock, (state) => state.transfers[2]?.state === 'done');
});

/** The page is told when a little time has passed. */
async function shows(
  page: FilesPage,
  clock: ManualClock,
  matches: (state: DeskState) => boolean,
): Promise<DeskState> {
  let isThere = false;
  const shown = page.shows(matches).finally(() => {
    isThere = true;
  });
  while (!isThere) await clock.advance(20);
  return await shown;
}

test.serial('who asks for nothing has no place for long', async (t) => {
  const clock = new ManualClock();
  await using hosted = await hostFiles({ courier: false, clock });
  const channel = hosted.pair.operator.pluginChannel({
    serves: [],
    opens: [{ path: TAKE_FILES_PATH, priority: 'files' }],
  });
  // The channel's own timers keep no program running.
  const awake = setInterval(() => undefined, 1_000);
  t.teardown(() => clearInterval(awake));
  const streams = [];
  for (let opened = 0; opened < 4; opened += 1) streams.push(await channel.open(TAKE_FILES_PATH));
  await t.throwsAsync(channel.open(TAKE_FILES_PATH), { code: 'file-too-many' });
  await clock.advance(30_000);
  for (const { closed } of streams) t.is(await closed, 'deadline-exceeded');
});

test('nothing may move for ten minutes, or for an hour while it is paused; pausing again wins no more', async (t) => {
  const clock = new ManualClock();
  let stalled = 0;
  const watch = (): ProgressWatch =>
    new ProgressWatch(clock, () => {
      stalled += 1;
    });
  const first = watch();
  await clock.advance(STALLED - 1);
  first.moved();
  await clock.advance(STALLED - 1);
  t.is(stalled, 0);
  await clock.advance(1);
  t.is(stalled, 1);

  const paused = watch();
  paused.setPaused(true);
  await clock.advance(PAUSED - 1);
  paused.setPaused(false);
  await clock.advance(STALLED - 1);
  t.is(stalled, 1);
  await clock.advance(1);
  t.is(stalled, 2);

  const forever = watch();
  forever.setPaused(true);
  await clock.advance(PAUSED);
  t.is(stalled, 3);
  forever[Symbol.dispose]();

  const again = watch();
  for (let passed = 0; passed < PAUSED + STALLED; passed += 10 * MINUTE) {
    again.setPaused(true);
    await clock.advance(5 * MINUTE);
    again.setPaused(false);
    await clock.advance(5 * MINUTE);
  }
  t.is(stalled, 4);
  await settled();
  t.is(clock.pending, 0);
});
