import { setTimeout as pause } from 'node:timers/promises';
import type { XConnection } from '../../fixtures/x-client.js';
import { median, percentile } from '../statistics.js';
import { clockNow, pageClock } from './clock.js';
import type { Drawing } from './painter.js';
import type { Painter } from './painter-process.js';
import type { Sample } from './picture-reader.js';
import type { SceneName } from './scenes.js';
import { likenessOf } from './shows-display.js';
import type { Subject } from './subject.js';
import { type Work, type WorkName } from './works.js';

/** What one work showed on one subject, once. */
export interface WorkFigures {
  /** Frames a second, drawn on the display and seen in the page. */
  readonly drawn?: number;
  readonly seen?: number;
  /** From the drawing's request to the animation frame that shows it, ms. */
  readonly lag50?: number;
  readonly lag95?: number;
  /** Between the program in between and the viewer, both directions, kB/s. */
  readonly wire: number;
  /** The same in the 3 s after the work, kB: what makes the picture better, or catches up. */
  readonly after?: number;
  /** Shares of a core. */
  readonly source: number;
  readonly between: number;
  readonly viewer: number;
  /** 3 s after the work ended, dB; infinite when equal. */
  readonly likeness?: number;
  /** How wrong the lag can be because of the clocks, ms. */
  readonly clockError?: number;
}

/** s */
const IDLE_TIME = 4;
const WORK_TIME = 4;
/** Before a work the wire is quiet: so long, with so few bytes; but waited for no longer than the limit. */
const QUIET = { ms: 500, bytes: 500, limit: 5000 };
/** From the work's end to the look at the picture, ms. */
const REST = 3000;
/**
 * Between frames, ms: a little off the page's animation frames (60 Hz), so that drawings meet all their phases, as
 * those of a real program do.
 */
export const PERIODS: Readonly<Record<number, number>> = { 10: 101, 30: 33 };

/** Which window a work is drawn in. */
const SCENE_OF: Readonly<Record<Exclude<WorkName, 'idle' | 'click'>, SceneName>> = {
  typing: 'typing',
  terminal: 'terminal',
  page: 'page',
  video: 'video',
  window: 'window',
};

/** Nothing is drawn: what that costs. */
export async function measureIdle(subject: Subject): Promise<WorkFigures> {
  await quiet(subject);
  await pause(QUIET.ms);
  const cost = startCost(subject);
  await pause(IDLE_TIME * 1000);
  return cost();
}

/** Draws a work and reads it off the viewer's picture; then looks how good the picture is at rest. */
export async function measureWork(
  work: Work & { readonly name: keyof typeof SCENE_OF },
  subject: Subject,
  painter: Painter,
  display: XConnection,
): Promise<WorkFigures> {
  const { page, reader, canvas } = subject;
  const scene = SCENE_OF[work.name];
  await painter.ask('open', scene);
  await quiet(subject);
  const clock = await pageClock(page);
  const period = PERIODS[work.rate] ?? 1000 / work.rate;
  await reader.start({ canvas, tracks: [work.readings] });
  const cost = startCost(subject);
  const drawings = await painter.ask('draw', {
    scene,
    count: Math.round((WORK_TIME * 1000) / period),
    period,
  });
  const costs = cost();
  const [ended, bytes] = [clockNow(), subject.wireBytes()];
  await pause(REST / 2);
  const samples = await reader.stop();
  await pause(ended + REST - clockNow());
  const after = (subject.wireBytes() - bytes) / 1000;
  const likeness = await likenessOf(subject, display);
  await painter.ask('clear');
  return {
    ...costs,
    ...lagOf(drawings, samples, clock.offset),
    after,
    likeness,
    clockError: clock.error,
  };
}

/** Resolves when a subject has nothing more to tell its viewer about what was before. */
export async function quiet(subject: Subject): Promise<void> {
  const until = clockNow() + QUIET.limit;
  for (let bytes = Number.NEGATIVE_INFINITY; clockNow() < until; ) {
    const now = subject.wireBytes();
    if (now - bytes < QUIET.bytes) return;
    bytes = now;
    await pause(QUIET.ms);
  }
}

/** Starts to count what a subject uses; the function it gives ends that. */
export function startCost(
  subject: Subject,
): () => Pick<WorkFigures, 'wire' | 'source' | 'between' | 'viewer'> {
  const [before, bytes, began] = [subject.cpu(), subject.wireBytes(), clockNow()];
  return () => {
    const [cpu, seconds] = [subject.cpu(), (clockNow() - began) / 1000];
    return {
      wire: (subject.wireBytes() - bytes) / 1000 / seconds,
      source: (cpu.source - before.source) / seconds,
      between: (cpu.between - before.between) / seconds,
      viewer: (cpu.viewer - before.viewer) / seconds,
    };
  };
}

/**
 * Compares when frames were drawn with when they were first seen.
 * @param track of the samples
 */
export function lagOf(
  drawings: readonly Drawing[],
  samples: readonly Sample[],
  offset: number,
  track = 0,
): Pick<WorkFigures, 'drawn' | 'seen' | 'lag50' | 'lag95'> {
  const drawnAt = new Map(drawings);
  const lags: number[] = [];
  let newest = Number.NEGATIVE_INFINITY;
  for (const { at, numbers } of samples) {
    const number = numbers[track] ?? newest;
    const drawn = number > newest ? drawnAt.get(number) : undefined;
    if (drawn === undefined) continue;
    newest = number;
    lags.push(at + offset - drawn);
  }
  const [first, last] = [drawings[0], drawings.at(-1)];
  if (!first || !last) throw new Error('nothing was drawn');
  const seconds = ((last[1] - first[1]) / 1000) * (drawings.length / Math.max(1, drawings.length - 1));
  return {
    drawn: drawings.length / seconds,
    seen: lags.length / seconds,
    ...(lags.length > 0 && { lag50: median(lags), lag95: percentile(lags, 0.95) }),
  };
}
