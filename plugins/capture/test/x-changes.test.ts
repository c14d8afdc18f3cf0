/** A display that changes, and one that is lost, while a video plays on it. */
import { startXvfb, type Xvfb } from '@livelet/compliance';
import { type FrameMessage, systemClock } from '@livelet/core';
import test from 'ava';
import { ScreenSender } from '../src/source/screen-sender.js';
import { SharpTileEncoder } from '../src/tiles/tile-encoder.js';
import { type PixelWay, XCaptureSource } from '../src/x-display/x-capture-source.js';
import { RawVideoTrack } from './raw-video.js';
import { ReferenceViewer } from './reference-viewer.js';
import { streamPair } from './stream-pair.js';
import { imported, paintOn, type XPainter, xrandr } from './x-client.js';

interface Shared extends AsyncDisposable {
  readonly viewer: ReferenceViewer;
}

/** Shares a display with a viewer in memory, which takes videos. */
async function share(display: string, way: PixelWay): Promise<Shared> {
  const [ours, theirs] = streamPair();
  const source = new XCaptureSource(display, systemClock, way);
  const video = new RawVideoTrack();
  const encoder = new SharpTileEncoder();
  const running = new ScreenSender({ source, stream: ours, encoder, clock: systemClock, video }).run();
  const viewer = new ReferenceViewer(theirs);
  viewer.send({ type: 'abilities', videos: [{ codec: 'vp8', decodeTime: 1 }] });
  await viewer.until('a picture', () => viewer.frames.some(({ last }) => last));
  return {
    viewer,
    async [Symbol.asyncDispose]() {
      theirs.closeWrite();
      await running;
      await source[Symbol.asyncDispose]();
    },
  };
}

const VIDEO = { x: 10, y: 10, width: 240, height: 180 };

/** Draws a video as fast as the display takes it, until told otherwise. */
class Film implements AsyncDisposable {
  readonly #playing: Promise<void>;
  #isOver = false;

  constructor(painter: XPainter) {
    this.#playing = this.#play(painter);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#playing;
  }

  async #play(painter: XPainter): Promise<void> {
    const { x, y, width, height } = VIDEO;
    for (let frame = 0; !this.#isOver; frame++) {
      // None of its pixels only moves.
      const colour = (_: unknown, at: number): number =>
        Math.imul(at * 7919 + frame * 104_729, 0x9e3779b1) >>> 8;
      const pixels = Uint32Array.from({ length: width * height }, colour);
      try {
        await painter.put(pixels, x, y, width, height);
      } catch {
        return;
      }
    }
  }
}

const isVideo = ({ operations }: FrameMessage): boolean => operations.some(({ kind }) => kind === 'video');

/** Two sizes in turn, and every fifth time another list of monitors. */
async function change(xvfb: Xvfb, time: number): Promise<void> {
  if (time % 5 < 4) await xrandr(xvfb.name, '--output', 'screen', '--mode', time % 2 ? 'small' : '800x600');
  else if (time % 10 === 4) await xrandr(xvfb.name, '--setmonitor', 'half', '300/100x400/100+0+0', 'none');
  else await xrandr(xvfb.name, '--delmonitor', 'half');
}

for (const way of ['mapped', 'socket'] as const) {
  test.serial(
    `a display changes size and monitors again and again while a video plays (${way})`,
    async (t) => {
      await using xvfb = await startXvfb({ width: 800, height: 600 });
      using painter = await paintOn(xvfb.name);
      // Timings that no memory display needs, but its server checks.
      const timings = ['25', '640', '656', '752', '800', '480', '490', '492', '525'];
      await xrandr(xvfb.name, '--newmode', 'small', ...timings);
      await xrandr(xvfb.name, '--addmode', 'screen', 'small');
      await using shared = await share(xvfb.name, way);
      const { viewer } = shared;
      const film = new Film(painter);
      await viewer.until('a video', () => viewer.frames.some(isVideo));
      for (let time = 0; time < 50; time++) await change(xvfb, time);
      await film[Symbol.asyncDispose]();
      await xrandr(xvfb.name, '--output', 'screen', '--mode', '800x600');
      await painter.fill(0x123456, 700, 500, 20, 20);
      const truth = await imported(xvfb.name);
      await viewer.until('the display', () => viewer.picture.equals(truth));
      t.true((viewer.geometry?.generation ?? 0) > 1);
    },
  );

  test.serial(`a display that is lost in the middle of a video ends the stream (${way})`, async (t) => {
    await using xvfb = await startXvfb({ width: 640, height: 400 });
    await using shared = await share(xvfb.name, way);
    const { viewer } = shared;
    // What draws is lost with the display, and has nothing to end any more.
    new Film(await paintOn(xvfb.name));
    await viewer.until('a video', () => viewer.frames.some(isVideo));
    process.kill(xvfb.processId, 'SIGKILL');
    t.is((await viewer.ended)?.code, 'display-lost');
  });
}
