import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startXvfb, type Xvfb } from '@livelet/compliance';
import { type FrameMessage, systemClock } from '@livelet/core';
import test from 'ava';
import { ScreenSender } from '../src/source/screen-sender.js';
import { SharpTileEncoder } from '../src/tiles/tile-encoder.js';
import { type PixelWay, XCaptureSource } from '../src/x-display/x-capture-source.js';
import { ReferenceViewer } from './reference-viewer.js';
import { streamPair } from './stream-pair.js';
import { imported, paintOn, xrandr } from './x-client.js';

const run = promisify(execFile);

interface Shared extends AsyncDisposable {
  readonly viewer: ReferenceViewer;
  readonly running: Promise<void>;
}

/** Shares a display with a viewer in memory. */
function share(display: string, way?: PixelWay, options?: { acknowledge: boolean }): Shared {
  const [ours, theirs] = streamPair();
  const source = new XCaptureSource(display, systemClock, way);
  const sender = new ScreenSender({
    source,
    stream: ours,
    encoder: new SharpTileEncoder(),
    clock: systemClock,
  });
  const running = sender.run();
  const viewer = new ReferenceViewer(theirs, options);
  return {
    viewer,
    running,
    async [Symbol.asyncDispose]() {
      theirs.closeWrite();
      await running;
      await source[Symbol.asyncDispose]();
    },
  };
}

/** Waits until the viewer's picture is the display's, pixel for pixel. */
async function settles(viewer: ReferenceViewer, xvfb: Xvfb): Promise<void> {
  const truth = await imported(xvfb.name);
  await viewer.until('the picture equals the display', () => viewer.picture.equals(truth));
}

for (const way of ['mapped', 'file', 'socket'] as const) {
  test(`the first picture equals the display (${way})`, async (t) => {
    await using xvfb = await startXvfb({ width: 700, height: 500 });
    using painter = await paintOn(xvfb.name);
    await painter.fill(0x123456, 10, 20, 300, 200);
    await painter.fill(0xfedcba, 690, 490, 10, 10);
    await using shared = share(xvfb.name, way);
    await settles(shared.viewer, xvfb);
    t.is(shared.viewer.pixel(10, 20), 0x123456);
    await painter.fill(0x00ff01, 5, 6, 7, 8);
    await settles(shared.viewer, xvfb);
    t.is(shared.viewer.pixel(11, 13), 0x00ff01);
  });
}

test('changes, however many and wherever, end in the same pixels', async (t) => {
  await using xvfb = await startXvfb({ width: 640, height: 400 });
  using painter = await paintOn(xvfb.name);
  await using shared = share(xvfb.name);
  for (let n = 0; n < 120; n++) {
    const area = [(n * 97) % 600, (n * 61) % 380, 1 + ((n * 13) % 40), 1 + ((n * 7) % 20)] as const;
    await painter.fill((n * 0x9e3779) & 0xffffff, ...area);
  }
  await t.notThrowsAsync(settles(shared.viewer, xvfb));
});

test('a photo comes roughly first and exactly at rest', async (t) => {
  await using xvfb = await startXvfb({ width: 640, height: 400 });
  using painter = await paintOn(xvfb.name);
  await using shared = share(xvfb.name);
  const { viewer } = shared;
  await settles(viewer, xvfb);
  await painter.put(photo(300, 200), 40, 50, 300, 200);
  // Narrow tiles at its border are exact at once.
  await viewer.until('a rough picture', () => viewer.lossyPixels >= 0.9 * 300 * 200);
  await viewer.until('an exact picture', () => viewer.lossyPixels === 0);
  t.deepEqual(viewer.picture, await imported(xvfb.name));
});

test('another display size starts the picture again', async (t) => {
  await using xvfb = await startXvfb({ width: 800, height: 600 });
  using painter = await paintOn(xvfb.name);
  await using shared = share(xvfb.name);
  const { viewer } = shared;
  await settles(viewer, xvfb);
  // Timings that no memory display needs, but its server checks.
  await xrandr(xvfb.name, '--newmode', 'small', '25', '640', '656', '752', '800', '480', '490', '492', '525');
  await xrandr(xvfb.name, '--addmode', 'screen', 'small');
  for (const [mode, width, height] of [
    ['small', 640, 480],
    ['800x600', 800, 600],
  ] as const) {
    await xrandr(xvfb.name, '--output', 'screen', '--mode', mode);
    await viewer.until(
      `${width} x ${height}`,
      () => viewer.geometry?.width === width && viewer.picture.length > 0,
    );
    await painter.fill(0x00aaff, width - 20, height - 20, 20, 20);
    await settles(viewer, xvfb);
    t.is(viewer.pixel(width - 1, height - 1), 0x00aaff);
  }
  t.is(viewer.displays.length, 1);
});

test('monitors are listed when they change, and one can be chosen', async (t) => {
  await using xvfb = await startXvfb({ width: 800, height: 600 });
  using painter = await paintOn(xvfb.name);
  await painter.fill(0x112233, 0, 0, 800, 600);
  await painter.fill(0x778899, 500, 0, 300, 600);
  await using shared = share(xvfb.name);
  const { viewer } = shared;
  await settles(viewer, xvfb);
  await xrandr(xvfb.name, '--setmonitor', 'left', '500/100x600/100+0+0', 'screen');
  await xrandr(xvfb.name, '--setmonitor', 'right', '300/100x600/100+500+0', 'none');
  await viewer.until('both monitors', () => viewer.displays.length === 3);
  viewer.send({ type: 'select', display: 2 });
  await viewer.until(
    'the second monitor',
    () => viewer.geometry?.width === 300 && viewer.pixel(0, 0) === 0x778899,
  );
  t.deepEqual(
    viewer.displays.map(({ id, x, width }) => [id, x, width]),
    [
      [1, 0, 500],
      [2, 500, 300],
      [0, 0, 800],
    ],
  );
  t.is(viewer.geometry?.x, 500);
  await painter.fill(0xff0000, 490, 10, 20, 20);
  await viewer.until('its part of a change', () => viewer.pixel(9, 29) === 0xff0000);
  t.is(viewer.pixel(10, 10), 0x778899);
});

test('monitors that change between being listed and being watched are a change too', async (t) => {
  await using xvfb = await startXvfb({ width: 800, height: 600 });
  await using source = new XCaptureSource(xvfb.name, systemClock);
  t.is((await source.displays()).length, 1);
  await xrandr(xvfb.name, '--setmonitor', 'left', '500/100x600/100+0+0', 'screen');
  await xrandr(xvfb.name, '--setmonitor', 'right', '300/100x600/100+500+0', 'none');
  const changed = Promise.withResolvers<void>();
  const ignored = (): void => undefined;
  await using _display = await source.open(0, {
    damaged: ignored,
    cursorShape: ignored,
    cursorMoved: ignored,
    changed: changed.resolve,
    lost: () => changed.reject(new Error('lost')),
  });
  await changed.promise;
  t.is((await source.displays()).length, 3);
});

test('the cursor is told apart from the picture', async (t) => {
  await using xvfb = await startXvfb({ width: 640, height: 400 });
  using painter = await paintOn(xvfb.name);
  await using shared = share(xvfb.name);
  const { viewer } = shared;
  await settles(viewer, xvfb);
  await viewer.until('a cursor', () => viewer.cursor !== undefined && viewer.cursorShape !== undefined);
  const frames = viewer.frames.length;
  await run('xdotool', ['mousemove', '123', '45'], { env: { ...process.env, DISPLAY: xvfb.name } });
  await viewer.until('its place', () => viewer.cursor?.x === 123 && viewer.cursor.y === 45);
  t.is(viewer.frames.length, frames);
  const before = viewer.cursorShape;
  await painter.cursor();
  await viewer.until('its new image', () => viewer.cursorShape !== before);
  const shape = viewer.cursorShape;
  t.deepEqual([shape?.width, shape?.height, shape?.hotX, shape?.hotY], [16, 16, 3, 5]);
  t.deepEqual([...(shape?.rgba.subarray(0, 4) ?? [])], [255, 0, 0, 255]);
});

test('a killed display ends the stream with display-lost', async (t) => {
  await using xvfb = await startXvfb({ width: 640, height: 400 });
  await using shared = share(xvfb.name);
  await settles(shared.viewer, xvfb);
  process.kill(xvfb.processId, 'SIGKILL');
  t.is((await shared.viewer.ended)?.code, 'display-lost');
  await shared.running;
});

test('no display, and one without colours of its own, end the stream with codes of their own', async (t) => {
  await using xvfb = await startXvfb({ width: 640, height: 400, depth: 8 });
  for (const [name, code] of [
    [xvfb.name, 'display-unsupported'],
    [':9999', 'display-unavailable'],
    ['nonsense', 'display-unavailable'],
  ] as const) {
    await using shared = share(name);
    t.is((await shared.viewer.ended)?.code, code, name);
  }
});

test('a viewer that never acknowledges gets one frame and no more', async (t) => {
  await using xvfb = await startXvfb({ width: 640, height: 400 });
  using painter = await paintOn(xvfb.name);
  await using shared = share(xvfb.name, 'mapped', { acknowledge: false });
  const { viewer } = shared;
  for (let n = 0; n < 200; n++) await painter.fill(n * 1000, n, n, 200, 200);
  await viewer.until('a frame', () => viewer.frames.some(({ last }) => last));
  for (let n = 0; n < 200; n++) await painter.fill(n * 2000, n, n, 200, 200);
  t.is(viewer.frames.at(-1)?.number, 0);
  // When it draws at last, a few frames bring all that was missed.
  viewer.acknowledges = true;
  viewer.acknowledge(viewer.frames.at(-1) as FrameMessage);
  await settles(viewer, xvfb);
  t.true((viewer.frames.at(-1)?.number ?? 0) <= 10);
});

test('acknowledging what was never sent is refused', async (t) => {
  await using xvfb = await startXvfb({ width: 640, height: 400 });
  await using shared = share(xvfb.name);
  await settles(shared.viewer, xvfb);
  shared.viewer.send({ type: 'acknowledge', generation: 1, number: 1000, drawTime: 0 });
  t.is((await shared.viewer.ended)?.code, 'picture-malformed');
});

/** Pixels that change smoothly with some noise: no palette holds them. */
function photo(width: number, height: number): Uint32Array {
  const words = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const noise = (x * 7919 + y * 104_729) % 23;
      const red = Math.floor((x * 230) / width) + noise;
      const green = Math.floor((y * 230) / height) + noise;
      words[y * width + x] = (red << 16) | (green << 8) | (128 + noise);
    }
  }
  return words;
}
