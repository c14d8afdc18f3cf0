import { type CaptureViewerUnderTest, portPair, solidPng, testCaptureViewer } from '@livelet/compliance';
import {
  decodeViewerMessage,
  encodeSourceMessage,
  encodeViewerMessage,
  type JsonValue,
  type SourceMessage,
} from '@livelet/core';
import { SimulatedRelay } from '@livelet/core/test-support';
import test from 'ava';
import { DISPLAYS_PIECE, type ViewerToMenu } from '../src/viewer/page-protocol.js';
import { FakeStage, type HostedViewer, hostViewer, type SourceEnd } from './hosted-viewer.js';

testCaptureViewer(test, async ({ hold, video }): Promise<CaptureViewerUnderTest> => {
  const hosted = await hostViewer();
  const stage = new FakeStage(hold);
  hosted.connect(stage.port.host);
  const videos = [{ codec: 'vp8', decodeTime: 1000 }] as const;
  if (video) stage.port.page.post({ json: null, bytes: encodeViewerMessage({ type: 'abilities', videos }) });
  const source = await hosted.allow();
  return {
    received: source.received,
    send: (message) => source.send(message),
    until: (count) => source.until(count),
    [Symbol.asyncDispose]: async () => await hosted[Symbol.asyncDispose](),
  };
});

const DISPLAY = { id: 0, x: 0, y: 0, width: 8, height: 8, name: '' };

function send(source: SourceEnd, message: SourceMessage): void {
  source.send(encodeSourceMessage(message));
}

/** A generation of 8 x 8 pixels and its first frame. */
function sendPicture(source: SourceEnd, generation: number, display = 0): void {
  send(source, { type: 'geometry', generation, display, x: 0, y: 0, width: 8, height: 8 });
  const image = solidPng(8, 8, 0xff0000);
  const tile = { kind: 'tile', x: 0, y: 0, width: 8, height: 8, codec: 'png', lossy: false, image } as const;
  send(source, {
    type: 'frame',
    generation,
    number: 0,
    part: 0,
    last: true,
    age: 0,
    readTime: 0,
    encodeTime: 0,
    wireTime: 0,
    operations: [tile],
  });
}

/** Waits for a state of the page, by the messages that the port brings it. */
async function state(stage: FakeStage, wanted: JsonValue): Promise<void> {
  const text = JSON.stringify(wanted);
  while (JSON.stringify(stage.states.at(-1)) !== text) {
    await new Promise<void>((resolve) => {
      const once = stage.port.page.onMessage(() => {
        once[Symbol.dispose]();
        resolve();
      });
    });
  }
}

async function viewing(): Promise<{ hosted: HostedViewer; stage: FakeStage; source: SourceEnd }> {
  const hosted = await hostViewer();
  const stage = new FakeStage();
  hosted.connect(stage.port.host);
  const source = await hosted.allow();
  sendPicture(source, 1);
  await source.until(1);
  return { hosted, stage, source };
}

test('the page is told: waiting, opening, viewing, paused, viewing again, ended', async (t) => {
  const { hosted, stage } = await viewing();
  const told = (): unknown[] => stage.states.map((each) => (each as { state: string }).state);
  t.deepEqual(told(), ['waiting', 'opening', 'viewing']);
  hosted.pair.customer.ownGrants.revoke('view');
  await state(stage, { type: 'state', state: 'paused' });
  const second = await hosted.allow();
  sendPicture(second, 1);
  await second.until(1);
  await hosted[Symbol.asyncDispose]();
  await state(stage, { type: 'state', state: 'ended' });
  t.deepEqual(told(), ['waiting', 'opening', 'viewing', 'paused', 'opening', 'viewing', 'ended']);
});

test('after a drop the picture begins anew, of the display that was chosen', async (t) => {
  const relay = new SimulatedRelay();
  await using hosted = await hostViewer(relay);
  const stage = new FakeStage();
  hosted.connect(stage.port.host);
  const menu = portPair(`plugin:livelet.capture:${DISPLAYS_PIECE}`);
  hosted.connect(menu.host);
  const source = await hosted.allow();
  const second = { ...DISPLAY, id: 1, name: 'second' };
  const listed = new Promise<void>((resolve) => {
    menu.page.onMessage(({ json }) => {
      if ((json as unknown as ViewerToMenu).displays.length === 2) resolve();
    });
  });
  send(source, { type: 'displays', displays: [DISPLAY, second] });
  await listed;
  menu.page.post({ json: { select: 1 } });
  await source.until(1);
  hosted.pair.link.cut();
  const again = await hosted.nextStream();
  await again.until(1);
  t.deepEqual(decodeViewerMessage(again.received[0] as Uint8Array), { type: 'select', display: 1 });
  sendPicture(again, 1, 1);
  await state(stage, { type: 'state', state: 'viewing' });
});

test('a page that comes again gets the picture from a whole frame', async (t) => {
  const { hosted, source } = await viewing();
  await using _hosted = hosted;
  const again = new FakeStage();
  hosted.connect(again.port.host);
  await source.until(2);
  t.deepEqual(decodeViewerMessage(source.received[1] as Uint8Array), { type: 'refresh' });
  // What was under way for the page before is not for this one.
  send(source, { type: 'cursor-position', x: 1, y: 1 });
  sendPicture(source, 2);
  await source.until(3);
  t.deepEqual(
    again.messages.map(({ type }) => type),
    ['geometry', 'frame'],
  );
});

test('a lost display is told with its code, and tried again when the person asks', async (t) => {
  const { hosted, stage, source } = await viewing();
  await using _hosted = hosted;
  source.reset('display-lost');
  await state(stage, { type: 'state', state: 'failed', error: 'display-lost' });
  stage.port.page.post({ json: { type: 'again' } });
  const second = await hosted.nextStream();
  sendPicture(second, 1);
  await second.until(1);
  await state(stage, { type: 'state', state: 'viewing' });
  t.is(second.received.length, 1);
});

test('a stream that is said to be revoked is shown no longer, also when the grant stays', async (t) => {
  const { hosted, stage, source } = await viewing();
  await using _hosted = hosted;
  source.reset('revoked');
  await state(stage, { type: 'state', state: 'paused' });
  hosted.pair.customer.ownGrants.revoke('view');
  const again = await hosted.allow();
  sendPicture(again, 1);
  await again.until(1);
  await state(stage, { type: 'state', state: 'viewing' });
  t.is(again.received.length, 1);
});

test('what the page refuses ends the stream with a code', async (t) => {
  const { hosted, stage, source } = await viewing();
  await using _hosted = hosted;
  stage.port.page.post({ json: { type: 'broken' } });
  t.is(await source.until(Number.POSITIVE_INFINITY), 'picture-malformed');
  await state(stage, { type: 'state', state: 'failed', error: 'picture-malformed' });
});

test('a source that sends more than the page takes is refused before the page is lost', async (t) => {
  const { hosted, stage, source } = await viewing();
  await using _hosted = hosted;
  Object.defineProperty(stage.port.host, 'bufferedBytes', { value: 32 * 1024 * 1024 + 1 });
  send(source, { type: 'cursor-position', x: 1, y: 1 });
  t.is(await source.until(Number.POSITIVE_INFINITY), 'picture-too-large');
  await state(stage, { type: 'state', state: 'failed', error: 'picture-too-large' });
});

test('the menu lists the displays and chooses among them only', async (t) => {
  const { hosted, source } = await viewing();
  await using _hosted = hosted;
  const menu = portPair(`plugin:livelet.capture:${DISPLAYS_PIECE}`);
  const told = new Promise<ViewerToMenu>((resolve) => {
    menu.page.onMessage(({ json }) => {
      const message = json as unknown as ViewerToMenu;
      if (message.displays.length === 2) resolve(message);
    });
  });
  hosted.connect(menu.host);
  send(source, { type: 'displays', displays: [DISPLAY, { ...DISPLAY, id: 3, name: 'HDMI-1' }] });
  t.deepEqual(await told, { displays: [DISPLAY, { ...DISPLAY, id: 3, name: 'HDMI-1' }], shown: 0 });
  menu.page.post({ json: { select: 99 } });
  menu.page.post({ json: { select: 3 } });
  await source.until(2);
  t.deepEqual(decodeViewerMessage(source.received[1] as Uint8Array), { type: 'select', display: 3 });
});

test('what the page decodes and what the person prefers are told to the stream there is and to the next', async (t) => {
  const { hosted, stage, source } = await viewing();
  await using _hosted = hosted;
  const abilities = { type: 'abilities', videos: [{ codec: 'vp9', decodeTime: 2100 }] } as const;
  const quality = { type: 'quality', preset: 'sharp' } as const;
  for (const message of [abilities, { type: 'quality', preset: 'smooth' } as const, quality]) {
    stage.port.page.post({ json: null, bytes: encodeViewerMessage(message) });
  }
  await source.until(4);
  t.deepEqual(decodeViewerMessage(source.received[1] as Uint8Array), abilities);
  t.deepEqual(decodeViewerMessage(source.received[3] as Uint8Array), quality);
  source.reset('display-lost');
  await state(stage, { type: 'state', state: 'failed', error: 'display-lost' });
  stage.port.page.post({ json: { type: 'again' } });
  const second = await hosted.nextStream();
  await second.until(2);
  t.deepEqual(second.received.map(decodeViewerMessage), [abilities, quality]);
});
