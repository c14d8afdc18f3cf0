import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startXvfb, type Xvfb } from '@livelet/compliance';
import { operationLength, systemClock } from '@livelet/core';
import test from 'ava';
import { ScreenSender } from '../src/source/screen-sender.js';
import { SharpTileEncoder } from '../src/tiles/tile-encoder.js';
import { XCaptureSource } from '../src/x-display/x-capture-source.js';
import { ReferenceViewer } from './reference-viewer.js';
import { streamPair } from './stream-pair.js';
import { imported, paintOn } from './x-client.js';

const run = promisify(execFile);

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}

interface Shared extends AsyncDisposable {
  readonly viewer: ReferenceViewer;
}

function share(display: string): Shared {
  const [ours, theirs] = streamPair();
  const source = new XCaptureSource(display, systemClock);
  const encoder = new SharpTileEncoder();
  const sender = new ScreenSender({ source, stream: ours, encoder, clock: systemClock });
  const running = sender.run();
  return {
    viewer: new ReferenceViewer(theirs),
    async [Symbol.asyncDispose]() {
      theirs.closeWrite();
      await running;
      await source[Symbol.asyncDispose]();
    },
  };
}

/** Frames that are whole. */
function count(viewer: ReferenceViewer): number {
  return viewer.frames.filter(({ last }) => last).length;
}

interface FrameSize {
  readonly copies: number;
  readonly bytes: number;
}

/** The frames from this one on: how much of each was copied, and how long it was. */
function sizes(viewer: ReferenceViewer, first: number): FrameSize[] {
  const frames = new Map<number, FrameSize>();
  for (const { number, operations } of viewer.frames) {
    if (number < first) continue;
    const { copies, bytes } = frames.get(number) ?? { copies: 0, bytes: 0 };
    frames.set(number, {
      copies: copies + operations.filter(({ kind }) => kind === 'copy').length,
      bytes: operations.reduce((sum, operation) => sum + operationLength(operation), bytes),
    });
  }
  return [...frames.values()];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

async function settles(viewer: ReferenceViewer, xvfb: Xvfb): Promise<void> {
  const truth = await imported(xvfb.name);
  await viewer.until('the picture equals the display', () => viewer.picture.equals(truth));
}

/** Pixels that change smoothly with some noise, as a photo's do; `salt` makes another one. */
function photo(width: number, height: number, salt: number): Uint32Array {
  const words = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const grain = Math.imul(x + y * width + salt, 0x9e3779b1) >>> 28;
      const red = Math.floor((x * 230) / width) + grain;
      const green = Math.floor((y * 230) / height) + grain;
      words[y * width + x] = (red << 16) | (green << 8) | ((salt * 50 + grain) & 0xff);
    }
  }
  return words;
}

test('a window dragged over a photo goes as copies and what they uncover', async (t) => {
  await using xvfb = await startXvfb({ width: 1024, height: 768 });
  using painter = await paintOn(xvfb.name);
  await painter.wallpaper(photo(1024, 768, 1), 1024, 768);
  const window = await painter.window(photo(800, 600, 2), 40, 50, 800, 600);
  await using shared = share(xvfb.name);
  const { viewer } = shared;
  await settles(viewer, xvfb);
  const first = (viewer.frames.at(-1)?.number ?? 0) + 1;
  const steps = 25;
  for (let n = 1; n <= steps; n++) {
    const before = count(viewer);
    await window.move(40 + n * 7, 50 + n * 4);
    await viewer.until(`step ${n}`, () => count(viewer) > before);
  }
  const frames = sizes(viewer, first);
  const copying = frames.filter(({ copies }) => copies > 0);
  t.log(
    `${copying.length} of ${frames.length} frames copy, median ${median(copying.map(({ bytes }) => bytes))} bytes`,
  );
  t.true(copying.length >= steps * 0.6);
  t.true(copying.length >= frames.length * 0.6);
  // The window alone would be some 100,000 bytes.
  t.true(median(copying.map(({ bytes }) => bytes)) < 30_000);
  await settles(viewer, xvfb);
  t.is(viewer.lossyPixels, 0);
});

test('a terminal that scrolls goes as copies and its new lines', async (t) => {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'livelet-'));
  stack.defer(() => rm(folder, { recursive: true }));
  const pipe = join(folder, 'lines');
  await run('mkfifo', [pipe]);
  const xvfb = stack.use(await startXvfb({ width: 1024, height: 768 }));
  const { viewer } = stack.use(share(xvfb.name));
  await settles(viewer, xvfb);
  const terminal = spawn('xterm', ['-geometry', '100x40+30+20', '-fn', 'fixed', '-e', 'cat', pipe], {
    env: { ...process.env, DISPLAY: xvfb.name },
    stdio: 'ignore',
  });
  stack.defer(() => endProcess(terminal));
  const lines = await open(pipe, 'w');
  stack.defer(() => lines.close());
  let first = 0;
  for (let n = 1; n <= 100; n++) {
    const before = count(viewer);
    // Past the terminal's height each line scrolls all others.
    if (n === 45) first = (viewer.frames.at(-1)?.number ?? 0) + 1;
    await lines.write(`${n}: line ${n * 7919} of what a program tells\n`);
    await viewer.until(`line ${n}`, () => count(viewer) > before);
  }
  const frames = sizes(viewer, first);
  const copying = frames.filter(({ copies }) => copies > 0);
  t.log(
    `${copying.length} of ${frames.length} frames copy, median ${median(copying.map(({ bytes }) => bytes))} bytes`,
  );
  t.true(copying.length >= 30);
  t.true(median(copying.map(({ bytes }) => bytes)) < 1000);
  await settles(viewer, xvfb);
});
