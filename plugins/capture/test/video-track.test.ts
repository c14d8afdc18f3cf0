import { type Clock, systemClock, type VideoAbility, type VideoCodec } from '@livelet/core';
import test from 'ava';
import sharp from 'sharp';
import { createPicture, type Picture } from '../src/picture/picture.js';
import { PageVideoTrack } from '../src/video/page-video-track.js';
import { CodecPage, PageSideUi } from './codec-page.js';
import { launch } from './stage-page.js';

/** Tells the track what the viewer decodes, and resolves when the page has been measured. */
async function choose(
  track: PageVideoTrack,
  page: CodecPage,
  videos: readonly VideoAbility[],
): Promise<void> {
  const measured = page.answered('measured');
  track.setAbilities(videos);
  await measured;
}

/**
 * The frames' deadlines ten times as long, since a machine that is busy with other tests can miss them; the page is
 * measured when it is due.
 */
function patientClock(): Clock {
  let isFirst = true;
  return {
    ...systemClock,
    setTimer: (delay, task) => {
      const timer = systemClock.setTimer(isFirst ? delay : 10 * delay, task);
      isFirst = false;
      return timer;
    },
  };
}

const browser = await launch();
test.after.always(async () => await browser.close());

const CODECS: readonly VideoCodec[] = ['vp8', 'vp9', 'av1', 'h264'];
const AREA = { x: 33, y: 21, width: 640, height: 360 };
const RATE = 8_000_000;

/** A landscape that moves a little with each frame, with a red and a blue field that stand still. */
async function photo(index: number): Promise<Picture> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="700" height="400">
    <defs><linearGradient id="sky" x2="0.3" y2="1"><stop stop-color="#3b7dd8"/><stop offset="1" stop-color="#f3d9b1"/>
    </linearGradient></defs><rect width="700" height="400" fill="url(#sky)"/>
    <path d="M0 300 L${150 + index * 4} 160 L320 290 L${470 - index * 3} 120 L700 310 V400 H0Z" fill="#3d5a3a"/>
    <circle cx="${500 + index * 5}" cy="90" r="40" fill="#ffe9a8"/>
    <rect x="60" y="300" width="90" height="70" fill="#c01818"/><rect x="560" y="300" width="90" height="70" fill="#1828c0"/></svg>`;
  const { data } = await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const picture = createPicture(700, 400);
  for (let at = 0; at < picture.words.length; at++) {
    picture.words[at] =
      ((data[at * 3] ?? 0) << 16) | ((data[at * 3 + 1] ?? 0) << 8) | (data[at * 3 + 2] ?? 0);
  }
  return picture;
}

/** The peak signal to noise ratio in dB, and the mean difference of red, green and blue. */
function compare(drawn: Buffer, picture: Picture): { psnr: number; shifts: readonly number[] } {
  const sums = [0, 0, 0];
  let squares = 0;
  for (let y = 0; y < AREA.height; y++) {
    for (let x = 0; x < AREA.width; x++) {
      const word = picture.words[(AREA.y + y) * picture.width + AREA.x + x] ?? 0;
      for (const [channel, shift] of [16, 8, 0].entries()) {
        const difference = (drawn[(y * AREA.width + x) * 4 + channel] ?? 0) - ((word >> shift) & 0xff);
        sums[channel] = (sums[channel] ?? 0) + difference;
        squares += difference * difference;
      }
    }
  }
  const pixels = AREA.width * AREA.height;
  return {
    psnr: 10 * Math.log10((255 * 255 * 3 * pixels) / squares),
    shifts: sums.map((sum) => sum / pixels),
  };
}

for (const codec of CODECS) {
  test.serial(`${codec}: what is drawn is what was encoded, without a shift of colour`, async (t) => {
    const ui = new PageSideUi();
    using track = new PageVideoTrack(ui, patientClock());
    await using page = await CodecPage.open(browser, ui);
    await choose(track, page, [{ codec, decodeTime: 2000 }]);
    const { width, height } = AREA;
    for (let index = 0; index < 8; index++) {
      const picture = await photo(index);
      const encoded = await track.encode(picture, AREA, RATE, false);
      t.is(encoded?.codec, codec);
      t.is(encoded?.key, index === 0);
      if (!encoded) return;
      const { key, chunk } = encoded;
      const { psnr, shifts } = compare(await page.draw({ codec, key, width, height }, chunk), picture);
      t.true(psnr > 30, `${psnr} dB in frame ${index}`);
      for (const shift of shifts) t.true(Math.abs(shift) < 2, `a shift of ${shift} in frame ${index}`);
      if (index === 7) t.log(`${psnr.toFixed(1)} dB, ${shifts.map((shift) => shift.toFixed(2))}`);
    }
    t.deepEqual(page.problems, []);
  });
}

test.serial('vp9: what lies behind a picture in its chunk isn’t decoded, whatever size it has', async (t) => {
  const ui = new PageSideUi();
  using track = new PageVideoTrack(ui, patientClock());
  await using page = await CodecPage.open(browser, ui);
  await choose(track, page, [{ codec: 'vp9', decodeTime: 2000 }]);
  const { width, height } = AREA;
  const chunks: Uint8Array[] = [];
  for (let index = 0; index < 2; index++) {
    const encoded = await track.encode(await photo(index), AREA, RATE, false);
    if (encoded) chunks.push(encoded.chunk);
  }
  const [key = t.fail(), later = t.fail()] = chunks;
  // The same key frame, as if it had 16,384 x 16,384 pixels.
  const digits = Buffer.from(key).toString('hex');
  const huge = Buffer.from(`${digits.slice(0, 9)}3fff3fff${digits.slice(17)}`, 'hex');
  const drawn = await page.draw({ codec: 'vp9', key: true, width, height }, key);
  // Shows a picture again, and goes on.
  const again = Buffer.concat([Uint8Array.of(0x88), huge]);
  t.true((await page.draw({ codec: 'vp9', key: false, width, height }, again)).equals(drawn));
  const behind = Buffer.concat([later, huge]);
  t.false((await page.draw({ codec: 'vp9', key: false, width, height }, behind)).equals(drawn));
});

test.serial(
  'the codec with the least time at both ends is chosen; another area and a wish begin a new video',
  async (t) => {
    const ui = new PageSideUi();
    using track = new PageVideoTrack(ui, patientClock());
    await using page = await CodecPage.open(browser, ui);
    await choose(track, page, [
      { codec: 'vp8', decodeTime: 1000 },
      { codec: 'vp9', decodeTime: 2_000_000 },
    ]);
    const picture = await photo(0);
    const keys: (boolean | undefined)[] = [];
    for (const [area, key] of [
      [AREA, false],
      [AREA, false],
      [AREA, true],
      [{ ...AREA, x: 0 }, false],
      [{ ...AREA, x: 0, width: 320 }, false],
      [{ ...AREA, x: 0, width: 320 }, false],
    ] as const) {
      const encoded = await track.encode(picture, area, RATE, key);
      t.is(encoded?.codec, 'vp8');
      keys.push(encoded?.key);
    }
    t.deepEqual(keys, [true, false, true, true, true, false]);
  },
);

test.serial(
  'a page that closes in the middle ends the video at once; the next one begins another',
  async (t) => {
    const ui = new PageSideUi();
    using track = new PageVideoTrack(ui, systemClock);
    const first = await CodecPage.open(browser, ui);
    await choose(track, first, [{ codec: 'vp8', decodeTime: 1000 }]);
    const picture = await photo(0);
    t.true((await track.encode(picture, AREA, RATE, false))?.key);
    const lost = track.encode(picture, AREA, RATE, false);
    await first[Symbol.asyncDispose]();
    await lost;
    t.false(track.ready);
    t.is(await track.encode(picture, AREA, RATE, false), undefined);
    await using second = await CodecPage.open(browser, ui);
    await second.answered('measured');
    t.true((await track.encode(picture, AREA, RATE, false))?.key);
  },
);

test.serial('a viewer that told no abilities, or takes them back, gets no video', async (t) => {
  const ui = new PageSideUi();
  using track = new PageVideoTrack(ui, systemClock);
  await using page = await CodecPage.open(browser, ui);
  t.false(track.ready);
  await choose(track, page, [{ codec: 'vp8', decodeTime: 1000 }]);
  track.setAbilities([]);
  t.false(track.ready);
  t.is(await track.encode(await photo(0), AREA, RATE, false), undefined);
  t.deepEqual(page.problems, []);
});

test.serial(
  'what an encoder refuses is told as a failure, and three end the video until another page comes',
  async (t) => {
    const ui = new PageSideUi();
    using track = new PageVideoTrack(ui, systemClock);
    await using page = await CodecPage.open(browser, ui);
    await choose(track, page, [{ codec: 'vp8', decodeTime: 1000 }]);
    await page.evaluate("VideoEncoder.prototype.configure = () => { throw new TypeError('no encoder') }");
    const picture = await photo(0);
    for (let failures = 0; failures < 3; failures++) {
      t.true(track.ready);
      t.is(await track.encode(picture, AREA, RATE, false), undefined);
    }
    t.false(track.ready);
  },
);

test.serial('a page without WebCodecs measures nothing', async (t) => {
  const ui = new PageSideUi();
  using track = new PageVideoTrack(ui, systemClock);
  await using page = await CodecPage.open(browser, ui);
  await page.evaluate('delete globalThis.VideoEncoder');
  const measured = page.answered('measured');
  track.setAbilities([{ codec: 'vp8', decodeTime: 1000 }]);
  t.deepEqual(await measured, { type: 'measured', trials: [] });
  t.false(track.ready);
});

test.serial('when the view is over the page keeps no encoder and gets no pixels', async (t) => {
  const ui = new PageSideUi();
  using track = new PageVideoTrack(ui, systemClock);
  await using page = await CodecPage.open(browser, ui);
  await choose(track, page, [{ codec: 'vp8', decodeTime: 1000 }]);
  await page.evaluate(`globalThis.calls = [];
    for (const name of ['encode', 'close']) {
      const original = VideoEncoder.prototype[name];
      VideoEncoder.prototype[name] = function (...values) { calls.push(name); original.apply(this, values); };
    }`);
  const picture = await photo(0);
  t.true((await track.encode(picture, AREA, RATE, false))?.key);
  const underWay = track.encode(picture, AREA, RATE, false);
  track.setAbilities([]);
  t.is(await underWay, undefined);
  t.is(await track.encode(picture, AREA, RATE, false), undefined);
  t.deepEqual(await page.evaluate('calls'), ['encode', 'encode', 'close']);
  track.setAbilities([{ codec: 'vp8', decodeTime: 1000 }]);
  t.true((await track.encode(picture, AREA, RATE, false))?.key);
});

test.serial('a chunk that no viewer would accept is a failure', async (t) => {
  const ui = new PageSideUi();
  using track = new PageVideoTrack(ui, systemClock);
  await using page = await CodecPage.open(browser, ui);
  await choose(track, page, [{ codec: 'vp8', decodeTime: 1000 }]);
  const picture = await photo(0);
  t.true((await track.encode(picture, AREA, RATE, false))?.key);
  // A key of another size.
  await page.evaluate(`const original = EncodedVideoChunk.prototype.copyTo;
    EncodedVideoChunk.prototype.copyTo = function (bytes) { original.call(this, bytes); bytes[6] ^= 0xff; };`);
  t.is(await track.encode(picture, AREA, RATE, true), undefined);
});
