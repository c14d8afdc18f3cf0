import { headlessChromium } from '@livelet/compliance/headless-chromium';
import test from 'ava';
import sharp from 'sharp';
import { launch, StagePage } from './stage-page.js';

const browser = await launch(headlessChromium());
test.after.always(() => browser.close());

/** A frame of one tile, each pixel unlike those beside it. */
async function draw(
  page: StagePage,
  number: number,
  x: number,
  y: number,
  width: number,
  height: number,
): Promise<void> {
  const pixels = Buffer.from(Array.from({ length: width * height * 3 }, (_, at) => (at % 7) * 36));
  const image = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  const tile = { kind: 'tile', x, y, width, height, codec: 'png', lossy: false, image } as const;
  const times = { age: 0, readTime: 0, encodeTime: 0, wireTime: 0 };
  await page.send({
    type: 'frame',
    generation: 1,
    number,
    part: 0,
    last: true,
    ...times,
    operations: [tile],
  });
}

test('at less than half its size the picture is the mean of its pixels, also of what changes', async (t) => {
  await using page = await StagePage.open(browser, 'stage');
  await page.receive({ type: 'state', state: 'viewing' });
  const [width, height] = [1001, 750];
  const shown = async (): Promise<{ width: number; worst: number }> =>
    await page.evaluate(`(async () => {
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      const pixels = (canvas) => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
      const reduced = stage().nextElementSibling;
      const [small, large] = [pixels(reduced), pixels(stage())];
      const step = Math.ceil(stage().width / reduced.width);
      let worst = 0;
      for (let y = 0; y < Math.floor(stage().height / step); y++)
        for (let x = 0; x < Math.floor(stage().width / step); x++)
          for (let channel = 0; channel < 3; channel++) {
            let sum = 0;
            for (let at = 0; at < step * step; at++)
              sum += large[((y * step + Math.floor(at / step)) * stage().width + x * step + (at % step)) * 4 + channel];
            worst = Math.max(worst, Math.abs(small[(y * reduced.width + x) * 4 + channel] - sum / step / step));
          }
      return { width: reduced.width, worst };
    })()`);
  await page.send({ type: 'geometry', generation: 1, display: 1, x: 0, y: 0, width, height });
  await draw(page, 0, 0, 0, width, height);
  await page.posted(1);
  const half = await shown();
  t.is(half.width, 501);
  t.true(half.worst <= 1.5, `${half.worst}`);
  // Beginning and ending within pixels of the smaller one.
  await draw(page, 1, 33, 51, 100, 75);
  await page.posted(2);
  t.true((await shown()).worst <= 1.5);
  t.is(
    await page.evaluate(
      'document.querySelector("section > div").shadowRoot.elementFromPoint(50, 150) === stage()',
    ),
    true,
  );
  t.is(await page.page.getByRole('img', { name: 'The customer’s screen' }).count(), 1);

  await page.evaluate(`document.querySelector('#slot').style.height = '150px'`);
  await page.when('events.at(-1)[1].scale === 0.2');
  const quarter = await shown();
  t.is(quarter.width, 251);
  t.true(quarter.worst <= 3, `${quarter.worst}`);
  await page.dispatch('livelet-stage-zoom', 'actual');
  t.is(await page.evaluate('stage().parentElement.querySelectorAll(".reduced").length'), 0);
  t.is(await page.evaluate('getComputedStyle(stage()).opacity'), '1');
});
