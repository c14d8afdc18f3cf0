/** PROTOCOL.md says what the code says. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { STREAM_PROFILES } from '../src/channel/byte-stream.js';
import { END_REASONS, MAX_DATA, MAX_PATH } from '../src/channel/frames.js';
import { HANDSHAKE_SIZES, PROTOCOL_VERSION } from '../src/channel/handshake-messages.js';
import { MAX_HELLO } from '../src/channel/hello.js';
import { IDENTITY_RECORD_SIZES } from '../src/channel/identity.js';
import { SUITE } from '../src/channel/key-schedule.js';
import { DEFAULT_RECORD_LIMITS } from '../src/channel/record-counter.js';
import { MAX_PADDED, MAX_RECORD_BODY, PADDING_STEP, RECORD_TYPES } from '../src/channel/records.js';
import { RESUME_SIZES } from '../src/channel/resume-messages.js';
import { MAX_RETAINED } from '../src/channel/retained-records.js';
import {
  FRAMES_IN_FLIGHT,
  MAX_CHUNK_BYTES,
  MAX_COPIED_PIXELS,
  MAX_FRAME_BYTES,
  MAX_FRAME_COPIES,
  MAX_FRAME_OPERATIONS,
  MAX_SCREEN_PIXELS,
  MAX_SCREEN_SIDE,
  MAX_TILE_BYTES,
  MAX_UNDRAWN_BYTES,
  SCREEN_PATH,
} from '../src/contracts/capture.js';
import { FRAME_OPERATIONS, MAX_VIDEO_PADDING } from '../src/contracts/capture-operations.js';
import { VIEWER_MESSAGES } from '../src/contracts/capture-viewer-wire.js';
import { SCREEN_MESSAGES } from '../src/contracts/capture-wire.js';

const page = readFileSync(new URL('../../PROTOCOL.md', import.meta.url), 'utf8');

/** The rows of the table whose header begins with `first`, as cells without their back-ticks. */
function table(first: string): string[][] {
  const lines = page.split('\n');
  const header = lines.findIndex((line) => line.startsWith(`| ${first} |`));
  const end = lines.findIndex((line, index) => index > header && !line.startsWith('|'));
  return lines.slice(header + 2, end).map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

test('the handshake messages and their sizes', (t) => {
  const documented = Object.fromEntries(
    table('message').map(([name, , , size]) => [name?.toLowerCase(), Number(size)]),
  );
  t.deepEqual(documented, HANDSHAKE_SIZES);
});

test('the messages of a resumption and their sizes', (t) => {
  const documented = table('resumption').map(([name, , , size]) => [name?.toLowerCase(), Number(size)]);
  t.deepEqual(Object.fromEntries(documented), RESUME_SIZES);
});

test('the types of records', (t) => {
  const documented = Object.fromEntries(
    table('type').map(([type, name]) => [name, Number.parseInt(type ?? '', 16)]),
  );
  t.deepEqual(documented, RECORD_TYPES);
});

test('the sizes of bodies', (t) => {
  const sizes = new Map(table('type').map(([, name, , size]) => [name, size]));
  t.is(sizes.get('identity'), `${IDENTITY_RECORD_SIZES.min} to ${IDENTITY_RECORD_SIZES.max}`);
  t.is(sizes.get('hello'), `2 to ${MAX_HELLO}`);
  t.is(sizes.get('open'), `9 to ${8 + MAX_PATH}`);
  t.is(sizes.get('data'), `5 to ${MAX_RECORD_BODY}`);
  t.is(MAX_DATA + 4, MAX_RECORD_BODY);
});

test('the reasons of an end', (t) => {
  t.deepEqual(
    Object.fromEntries(table('reason').map(([number, name]) => [name, Number(number)])),
    END_REASONS,
  );
});

test('the messages and operations of the screen', (t) => {
  const bytesOf = (first: string): Record<string, number> =>
    Object.fromEntries(table(first).map(([name, byte]) => [name, Number.parseInt(byte ?? '', 16)]));
  t.deepEqual(bytesOf('from source'), SCREEN_MESSAGES);
  t.deepEqual(bytesOf('from viewer'), VIEWER_MESSAGES);
  t.deepEqual(bytesOf('operation'), FRAME_OPERATIONS);
});

test('the bounds of the screen', (t) => {
  const mebi = 1024 * 1024;
  t.true(page.includes(`\`${SCREEN_PATH}\``));
  t.true(page.includes(`${grouped(MAX_SCREEN_SIDE)} pixels a side or ${MAX_SCREEN_PIXELS / mebi} MP`));
  t.true(page.includes(`an image of more than ${MAX_TILE_BYTES / mebi} MiB`));
  t.true(page.includes(`than ${MAX_CHUNK_BYTES / mebi} MiB, a frame of more than`));
  t.true(page.includes(`${grouped(MAX_FRAME_OPERATIONS)} operations or ${MAX_FRAME_BYTES / mebi} MiB`));
  t.true(page.includes(`more than ${MAX_FRAME_COPIES} copies`));
  t.true(page.includes(`the picture's pixels is more than ${MAX_COPIED_PIXELS / mebi} MP`));
  t.true(page.includes(`undrawn frames of more than ${MAX_UNDRAWN_BYTES / mebi} MiB together`));
  t.true(page.includes(`up to ${MAX_VIDEO_PADDING} pixels a side`));
  t.true(page.includes(`more than ${FRAMES_IN_FLIGHT} frames that it has not acknowledged`));
});

function grouped(count: number): string {
  return count.toLocaleString('en');
}

test('version, suite and limits', (t) => {
  t.true(page.startsWith(`# The session protocol, version ${PROTOCOL_VERSION}\n`));
  t.true(page.includes(`SUITE = "${SUITE}"`));
  t.true(page.includes('after 2^20 records or 15 minutes'));
  t.is(DEFAULT_RECORD_LIMITS.recordsPerEpoch, 2 ** 20);
  t.is(DEFAULT_RECORD_LIMITS.epochDuration, 15 * 60_000);
  t.true(page.includes(`at most ${MAX_RETAINED / 1024 / 1024} MiB at each end`));
  t.true(page.includes(`a multiple of ${PADDING_STEP} bytes of plaintext, up to ${MAX_PADDED / 1024} KiB`));
});

test('how much may be sent ahead', (t) => {
  const kibibytes = (priority: keyof typeof STREAM_PROFILES): string =>
    (STREAM_PROFILES[priority].window / 1024).toLocaleString('en');
  for (const priority of ['control', 'input', 'audio', 'chat', 'clipboard'] as const) {
    t.is(STREAM_PROFILES[priority].window, 256 * 1024);
  }
  const text = `256 KiB, for the screen ${kibibytes('screen')} KiB, for files ${kibibytes('files')} KiB`;
  t.true(page.includes(text));
  t.true(page.includes(`up to ${((STREAM_PROFILES.files.mostWindow ?? 0) / 1024).toLocaleString('en')} KiB`));
});
