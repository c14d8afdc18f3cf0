import { execFileSync } from 'node:child_process';
import { chmod, readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type RecordedUnderTest, testRecorded } from '@livelet/compliance';
import { type ErrorCode, messageStream, RECORDING_MESSAGE, RECORDING_PATH } from '@livelet/core';
import { ManualClock, SimulatedRelay } from '@livelet/core/test-support';
import test from 'ava';
import { recordingName } from '../src/recordings-folder.js';
import { hostRecording, notes } from './hosted-recording.js';
import { diskTest, sandbox, smallDisk } from './sandbox.js';
import { FORMAT, staged, started } from './staged-recording.js';

const SERVICE = { serves: [], opens: [{ path: RECORDING_PATH, priority: 'screen' }] } as const;
/** Bytes of a frame that must never be in a file. */
const CANARY = Buffer.from('canary: this was not to be recorded');

testRecorded(
  (title, body) => test.serial(title, body),
  async (): Promise<RecordedUnderTest> => {
    const hosted = await hostRecording({ folder: '/', records: false });
    hosted.grant();
    const panel = hosted.panel();
    const channel = hosted.pair.operator.pluginChannel(SERVICE);
    const stream = await channel.open(RECORDING_PATH);
    // As a dishonest recorder may: longer messages than there are.
    const messages = messageStream(stream, 2 * RECORDING_MESSAGE);
    const answers = messages[Symbol.asyncIterator]();
    return {
      async tell(message): Promise<Uint8Array | ErrorCode> {
        messages.send(message).catch(() => undefined);
        const answer = await answers.next().catch(async () => await stream.closed);
        return typeof answer === 'object' && answer.value
          ? answer.value.slice()
          : ((await stream.closed) ?? 'cancelled');
      },
      shown: async () => (await panel.until(() => true)).state,
      freeze: () => panel.freeze(),
      pass: (time) => hosted.clock.advance(time),
      async revoke() {
        hosted.revoke();
        return await stream.closed;
      },
      async [Symbol.asyncDispose]() {
        channel[Symbol.dispose]();
        await hosted[Symbol.asyncDispose]();
      },
    };
  },
);

const files = async (folder: string): Promise<string[]> => await readdir(folder).catch(() => []);

test.serial('without the permission nothing begins, whatever the page says', async (t) => {
  const { menu, picture, folder, hosted } = await staged(t);
  menu.say({ type: 'start', sound: false });
  picture.say({ type: 'frame', run: 1, number: 1, key: true, age: 0, ...FORMAT }, new Uint8Array(10));
  await hosted.clock.advance(1_000);
  t.deepEqual(picture.heard, []);
  t.deepEqual(await files(folder), []);
  t.is(menu.heard.at(-1)?.phase, 'idle');
});

test.serial('when its time is over a recording says so; the film can be shown where it is', async (t) => {
  const { promise: shown, resolve } = Promise.withResolvers<string | undefined>();
  const desktop = { showInFolder: resolve, chooseFolder: async () => undefined };
  const { hosted, menu, picture, frame } = await staged(t, { desktop });
  hosted.pair.customer.ownGrants.grant('record', { durationMs: 60_000 });
  await menu.until(({ grant }) => grant === 'granted');
  menu.say({ type: 'show' });
  menu.say({ type: 'start', sound: false });
  await picture.until(({ type }) => type === 'run');
  await frame();
  await hosted.clock.advance(60_000);
  const { last, canShow } = await menu.until((state) => state.last?.ranOut === true);
  t.like(last, { error: 'revoked', whole: true });
  t.true(canShow);
  menu.say({ type: 'show' });
  t.truthy(last?.path);
  t.is(await shown, last?.path);
});

test.serial('what is allowed is one recording', async (t) => {
  const { menu, frame, panel } = await started(t);
  await frame();
  menu.say({ type: 'stop' });
  const { last } = await menu.until((state) => state.grant === 'expired' && state.last !== undefined);
  t.is(last?.error, undefined, 'nobody took it back');
  t.is(panel.heard.at(-1)?.state, 'off');
});

test.serial('it begins once the panel of the other person shows it', async (t) => {
  const { hosted, menu, picture, panel, folder } = await staged(t);
  panel.freeze();
  hosted.grant();
  await menu.until(({ grant }) => grant === 'granted');
  menu.say({ type: 'start', sound: false });
  await panel.until(({ state }) => state === 'recording');
  await hosted.clock.advance(1_000);
  t.is(menu.heard.at(-1)?.phase, 'starting');
  t.deepEqual(picture.heard, []);
  await hosted.clock.advance(30_000);
  t.like(await menu.until(({ last }) => last !== undefined), {
    phase: 'idle',
    last: { error: 'recording-not-shown', whole: false },
  });
  t.deepEqual(await files(folder), []);
  t.deepEqual(notes(hosted.pair.operator), []);
  t.deepEqual(notes(hosted.pair.customer), []);
});

test.serial(
  'both people see it, both receipts have it, and the file is for the operator’s eyes',
  async (t) => {
    const { hosted, menu, picture, panel, folder, frame } = await started(t);
    await frame();
    const { path = '' } = await menu.until((state) => state.path !== undefined);
    t.is(path, join(folder, `${recordingName(hosted.clock.wallTime())}.webm`));
    t.is((await stat(path)).mode & 0o777, 0o600);
    t.is((await stat(folder)).mode & 0o777, 0o700);
    t.is(panel.heard.at(-1)?.state, 'recording');
    await hosted.clock.advance(5_000);
    await frame(false);
    menu.say({ type: 'pause' });
    await panel.until(({ state }) => state === 'paused');
    t.is(picture.heard.at(-1)?.type, 'pause');
    picture.say({ type: 'frame', run: 1, number: 9, key: false, age: 0, ...FORMAT }, CANARY);
    await hosted.clock.advance(60_000);
    menu.say({ type: 'resume' });
    await panel.until(({ state }) => state === 'recording');
    t.like(await picture.until(({ type }) => type === 'run'), { run: 2, format: FORMAT });
    await hosted.clock.advance(2_000);
    await frame();
    menu.say({ type: 'stop' });
    const { last } = await menu.until((state) => state.last !== undefined);
    t.deepEqual(last, { path, whole: true });
    t.false((await readFile(path)).includes(CANARY));
    await panel.until(({ state }) => state === 'off');
    const expected = ['began', 'paused', 'resumed', 'ended 7'].map((step) => `recording-${step}`);
    t.deepEqual(notes(hosted.pair.operator), expected);
    t.deepEqual(notes(hosted.pair.customer), expected);
  },
);

test.serial('taking it back ends it at once, and nothing comes after', async (t) => {
  const { hosted, menu, picture, panel, folder, frame } = await started(t);
  await frame();
  const { path = '' } = await menu.until((state) => state.path !== undefined);
  await hosted.clock.advance(3_000);
  hosted.revoke();
  const { last } = await menu.until((state) => state.last !== undefined);
  t.deepEqual(last, { path, whole: true, error: 'revoked' });
  picture.say({ type: 'frame', run: 1, number: 2, key: true, age: 0, ...FORMAT }, CANARY);
  menu.say({ type: 'start', sound: false });
  menu.say({ type: 'resume' });
  await hosted.clock.advance(60_000);
  t.false((await readFile(path)).includes(CANARY));
  t.deepEqual(await files(folder), [basename(path)]);
  t.is(panel.heard.at(-1)?.state, 'off');
  const ends = [hosted.pair.operator, hosted.pair.customer];
  for (const end of ends) t.deepEqual(notes(end), ['recording-began', 'recording-ended']);
  await hosted.pair.operator.end('person');
  await hosted.pair.customer.ended;
  for (const { agreed } of ends) {
    t.is(agreed.missing, undefined);
    t.deepEqual(
      agreed.facts.done.map(({ what }) => what),
      ['recording-began', 'recording-ended'],
    );
  }
});

test.serial('each end counts by its own clock, and both tell the same', async (t) => {
  const operatorClock = new ManualClock();
  const { hosted, frame, menu } = await started(t, { operatorClock });
  await frame();
  await hosted.clock.advance(3_000);
  await operatorClock.advance(5_000);
  hosted.revoke();
  await menu.until(({ last }) => last !== undefined);
  t.deepEqual(notes(hosted.pair.customer), ['recording-began', 'recording-ended']);
  t.deepEqual(notes(hosted.pair.operator), notes(hosted.pair.customer));
});

test.serial('a refusal is in both receipts', async (t) => {
  const { hosted, menu } = await staged(t);
  const asked = hosted.pair.operator.ask('record');
  await menu.until(({ grant }) => grant === 'asked');
  hosted.pair.customer.ownGrants.deny('record');
  await asked;
  await menu.until(({ grant }) => grant === 'denied');
  for (const end of [hosted.pair.operator, hosted.pair.customer])
    t.deepEqual(notes(end), ['recording-refused']);
});

test.serial('while the line is lost it is paused; it goes on once both see each other again', async (t) => {
  const relay = new SimulatedRelay();
  const { hosted, menu, picture, panel, frame } = await started(t, { relay });
  await frame();
  relay.down = true;
  hosted.pair.link.cut();
  await menu.until(({ phase }) => phase === 'waiting');
  await panel.until(({ state }) => state === 'paused');
  t.is(picture.heard.at(-1)?.type, 'pause');
  await hosted.clock.advance(40_000);
  relay.down = false;
  await hosted.clock.advance(20_000);
  await menu.until(({ phase }) => phase === 'recording');
  await panel.until(({ state }) => state === 'recording');
  await picture.until((message) => message.type === 'run' && message.run === 2);
  await frame();
  menu.say({ type: 'stop' });
  t.like(await menu.until(({ last }) => last !== undefined), { last: { whole: true } });
  await panel.until(({ state }) => state === 'off');
  const told = notes(hosted.pair.operator);
  // When there was no line stands in the receipts by itself.
  t.deepEqual(
    told.map((note) => note.split(' ')[0]),
    ['recording-began', 'recording-ended'],
  );
  // Not the 40 s without a line.
  t.true(Number(told.at(-1)?.split(' ')[1]) <= 20);
  t.deepEqual(notes(hosted.pair.customer), told);
});

test.serial('a page that reloads goes on with the same film', async (t) => {
  const { hosted, menu, frame } = await started(t);
  await frame();
  const again = hosted.picture();
  t.like(await again.until(({ type }) => type === 'run'), { run: 2, format: FORMAT });
  again.say({ type: 'frame', run: 2, number: 1, key: true, age: 0, ...FORMAT }, new Uint8Array(100));
  await again.until(({ type }) => type === 'taken');
  menu.say({ type: 'stop' });
  t.like(await menu.until(({ last }) => last !== undefined), { last: { whole: true } });
});

test.serial('what has the name already is neither followed nor overwritten', async (t) => {
  const place = await sandbox(t);
  const stage = await staged(t, { folder: place });
  const name = recordingName(stage.hosted.clock.wallTime());
  await writeFile(join(place, 'outside'), 'outside');
  await symlink('outside', join(place, `${name}.webm`));
  await writeFile(join(place, `${name} (2).webm`), 'theirs');
  stage.hosted.grant();
  await stage.menu.until(({ grant }) => grant === 'granted');
  stage.menu.say({ type: 'start', sound: false });
  await stage.picture.until(({ type }) => type === 'run');
  await stage.frame();
  const { path } = await stage.menu.until((state) => state.path !== undefined);
  t.is(path, join(place, `${name} (3).webm`));
  t.is(await readFile(join(place, 'outside'), 'utf8'), 'outside');
  t.is(await readlink(join(place, `${name}.webm`)), 'outside');
});

diskTest('too little room on the disk is told before anything begins', async (t) => {
  const disk = await smallDisk(t, 100);
  const { hosted, menu, panel } = await staged(t, { folder: join(disk, 'recordings') });
  hosted.grant();
  await menu.until(({ grant }) => grant === 'granted');
  menu.say({ type: 'start', sound: false });
  const { last } = await menu.until((state) => state.last !== undefined);
  t.deepEqual(last, { whole: false, error: 'recording-disk-full' });
  t.is(panel.heard.at(-1)?.state, 'off');
});

test.serial('a folder that is chosen meanwhile holds for the next recording', async (t) => {
  const [first, second] = [join(await sandbox(t), 'first'), join(await sandbox(t), 'second')];
  const place = { folder: first };
  const { hosted, menu, picture, frame } = await started(t, { place });
  place.folder = second;
  await frame();
  menu.say({ type: 'stop' });
  const { last } = await menu.until((state) => state.grant === 'expired' && state.last !== undefined);
  t.is(dirname(last?.path ?? ''), first);
  hosted.grant();
  t.is((await menu.until(({ grant }) => grant === 'granted')).folder, second);
  menu.say({ type: 'start', sound: false });
  await picture.until(({ type }) => type === 'run');
  await frame();
  const { path } = await menu.until((state) => state.path !== undefined);
  t.is(dirname(path ?? ''), second);
});

test.serial('a folder that can’t be made is told', async (t) => {
  const place = await sandbox(t);
  await writeFile(join(place, 'file'), '');
  await chmod(join(place, 'file'), 0o600);
  const { hosted, menu } = await staged(t, { folder: join(place, 'file/recordings') });
  hosted.grant();
  await menu.until(({ grant }) => grant === 'granted');
  menu.say({ type: 'start', sound: false });
  t.like(await menu.until((state) => state.last !== undefined), { last: { error: 'recording-unwritable' } });
});

diskTest('a folder that can’t be written to is told before anybody shows a recording', async (t) => {
  const disk = await smallDisk(t, 600);
  execFileSync('mount', ['-o', 'remount,ro', disk]);
  const { hosted, menu, panel } = await staged(t, { folder: disk });
  hosted.grant();
  await menu.until(({ grant }) => grant === 'granted');
  menu.say({ type: 'start', sound: false });
  const { last } = await menu.until((state) => state.last !== undefined);
  t.deepEqual(last, { whole: false, error: 'recording-unwritable' });
  t.false(panel.heard.some(({ state }) => state !== 'off'));
});

test.serial('a second page takes the pictures from the first', async (t) => {
  const { hosted, picture, frame } = await started(t);
  await frame();
  const second = hosted.picture();
  await second.until(({ type }) => type === 'run');
  t.is((await picture.until(({ type }) => type === 'pause')).type, 'pause');
});

test.serial('a page that says nonsense, or another format in the middle, ends it', async (t) => {
  const nonsense = [
    { type: 'frame', run: 1, number: 2, key: true, age: 0, codec: 'vp8', width: 1e9, height: 48 },
    { type: 'frame', run: 1, number: 2, key: true, age: Number.NaN, ...FORMAT },
    { type: 'frame', run: 1, number: 2, key: true, age: 0, ...FORMAT, width: 128 },
    { type: 'failed' },
  ] as const;
  for (const message of nonsense) {
    const { menu, picture, frame } = await started(t);
    await frame();
    picture.say(message, new Uint8Array(10));
    t.like(await menu.until(({ last }) => last !== undefined), {
      last: { error: 'recording-failed', whole: true },
    });
  }
});
