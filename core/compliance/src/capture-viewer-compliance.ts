import { decodeViewerMessage, type ErrorCode, FRAMES_IN_FLIGHT, type ViewerMessage } from '@livelet/core';
import { acknowledgement, altered, frame, geometry, tile } from './capture-messages.js';
import { CAPTURE_OPERATION_CASES } from './capture-operation-cases.js';
import type { CaptureViewerCase } from './capture-viewer-case.js';
import { solidPng } from './solid-png.js';
import type { TestFunction } from './test-function.js';

/** A viewer as the source reaches it. Whatever it takes it draws and acknowledges. */
export interface CaptureViewerUnderTest extends AsyncDisposable {
  /** Sends one message of the stream. */
  send(message: Uint8Array): void;
  /** What the viewer has sent, oldest first. */
  readonly received: readonly Uint8Array[];
  /** Resolves when the viewer has sent so many messages, or with the code when it has reset the stream. */
  until(count: number): Promise<ErrorCode | undefined>;
}

/** What a viewer is like, case by case. */
export interface CaptureViewerOptions {
  readonly hold: boolean;
  readonly video: boolean;
}

const whole = frame([tile()]);
const half = { height: 24 };

/** Messages to a viewer with no picture yet. */
export const CAPTURE_VIEWER_CASES: readonly CaptureViewerCase[] = [
  { title: 'a picture in one tile', messages: [geometry(), whole], answers: [acknowledgement(0)] },
  {
    title: 'a frame in two parts',
    messages: [
      geometry(),
      frame([tile(half)], { last: false }),
      frame([tile({ ...half, y: 24 })], { part: 1 }),
    ],
    answers: [acknowledgement(0)],
  },
  {
    title: 'a picture of another size after the first',
    messages: [
      geometry(),
      geometry({ generation: 2, width: 8, height: 8 }),
      frame([tile({ width: 8, height: 8 })], { generation: 2 }),
    ],
    answers: [acknowledgement(0, 2)],
  },
  { title: 'nothing', messages: [new Uint8Array()], refused: 'picture-malformed' },
  { title: 'an unknown message', messages: [Uint8Array.of(0x7f)], refused: 'picture-malformed' },
  {
    title: 'a message with more after its end',
    messages: [Uint8Array.of(...geometry(), 0)],
    refused: 'picture-malformed',
  },
  { title: 'a frame before any picture', messages: [whole], refused: 'picture-malformed' },
  {
    title: 'a generation out of order',
    messages: [geometry({ generation: 2 })],
    refused: 'picture-malformed',
  },
  {
    title: 'a frame of another generation',
    messages: [geometry(), frame([tile()], { generation: 2 })],
    refused: 'picture-malformed',
  },
  {
    title: 'a frame out of order',
    messages: [geometry(), frame([tile()], { number: 1 })],
    refused: 'picture-malformed',
  },
  {
    title: 'a part out of order',
    messages: [geometry(), frame([tile()], { part: 1 })],
    refused: 'picture-malformed',
  },
  {
    title: 'a first frame with gaps',
    messages: [geometry(), frame([tile(half)])],
    refused: 'picture-malformed',
  },
  {
    title: 'a picture of 65,000 x 65,000',
    messages: [geometry({ width: 65_000, height: 65_000 })],
    refused: 'picture-too-large',
  },
  {
    title: 'a picture of more than 64 MP',
    messages: [geometry({ width: 16_384, height: 4097 })],
    refused: 'picture-too-large',
  },
  { title: 'a picture without pixels', messages: [geometry({ width: 0 })], refused: 'picture-malformed' },
  {
    title: 'a tile outside the picture',
    messages: [geometry(), frame([tile({ x: 1, width: 64 })])],
    refused: 'picture-malformed',
  },
  {
    title: 'a tile of 65,000 x 65,000',
    messages: [
      geometry(),
      frame([tile({ width: 65_000, height: 65_000, image: solidPng(65_000, 65_000, 0, 'header') })]),
    ],
    refused: 'picture-too-large',
  },
  {
    title: 'an image of another size than its tile',
    messages: [geometry(), frame([tile({ image: solidPng(63, 48, 0) })])],
    refused: 'picture-malformed',
  },
  {
    title: 'an image that claims 65,000 x 65,000 pixels',
    messages: [geometry(), frame([tile({ image: solidPng(65_000, 65_000, 0, 'header') })])],
    refused: 'picture-malformed',
  },
  {
    title: 'an image without pixels',
    messages: [geometry(), frame([tile({ image: solidPng(64, 48, 0, 'header').subarray(0, 60) })])],
    refused: 'picture-malformed',
  },
  {
    title: 'an image that is none',
    messages: [geometry(), frame([tile({ image: new Uint8Array(100) })])],
    refused: 'picture-malformed',
  },
  {
    title: 'a tile longer than its message',
    messages: [geometry(), whole.subarray(0, whole.length - 1)],
    refused: 'picture-malformed',
  },
  {
    title: 'tiles over each other',
    messages: [geometry(), whole, frame([tile(), tile()], { number: 1 })],
    refused: 'picture-malformed',
  },
  {
    title: 'an operation of a later version',
    messages: [geometry(), altered(whole, 22, 4)],
    refused: 'picture-malformed',
  },
  {
    title: 'a codec of a later version',
    messages: [geometry(), altered(whole, 31, 9)],
    refused: 'picture-malformed',
  },
  {
    title: 'a cursor of 200 x 200',
    messages: [Buffer.concat([Uint8Array.of(4, 200, 200, 0, 0), new Uint8Array(160_000)])],
    refused: 'picture-malformed',
  },
  {
    title: 'a frame ahead of what was drawn',
    hold: true,
    messages: [
      geometry(),
      frame([tile()], { last: true }),
      ...Array.from({ length: FRAMES_IN_FLIGHT }, (_, index) => index + 1).map((number) =>
        frame([tile({ width: 1, height: 1 })], { number }),
      ),
    ],
    refused: 'picture-malformed',
  },
];

/**
 * Runs all cases of the capture contract against a viewer.
 *
 * @param open a fresh viewer for each case, with the stream open; one opened with `hold` acknowledges nothing, and one
 *   with `video` sends abilities that name VP8, which one without never does
 */
export function testCaptureViewer(
  test: TestFunction,
  open: (options: CaptureViewerOptions) => Promise<CaptureViewerUnderTest>,
): void {
  const cases = [...CAPTURE_VIEWER_CASES, ...CAPTURE_OPERATION_CASES];
  for (const { title, messages, refused, answers = [], hold = false, video = false } of cases) {
    test(`capture viewer: ${refused === undefined ? 'draws' : 'refuses'} ${title}`, async (t) => {
      await using viewer = await open({ hold, video });
      if (video) await answered(viewer, 1, ({ type }) => type === 'abilities');
      for (const message of messages) viewer.send(message);
      const count = refused === undefined ? answers.length : Number.POSITIVE_INFINITY;
      t.is(await answered(viewer, count, isAnswer), refused);
      const given = viewer.received.map(decodeViewerMessage).filter(isAnswer).slice(0, answers.length);
      t.deepEqual(given.map(withoutDrawTime), answers.map(withoutDrawTime));
    });
  }
}

/** Waits for so many messages of a kind; with the code when the viewer resets the stream. */
async function answered(
  viewer: CaptureViewerUnderTest,
  count: number,
  counts: (message: ViewerMessage) => boolean,
): Promise<ErrorCode | undefined> {
  for (;;) {
    const others = viewer.received.map(decodeViewerMessage).filter((message) => !counts(message)).length;
    const code = await viewer.until(count + others);
    if (code !== undefined) return code;
    if (viewer.received.map(decodeViewerMessage).filter(counts).length >= count) return undefined;
  }
}

/** Not what a viewer may say of itself at any time. */
function isAnswer({ type }: ViewerMessage): boolean {
  return type !== 'abilities' && type !== 'quality';
}

/** The draw time of an acknowledgement differs from run to run. */
function withoutDrawTime(message: ViewerMessage): ViewerMessage {
  return message.type === 'acknowledge' ? { ...message, drawTime: 0 } : message;
}
