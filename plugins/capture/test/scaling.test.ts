import { headlessChromium } from '@livelet/compliance/headless-chromium';
import { type FrameMessage, type GeometryMessage } from '@livelet/core';
import test from 'ava';
import sharp from 'sharp';
import { launch, StagePage } from './stage-page.js';

const browser = await launch(headlessChromium());
test.after.always(() => browser.close());

/** Every pixel differs from its neighbours, so that the least blur or shift is seen. */
async function noisePicture(width: number, height: number): Promise<{ pixels: Buffer; image: Buffer }> {
  const pixels = Buffer.from(
    Array.from({ length: width * height * 3 }, (_, at) => (at * 7919 + (at >> 5) * 31) % 256),
  );
  const image = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  return { pixels, image };
}

async function show(page: StagePage, width: number, height: number, image: Uint8Array): Promise<void> {
  const geometry: GeometryMessage = {
    type: 'geometry',
    generation: 1,
    display: 1,
    x: 0,
    y: 0,
    width,
    height,
  };
  const tile = { kind: 'tile', x: 0, y: 0, width, height, codec: 'png', lossy: false, image } as const;
  const times = { age: 0, readTime: 0, encodeTime: 0, wireTime: 0 };
  const frame: FrameMessage = {
    type: 'frame',
    generation: 1,
    number: 0,
    part: 0,
    last: true,
    ...times,
    operations: [tile],
  };
  await page.receive({ type: 'state', state: 'viewing' });
  await page.send(geometry);
  await page.send(frame);
  await page.posted(1);
}

/** Red, green and blue of the device's pixels where the picture is, and how many of them there are. */
async function seen(
  page: StagePage,
  ratio: number,
): Promise<{ pixels: Buffer; width: number; height: number }> {
  const box = await page.evaluate<{ left: number; top: number; right: number; bottom: number }>(`(() => {
    const picture = stage().getBoundingClientRect();
    const room = stage().closest('.viewport').getBoundingClientRect();
    const inner = stage().closest('.viewport');
    return {
      left: Math.max(picture.left, room.left), top: Math.max(picture.top, room.top),
      right: Math.min(picture.right, room.left + inner.clientWidth),
      bottom: Math.min(picture.bottom, room.top + inner.clientHeight),
    };
  })()`);
  const device = (length: number): number => Math.round(length * ratio);
  const area = { left: device(box.left), top: device(box.top), width: 0, height: 0 };
  area.width = device(box.right) - area.left;
  area.height = device(box.bottom) - area.top;
  const shot = await page.page.screenshot({ scale: 'device' });
  const pixels = await sharp(shot).extract(area).removeAlpha().raw().toBuffer();
  return { pixels, width: area.width, height: area.height };
}

function differing(a: Buffer, b: Buffer): number {
  return a.reduce((count, value, at) => (value === b[at] ? count : count + 1), Math.abs(a.length - b.length));
}

for (const ratio of [1, 1.25, 1.5, 2]) {
  test(`at 100 % each pixel is one of the device's, ${ratio} to a CSS pixel`, async (t) => {
    await using page = await StagePage.open(browser, 'stage', ratio);
    // Its middle is not the room's on whole pixels.
    const { pixels, image } = await noisePicture(150, 90);
    await show(page, 150, 90, image);
    await page.dispatch('livelet-stage-zoom', 'actual');
    const { pixels: there, width, height } = await seen(page, ratio);
    t.deepEqual([width, height], [150, 90]);
    t.is(differing(there, pixels), 0);
  });

  test(`a picture larger than the room is as sharp, ${ratio} to a CSS pixel`, async (t) => {
    await using page = await StagePage.open(browser, 'stage', ratio);
    const [width, height] = [1920, 1200];
    const { pixels, image } = await noisePicture(width, height);
    await show(page, width, height, image);
    await page.dispatch('livelet-stage-zoom', 'actual');
    await page.evaluate(`stage().closest('.viewport').scrollTo(120, 76)`);
    const part = await seen(page, ratio);
    const [left, top] = await page.evaluate<[number, number]>(
      `(({ scrollLeft, scrollTop }) => [scrollLeft, scrollTop])(stage().closest('.viewport'))`,
    );
    const area = {
      left: Math.round(left * ratio),
      top: Math.round(top * ratio),
      width: part.width,
      height: part.height,
    };
    const expected = await sharp(pixels, { raw: { width, height, channels: 3 } })
      .extract(area)
      .raw()
      .toBuffer();
    t.is(differing(part.pixels, expected), 0);
  });
}

test('a display smaller than a cursor keeps its size', async (t) => {
  await using page = await StagePage.open(browser, 'stage');
  const { image } = await noisePicture(9, 7);
  await show(page, 9, 7, image);
  const rgba = new Uint8Array(16 * 16 * 4).fill(255);
  await page.send({ type: 'cursor-shape', width: 16, height: 16, hotX: 0, hotY: 0, rgba });
  await page.send({ type: 'cursor-position', x: 4, y: 3 });
  // All that isn't the ground of the page.
  const { info } = await sharp(await page.page.screenshot())
    .trim()
    .toBuffer({ resolveWithObject: true });
  t.deepEqual([info.width, info.height], [9, 7]);
});

test('twice and three times as large, pixels stay squares; in between and below they are smoothed', async (t) => {
  await using page = await StagePage.open(browser, 'stage', 1.1);
  const { image } = await noisePicture(20, 10);
  await show(page, 20, 10, image);
  const rendering = (): Promise<string> =>
    page.evaluate('getComputedStyle(stage().parentElement).imageRendering');
  await page.dispatch('livelet-stage-zoom', 'actual');
  const found = [await rendering()];
  // 125, 150, 200, 300 %
  for (let step = 0; step < 4; step++) {
    await page.dispatch('livelet-stage-zoom', 'in');
    found.push(await rendering());
  }
  t.deepEqual(found, ['pixelated', 'auto', 'auto', 'pixelated', 'pixelated']);
});
