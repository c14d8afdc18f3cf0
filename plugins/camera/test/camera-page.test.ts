import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { KNOWN_QUARTERS, writeKnownFilm } from '@livelet/compliance';
import { type PanelPage, startPanelBrowser } from '@livelet/compliance/panel-page';
import type { JsonValue } from '@livelet/core';
import test, { type ExecutionContext } from 'ava';
import type { HostToOwn, LensToHost, TheirToHost } from '../src/page-protocol.js';

const folder = await mkdtemp(join(tmpdir(), 'livelet-film-'));
const film = join(folder, 'film.y4m');
await writeKnownFilm(film);
const browser = await startPanelBrowser({
  flags: ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${film}`],
});
test.after.always(async () => {
  await browser[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const site = (name: string): URL => new URL(`../site/${name}.js`, import.meta.url);
/** Of 255: what 4:2:0 and VP8 at 600 kbit/s leave of a plain colour. */
const SIMILAR = 8;
/** Keeps the streams that the browser gives, for a look at their tracks. */
const KEPT = `
  globalThis.streams = [];
  const original = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (options) => {
    const stream = await original(options);
    streams.push(stream);
    return stream;
  };
`;
const PACE = { bitrate: 600_000, rate: 15, held: false };
const own = (state: HostToOwn['state'], more: Partial<HostToOwn> = {}): JsonValue =>
  ({
    state,
    allowed: true,
    asked: false,
    peerName: 'Anna',
    device: 'a',
    devices: [
      { id: 'a', label: 'First' },
      { id: 'b', label: '' },
    ],
    closed: false,
    ...more,
  }) as unknown as JsonValue;

async function openLens(): Promise<PanelPage> {
  const panel = await browser.open({ module: site('lens') });
  await panel.page.context().grantPermissions(['camera']);
  await panel.page.evaluate(KEPT);
  await panel.tell({ type: 'pace', ...PACE });
  await panel.tell({ type: 'open', id: 1 });
  await panel.until("posted.some(({ json }) => json.type !== 'frame')");
  return panel;
}

/** What was posted since; frames with their chunks. */
async function framesOf(panel: PanelPage, count: number): Promise<{ said: LensToHost; bytes: Uint8Array }[]> {
  await panel.until(`posted.filter(({ bytes }) => bytes).length >= ${count}`);
  return (await panel.posted()).flatMap(({ json, bytes }) =>
    bytes ? [{ said: json as unknown as LensToHost, bytes }] : [],
  );
}

/** The colours in the middle of each quarter of the picture. */
async function quartersOf({ page }: PanelPage): Promise<number[][]> {
  return await page.evaluate(`(() => {
    const canvas = document.querySelector('.ll-panel > *').shadowRoot.querySelector('canvas');
    const context = canvas.getContext('2d');
    return [[1, 1], [3, 1], [1, 3], [3, 3]].map(([x, y]) => [
      ...context.getImageData((x * canvas.width) / 4, (y * canvas.height) / 4, 1, 1).data.slice(0, 3),
    ]);
  })()`);
}

function similar(t: ExecutionContext, seen: number[][]): void {
  const worst = Math.max(
    ...KNOWN_QUARTERS.flatMap((colour, quarter) =>
      colour.map((value, at) => Math.abs(value - (seen[quarter]?.[at] ?? 999))),
    ),
  );
  t.true(worst <= SIMILAR, `${worst}: ${JSON.stringify(seen)}`);
}

test.serial('the picture that comes out is the one that the camera sees', async (t) => {
  await using lens = await openLens();
  const frames = await framesOf(lens, 5);
  t.true(frames[0]?.said.type === 'frame' && frames[0].said.key);
  await using their = await browser.open({ module: site('their-camera') });
  await their.tell({ type: 'state', state: 'shown', peerName: 'Maria' });
  for (const [number, { said, bytes }] of frames.entries()) {
    await their.tell({ ...said, type: 'frame', number } as unknown as JsonValue, bytes);
    await their.until(`posted.some(({ json }) => json.type === 'done' && json.number >= ${number})`);
  }
  t.false((await their.posted()).some(({ json }) => (json as unknown as TheirToHost).type === 'key'));
  similar(t, await quartersOf(their));
  t.deepEqual([...lens.problems, ...their.problems], []);
});

test.serial('a camera that is closed is stopped, and opened anew by another request', async (t) => {
  await using lens = await openLens();
  const tracks = () =>
    lens.page.evaluate('streams.flatMap((stream) => stream.getTracks()).map((track) => track.readyState)');
  t.deepEqual(await tracks(), ['live']);
  const [opened] = (await lens.posted()).map(({ json }) => json as unknown as LensToHost);
  t.true(opened?.type === 'opened' && opened.devices.length > 0 && opened.device !== '');
  await lens.tell({ type: 'close' });
  t.deepEqual(await tracks(), ['ended']);
  await lens.tell({ type: 'open', id: 2 });
  await lens.until("posted.some(({ json }) => json.type === 'frame' && json.id === 2)");
  const first = (await framesOf(lens, 1)).find(({ said }) => said.id === 2);
  t.true(first?.said.type === 'frame' && first.said.key);
  await lens.page.evaluate('mounted[Symbol.dispose]()');
  t.deepEqual(await tracks(), ['ended', 'ended']);
});

test.serial('a key frame comes when it is asked for', async (t) => {
  await using lens = await openLens();
  await framesOf(lens, 2);
  await lens.tell({ type: 'key' });
  await lens.until("posted.some(({ json }) => json.type === 'frame' && json.key)");
  t.pass();
});

test.serial(
  'as much is encoded as is told, without a key frame in between, and nothing while it is held',
  async (t) => {
    await using lens = await openLens();
    await framesOf(lens, 2);
    for (const bitrate of [100_000, 400_000]) {
      await lens.tell({ type: 'pace', ...PACE, bitrate });
      await framesOf(lens, 3);
    }
    await lens.tell({ type: 'pace', ...PACE, held: true });
    const frames = (await lens.posted()).filter(({ bytes }) => bytes);
    t.deepEqual(
      frames.filter(({ json }) => (json as { key?: boolean }).key),
      [],
    );
    // What was in the encoder comes still, and then nothing while the camera itself gives ten frames.
    const quiet = `(async () => {
      const video = document.createElement('video');
      video.muted = true;
      video.srcObject = streams[0];
      await video.play();
      const told = () => posted.filter(({ bytes }) => bytes).length;
      for (let before = -1; before !== told(); ) {
        before = told();
        for (let n = 0; n < 10; n++) await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
      }
      video.srcObject = null;
    })()`;
    await lens.page.evaluate(quiet);
    await lens.tell({ type: 'pace', ...PACE });
    await framesOf(lens, 1);
  },
);

test.serial('a camera that goes away is told', async (t) => {
  await using lens = await openLens();
  await framesOf(lens, 1);
  await lens.page.evaluate('streams[0].getTracks()[0].stop()');
  await lens.until("posted.some(({ json }) => json.type === 'closed')");
  t.deepEqual((await lens.posted()).at(-1)?.json, { type: 'closed', id: 1, why: 'failed' });
});

test.serial('a camera that can’t be read is closed again', async (t) => {
  await using panel = await browser.open({ module: site('lens') });
  await panel.page.context().grantPermissions(['camera']);
  await panel.page.evaluate(KEPT);
  await panel.page.evaluate('delete globalThis.MediaStreamTrackProcessor');
  await panel.tell({ type: 'open', id: 1 });
  await panel.until('posted.length > 0');
  t.deepEqual(await panel.posted(), [{ json: { type: 'closed', id: 1, why: 'failed' } }]);
  t.deepEqual(await panel.page.evaluate('streams[0].getTracks().map((track) => track.readyState)'), [
    'ended',
  ]);
});

test.serial('a browser that refuses is told', async (t) => {
  await using panel = await browser.open({ module: site('lens') });
  await panel.page.context().clearPermissions();
  await panel.page.evaluate(
    `navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError'); }`,
  );
  await panel.tell({ type: 'open', id: 1 });
  await panel.until('posted.length > 0');
  t.deepEqual(await panel.posted(), [{ json: { type: 'closed', id: 1, why: 'refused' } }]);
});

test.serial('frames that can’t be drawn are given up, and a key frame asked for once', async (t) => {
  await using their = await browser.open({ module: site('their-camera') });
  await their.tell({ type: 'state', state: 'shown', peerName: 'Maria' });
  const frame = { type: 'frame', key: false, width: 32, height: 16 };
  for (const number of [0, 1]) await their.tell({ ...frame, number }, Uint8Array.of(0x11, 0, 0, 0));
  t.deepEqual(
    (await their.posted()).map(({ json }) => json),
    [{ type: 'done', number: 0 }, { type: 'key' }, { type: 'done', number: 1 }],
  );
  const broken = Uint8Array.of(0x10, 0, 0, 0x9d, 1, 0x2a, 32, 0, 16, 0, 0xff, 0xff);
  await their.tell({ ...frame, number: 2, key: true }, broken);
  await their.until("posted.some(({ json }) => json.type === 'done' && json.number === 2)");
  t.deepEqual(their.problems, []);
});

test.serial(
  'people turn theirs on and off, choose, close and move by keyboard, and it is announced',
  async (t) => {
    await using mine = await browser.open({ module: site('own-camera'), size: { width: 360, height: 600 } });
    await mine.tell(own('off'));
    await mine.page.getByRole('button', { name: 'Turn my camera on' }).press('Enter');
    await mine.tell(own('on'));
    await mine.page.getByText('Your camera is on: your helper sees you.').waitFor();
    await mine.page.getByLabel('Which camera').selectOption({ label: 'Camera 2' });
    await mine.page.getByRole('button', { name: 'Turn my camera off' }).press('Enter');
    t.deepEqual(
      (await mine.posted()).map(({ json }) => json),
      [{ type: 'on' }, { type: 'device', device: 'b' }, { type: 'off' }],
    );
    await mine.tell(own('refused'));
    await mine.page.getByText('doesn’t let this page').waitFor();
    t.deepEqual(await mine.announced(), [
      'Your camera is on: your helper sees you.',
      'Your camera is off: your helper can’t see you.',
    ]);

    await using menu = await browser.open({ module: site('camera-menu') });
    await menu.tell(own('off', { allowed: false }));
    await menu.page.getByRole('button', { name: 'Camera' }).press('Enter');
    t.true(await menu.page.getByRole('button', { name: 'Ask: show-camera' }).isVisible());
    await menu.tell(own('off', { allowed: false, asked: true }));
    await menu.page.getByText('no answer yet').waitFor();
    t.deepEqual(await menu.marks(), []);
    await menu.tell(own('on'));
    await menu.page.getByRole('button', { name: 'Your camera is on', exact: true }).waitFor();
    t.deepEqual(await menu.marks(), ['Camera open']);
    await menu.page.getByRole('button', { name: 'Turn my camera off' }).press('Enter');
    t.deepEqual(
      (await menu.posted()).map(({ json }) => json),
      [{ type: 'off' }],
    );

    await using small = await browser.open({ module: site('camera-window') });
    await small.tell({ type: 'state', state: 'shown', peerName: 'Anna' });
    // In each corner it is over the stage alone, however little room that has.
    const shown = small.page.getByRole('group', { name: 'The customer' });
    for (const [top, height] of [
      [100, 400],
      [200, 90],
    ] as const) {
      const insets = `${top}px 300px ${600 - top - height}px 20px`;
      await small.page.evaluate(
        `document.documentElement.style.setProperty('--ll-stage-inset', '${insets}')`,
      );
      const corners = new Set<string>();
      for (let corner = 0; corner < 4; corner += 1) {
        const box = (await shown.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
        corners.add(`${box.x} ${box.y}`);
        t.true(box.x >= 20 && box.x + box.width <= 500 && box.y >= top && box.y + box.height <= top + height);
        await small.page.getByRole('button', { name: 'Move to another corner' }).press('Enter');
      }
      t.true(corners.size > 1);
    }
    await small.page.getByRole('button', { name: 'Hide' }).press('Enter');
    t.is(await small.page.getByRole('img').count(), 0);
    t.deepEqual(await small.marks(), ['You see their camera'], 'hidden, it is open all the same');
    // The keyboard is where it is shown again.
    await small.page.keyboard.press('Enter');
    await small.page.getByRole('img', { name: 'The customer' }).waitFor();
    await small.tell({ type: 'state', state: 'waiting', peerName: 'Anna' });
    const off = small.page.getByRole('button', { name: 'Their camera is off' });
    await off.press('Enter');
    t.is(await off.getAttribute('aria-disabled'), 'true');
    t.deepEqual(await small.marks(), []);
    t.is(await small.page.getByRole('img').count(), 0);
    t.deepEqual([...mine.problems, ...menu.problems, ...small.problems], []);
  },
);

test.serial('axe finds nothing, and Italian fits too', async (t) => {
  const shown = { type: 'state', state: 'shown', peerName: 'Anna' };
  const pieces: readonly (readonly [string, JsonValue, RegExp | string])[] = [
    ['own-camera', own('on'), /videocamera è accesa/],
    ['camera-menu', own('on', { closed: true }), 'La tua videocamera è accesa'],
    ['their-camera', shown, /ti mostra la sua videocamera/],
    ['camera-window', shown, 'La videocamera del cliente'],
  ];
  for (const [module, message, italian] of pieces) {
    await using panel = await browser.open({ module: site(module), size: { width: 360, height: 600 } });
    await panel.tell(message);
    await panel.page.getByRole('button').first().waitFor();
    const { violations } = await new AxeBuilder({ page: panel.page }).setLegacyMode(true).analyze();
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    t.deepEqual(
      serious.map(({ id }) => id),
      [],
      module,
    );
    await panel.speak('it');
    const shownIn =
      typeof italian === 'string'
        ? panel.page.getByRole('button', { name: italian })
        : panel.page.getByText(italian);
    await shownIn.first().waitFor();
    t.true((await panel.page.evaluate<number>('document.documentElement.scrollWidth')) <= 360, module);
  }
});
