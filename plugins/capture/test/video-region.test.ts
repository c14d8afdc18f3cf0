import type { Rectangle } from '@livelet/core';
import { ManualClock } from '@livelet/core/test-support';
import test from 'ava';
import fc from 'fast-check';
import { ScreenSender } from '../src/source/screen-sender.js';
import { REST_TIME } from '../src/source/shown-display.js';
import { SharpTileEncoder } from '../src/tiles/tile-encoder.js';
import { FakeDisplay } from './fake-display.js';
import { RawVideoTrack } from './raw-video.js';
import { ReferenceViewer } from './reference-viewer.js';
import { streamPair } from './stream-pair.js';

const WIDTH = 400;
const HEIGHT = 300;
const PLAYER: Rectangle = { x: 60, y: 40, width: 280, height: 200 };

interface Shown extends AsyncDisposable {
  readonly display: FakeDisplay;
  readonly viewer: ReferenceViewer;
  readonly clock: ManualClock;
  readonly track: RawVideoTrack;
}

async function show(): Promise<Shown> {
  const display = new FakeDisplay(WIDTH, HEIGHT);
  const clock = new ManualClock();
  const track = new RawVideoTrack();
  const [ours, theirs] = streamPair();
  const encoder = new SharpTileEncoder();
  const sender = new ScreenSender({ source: display, stream: ours, encoder, clock, video: track });
  const running = sender.run();
  const viewer = new ReferenceViewer(theirs);
  viewer.send({ type: 'abilities', videos: [{ codec: 'vp8', decodeTime: 1000 }] });
  await viewer.until('the first frame', () => viewer.frames.some(({ last }) => last));
  return {
    display,
    viewer,
    clock,
    track,
    async [Symbol.asyncDispose]() {
      theirs.closeWrite();
      await running;
    },
  };
}

/** Another picture in the player, and the time until the next. */
async function play({ display, clock }: Shown, frame: number): Promise<void> {
  display.fill(PLAYER, (x, y) => Math.imul(x * 7919 + y * 104_729 + frame + 1, 0x9e3779b1) & 0xffffff);
  await clock.advance(40);
  await new Promise((resolve) => setImmediate(resolve));
}

/** Plays until frames go as video. */
async function playUntilVideo(shown: Shown): Promise<number> {
  const deadline = performance.now() + 10_000;
  for (let frame = 0; ; frame++) {
    await play(shown, frame);
    if (videos(shown) > 0) return frame;
    if (performance.now() > deadline) throw new Error('no video in time');
  }
}

function videos({ viewer }: Shown): number {
  return viewer.frames.filter(({ operations }) => operations.some(({ kind }) => kind === 'video')).length;
}

async function settles({ viewer, display, clock }: Shown): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!viewer.picture.equals(display.rgb) && performance.now() < deadline) {
    await clock.advance(REST_TIME);
    await new Promise((resolve) => setImmediate(resolve));
  }
  // Thrown, so that the shortest sequence is looked for.
  if (!viewer.picture.equals(display.rgb)) throw new Error('the pictures differ');
}

test('what keeps changing goes as video, and exactly when it stops', async (t) => {
  await using shown = await show();
  await playUntilVideo(shown);
  const { viewer } = shown;
  const first = viewer.frames.flatMap(({ operations }) => operations).find(({ kind }) => kind === 'video');
  t.like(first, { ...PLAYER, key: true });
  await settles(shown);
  await shown.clock.advance(2 * REST_TIME);
  await viewer.until('the exact picture', () => viewer.lossyPixels === 0);
});

test('a video that pauses is made exact meanwhile, and goes on as the same', async (t) => {
  await using shown = await show();
  const frame = await playUntilVideo(shown);
  const { viewer, clock } = shown;
  for (let n = 1; n <= 12; n++) await play(shown, frame + n);
  await clock.advance(240);
  await viewer.until('an exact tile', () => viewer.lossyPixels < PLAYER.width * PLAYER.height);
  const before = viewer.frames.length;
  for (let n = 13; n <= 15; n++) await play(shown, frame + n);
  await viewer.until('the video', () =>
    viewer.frames.slice(before).some(({ operations }) => operations.some(({ kind }) => kind === 'video')),
  );
  const operations = viewer.frames.slice(before).flatMap((each) => each.operations);
  t.false(operations.some((each) => each.kind === 'tile' && each.lossy));
  t.like(
    operations.find(({ kind }) => kind === 'video'),
    { ...PLAYER, key: false },
  );
  await settles(shown);
});

test('a button that keeps changing between a few colours is no video', async (t) => {
  await using shown = await show();
  const { display, clock, viewer } = shown;
  for (let n = 1; n <= 30; n++) {
    display.fill(PLAYER, (x) => (x % 20 < 10 ? n : 0xffffff));
    await clock.advance(100);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await settles(shown);
  t.is(videos(shown), 0);
  t.is(viewer.lossyPixels, 0);
});

test('what is typed beside a video does not wait for it', async (t) => {
  await using shown = await show();
  const frame = await playUntilVideo(shown);
  const { display, viewer, clock, track } = shown;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  track.gate = () => promise;
  for (let n = 1; n <= 4; n++) await play(shown, frame + n);
  const before = videos(shown);
  const letter = { x: 5, y: 280, width: 8, height: 14 };
  display.fill(letter, () => 0xffffff);
  await clock.advance(40);
  await viewer.until('the letter', () => viewer.pixel(5, 280) === 0xffffff);
  t.is(videos(shown), before);
  const operations = viewer.frames.at(-1)?.operations ?? [];
  t.deepEqual(
    operations.map(({ kind, x, y, width, height }) => ({ kind, x, y, width, height })),
    [{ kind: 'tile', ...letter }],
  );
  track.gate = async () => true;
  resolve(true);
  await settles(shown);
});

test('a video frame that cannot be had goes as tiles', async (t) => {
  await using shown = await show();
  const frame = await playUntilVideo(shown);
  shown.track.gate = async () => false;
  const before = videos(shown);
  for (let n = 1; n <= 8; n++) await play(shown, frame + n);
  await settles(shown);
  t.true(videos(shown) <= before + 1);
});

test('another page gets a video of its own', async (t) => {
  await using shown = await show();
  const frame = await playUntilVideo(shown);
  const { viewer } = shown;
  viewer.send({ type: 'refresh' });
  const before = viewer.frames.length;
  for (let n = 1; n < 60 && viewer.geometry?.generation === 1; n++) await play(shown, frame + n);
  const after = videos(shown);
  for (let n = 60; n < 90 && videos(shown) === after; n++) await play(shown, frame + n);
  const second = viewer.frames.slice(before).filter(({ generation }) => generation === 2);
  const first = second.flatMap(({ operations }) => operations).find(({ kind }) => kind === 'video');
  t.like(first, { key: true });
  await settles(shown);
});

test('video, copies and tiles in any order end in the same pixels', async (t) => {
  const action = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant('play' as const), n: fc.integer({ min: 1, max: 8 }) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('scroll' as const), n: fc.integer({ min: -40, max: 40 }) }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('draw' as const), n: fc.nat(380) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('hold' as const), n: fc.nat(1) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('fail' as const), n: fc.nat(1) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('page' as const), n: fc.nat(1) }) },
  );
  let shownAsVideo = 0;
  let shownAsCopies = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 20 }), async (actions) => {
      await using shown = await show();
      const { display, viewer, track } = shown;
      let release = (): void => undefined;
      let frame = 0;
      for (const { kind, n } of actions) {
        if (kind === 'play') for (let left = n; left > 0; left--) await play(shown, frame++);
        if (kind === 'scroll') {
          display.move({ x: 0, y: 0, width: WIDTH, height: HEIGHT }, 0, n);
          await play(shown, frame++);
        }
        if (kind === 'draw') display.fill({ x: n, y: n % 280, width: 20, height: 20 }, (x, y) => x * y + n);
        if (kind === 'hold') {
          release();
          const held = Promise.withResolvers<boolean>();
          track.gate = () => held.promise;
          release = () => held.resolve(true);
        }
        if (kind === 'fail') track.gate = async () => false;
        if (kind === 'page') viewer.send({ type: 'refresh' });
      }
      track.gate = async () => true;
      release();
      await settles(shown);
      shownAsVideo += videos(shown);
      shownAsCopies += viewer.frames.filter(({ operations }) =>
        operations.some(({ kind }) => kind === 'copy'),
      ).length;
    }),
    {
      numRuns: 40,
      examples: [
        [
          [
            { kind: 'play', n: 8 },
            { kind: 'play', n: 8 },
            { kind: 'scroll', n: 12 },
          ],
        ],
        // Copies, before there is a video that may be older than they are.
        [
          [
            { kind: 'play', n: 1 },
            { kind: 'scroll', n: 40 },
          ],
        ],
      ],
    },
  );
  t.true(shownAsVideo > 0);
  t.true(shownAsCopies > 0);
});
