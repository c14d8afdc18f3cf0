import {
  decodeSourceMessage,
  type ErrorCode,
  encodeViewerMessage,
  type FrameOperation,
  type SourceMessage,
  systemClock,
  type ViewerMessage,
} from '@livelet/core';
import { ManualClock } from '@livelet/core/test-support';
import test from 'ava';
import fc from 'fast-check';
import sharp from 'sharp';
import { ScreenSender } from '../src/source/screen-sender.js';
import { SharpTileEncoder } from '../src/tiles/tile-encoder.js';
import { ScreenReceiver } from '../src/viewer/screen-receiver.js';
import { FakeDisplay } from './fake-display.js';
import { faults, HEIGHT, pictureMessages, WIDTH, withFaults } from './fuzzed-messages.js';
import { RawVideoTrack } from './raw-video.js';
import { streamPair } from './stream-pair.js';

/** What a wrong message may end a stream with; anything else would be a mistake of ours. */
const REFUSALS: readonly (ErrorCode | undefined)[] = ['picture-malformed', 'picture-too-large'];
/** All of them with `npm test -- --long`. */
const RUNS = process.env.LIVELET_LONG_TESTS === '1' ? 2000 : 300;

/** What a receiver gives the page of these messages, and what it ends with. */
async function receive(
  messages: readonly Uint8Array[],
): Promise<{ passed: SourceMessage[]; code: ErrorCode | undefined }> {
  const [ours, theirs] = streamPair();
  const passed: SourceMessage[] = [];
  const listener = {
    picture: (message: SourceMessage, bytes: Uint8Array) => {
      passed.push(decodeSourceMessage(bytes));
      if (message.type !== 'frame') return;
      const { generation, number } = message;
      receiver.fromPage({ type: 'acknowledge', generation, number, drawTime: 0 });
    },
    displays: () => undefined,
  };
  const receiver = new ScreenReceiver(ours, listener, systemClock);
  receiver.tell({ type: 'abilities', videos: [{ codec: 'vp8', decodeTime: 1 }] });
  const running = receiver.run();
  const sending = messages.map((message) => theirs.send(message).catch(() => undefined));
  await Promise.race([Promise.all(sending), theirs.closed]);
  theirs.closeWrite();
  const code = await running;
  await Promise.all(sending);
  return { passed, code };
}

/** Whether an independent reader of its header sees the size that the tile says, or no image. */
async function isAsSaid(operation: FrameOperation): Promise<boolean> {
  if (operation.kind !== 'tile' || operation.codec === 'small') return true;
  const seen = await sharp(operation.image)
    .metadata()
    .catch(() => undefined);
  return !seen || (seen.width === operation.width && seen.height === operation.height);
}

test('whatever is wrong with what a source sends, it is refused with a code of pictures or does no harm', async (t) => {
  const right = await pictureMessages(1);
  const all = await receive(right);
  t.is(all.code, undefined);
  t.is(all.passed.length, right.length - 1);
  const ends = new Map<ErrorCode | undefined, number>();
  await fc.assert(
    fc.asyncProperty(faults, async (list) => {
      const { passed, code } = await receive(withFaults(right, list));
      ends.set(code, (ends.get(code) ?? 0) + 1);
      if (code !== undefined && !REFUSALS.includes(code)) throw new Error(code);
      const operations = passed.flatMap((message) => (message.type === 'frame' ? message.operations : []));
      for (const operation of operations) {
        const inside = operation.x + operation.width <= WIDTH && operation.y + operation.height <= HEIGHT;
        const sameSize = passed.every(
          (message) => message.type !== 'geometry' || (message.width === WIDTH && message.height === HEIGHT),
        );
        if (sameSize && !inside) throw new Error('an operation outside');
        if (!(await isAsSaid(operation))) throw new Error('an image of another size');
      }
    }),
    { numRuns: RUNS },
  );
  t.log(Object.fromEntries(ends));
  t.true((ends.get('picture-malformed') ?? 0) > RUNS / 10 && (ends.get(undefined) ?? 0) > RUNS / 10);
});

const wish: fc.Arbitrary<ViewerMessage> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('acknowledge' as const),
      generation: fc.integer({ min: 1, max: 2 }),
      number: fc.nat(2),
      drawTime: fc.constantFrom(0, 1, 4_000, 0xffffffff),
    }),
  },
  fc.record({ type: fc.constant('select' as const), display: fc.constantFrom(0, 1, 0xffffffff) }),
  fc.constant({ type: 'refresh' as const }),
  fc.constantFrom<ViewerMessage>(
    { type: 'abilities', videos: [] },
    { type: 'abilities', videos: [{ codec: 'vp8', decodeTime: 0xffffffff }] },
  ),
  fc.constantFrom<ViewerMessage>({ type: 'quality', preset: 'sharp' }, { type: 'quality', preset: 'smooth' }),
);
const event = fc.oneof(
  { weight: 3, arbitrary: wish.map((message) => ({ kind: 'wish' as const, message })) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('draw' as const), colour: fc.nat(0xffffff) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('size' as const), side: fc.integer({ min: 1, max: 40 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('time' as const), ms: fc.nat(500) }) },
);

test('whatever a viewer sends and when, the source shows on or refuses it, and leaves nothing behind', async (t) => {
  const ends = new Map<ErrorCode | undefined, number>();
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 20 }), faults, async (events, list) => {
      const display = new FakeDisplay(32, 24);
      const clock = new ManualClock();
      const [ours, theirs] = streamPair();
      using video = new RawVideoTrack();
      const encoder = new SharpTileEncoder();
      const running = new ScreenSender({ source: display, stream: ours, encoder, clock, video }).run();
      const drained = drain(theirs);
      const wishes = events.flatMap((each) =>
        each.kind === 'wish' ? [encodeViewerMessage(each.message)] : [],
      );
      const wrong = withFaults(wishes, list);
      for (const each of events) {
        if (each.kind === 'wish') {
          const message = wrong.shift();
          if (message) theirs.send(message).catch(() => undefined);
        }
        if (each.kind === 'draw') display.fill({ x: 0, y: 0, width: 1, height: 1 }, () => each.colour);
        if (each.kind === 'size') display.resize(each.side, 41 - each.side);
        await clock.advance(each.kind === 'time' ? each.ms : 0);
      }
      theirs.closeWrite();
      await running;
      await drained;
      const code = await theirs.closed;
      ends.set(code, (ends.get(code) ?? 0) + 1);
      if (code !== undefined && !REFUSALS.includes(code)) throw new Error(code);
      if (clock.pending > 0) throw new Error('a timer is left');
    }),
    { numRuns: RUNS },
  );
  t.log(Object.fromEntries(ends));
  t.true((ends.get('picture-malformed') ?? 0) > RUNS / 20 && (ends.get(undefined) ?? 0) > RUNS / 10);
});

async function drain(stream: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const bytes of stream) decodeSourceMessage(bytes);
  } catch {
    // Its code is looked at.
  }
}
