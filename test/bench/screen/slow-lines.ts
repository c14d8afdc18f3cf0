import { setTimeout as pause } from 'node:timers/promises';
import sharp from 'sharp';
import type { XConnection } from '../../fixtures/x-client.js';
import { clockNow, pageClock } from './clock.js';
import { measureClick } from './measure-click.js';
import { lagOf, PERIODS, startCost } from './measure-work.js';
import type { Drawing } from './painter.js';
import type { Painter } from './painter-process.js';
import type { LineOptions, Subject } from './subject.js';
import { exactSince } from './time-to-exact.js';
import { type Box, MIDDLE_VIDEO, SMALL_VIDEO, videoMarks, WORKS } from './works.js';

/** What is measured: typing beside the small video and beside the middle one, and clicks. */
export const SLOW_PARTS = ['slow-small', 'slow-middle', 'slow-click'] as const;
export type SlowPart = (typeof SLOW_PARTS)[number];

/** What a subject shows behind slow lines. Undefined: not measured, never seen, or not within the limit. */
export interface SlowFigures {
  /** Typing while a video plays, at 1 Mb/s. */
  readonly videos: readonly SlowVideo[];
  /** Clicks at 256 kb/s, on a desktop at rest and while the small video plays, ms. */
  readonly clicks?: ClickLag;
  readonly clicksBesideVideo?: ClickLag;
}

interface ClickLag {
  readonly lag50?: number;
  readonly lag95?: number;
}

export interface SlowVideo {
  readonly width: number;
  readonly height: number;
  /** Of characters typed beside it, ms. */
  readonly lag50?: number;
  readonly lag95?: number;
  /** Characters and video frames seen a second. */
  readonly typed?: number;
  readonly seen?: number;
  readonly wire: number;
  /** From the end of both until the picture equals the display, s. */
  readonly exact?: number;
  /** What the line needs at least for the last frame of the video as lossless WebP, s. */
  readonly least: number;
}

/** Before it is slow: long enough for the first picture, exact. */
export const LINE: LineOptions = { bitsPerSecond: 1e9, delayMs: 40 };
const SLOW = 1e6;
const SLOWER = 256e3;
/** How long video and typing go on, s. */
const PLAYED = 6;
/** How long the picture may take to be exact, ms. */
const EXACT_LIMIT = 12_000;
const CLICKS = 8;

export async function measureSlowLines(
  parts: readonly SlowPart[],
  subject: Subject,
  painter: Painter,
  display: XConnection,
): Promise<SlowFigures> {
  const { line } = subject;
  if (!line) throw new Error('no line');
  await pause(2000);
  const videos: SlowVideo[] = [];
  for (const scene of ['small-video', 'middle-video'] as const) {
    if (!parts.includes(scene === 'small-video' ? 'slow-small' : 'slow-middle')) continue;
    videos.push(await typeBeside(scene, subject, painter, display));
    line.bitsPerSecond = LINE.bitsPerSecond;
    await painter.ask('clear');
    await pause(1000);
  }
  if (!parts.includes('slow-click')) return { videos };
  line.bitsPerSecond = SLOWER;
  const clicks = await measureClick(subject, painter, CLICKS);
  const clicksBesideVideo = await clickBesideVideo(subject, painter);
  line.bitsPerSecond = LINE.bitsPerSecond;
  await painter.ask('clear');
  return { videos, clicks, clicksBesideVideo };
}

async function clickBesideVideo(subject: Subject, painter: Painter): Promise<ClickLag> {
  await painter.ask('open', 'small-video');
  const { rate } = WORKS.video;
  const played = painter.ask('draw', { scene: 'small-video', count: 60 * rate, period: periodOf(rate) });
  const clicks = await measureClick(subject, painter, CLICKS);
  await painter.ask('stop');
  await played;
  return clicks;
}

async function typeBeside(
  scene: 'small-video' | 'middle-video',
  subject: Subject,
  painter: Painter,
  display: XConnection,
): Promise<SlowVideo> {
  const { page, reader, canvas } = subject;
  const box = scene === 'small-video' ? SMALL_VIDEO : MIDDLE_VIDEO;
  await painter.ask('open', scene);
  await painter.ask('open', 'typing');
  await pause(2000);
  if (subject.line) subject.line.bitsPerSecond = SLOW;
  const clock = await pageClock(page);
  await reader.start({ canvas, tracks: [WORKS.typing.readings, videoMarks(box)] });
  const cost = startCost(subject);
  const draw = (name: typeof scene | 'typing', rate: number): ReturnType<Painter['ask']> =>
    painter.ask('draw', {
      scene: name,
      count: Math.round((PLAYED * 1000) / periodOf(rate)),
      period: periodOf(rate),
    });
  const [typed, played] = (await Promise.all([
    draw('typing', WORKS.typing.rate),
    draw(scene, WORKS.video.rate),
  ])) as [Drawing[], Drawing[]];
  const { wire } = cost();
  const ended = clockNow();
  const exact = await exactSince(subject, display, EXACT_LIMIT);
  const samples = await reader.stop();
  const { seen: letters, lag50, lag95 } = lagOf(typed, samples, clock.offset, 0);
  const { seen } = lagOf(played, samples, clock.offset, 1);
  return {
    width: box.width,
    height: box.height,
    wire,
    least: (8 * (await losslessBytes(display, box))) / SLOW,
    ...(lag50 !== undefined && lag95 !== undefined && { lag50, lag95 }),
    ...(letters !== undefined && { typed: letters }),
    ...(seen !== undefined && { seen }),
    ...(exact !== undefined && { exact: (exact + clock.offset - ended) / 1000 }),
  };
}

/** What a part of the display takes as lossless WebP. */
async function losslessBytes(display: XConnection, { x, y, width, height }: Box): Promise<number> {
  const pixels = await display.pixels(x, y, width, height);
  for (let at = 3; at < pixels.length; at += 4) pixels[at] = 255;
  const raw = { raw: { width, height, channels: 4 as const } };
  return (await sharp(pixels, raw).webp({ lossless: true, effort: 4 }).toBuffer()).length;
}

const periodOf = (rate: number): number => PERIODS[rate] ?? 1000 / rate;
