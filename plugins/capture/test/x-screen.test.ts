import { startXvfb, type Xvfb } from '@livelet/compliance';
import { systemClock } from '@livelet/core';
import test from 'ava';
import { ScreenSender } from '../src/screen-sender.js';
import { SharpTileEncoder } from '../src/tile-encoder.js';
import { type PixelWay, XCaptureSource } from '../src/x-capture-source.js';
import { ReferenceViewer } from './reference-viewer.js';
import { streamPair } from './stream-pair.js';
import { imported, paintOn } from './x-client.js';

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
