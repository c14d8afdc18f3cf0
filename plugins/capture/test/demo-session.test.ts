import { portPair, startXvfb, testCaptureViewer, type Xvfb } from '@livelet/compliance';
import { createHostContainer, DEMO_PATH, encodeViewerMessage, systemClock } from '@livelet/core';
import { connectedSessions, SimulatedRelay } from '@livelet/core/test-support';
import test from 'ava';
import { PICTURE_PIECE } from '../src/demo/demo-protocol.js';
import { hostDemo } from './hosted-demo.js';
import { FakeStage, SourceEnd } from './hosted-viewer.js';
import { paintOn, type XPainter, xrandr } from './x-client.js';

const RED = 0xff0000;
const resources = new AsyncDisposableStack();
let xvfb: Xvfb;
let painter: XPainter;
test.before(async () => {
  xvfb = resources.use(await startXvfb({ width: 320, height: 200 }));
  painter = resources.use(await paintOn(xvfb.name));
});
test.after.always(() => resources.disposeAsync());

// What the audience takes is what every viewer takes.
testCaptureViewer(test, async ({ hold, video }) => {
  await using stack = new AsyncDisposableStack();
  const folder = new URL('../../', import.meta.url);
  const host = stack.use(
    await createHostContainer({
      clock: systemClock,
      plugins: [{ folder, manifest: 'demo-manifest.json', role: 'audience' }],
    }),
  );
  const pair = await connectedSessions({ customer: { hello: host.hello() } });
  stack.defer(async () => void (await pair.customer.end('person')));
  const session = stack.use(await host.openSession(pair.customer));
  const stage = new FakeStage(hold, portPair(`plugin:livelet.demo:${PICTURE_PIECE}`));
  session.connectPort(stage.port.host);
  const videos = [{ codec: 'vp8', decodeTime: 1000 }] as const;
  if (video) stage.port.page.post({ json: null, bytes: encodeViewerMessage({ type: 'abilities', videos }) });
  pair.customer.ownGrants.grant('show-screen');
  const channel = pair.operator.pluginChannel({
    serves: [],
    opens: [{ path: DEMO_PATH, priority: 'screen' }],
  });
  const source = new SourceEnd(await channel.open(DEMO_PATH));
  const owned = stack.move();
  return {
    received: source.received,
    send: (message) => source.send(message),
    until: (count) => source.until(count),
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
});

test.serial('nothing is shown before it is allowed', async (t) => {
  await using demo = await hostDemo(xvfb.name);
  await demo.choice.until((last) => last?.displays.length === 1);
  demo.press({ type: 'show', what: 0 });
  await demo.grant('view');
  t.deepEqual([...new Set(demo.choice.all.map(({ state }) => state))], ['off']);
  t.false(demo.watching.last?.watching);
});

test.serial('the customer sees the pixels of the operator’s display, until the operator stops', async (t) => {
  await using demo = await hostDemo(xvfb.name);
  await painter.fill(RED, 0, 0, 320, 200);
  await demo.show();
  await demo.viewer.until('red', () => demo.viewer.frames.length > 0 && demo.viewer.pixel(7, 7) === RED);
  t.deepEqual([demo.viewer.geometry?.width, demo.viewer.geometry?.height], [320, 200]);
  await painter.fill(0x00ff00, 10, 10, 50, 50);
  await demo.viewer.until('green', () => demo.viewer.pixel(30, 30) === 0x00ff00);
  t.is(demo.viewer.pixel(5, 5), RED);
  t.true(demo.watching.last?.watching);
  demo.press({ type: 'stop' });
  await demo.watching.until((last) => last?.watching === false);
  t.is(demo.stage.last?.state, 'waiting');
  await demo.choice.until((last) => last?.state === 'off');
  t.is(demo.choice.last?.end, undefined);
  for (const { receipt } of [demo.pair.operator, demo.pair.customer]) {
    t.is(receipt.entries.filter((entry) => entry.kind === 'noted').length, 1);
  }
});

test.serial('the customer closes it, and can be shown it again', async (t) => {
  await using demo = await hostDemo(xvfb.name);
  await demo.show();
  demo.watching.port.page.post({ json: { type: 'close' } });
  await demo.choice.until((last) => last?.end === 'closed');
  t.false(demo.watching.last?.watching);
  await demo.show();
  demo.stage.port.page.post({ json: { type: 'close' } });
  await demo.choice.until((last) => last?.state === 'off' && last.end === 'closed');
});

test.serial('taken back it ends at once', async (t) => {
  await using demo = await hostDemo(xvfb.name);
  await demo.show();
  demo.pair.customer.ownGrants.revoke('show-screen');
  await demo.choice.until((last) => last?.state === 'off');
  t.is(demo.choice.last?.end, 'taken-back');
  t.false(demo.watching.last?.watching);
});

test.serial(
  'the customer can’t choose, and learns of no other display than the one that is shown',
  async (t) => {
    t.teardown(() => xrandr(xvfb.name, '--delmonitor', 'left').catch(() => undefined));
    t.teardown(() => xrandr(xvfb.name, '--delmonitor', 'right').catch(() => undefined));
    await xrandr(xvfb.name, '--setmonitor', 'left', '160/100x200/100+0+0', 'screen');
    await xrandr(xvfb.name, '--setmonitor', 'right', '160/100x200/100+160+0', 'none');
    await using demo = await hostDemo(xvfb.name);
    await painter.fill(RED, 0, 0, 160, 200);
    await painter.fill(0x0000ff, 160, 0, 160, 200);
    await demo.show();
    await demo.viewer.until('the left one', () => demo.viewer.frames.length > 0);
    t.is(demo.choice.last?.displays.length, 3);
    t.is(demo.viewer.geometry?.width, 160);
    const { generation } = demo.viewer.geometry ?? { generation: 0 };
    for (const display of [2, 0]) demo.viewer.send({ type: 'select', display });
    demo.viewer.send({ type: 'refresh' });
    await demo.viewer.until('another picture', () => demo.viewer.geometry?.generation !== generation);
    t.is(demo.viewer.geometry?.width, 160);
    t.is(demo.viewer.geometry?.display, 1);
    // Its number is another one's now: what was chosen is gone.
    await xrandr(xvfb.name, '--delmonitor', 'left');
    await demo.choice.until((last) => last?.state === 'off');
    t.is(demo.choice.last?.end, 'failed');
  },
);

test.serial('after a drop of the line it goes on, unless the operator has stopped meanwhile', async (t) => {
  const relay = new SimulatedRelay();
  await using demo = await hostDemo(xvfb.name, relay);
  await demo.show();
  demo.pair.link.cut();
  await demo.choice.until((last) => last?.state === 'resuming');
  await demo.choice.until((last) => last?.state === 'showing');
  await demo.watching.until((last) => last?.watching === true);
  demo.press({ type: 'stop' });
  await demo.watching.until((last) => last?.watching === false);
  t.is(demo.choice.last?.end, undefined);
  // One showing, in both receipts: each end signs what the other tells too.
  for (const { receipt } of [demo.pair.operator, demo.pair.customer]) {
    t.is(receipt.entries.filter((entry) => entry.kind === 'noted').length, 1);
  }
});

test.serial('a display that is lost ends it', async (t) => {
  await using other = await startXvfb({ width: 64, height: 48 });
  await using demo = await hostDemo(other.name);
  await demo.show();
  process.kill(other.processId);
  await demo.choice.until((last) => last?.state === 'off');
  t.is(demo.choice.last?.end, 'failed');
  await demo.watching.until((last) => last?.watching === false);
});

test.serial('what no page of the operator’s says is shown is shown no more', async (t) => {
  await using demo = await hostDemo(xvfb.name);
  await demo.show();
  demo.mark.port.page.close();
  await demo.watching.until((last) => last?.watching === false);
  await demo.choice.until((last) => last?.state === 'off');
  t.is(demo.choice.last?.end, 'unseen');
});

test.serial('a presenter who begins faster than a person could is refused', async (t) => {
  await using demo = await hostDemo(xvfb.name);
  await demo.grant('show-screen');
  const stranger = demo.pair.operator.pluginChannel({
    serves: [],
    opens: [{ path: DEMO_PATH, priority: 'screen' }],
  });
  const begin = async (): Promise<void> => {
    for (let time = 0; time < 30; time++) (await stranger.open(DEMO_PATH)).reset('cancelled');
  };
  await t.throwsAsync(begin, { code: 'request-too-soon' });
});
