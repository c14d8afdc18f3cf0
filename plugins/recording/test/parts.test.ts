import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@livelet/core';
import { ManualClock } from '@livelet/core/test-support';
import test from 'ava';
import { openEnded } from '../src/open-ended.js';
import { RecordingFile } from '../src/recording-file.js';
import { defaultRecordingsFolder, recordingName } from '../src/recordings-folder.js';
import { SoundClock } from '../src/sound-clock.js';
import { type SoundPacket, SoundTrack } from '../src/sound-track.js';
import { Timeline } from '../src/timeline.js';
import { diskTest, sandbox, smallDisk } from './sandbox.js';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const MIB = 1024 * 1024;

test('recorded time stands still while nothing is recorded, and never goes back', async (t) => {
  const clock = new ManualClock();
  const timeline = new Timeline(clock);
  timeline.run();
  t.is(timeline.at(0), 0);
  await clock.advance(1_000);
  t.is(timeline.at(100), 900);
  t.is(timeline.at(500), 901);
  timeline.pause();
  await clock.advance(10_000);
  t.is(timeline.length, 1_000);
  timeline.run();
  t.is(timeline.at(5_000), 1_000);
  await clock.advance(40);
  t.is(timeline.at(0), 1_040);
});

test('sound that comes late was not taken late, and a slow clock of it is followed', (t) => {
  const clock = new SoundClock();
  t.is(clock.at(1_000, 70), 70);
  t.is(Math.round(clock.at(1_020, 300)), 90);
  // What comes sooner than all before tells how late those were.
  t.is(clock.at(1_040, 80), 80);
  let at = 0;
  for (let n = 1; n <= 50_000; n++) at = clock.at(1_040 + n * 20, 80 + n * 20 * 1.0005);
  t.true(Math.abs(at - (80 + 1_000_500)) < 1);
});

test('sound stands one packet after the other, with silence where there is none', (t) => {
  const packets: SoundPacket[] = [];
  const track = new SoundTrack((packet) => packets.push(packet));
  const bytes = Uint8Array.of(1);
  for (const at of [3, 19, 44, 60]) track.put(at, 20, bytes);
  t.deepEqual(
    packets.map(({ at }) => at),
    [0, 20, 40, 60],
  );
  // 500 ms without.
  track.put(580, 20, bytes);
  t.is(packets.filter(({ bytes: [first] }) => first !== 1).length, 25);
  t.deepEqual(packets.at(-1), { at: 580, duration: 20, bytes });
  track.follow(1_500);
  t.is(packets.at(-1)?.at, 580);
  track.follow(2_000);
  t.is(packets.at(-1)?.at, 1_480);
  // Faster than time goes.
  for (let n = 0; n < 100; n++) track.put(1_500, 20, bytes);
  t.true((packets.at(-1)?.at ?? 0) < 1_620);
  // Where none has come for long, none is waited for.
  track.follow(3_700);
  t.is(packets.at(-1)?.at, 3_680);
  track.finish(4_000);
  t.deepEqual(
    packets.map(({ at }) => at),
    packets.map((_, n) => n * 20),
  );
});

const BLOCK = 'a3 85 8100008001';

test('what is appended has no end: the segment, its last cluster, and what is known later only', (t) => {
  const parts: readonly (readonly [written: string, onDisk: string])[] = [
    ['1a45dfa3 84 00000000', '1a45dfa3 84 00000000'],
    ['18538067 040000000020', '18538067 07ffffffffff'],
    ['114d9b74 83 aabbcc', 'ec 86 000000000000'],
    ['1549a966 92 2ad7b1 83 0f4240', '1549a966 92 2ad7b1 83 0f4240'],
    ['4489 88 4040400000000000', 'ec 89 000000000000000000'],
    [`1f43b675 080000000a e7 81 00 ${BLOCK}`, `1f43b675 080000000a e7 81 00 ${BLOCK}`],
    [`1f43b675 0800000003 e7 81 01 ${BLOCK}`, `1f43b675 0fffffffff e7 81 01 ${BLOCK}`],
  ];
  const [written, onDisk] = [0, 1].map((side) => hex(parts.map((part) => part[side]).join(' ')));
  t.deepEqual(openEnded(written ?? new Uint8Array()), onDisk);
  t.deepEqual(openEnded(hex(`${BLOCK} ${BLOCK}`)), hex(`${BLOCK} ${BLOCK}`));
});

test('a long list of places is left void too, and what is no element is refused', (t) => {
  const list = `${'ab'.repeat(200)}`;
  t.deepEqual(openEnded(hex(`114d9b74 40c8 ${list}`)), hex(`ec 01000000000000c5 ${'00'.repeat(197)}`));
  t.throws(() => openEnded(hex('00 00 00 00 00')), { instanceOf: RangeError });
  t.throws(() => openEnded(hex('a3')), { instanceOf: RangeError });
});

diskTest('a file takes what fits as a whole, and nothing of what does not', async (t) => {
  const disk = await smallDisk(t, 3);
  const room = { needed: MIB, reserved: 0 };
  await RecordingFile.prepare(disk, room);
  const file = await RecordingFile.create(disk, 'film', systemClock, room);
  await file.write(new Uint8Array(2 * MIB), 0);
  await t.throwsAsync(file.write(new Uint8Array(2 * MIB), file.size), { code: 'recording-disk-full' });
  t.is(file.size, 2 * MIB);
  await using looked = await open(file.path);
  t.is((await looked.stat()).size, 2 * MIB);
  // Over what is there it goes on.
  await file.write(Uint8Array.of(1, 2, 3), 0);
  await file.close();
});

test('what is written is brought to the disk itself every 5 s', async (t) => {
  const clock = new ManualClock();
  const file = await RecordingFile.create(await sandbox(t), 'film', clock);
  await using looked = await open(file.path);
  const handles = Object.getPrototypeOf(looked) as { datasync(): Promise<void> };
  const { datasync } = handles;
  let synced = 0;
  handles.datasync = function (this: unknown): Promise<void> {
    synced += 1;
    return datasync.call(this);
  };
  t.teardown(() => Object.assign(handles, { datasync }));
  for (let second = 0; second < 12; second++) {
    await file.write(new Uint8Array(10), file.size);
    await clock.advance(1_000);
    // The one before may still be at it.
    await looked.stat();
  }
  t.true(synced >= 1 && synced <= 2, `${synced}`);
  await file.close();
});

diskTest('where only the room is left that is kept free, that is told', async (t) => {
  const disk = await smallDisk(t, 10);
  const clock = new ManualClock();
  const room = { needed: 8 * MIB, reserved: 6 * MIB };
  const file = await RecordingFile.create(disk, 'film', clock, room);
  await file.write(new Uint8Array(5 * MIB), 0);
  await clock.advance(2_000);
  await t.throwsAsync(file.look(), { code: 'recording-disk-full' });
  await t.throwsAsync(RecordingFile.prepare(disk, room), { code: 'recording-disk-full' });
  await t.notThrowsAsync(file.write(new Uint8Array(100), file.size), 'its end finds room');
  await file.close();
});

test('recordings go among the person’s videos, in their language', async (t) => {
  const home = await sandbox(t);
  t.is(await defaultRecordingsFolder({ HOME: home }), join(home, 'Videos/Livelet'));
  await using settings = await open(join(home, 'user-dirs.dirs'), 'w');
  await settings.writeFile('# own\nXDG_VIDEOS_DIR="$HOME/Video"\n');
  t.is(await defaultRecordingsFolder({ HOME: home, XDG_CONFIG_HOME: home }), join(home, 'Video/Livelet'));
  t.regex(recordingName(Date.UTC(2026, 0, 2, 3, 4, 5)), /^livelet-2026-01-0\dT\d{4}05$/);
});
