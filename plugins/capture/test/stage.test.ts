import { solidPng } from '@livelet/compliance';
import { headlessChromium } from '@livelet/compliance/headless-chromium';
import {
  decodeViewerMessage,
  encodeSourceMessage,
  type FrameMessage,
  type FrameOperation,
  type GeometryMessage,
  type StageGeometry,
  type TileOperation,
} from '@livelet/core';
import test from 'ava';
import sharp from 'sharp';
import { launch, StagePage } from './stage-page.js';

const GEOMETRY: GeometryMessage = {
  type: 'geometry',
  generation: 1,
  display: 1,
  x: 1920,
  y: 10,
  width: 64,
  height: 48,
};

function tile(x: number, y: number, width: number, height: number, image: Uint8Array): TileOperation {
  return { kind: 'tile', x, y, width, height, codec: 'png', lossy: false, image };
}

function frame(
  number: number,
  operations: readonly FrameOperation[],
  changes: Partial<FrameMessage> = {},
): FrameMessage {
  return {
    type: 'frame',
    generation: 1,
    number,
    part: 0,
    last: true,
    age: 3,
    readTime: 0,
    encodeTime: 0,
    wireTime: 0,
    operations,
    ...changes,
  };
}

const browser = await launch(headlessChromium());
test.after.always(() => browser.close());

async function opened(): Promise<StagePage> {
  const page = await StagePage.open(browser, 'stage');
  await page.receive({ type: 'state', state: 'viewing' });
  await page.send(GEOMETRY);
  return page;
}

test('tiles of every codec are drawn where they belong, exactly, and acknowledged', async (t) => {
  await using page = await opened();
  const noise = Buffer.from(Array.from({ length: 16 * 16 * 3 }, (_, at) => (at * 89) % 256));
  const raw = { raw: { width: 16, height: 16, channels: 3 } } as const;
  const webp = await sharp(noise, raw).webp({ lossless: true }).toBuffer();
  const grey = await sharp({ create: { width: 16, height: 16, channels: 3, background: '#808080' } })
    .jpeg()
    .toBuffer();
  await page.send(frame(0, [tile(0, 0, 64, 48, solidPng(64, 48, 0x123456))], { last: false }));
  await page.send(
    frame(
      0,
      [
        tile(1, 2, 3, 4, solidPng(3, 4, 0xff8001)),
        { ...tile(16, 16, 16, 16, webp), codec: 'webp-lossless' },
        { ...tile(48, 32, 16, 16, grey), codec: 'jpeg', lossy: true },
      ],
      { part: 1 },
    ),
  );
  const [posted] = await page.posted(1);
  const message = decodeViewerMessage(Uint8Array.from(posted?.bytes ?? []));
  t.like(message, { type: 'acknowledge', generation: 1, number: 0 });
  const pixels = await page.pixels();
  const at = (x: number, y: number): number => pixels[y * 64 + x] ?? -1;
  t.is(at(0, 0), 0x123456);
  t.is(at(1, 2), 0xff8001);
  t.is(at(3, 5), 0xff8001);
  t.is(at(4, 5), 0x123456);
  for (let y = 0; y < 16; y++) {
    for (let x = 0; x < 16; x++) t.is(at(16 + x, 16 + y), noise.readUIntBE((y * 16 + x) * 3, 3));
  }
  t.is(at(63, 47), 0x808080);
  t.deepEqual(page.complaints, []);
});

test('frames are drawn in their order, those of an earlier picture not at all', async (t) => {
  await using page = await opened();
  await page.send(frame(0, [tile(0, 0, 64, 48, solidPng(64, 48, 0x111111))]));
  for (let number = 1; number < 20; number++) {
    await page.send(frame(number, [tile(0, 0, 8, 8, solidPng(8, 8, number))]));
  }
  const posted = await page.posted(20);
  t.deepEqual(
    posted.map(
      ({ bytes }) => (decodeViewerMessage(Uint8Array.from(bytes ?? [])) as { number: number }).number,
    ),
    Array.from({ length: 20 }, (_, number) => number),
  );
  t.is((await page.pixels())[0], 19);
  // All three at once: the first is still being decoded when its picture is over.
  const messages = [
    frame(20, [tile(0, 0, 8, 8, solidPng(8, 8, 0xff0000))]),
    { ...GEOMETRY, generation: 2, width: 16, height: 8 },
    frame(0, [tile(0, 0, 16, 8, solidPng(16, 8, 0x00ff00))], { generation: 2 }),
  ].map((message) => [...encodeSourceMessage(message)]);
  await page.evaluate(`for (const bytes of ${JSON.stringify(messages)}) receive(null, bytes)`);
  const after = await page.posted(21);
  t.like(decodeViewerMessage(Uint8Array.from(after[20]?.bytes ?? [])), { generation: 2, number: 0 });
  t.deepEqual([...new Set(await page.pixels())], [0x00ff00]);
});

test('of pictures that follow each other faster than they are drawn, only the newest is decoded', async (t) => {
  await using page = await opened();
  await page.evaluate(`
    globalThis.decoded = 0;
    const create = createImageBitmap;
    const released = new Promise((resolve) => { globalThis.release = resolve; });
    globalThis.createImageBitmap = async (...given) => {
      decoded += 1;
      await released;
      return await create(...given);
    };
  `);
  const whole = [tile(0, 0, 64, 48, solidPng(64, 48, 0x00ff00))];
  for (let generation = 2; generation <= 20; generation++) {
    await page.send({ ...GEOMETRY, generation });
    // Every other one never becomes whole.
    await page.send(frame(0, whole, { generation, last: generation % 2 === 0 }));
  }
  t.is(await page.evaluate('decoded'), 1);
  await page.evaluate('release()');
  const [posted] = await page.posted(1);
  t.like(decodeViewerMessage(Uint8Array.from(posted?.bytes ?? [])), { generation: 20, number: 0 });
  t.is(await page.evaluate('decoded'), 2);
  t.deepEqual([...new Set(await page.pixels())], [0x00ff00]);
  t.deepEqual(page.complaints, []);
});

for (const [title, image] of [
  ['an image of another size', solidPng(63, 48, 0)],
  ['an image without pixels', solidPng(64, 48, 0, 'header').subarray(0, 60)],
  ['bytes that are no image', new Uint8Array(50)],
] as const) {
  test(`${title} is told and not acknowledged`, async (t) => {
    await using page = await opened();
    await page.send(frame(0, [tile(0, 0, 64, 48, image)]));
    t.deepEqual(await page.posted(1), [{ json: { type: 'broken' } }]);
  });
}

test('the stage fits, shows 1:1 and zooms, and tells its geometry', async (t) => {
  await using page = await opened();
  const large = { ...GEOMETRY, generation: 2, width: 800, height: 600 };
  await page.send(large);
  const geometry = (): Promise<StageGeometry> =>
    page.evaluate(`events.filter(([name]) => name === 'livelet-stage-geometry').at(-1)[1]`);
  const box = (): Promise<readonly number[]> =>
    page.evaluate(
      `(() => { const { width, height } = stage().getBoundingClientRect(); return [width, height]; })()`,
    );
  const zoom = (step: string): Promise<void> =>
    page.evaluate(
      `document.querySelector('#slot').dispatchEvent(new CustomEvent('livelet-stage-zoom', { detail: '${step}' }))`,
    );
  t.deepEqual(await geometry(), { width: 800, height: 600, scale: 0.5, originX: 1920, originY: 10 });
  t.deepEqual(await box(), [400, 300]);
  t.is(await page.evaluate('stage().dataset.originX'), '1920');
  await zoom('actual');
  t.is((await geometry()).scale, 1);
  t.deepEqual(await box(), [800, 600]);
  t.is(await page.evaluate('getComputedStyle(stage().parentElement).imageRendering'), 'pixelated');
  await zoom('in');
  t.is((await geometry()).scale, 1.25);
  await zoom('out');
  await zoom('out');
  t.is((await geometry()).scale, 0.75);
  await zoom('fit');
  t.is((await geometry()).scale, 0.5);
  // What the page around makes of the room is followed.
  await page.evaluate(`document.querySelector('#slot').style.height = '150px'`);
  await page.when('events.at(-1)[1].scale === 0.25');
  t.deepEqual(await box(), [200, 150]);
  // Of a picture that isn't shown nothing is told, until it is shown again in the room that there is then.
  await page.evaluate(`receive({ type: 'state', state: 'failed', error: 'display-lost' })`);
  await page.evaluate(`document.querySelector('#slot').style.height = '300px'`);
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  t.is((await geometry()).scale, 0.25);
  await page.evaluate(`receive({ type: 'state', state: 'viewing' })`);
  await page.when('events.at(-1)[1].scale === 0.5');
});

test('the cursor lies above the picture at its hot spot', async (t) => {
  await using page = await opened();
  await page.send(frame(0, [tile(0, 0, 64, 48, solidPng(64, 48, 0x111111))]));
  await page.posted(1);
  const rgba = Uint8Array.from({ length: 4 * 4 * 4 }, (_, at) => (at % 4 === 0 || at % 4 === 3 ? 255 : 0));
  await page.send({ type: 'cursor-shape', width: 4, height: 4, hotX: 1, hotY: 2, rgba });
  await page.send({ type: 'cursor-position', x: 30, y: 20 });
  const place = await page.evaluate(`(() => {
    const picture = stage().getBoundingClientRect();
    const cursor = stage().nextElementSibling.getBoundingClientRect();
    return [cursor.x - picture.x, cursor.y - picture.y, cursor.width, cursor.height];
  })()`);
  t.deepEqual(place, [29, 18, 4, 4]);
  t.deepEqual([...new Set(await page.pixels())], [0x111111]);
  await page.send({ type: 'cursor-shape', width: 0, height: 0, hotX: 0, hotY: 0, rgba: new Uint8Array() });
  t.is(await page.evaluate('stage().nextElementSibling.hidden'), true);
  t.deepEqual(page.complaints, []);
});

test('it says why there is no picture, in both languages, and can try again', async (t) => {
  await using page = await StagePage.open(browser, 'stage');
  const { page: inside } = page;
  await page.receive({ type: 'state', state: 'paused' });
  t.is(await inside.getByRole('status').textContent(), 'The customer no longer shares the screen.');
  await page.evaluate(`setLocale('it')`);
  t.is(await inside.getByRole('status').textContent(), 'Il cliente non condivide più lo schermo.');
  await page.receive({ type: 'state', state: 'failed', error: 'display-lost' });
  await inside.getByRole('button', { name: 'Riprova' }).click();
  t.deepEqual(await page.posted(1), [{ json: { type: 'again' } }]);
  await page.receive({ type: 'state', state: 'viewing' });
  t.is(await inside.getByRole('status').count(), 0);
});

/** The page's clock stands still from here on, so that one second is as long as any test takes to look. */
async function stopTime({ page }: StagePage): Promise<void> {
  const now = Date.now();
  await page.clock.install({ time: now });
  await page.clock.pauseAt(now + 1000);
}

test('frames are counted while they come', async (t) => {
  await using page = await opened();
  await stopTime(page);
  // Two that are drawn before the page is shown again are seen as one.
  for (const number of [0, 1])
    await page.send(frame(number, [tile(0, 0, 64, 48, solidPng(64, 48, 0x111111 + number))]));
  await page.posted(2);
  await page.page.clock.runFor(1000);
  const counted = await page.evaluate<{ fps: number; lagMs: number }>(
    `events.find(([name]) => name === 'livelet-stage-statistics')[1]`,
  );
  t.deepEqual(counted, { fps: 1, lagMs: 3 });
});

test('the measurements are shown when asked for, with their names, and never speak', async (t) => {
  await using page = await opened();
  const { page: inside } = page;
  const table = inside.getByRole('table', { name: 'picture in the last second' });
  t.is(await table.count(), 0);
  await page.dispatch('livelet-stage-measurements', true);
  t.true(await table.isVisible());
  t.is(await table.locator('caption').textContent(), 'No new picture in the last second');
  const times = { age: 9, readTime: 1.5, encodeTime: 2.5, wireTime: 40 };
  await stopTime(page);
  await page.send(frame(0, [tile(0, 0, 64, 24, solidPng(64, 24, 0x111111))], { ...times, last: false }));
  const copy = { kind: 'copy', fromX: 0, fromY: 0, x: 0, y: 24, width: 64, height: 24 } as const;
  await page.send(frame(0, [copy], { ...times, part: 1 }));
  await page.posted(1);
  await inside.clock.runFor(1000);
  const row = async (name: string): Promise<string | null> =>
    await inside.getByRole('row', { name }).getByRole('cell').textContent();
  t.is(await table.locator('caption').textContent(), 'The picture in the last second');
  t.is(await row('Wait'), '5.0 ms');
  t.is(await row('Capture'), '1.5 ms');
  t.is(await row('Encode'), '2.5 ms');
  t.is(await row('Wire'), '40.0 ms');
  t.is(await row('Sent as'), 'PNG 1, copies 1');
  t.is(await row('Size'), '64 × 48 · 100 %');
  t.is(await row('Pictures a second'), '1');
  for (const name of ['Decode', 'Draw', 'From change to picture'])
    t.regex((await row(name)) ?? '', /^[\d,.]+ ms$/);
  t.regex((await row('Data')) ?? '', /^\d\.\d kB\/s$/);
  t.is(await table.locator('xpath=ancestor-or-self::*[@aria-live or @role="status"]').count(), 0);
  await page.evaluate(`setLocale('it')`);
  t.is(await row('Cattura'), '1,5 ms');
  await inside.clock.runFor(1000);
  t.is(await row('Cattura'), '–', 'nothing came');
  t.is(await row('Immagini al secondo'), '0');
  t.is(await inside.locator('caption').textContent(), 'Nessuna nuova immagine nell’ultimo secondo');
  // The picture below takes the mouse.
  const box = await inside.locator('table').boundingBox();
  t.is(await inside.evaluate(`document.elementFromPoint(${box?.x} + 5, ${box?.y} + 5).localName`), 'div');
  await page.dispatch('livelet-stage-measurements', false);
  t.is(await table.count(), 0);
});

test('a snapshot is the picture itself, with the cursor where that is wanted', async (t) => {
  await using page = await opened();
  const noise = Buffer.from(Array.from({ length: 64 * 48 * 3 }, (_, at) => (at * 89 + (at >> 7)) % 256));
  const image = await sharp(noise, { raw: { width: 64, height: 48, channels: 3 } })
    .png()
    .toBuffer();
  await page.send(frame(0, [tile(0, 0, 64, 48, image)]));
  await page.posted(1);
  const rgba = Uint8Array.from({ length: 4 * 4 * 4 }, (_, at) => (at % 4 === 0 || at % 4 === 3 ? 255 : 0));
  await page.send({ type: 'cursor-shape', width: 4, height: 4, hotX: 1, hotY: 2, rgba });
  await page.send({ type: 'cursor-position', x: 30, y: 20 });
  // What the person zooms to has no say in it.
  await page.dispatch('livelet-stage-zoom', 'in');
  const taken = async (cursor: boolean): Promise<Buffer> => {
    const bytes = await page.evaluate<number[]>(`new Promise((resolve) => {
      const answer = async (picture) => resolve([...new Uint8Array(await (await picture).arrayBuffer())]);
      const detail = { cursor: ${cursor}, answer };
      document.querySelector('#slot').dispatchEvent(new CustomEvent('livelet-stage-snapshot', { detail }));
    })`);
    const { data, info } = await sharp(Uint8Array.from(bytes))
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    t.deepEqual([info.width, info.height, info.format], [64, 48, 'raw']);
    return data;
  };
  t.true((await taken(false)).equals(noise));
  const withCursor = await taken(true);
  for (let y = 0; y < 48; y++) {
    for (let x = 0; x < 64; x++) {
      const inside = x >= 29 && x < 33 && y >= 18 && y < 22;
      const at = (y * 64 + x) * 3;
      t.is(withCursor.readUIntBE(at, 3), inside ? 0xff0000 : noise.readUIntBE(at, 3));
    }
  }
});

test('without a picture a snapshot is not answered', async (t) => {
  await using page = await StagePage.open(browser, 'stage');
  await page.evaluate(`{
    globalThis.answers = 0;
    const detail = { cursor: false, answer: () => { answers += 1; } };
    document.querySelector('#slot').dispatchEvent(new CustomEvent('livelet-stage-snapshot', { detail }));
  }`);
  t.is(await page.evaluate('answers'), 0);
});

test('whoever follows the picture draws it with the cursor, hears of each change, and has none once it is not shown', async (t) => {
  await using page = await opened();
  await page.evaluate(`{
    globalThis.changes = 0;
    const detail = { answer: (picture) => { globalThis.followed = picture; } };
    document.querySelector('#slot').dispatchEvent(new CustomEvent('livelet-stage-picture', { detail }));
    followed.onChange(() => { changes += 1; });
  }`);
  await page.send(frame(0, [tile(0, 0, 64, 48, solidPng(64, 48, 0x0000ff))]));
  await page.posted(1);
  const rgba = Uint8Array.from({ length: 4 * 4 * 4 }, (_, at) => (at % 4 === 0 || at % 4 === 3 ? 255 : 0));
  await page.send({ type: 'cursor-shape', width: 4, height: 4, hotX: 1, hotY: 2, rgba });
  await page.send({ type: 'cursor-position', x: 30, y: 20 });
  t.is(await page.evaluate('changes'), 3);
  const painted = await page.evaluate(`(() => {
    const context = new OffscreenCanvas(followed.width, followed.height).getContext('2d');
    followed.paint(context);
    return [[0, 0], [30, 20]].map(([x, y]) => [...context.getImageData(x, y, 1, 1).data]);
  })()`);
  t.deepEqual(painted, [
    [0, 0, 255, 255],
    [255, 0, 0, 255],
  ]);
  await page.receive({ type: 'state', state: 'paused' });
  t.deepEqual(await page.evaluate('[followed.width, followed.height, changes]'), [0, 0, 4]);
});

test('the menu shows the monitors where there is a choice, and says which one was chosen', async (t) => {
  await using page = await StagePage.open(browser, 'display-menu');
  const menu = page.page.getByRole('combobox', { name: 'Monitor' });
  const display = { x: 0, y: 0, width: 800, height: 600 };
  await page.receive({ displays: [{ ...display, id: 0, name: 'one' }] });
  t.is(await menu.count(), 0);
  const displays = [
    { ...display, id: 1, name: 'HDMI-1' },
    { ...display, id: 2, name: '' },
    { ...display, id: 0, width: 1600, name: '' },
  ];
  await page.receive({ displays, shown: 2 });
  t.deepEqual(await menu.locator('option').allTextContents(), [
    'HDMI-1 · 800 × 600',
    'Monitor 2 · 800 × 600',
    'All monitors · 1600 × 600',
  ]);
  t.is(await menu.inputValue(), '2');
  await menu.selectOption('1');
  t.deepEqual(await page.posted(1), [{ json: { select: 1 } }]);
});
