import { ManualClock, SeededRandom } from '@livelet/core/test-support';
import test from 'ava';
import fc from 'fast-check';
import { frameQuality, HIGHEST_JPEG, LOWEST_JPEG } from '../src/pace/frame-quality.js';
import { Pace } from '../src/pace/pace.js';
import { PacedSource, WORKS } from './paced-source.js';
import type { LineNumbers } from './simulated-line.js';

/** 1 Mb/s and 256 kb/s, with 80 ms. */
const SLOW: LineNumbers = { rate: 125_000, roundTrip: 80, drawTime: 10 };
const VERY_SLOW: LineNumbers = { rate: 32_000, roundTrip: 80, drawTime: 10 };
/** Until a line is known, ms. */
const LEARNT = 10_000;

const line: fc.Arbitrary<LineNumbers> = fc.record({
  rate: fc.integer({ min: 30_000, max: 3_000_000 }),
  roundTrip: fc.integer({ min: 5, max: 250 }),
  drawTime: fc.integer({ min: 1, max: 25 }),
});
const seed = fc.integer({ min: 1, max: 1_000_000 });

function random(from: number): () => number {
  const numbers = new SeededRandom(from);
  return () => numbers.next();
}

function flood(numbers: LineNumbers, from: number): PacedSource {
  const source = new PacedSource(numbers, WORKS.flood, random(from));
  source.spread = 1.5;
  return source;
}

interface Seen {
  /** Bytes a second that came out. */
  readonly rate: number;
  /** The most bytes that waited for the line, and the longest that a frame took, ms. */
  readonly held: number;
  readonly lag: number;
  /** The lowest and the highest rate that the line was taken for. */
  readonly taken: readonly [number, number];
}

async function watch(source: PacedSource, ms: number): Promise<Seen> {
  const before = source.line.delivered;
  const shown = source.shown.length;
  let held = 0;
  const rates: number[] = [];
  for (let at = 0; at < ms; at += 50) {
    await source.run(50);
    held = Math.max(held, source.line.held);
    rates.push(source.pace.rate);
  }
  return {
    rate: ((source.line.delivered - before) * 1000) / ms,
    held,
    lag: Math.max(...source.shown.slice(shown).map(({ lag }) => lag)),
    taken: [Math.min(...rates), Math.max(...rates)],
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

test('any line is used, and little waits in front of it', async (t) => {
  await t.notThrowsAsync(
    fc.assert(
      fc.asyncProperty(line, seed, async (numbers, from) => {
        const source = flood(numbers, from);
        await source.run(LEARNT);
        const { rate, held, taken } = await watch(source, 6000);
        const real = numbers.rate;
        if (rate < real * 0.5) throw new Error(`${rate} of ${real} bytes a second`);
        // 700 ms, and two frames of the least size.
        if (held > real * 0.7 + 6000) throw new Error(`${held} bytes wait for ${real} a second`);
        if (taken[0] < real * 0.4 || taken[1] > real * 5) throw new Error(`taken for ${taken}, is ${real}`);
      }),
      { numRuns: 30 },
    ),
  );
});

test('a rate that falls tenfold and rises tenfold is followed', async (t) => {
  const numbers = line.map((any) => ({ ...any, rate: any.rate + 300_000, roundTrip: any.roundTrip / 2 }));
  await t.notThrowsAsync(
    fc.assert(
      fc.asyncProperty(numbers, seed, async (before, from) => {
        const source = flood(before, from);
        await source.run(LEARNT);
        source.line.rate = before.rate / 10;
        // What was on its way needs its time; from then on nothing is late.
        await source.run(LEARNT);
        const fallen = await watch(source, 3000);
        if (fallen.rate < before.rate * 0.05) throw new Error(`${fallen.rate} after the fall`);
        if (fallen.held > before.rate * 0.05 + 6000)
          throw new Error(`${fallen.held} bytes wait after the fall`);
        source.line.rate = before.rate;
        await source.run(LEARNT);
        const risen = await watch(source, 3000);
        if (risen.rate < before.rate * 0.5) throw new Error(`${risen.rate} of ${before.rate} after the rise`);
      }),
      { numRuns: 20 },
    ),
  );
});

test('after a rest a line that has become slow is not filled before it has answered', async (t) => {
  const source = flood({ rate: 2_500_000, roundTrip: 80, drawTime: 10 }, 3);
  await source.run(LEARNT);
  const { budget } = source.pace;
  source.turnTo({ size: () => 600, every: () => 3000 });
  await source.run(2000);
  source.line.rate = SLOW.rate;
  source.turnTo(WORKS.flood);
  const { held } = await watch(source, 2000);
  t.true(held > 0 && held < 2 * budget, `${held} bytes wait, and a frame has ${budget}`);
});

test('a fast line that has become slow is known after one large frame', async (t) => {
  const source = flood({ rate: 1_250_000, roundTrip: 80, drawTime: 10 }, 3);
  await source.run(LEARNT);
  source.turnTo({ size: () => 150, every: () => 2000 });
  await source.run(2100);
  source.line.rate = SLOW.rate;
  source.turnTo(WORKS.flood);
  const shown = source.shown.length;
  while (source.shown.length < shown + 2) await source.run(50);
  t.true(source.pace.rate < 2 * SLOW.rate, `taken for ${source.pace.rate}`);
});

test('a letter after a rest proves nothing of the line', async (t) => {
  const clock = new ManualClock();
  const pace = new Pace(clock);
  const sent = (frame: number, bytes: number): void => {
    pace.begin(frame);
    pace.sent(frame, bytes);
  };
  const drawn = async (frame: number): Promise<void> => {
    await clock.advance(30);
    pace.acknowledged(frame, 5);
  };
  for (let frame = 0; frame < 20; frame++) {
    sent(frame, 100_000);
    await drawn(frame);
  }
  await clock.advance(2000);
  sent(20, 150);
  sent(21, 80_000);
  await drawn(20);
  t.false(pace.mayBegin);
  await drawn(21);
  sent(22, 80_000);
  t.true(pace.mayBegin);
});

test('half a second in which the viewer is busy is soon made up for', async (t) => {
  const source = flood({ rate: 2_500_000, roundTrip: 40, drawTime: 10 }, 3);
  await source.run(LEARNT);
  source.line.drawTime = 500;
  await source.run(40);
  source.line.drawTime = 10;
  source.line.roundTrip = 540;
  await source.run(40);
  source.line.roundTrip = 40;
  await source.run(2500);
  t.true((await watch(source, 1000)).rate > 1_250_000);
});

test('a round trip that becomes ten times as long is found out', async (t) => {
  const source = flood({ rate: 250_000, roundTrip: 20, drawTime: 10 }, 7);
  await source.run(LEARNT);
  source.line.roundTrip = 200;
  await source.run(LEARNT);
  t.true((await watch(source, 4000)).rate > 150_000);
});

test('a video keeps to its share of 1 Mb/s, and is seen soon', async (t) => {
  const source = new PacedSource(SLOW, WORKS.video, random(3));
  source.spread = 1.5;
  await source.run(LEARNT);
  const shown = source.shown.length;
  const { rate, held } = await watch(source, 20_000);
  t.true(rate > 60_000, `${rate} bytes a second`);
  // Tried for more all the time, since nothing waits while a video has its share, that would become all of the line.
  t.true(held < 15_000, `${held} bytes wait`);
  t.true(median(source.shown.slice(shown).map(({ lag }) => lag)) < 95);
});

test('on 256 kb/s a small change is seen within half a second of a large one', async (t) => {
  const source = flood(VERY_SLOW, 5);
  await source.run(LEARNT);
  source.turnTo(WORKS.typing);
  // What was on its way of the large one is still in front of it.
  await source.run(500);
  const shown = source.shown.length;
  const { lag } = await watch(source, 5000);
  t.true(source.shown.length > shown + 20, `${source.shown.length - shown} changes`);
  t.true(lag < 250, `${lag} ms`);
});

test('a viewer that draws slowly is not sent more than it draws', async (t) => {
  const source = flood({ rate: 10_000_000, roundTrip: 2, drawTime: 100 }, 11);
  await source.run(LEARNT);
  t.is(source.pace.frames, 2);
  t.true((await watch(source, 4000)).lag < 450);
});

test('nothing begins ahead of a viewer that never answers, and a new picture begins at once', (t) => {
  const pace = new Pace(new ManualClock());
  t.true(pace.mayBegin);
  pace.begin(0);
  pace.sent(0, 1_000_000);
  t.false(pace.mayBegin);
  pace.restart();
  t.true(pace.mayBegin);
});

test('of what nobody waits for a little more may be on its way', async (t) => {
  const clock = new ManualClock();
  const pace = new Pace(clock);
  let frame = 0;
  const send = (bytes: number): void => {
    pace.begin(frame);
    pace.sent(frame, bytes);
    frame += 1;
  };
  // A line of 80 ms there and back, 125 kB/s.
  for (const bytes of [100, ...Array.from({ length: 10 }, () => 7000)]) {
    send(bytes);
    await clock.advance(80 + bytes / 125);
    pace.acknowledged(frame - 1, 0);
  }
  while (pace.mayBegin) send(7000);
  const usual = frame;
  t.true(pace.mayBeginMore);
  while (pace.mayBeginMore) send(7000);
  t.true(frame - usual <= 2, `${frame - usual} more`);
});

test('what the viewer says of its drawing may be anything', (t) => {
  const clock = new ManualClock();
  const pace = new Pace(clock);
  for (const [number, drawTime] of [0, 4_294_967.295, -5, Number.NaN].entries()) {
    pace.begin(number);
    pace.sent(number, 5000);
    pace.acknowledged(number, drawTime);
    t.true(Number.isFinite(pace.budget) && pace.budget > 0, `${drawTime}`);
    t.true(pace.mayBegin);
    t.true(Number.isFinite(pace.wait));
  }
});

test('quality follows the line and the size of the change; presets override it', (t) => {
  const good = frameQuality(10_000_000, 640 * 360, 'automatic');
  t.deepEqual([good.jpeg, good.subsampling, good.lossless], [HIGHEST_JPEG, false, false]);
  const bad = frameQuality(SLOW.rate, 1920 * 1080, 'automatic');
  t.deepEqual([bad.jpeg, bad.subsampling], [LOWEST_JPEG, true]);
  t.true(bad.videoBitrate < SLOW.rate * 8);
  t.is(frameQuality(SLOW.rate, 100 * 100, 'automatic').jpeg, HIGHEST_JPEG);
  t.like(frameQuality(SLOW.rate, 1920 * 1080, 'sharp'), { lossless: true, videoBitrate: 0 });
  const smooth = frameQuality(10_000_000, 640 * 360, 'smooth');
  t.true(smooth.jpeg < good.jpeg && smooth.frameRate >= good.frameRate);
});
