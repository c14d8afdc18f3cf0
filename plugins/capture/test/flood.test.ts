import { solidPng } from '@livelet/compliance';
import {
  encodeSourceMessage,
  type FrameMessage,
  MAX_FRAME_BYTES,
  MAX_TILE_BYTES,
  type SourceMessage,
} from '@livelet/core';
import { ManualClock } from '@livelet/core/test-support';
import test from 'ava';
import { PageAllowance } from '../src/viewer/page-allowance.js';
import { FakeStage, type HostedViewer, hostViewer, type SourceEnd } from './hosted-viewer.js';

const WIDTH = 64;

/** A picture on a real channel, of which nothing has come yet. */
async function begun(stage: FakeStage): Promise<{ hosted: HostedViewer; source: SourceEnd }> {
  // What a page may be given grows with time: here none passes, however slow the machine is.
  const hosted = await hostViewer(undefined, new ManualClock());
  hosted.connect(stage.port.host);
  const source = await hosted.allow();
  const area = { x: 0, y: 0, width: WIDTH, height: 1 };
  source.send(encodeSourceMessage({ type: 'geometry', generation: 1, display: 0, ...area }));
  return { hosted, source };
}

function part(number: number, changes: Partial<FrameMessage>): Uint8Array {
  const times = { age: 0, readTime: 0, encodeTime: 0, wireTime: 0 };
  const frame = { type: 'frame', generation: 1, number, part: 0, last: true, ...times } as const;
  return encodeSourceMessage({ ...frame, operations: [], ...changes });
}

const tiny = { x: 0, y: 0, width: 1, height: 1 };
const FLOODS: readonly (readonly [string, (count: number) => SourceMessage])[] = [
  ['new pictures', (count) => ({ type: 'geometry', generation: count + 2, display: count, ...tiny })],
  [
    'lists of displays',
    (count) => ({ type: 'displays', displays: [{ id: count, name: String(count), ...tiny }] }),
  ],
  [
    'cursors',
    (count) => ({
      type: 'cursor-shape',
      width: 1,
      height: 1,
      hotX: 0,
      hotY: 0,
      rgba: new Uint8Array(4).fill(count),
    }),
  ],
];
for (const [title, message] of FLOODS) {
  test(`${title} without an end are refused before the page is busy with them, and the session stays`, async (t) => {
    const stage = new FakeStage(true);
    const { hosted, source } = await begun(stage);
    await using _hosted = hosted;
    for (let count = 0; count < 5_000; count++) source.send(encodeSourceMessage(message(count)));
    t.is(await source.until(Number.POSITIVE_INFINITY), 'picture-too-large');
    t.true(stage.messages.length < 4_000, `${stage.messages.length} messages`);
    t.false(hosted.pair.operator.signal.aborted);
  });
}

test('a page is given half of its time to do, after two seconds of it at once', async (t) => {
  const clock = new ManualClock();
  const allowance = new PageAllowance(clock);
  const place = { type: 'cursor-position', x: 0, y: 0 } as const;
  let taken = 0;
  while (allowance.takes(place)) taken++;
  t.true(Math.abs(taken - 100_000) < 2, `${taken} at once`);
  // A pointer that tells its place a thousand times a second is nothing.
  await clock.advance(1000);
  for (let time = 0; time < 5000; time++) {
    await clock.advance(1);
    t.true(allowance.takes(place));
  }
});

test('new pictures pass as fast as a source begins them, and no hundred more at once', async (t) => {
  const clock = new ManualClock();
  const allowance = new PageAllowance(clock);
  const picture = {
    type: 'geometry',
    generation: 1,
    display: 0,
    x: 0,
    y: 0,
    width: 4000,
    height: 4000,
  } as const;
  for (let time = 0; time < 600; time++) {
    await clock.advance(100);
    t.true(allowance.takes(picture));
  }
  let more = 0;
  while (allowance.takes(picture)) more++;
  t.true(more <= 100, `${more}`);
});

test('a frame that grows without an end is refused at its bound, and the session stays', async (t) => {
  const { hosted, source } = await begun(new FakeStage(true));
  await using _hosted = hosted;
  const image = new Uint8Array(MAX_TILE_BYTES);
  image.set(solidPng(1, 1, 0));
  const most = MAX_FRAME_BYTES / MAX_TILE_BYTES;
  for (let x = 0; x <= most; x++) {
    const tile = { kind: 'tile', x, y: 0, width: 1, height: 1, codec: 'png', lossy: false, image } as const;
    source.send(part(0, { part: x, last: false, operations: [tile] }));
  }
  t.is(await source.until(Number.POSITIVE_INFINITY), 'picture-too-large');
  t.false(hosted.pair.operator.signal.aborted);
});
