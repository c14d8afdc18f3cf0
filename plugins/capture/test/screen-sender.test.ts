import type { DisplayListener, Rectangle } from '@livelet/core';
import { ManualClock } from '@livelet/core/test-support';
import test from 'ava';
import fc from 'fast-check';
import { ScreenSender } from '../src/source/screen-sender.js';
import { REST_TIME } from '../src/source/shown-display.js';
import { SharpTileEncoder } from '../src/tiles/tile-encoder.js';
import { FakeDisplay } from './fake-display.js';
import { ReferenceViewer } from './reference-viewer.js';
import { streamPair } from './stream-pair.js';

interface Shown extends AsyncDisposable {
  readonly viewer: ReferenceViewer;
  readonly clock: ManualClock;
}

function show(display: FakeDisplay, clock = new ManualClock()): Shown {
  const [ours, theirs] = streamPair();
  const sender = new ScreenSender({ source: display, stream: ours, encoder: new SharpTileEncoder(), clock });
  const running = sender.run();
  return {
    viewer: new ReferenceViewer(theirs),
    clock,
    async [Symbol.asyncDispose]() {
      theirs.closeWrite();
      await running;
    },
  };
}

const whole = (width: number, height: number): Rectangle => ({ x: 0, y: 0, width, height });
/** Colours that no palette holds and no two neighbours share. */
const noise = (x: number, y: number): number => Math.imul(x * 7919 + y * 104_729 + 1, 0x9e3779b1) & 0xffffff;

test('draws, sizes and new pages in any order end in the same pixels', async (t) => {
  const action = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.tuple(fc.constant('draw' as const), fc.nat(79), fc.nat(59), fc.nat(79), fc.nat(59)),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(fc.constant('photo' as const), fc.nat(20), fc.nat(20), fc.nat(60), fc.nat(40)),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constant('size' as const), fc.nat(60), fc.nat(60), fc.nat(0), fc.nat(0)),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constant('page' as const), fc.nat(0), fc.nat(0), fc.nat(0), fc.nat(0)),
    },
    {
      weight: 4,
      arbitrary: fc.tuple(fc.constant('time' as const), fc.nat(400), fc.nat(0), fc.nat(0), fc.nat(0)),
    },
  );
  await t.notThrowsAsync(
    fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 25 }), async (actions) => {
        let [width, height] = [80, 60];
        const display = new FakeDisplay(width, height);
        await using shown = show(display);
        const { viewer, clock } = shown;
        for (const [kind, a, b, c, d] of actions) {
          const area = { x: a % width, y: b % height, width: 1, height: 1 };
          const large = {
            ...area,
            width: Math.min(c + 1, width - area.x),
            height: Math.min(d + 1, height - area.y),
          };
          if (kind === 'draw') display.fill(large, () => (a * 65_793 + d) & 0xffffff);
          if (kind === 'photo') display.fill(large, noise);
          if (kind === 'size') {
            [width, height] = [20 + a, 20 + b];
            display.resize(width, height);
          }
          if (kind === 'page') viewer.send({ type: 'refresh' });
          if (kind === 'time') await clock.advance(a);
        }
        const deadline = performance.now() + 5000;
        while (!viewer.picture.equals(display.rgb) && performance.now() < deadline) await settleFor(clock);
        // Thrown, so that the shortest sequence is looked for.
        if (!viewer.picture.equals(display.rgb)) throw new Error('the pictures differ');
      }),
      { numRuns: 60 },
    ),
  );
});

/** Lets time pass and images be coded. */
async function settleFor(clock: ManualClock): Promise<void> {
  await clock.advance(REST_TIME);
  await new Promise((resolve) => setImmediate(resolve));
}

test('nothing runs at rest: no timer, no read, no message', async (t) => {
  const display = new FakeDisplay(64, 64);
  await using shown = show(display);
  const { viewer, clock } = shown;
  display.fill(whole(64, 64), () => 0x224466);
  await viewer.until('the picture', () => viewer.picture.equals(display.rgb));
  await clock.advance(10_000);
  const [frames, read] = [viewer.frames.length, display.read];
  t.is(clock.pending, 0);
  await clock.advance(3_600_000);
  t.deepEqual([viewer.frames.length, display.read, clock.pending], [frames, read, 0]);
});

test('what was redrawn without a change is not sent', async (t) => {
  const display = new FakeDisplay(64, 64);
  await using shown = show(display);
  const { viewer, clock } = shown;
  display.fill(whole(64, 64), () => 0x224466);
  await viewer.until('the picture', () => viewer.picture.equals(display.rgb));
  const frames = viewer.frames.length;
  display.fill(whole(64, 64), () => 0x224466);
  await clock.advance(1000);
  t.is(viewer.frames.length, frames);
});

test('a small change is one exact tile of its own size, sent at once', async (t) => {
  const display = new FakeDisplay(640, 480);
  await using shown = show(display);
  const { viewer, clock } = shown;
  await viewer.until('the first frame', () => viewer.frames.some(({ last }) => last));
  await clock.advance(1000);
  const frames = viewer.frames.length;
  const area = { x: 101, y: 203, width: 9, height: 17 };
  display.fill(area, () => 0xffffff);
  // Time stands still, so no timer can have been waited for.
  await viewer.until('the change', () => viewer.frames.length > frames);
  const [tile] = viewer.frames.at(-1)?.operations ?? [];
  t.like(tile, { kind: 'tile', ...area, lossy: false });
});

test('a photo is rough until it has been at rest', async (t) => {
  const display = new FakeDisplay(300, 200);
  await using shown = show(display);
  const { viewer, clock } = shown;
  display.fill(whole(300, 200), noise);
  await viewer.until('the rough picture', () => viewer.lossyPixels === 60_000);
  await clock.advance(REST_TIME - 1);
  t.is(viewer.lossyPixels, 60_000);
  await clock.advance(1);
  await viewer.until('the exact picture', () => viewer.lossyPixels === 0);
  t.deepEqual(viewer.picture, display.rgb);
});

test('a display that changes each time it is read is tried again for seconds before the stream ends', async (t) => {
  const display = new FakeDisplay(64, 64);
  const clock = new ManualClock();
  const [ours, theirs] = streamPair();
  let opened = 0;
  const source = {
    displays: () => display.displays(),
    open: async (id: number, listener: DisplayListener) => {
      // What changes tells nothing of it, so that only reading finds out.
      const open = await display.open(id, { ...listener, changed() {} });
      opened++;
      display.resize(64, 64);
      return open;
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
  const sender = new ScreenSender({ source, stream: ours, encoder: new SharpTileEncoder(), clock });
  const running = sender.run();
  await clock.advance(5000);
  t.true(opened > 20);
  await clock.advance(200);
  await running;
  t.is(await theirs.closed, 'display-unknown');
  t.true(opened < 100);
});

test('a viewer that asks for new pictures without an end gets ten a second', async (t) => {
  const display = new FakeDisplay(80, 60);
  await using shown = show(display);
  const { viewer, clock } = shown;
  await viewer.until('a picture', () => viewer.frames.length > 0);
  const ask = async (): Promise<void> => {
    for (let time = 0; time < 500; time++) {
      viewer.send({ type: 'refresh' });
      viewer.send({ type: 'select', display: 0 });
    }
    viewer.send({ type: 'quality', preset: 'sharp' });
    await clock.advance(0);
  };
  await ask();
  t.is(viewer.geometry?.generation, 1);
  for (const generation of [2, 3, 4]) {
    await clock.advance(100);
    await viewer.until('the next', () => viewer.geometry?.generation === generation);
    await ask();
    t.is(viewer.geometry?.generation, generation);
  }
  await clock.advance(100);
  await viewer.until(
    'the last',
    () => viewer.geometry?.generation === 5 && viewer.frames.at(-1)?.generation === 5,
  );
});
