import type { Rectangle } from '@livelet/core';
import { ManualClock } from '@livelet/core/test-support';
import test from 'ava';
import { FrameGate } from '../src/pace/frame-gate.js';
import { ViewerPicture } from '../src/picture/viewer-picture.js';
import type { FramePlan } from '../src/source/outgoing-frame.js';
import { REST_TIME, ShownDisplay } from '../src/source/shown-display.js';
import { FakeDisplay } from './fake-display.js';
import { RawVideoTrack } from './raw-video.js';

const [WIDTH, HEIGHT] = [640, 480];
const PLAYER: Rectangle = { x: 64, y: 64, width: 320, height: 192 };
/** Ms between the frames of what plays, and most frames until it goes as video. */
const PERIOD = 40;
const MOST = 50;
/** Longer than what is at rest is left alone, shorter than a motion's pause, ms. */
const SELDOM = REST_TIME + 50;

/** As if the plan had been sent: nothing is encoded, so only the clock's time passes. */
function sent(picture: ViewerPicture, plan: FramePlan | undefined, now: number): void {
  for (const tile of plan?.tiles ?? []) picture.sent(tile, false, now);
  if (plan?.video) picture.lossy.sent(plan.video, true, now);
}

interface Shown {
  readonly source: FakeDisplay;
  readonly clock: ManualClock;
  readonly video: RawVideoTrack;
  readonly picture: ViewerPicture;
  readonly shown: ShownDisplay;
  /** Resolves when the frame of the video that was begun last is encoded. */
  encoded(): Promise<void>;
  /** Draws another frame in the player. */
  draw(frame: number): void;
  /** Sends what changed. */
  send(): Promise<FramePlan | undefined>;
}

/** A display of which everything was sent. */
async function show(): Promise<Shown> {
  const clock = new ManualClock();
  const source = new FakeDisplay(WIDTH, HEIGHT);
  const picture = new ViewerPicture(WIDTH, HEIGHT);
  const video = new RawVideoTrack();
  video.setAbilities([{ codec: 'vp8', decodeTime: 1000 }]);
  let made: ShownDisplay | undefined;
  const display = await source.open(0, {
    damaged: (area) => made?.damaged(area),
    cursorShape() {},
    cursorMoved() {},
    changed() {},
    lost() {},
  });
  const gate = new FrameGate(clock);
  gate.restart(display.info);
  let encoded = Promise.withResolvers<void>();
  const focus = (): undefined => undefined;
  const shown = new ShownDisplay({
    ...{ display, picture, gate, clock, video, focus },
    encoded: () => encoded.resolve(),
  });
  made = shown;
  const send = async (): Promise<FramePlan | undefined> => {
    const plan = await shown.nextChanges();
    sent(picture, plan, clock.now());
    return plan;
  };
  await send();
  return {
    ...{ source, clock, video, picture, shown, send },
    encoded: () => encoded.promise,
    draw: (frame) => {
      encoded = Promise.withResolvers();
      source.fill(PLAYER, (x, y) => Math.imul(x * 7919 + y * 104_729 + frame, 0x9e3779b1) & 0xffffff);
    },
  };
}

/** @returns the frames played until they go as video */
async function playUntilVideo({ picture, clock, draw, send }: Shown): Promise<number> {
  for (let frame = 0; frame < MOST; frame++) {
    if (!picture.lossy.empty) return frame;
    draw(frame);
    await send();
    await clock.advance(PERIOD);
  }
  throw new Error('no video');
}

test('what plays is not sent exactly while it plays, however seldom its frames come, and then it is', async (t) => {
  const playing = await show();
  const { clock, shown, draw, send, encoded } = playing;
  const frame = await playUntilVideo(playing);
  for (let more = 0; more < 5; more++) {
    draw(frame + more);
    await send();
    await encoded();
    await send();
    // It changes meanwhile, and no frame of it is taken.
    for (let later = 0; later < SELDOM; later += PERIOD) {
      await clock.advance(PERIOD);
      draw(frame + more);
      t.true((shown.refiningDue ?? 0) > 0);
    }
  }
  await clock.advance(shown.refiningDue ?? 0);
  t.true((shown.refiningDue ?? 1) <= 0);
  t.true(shown.nextRefining().tiles.length > 0);
});

test('what plays is read when its next frame can be encoded, and a frame is sent without another look', async (t) => {
  const playing = await show();
  const { source, clock, video, shown, draw, send, encoded } = playing;
  const frame = await playUntilVideo(playing);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  video.gate = () => promise;
  draw(frame);
  const begun = clock.now();
  await send();
  const { read } = source;
  for (let more = 1; more <= 3; more++) {
    await clock.advance(PERIOD);
    draw(frame + more);
    t.is(shown.changesDue, Number.POSITIVE_INFINITY);
  }
  // What changes beside it is read alone.
  const letter = { x: 500, y: 400, width: 8, height: 14 };
  source.fill(letter, () => 0xffffff);
  t.is(shown.changesDue, 0);
  t.deepEqual((await send())?.tiles, [letter]);
  t.is(source.read, read + letter.width * letter.height);
  t.is(shown.changesDue, Number.POSITIVE_INFINITY);
  resolve(true);
  await encoded();
  t.is(shown.changesDue, 0);
  // All since it was read counts as its encoding.
  t.like(await send(), { video: PLAYER, tiles: [], copies: [], readAt: begun });
  t.is(source.read, read + letter.width * letter.height);
  t.is(shown.changesDue, 0);
  await send();
  t.is(source.read, read + letter.width * letter.height + PLAYER.width * PLAYER.height);
});

test('what is told while a frame is read goes with it, unless it is large', async (t) => {
  const { source, send } = await show();
  const letter = { x: 500, y: 400, width: 8, height: 14 };
  const mark = { x: 20, y: 400, width: 16, height: 14 };
  const large = { x: 100, y: 40, width: 400, height: 300 };
  const told = async (meanwhile: Rectangle, colour: number): Promise<readonly Rectangle[]> => {
    source.fill(letter, () => colour);
    const sending = send();
    source.fill(meanwhile, () => colour);
    return (await sending)?.tiles ?? [];
  };
  const both = await told(mark, 0xffffff);
  t.deepEqual(
    [...both].sort((a, b) => b.x - a.x),
    [letter, mark],
  );
  t.is(await send(), undefined);
  t.deepEqual(await told(large, 0xff00), [letter]);
  t.true(((await send())?.tiles ?? []).length > 0);
});
