import test from 'ava';
import fc from 'fast-check';
import {
  type DisplayInfo,
  FRAMES_IN_FLIGHT,
  FrameFlow,
  type FrameMessage,
  LiveletError,
  MAX_TILE_BYTES,
  MAX_UNDRAWN_BYTES,
  PictureOrder,
} from '../src/index.js';
import { type Attempt, Model, rawImage } from './picture-model.js';

const side = fc.integer({ min: 1, max: 9 });
const area = fc.record({ x: fc.nat(20), y: fc.nat(20), width: side, height: side });
const attempt: fc.Arbitrary<Attempt> = fc.record({
  parts: side,
  copies: fc.array(fc.tuple(area, area), { maxLength: 4 }),
  video: fc.option(area, { nil: undefined }),
  key: fc.boolean(),
});
const step: fc.Arbitrary<(model: Model) => void> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(area, fc.nat(255)).map((p) => (m: Model) => m.draw(...p)) },
  { weight: 8, arbitrary: attempt.map((each) => (m: Model) => m.sendFrame(each)) },
  { weight: 8, arbitrary: fc.constant((m: Model) => void m.viewerReceives()) },
  { weight: 4, arbitrary: fc.constant((m: Model) => void m.viewerAcknowledges()) },
  { weight: 4, arbitrary: fc.constant((m: Model) => void m.sourceReceives()) },
  { weight: 1, arbitrary: fc.constant((m: Model) => m.tellAbilities()) },
  { weight: 1, arbitrary: fc.tuple(side, side).map((size) => (m: Model) => m.resize(...size)) },
  { weight: 1, arbitrary: fc.constant((m: Model) => m.loseViewer()) },
  { weight: 1, arbitrary: fc.constant((m: Model) => m.resume()) },
);

test('whatever happens on the way, the viewer ends with the display, at most so many frames behind', (t) => {
  const drawn = { tile: 0, copy: 0, video: 0 };
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
      const model = new Model(7, 5);
      model.tellAbilities();
      for (const each of steps) each(model);
      model.settle();
      t.true(model.equal);
      t.true(model.mostInFlight <= FRAMES_IN_FLIGHT);
      for (const kind of ['tile', 'copy', 'video'] as const) drawn[kind] += model.drawn[kind];
    }),
    { numRuns: 500 },
  );
  t.true(drawn.tile > 500 && drawn.copy > 500 && drawn.video > 500, JSON.stringify(drawn));
});

const DISPLAY: DisplayInfo = { id: 0, x: 0, y: 0, width: 4, height: 4, name: '' };

test('the source begins so many frames, and each acknowledgement allows as many as it covers', (t) => {
  const flow = new FrameFlow();
  t.false(flow.mayBegin);
  t.is(flow.restart(DISPLAY).generation, 1);
  for (let number = 0; number < FRAMES_IN_FLIGHT; number++) {
    t.deepEqual(flow.begin(), { generation: 1, number });
  }
  t.false(flow.mayBegin);
  flow.acknowledge({ type: 'acknowledge', generation: 1, number: 1, drawTime: 0 });
  flow.acknowledge({ type: 'acknowledge', generation: 1, number: 0, drawTime: 0 });
  t.is(flow.begin().number, FRAMES_IN_FLIGHT);
  t.is(flow.begin().number, FRAMES_IN_FLIGHT + 1);
  t.false(flow.mayBegin);
});

test('an acknowledgement of an earlier generation counts for nothing; one of the future is refused', (t) => {
  const flow = new FrameFlow();
  flow.restart(DISPLAY);
  flow.begin();
  flow.restart(DISPLAY);
  for (let number = 0; number < FRAMES_IN_FLIGHT; number++) flow.begin();
  flow.acknowledge({ type: 'acknowledge', generation: 1, number: 0, drawTime: 0 });
  t.false(flow.mayBegin);
  for (const [generation, number] of [
    [2, FRAMES_IN_FLIGHT],
    [3, 0],
  ] as const) {
    t.throws(() => flow.acknowledge({ type: 'acknowledge', generation, number, drawTime: 0 }), {
      instanceOf: LiveletError,
      code: 'picture-malformed',
    });
  }
});

test('frames that are not drawn are bounded together, and drawn ones count no more', (t) => {
  const area = { x: 0, y: 0, width: 1, height: 1 };
  const image = new Uint8Array(MAX_TILE_BYTES);
  image.set(rawImage(area, []));
  const tiles = 8;
  const order = new PictureOrder();
  order.accept({ type: 'geometry', generation: 1, display: 0, x: 0, y: 0, width: tiles, height: 1 });
  const frame = (number: number): FrameMessage => ({
    ...{ type: 'frame', generation: 1, number, part: 0, last: true },
    ...{ age: 0, readTime: 0, encodeTime: 0, wireTime: 0 },
    operations: Array.from({ length: tiles }, (_, x) => ({
      ...{ kind: 'tile', ...area, x, codec: 'png', lossy: false, image },
    })),
  });
  const most = MAX_UNDRAWN_BYTES / MAX_TILE_BYTES / tiles;
  t.true(most < FRAMES_IN_FLIGHT);
  for (let number = 0; number < most; number++) order.accept(frame(number));
  order.acknowledge({ type: 'acknowledge', generation: 1, number: 0, drawTime: 0 });
  order.accept(frame(most));
  t.throws(() => order.accept(frame(most + 1)), { instanceOf: LiveletError, code: 'picture-too-large' });
});
