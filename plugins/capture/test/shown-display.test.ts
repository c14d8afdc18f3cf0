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

test('what plays is not sent exactly while it plays, however seldom its frames come, and then it is', async (t) => {
  const clock = new ManualClock();
  const source = new FakeDisplay(WIDTH, HEIGHT);
  const picture = new ViewerPicture(WIDTH, HEIGHT);
  const video = new RawVideoTrack();
  video.setAbilities([{ codec: 'vp8', decodeTime: 1000 }]);
  let shown: ShownDisplay | undefined;
  const display = await source.open(0, {
    damaged: (area) => shown?.damaged(area),
    cursorShape() {},
    cursorMoved() {},
    changed() {},
    lost() {},
  });
  const gate = new FrameGate(clock);
  gate.restart(display.info);
  let encoded = Promise.withResolvers<void>();
  const focus = (): undefined => undefined;
  shown = new ShownDisplay({
    ...{ display, picture, gate, clock, video, focus },
    encoded: () => encoded.resolve(),
  });
  sent(picture, await shown.nextChanges(), clock.now());
  const play = async (frame: number): Promise<void> => {
    source.fill(PLAYER, (x, y) => Math.imul(x * 7919 + y * 104_729 + frame, 0x9e3779b1) & 0xffffff);
    encoded = Promise.withResolvers();
    sent(picture, await shown.nextChanges(), clock.now());
  };
  let frame = 0;
  for (; picture.lossy.empty && frame < MOST; frame++) {
    await play(frame);
    await clock.advance(PERIOD);
  }
  t.false(picture.lossy.empty);
  for (let more = 0; more < 5; more++) {
    await play(frame + more);
    await encoded.promise;
    sent(picture, await shown.nextChanges(), clock.now());
    await clock.advance(SELDOM);
    t.true((shown.refiningDue ?? 0) > 0);
  }
  await clock.advance(shown.refiningDue ?? 0);
  t.true((shown.refiningDue ?? 1) <= 0);
  t.true(shown.nextRefining().tiles.length > 0);
});
