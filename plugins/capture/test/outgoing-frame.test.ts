import type { FrameMessage, Rectangle } from '@livelet/core';
import test from 'ava';
import { createPicture } from '../src/picture/picture.js';
import { ViewerPicture } from '../src/picture/viewer-picture.js';
import { type FrameLine, type FramePlan, OutgoingFrame } from '../src/source/outgoing-frame.js';
import { SharpTileEncoder } from '../src/tiles/tile-encoder.js';
import { planTiles } from '../src/tiles/tile-plan.js';

const WHOLE: Rectangle = { x: 0, y: 0, width: 640, height: 480 };
const QUALITY = { jpeg: 80, subsampling: true, lossless: false };

function line(): FrameLine & { readonly messages: FrameMessage[] } {
  const messages: FrameMessage[] = [];
  return {
    messages,
    wireTime: 1,
    over: false,
    now: () => 0,
    begin: () => ({ generation: 1, number: 7 }),
    send: (message) => messages.push(message),
  };
}

/** A picture of noise of which nothing was sent. */
function picture(): ViewerPicture {
  const shown = new ViewerPicture(WHOLE.width, WHOLE.height);
  const read = createPicture(WHOLE.width, WHOLE.height);
  for (const at of read.words.keys()) read.words[at] = Math.imul(at + 1, 0x9e3779b1) >>> 8;
  shown.changed(read, WHOLE, WHOLE, 0);
  return shown;
}

function plan(tiles: readonly Rectangle[], options: Partial<FramePlan> = {}): FramePlan {
  return {
    copies: [],
    tiles,
    fidelity: 'quick',
    quality: QUALITY,
    budget: Number.POSITIVE_INFINITY,
    isEnough: () => false,
    changedAt: 0,
    readTime: 0,
    readAt: 0,
    ...options,
  };
}

const tilesOf = (shown: ViewerPicture): Rectangle[] =>
  planTiles(shown.unsent.all, { focus: { x: 600, y: 400 }, width: 128, height: 128, now: 0 });

test('what exceeds the budget stays unsent and comes with the next frame', async (t) => {
  const shown = picture();
  const encoder = new SharpTileEncoder();
  const first = line();
  await new OutgoingFrame(first, shown, encoder, plan(tilesOf(shown), { budget: 10_000 })).send();
  t.false(shown.unsent.empty);
  t.true(first.messages.at(-1)?.last);
  t.is(first.messages.filter(({ last }) => last).length, 1);
  const second = line();
  await new OutgoingFrame(second, shown, encoder, plan(tilesOf(shown))).send();
  t.true(shown.unsent.empty);
  const sent = [...first.messages, ...second.messages].flatMap(({ operations }) => operations);
  t.is(
    sent.reduce((sum, { width, height }) => sum + width * height, 0),
    WHOLE.width * WHOLE.height,
  );
});

test('a frame that is enough ends with a whole frame, its parts in order', async (t) => {
  const shown = picture();
  const sending = line();
  const isEnough = (): boolean => sending.messages.length >= 2;
  await new OutgoingFrame(sending, shown, new SharpTileEncoder(), plan(tilesOf(shown), { isEnough })).send();
  t.deepEqual(
    sending.messages.map(({ part, last }) => [part, last]),
    sending.messages.map((_, index) => [index, index === sending.messages.length - 1]),
  );
  t.false(shown.unsent.empty);
});

test('copies and small tiles are one message', async (t) => {
  const shown = picture();
  const sending = line();
  const copy = { kind: 'copy', x: 0, y: 0, width: 9, height: 9, fromX: 20, fromY: 20 } as const;
  const tiles = [0, 100].map((x) => ({ x, y: 200, width: 8, height: 16 }));
  await new OutgoingFrame(sending, shown, new SharpTileEncoder(), plan(tiles, { copies: [copy] })).send();
  t.is(sending.messages.length, 1);
  t.deepEqual(
    sending.messages[0]?.operations.map(({ kind }) => kind),
    ['copy', 'tile', 'tile'],
  );
});

test('small tiles come first, then what waited long, then what is near', (t) => {
  const small = { x: 0, y: 0, width: 20, height: 20 };
  const old = { x: 0, y: 300, width: 100, height: 100 };
  const near = { x: 400, y: 300, width: 100, height: 100 };
  const far = { x: 400, y: 0, width: 100, height: 100 };
  const areas = [
    { area: far, since: 990 },
    { area: near, since: 990 },
    { area: old, since: 100 },
    { area: small, since: 990 },
  ];
  const options = { focus: { x: 450, y: 450 }, width: 512, height: 256, now: 1000 };
  t.deepEqual(planTiles(areas, options), [small, old, near, far]);
  t.deepEqual(planTiles(areas, { ...options, except: near }), [small, old, far]);
});
