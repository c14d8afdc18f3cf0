import { setTimeout as pause } from 'node:timers/promises';
import { connectX } from '../../fixtures/x-client.js';
import { middle } from '../../start/people.js';
import { median } from '../statistics.js';
import { clockNow, pageClock } from './clock.js';
import { type DamageWatch, watchDamage } from './damage-watch.js';
import { PERIODS, quiet } from './measure-work.js';
import type { Drawing } from './painter.js';
import type { Painter } from './painter-process.js';
import type { Sample } from './picture-reader.js';
import type { ProductSubject } from './product-subject.js';
import { openMeasurements, type Stage, startStageTimes } from './stage-times.js';
import { type MachineUse, startMachine, startThreads, type ThreadUse, treeOf } from './threads.js';
import { bytesByKind, isPicture, WireLog, type WireRecord } from './wire-log.js';
import { BUTTON, SCREEN, WORKS } from './works.js';

/** What one work's time and bytes go to. */
export interface WorkProfile {
  readonly title: string;
  /** One after the other, ms: medians over all that was seen, so that their sum is only about the whole. */
  readonly stages: readonly (readonly [what: string, time: number])[];
  /** From the first to the canvas, and to the animation frame that shows it, ms. */
  readonly drawn: number;
  readonly seen: number;
  /** What the product says of itself, ms. */
  readonly own: Readonly<Record<Stage, number>>;
  /** Bytes a second by what they are for. */
  readonly bytes: Readonly<Record<string, number>>;
  readonly threads: readonly ThreadUse[];
  readonly machine: MachineUse;
}

/** What can be profiled. */
export const PROFILED = ['typing', 'click', 'video'] as const;
export type ProfiledWork = (typeof PROFILED)[number];

/** s */
const WORK_TIME = 8;
const CLICKS = 40;
/** Between clicks, ms: uneven, so that they meet all phases of what runs at a rate. */
const QUIET = { least: 90, spread: 90 };
/** How long a click may be without an answer, ms. */
const LIMIT = 5000;

/** Profiles works. @param tell is told of each before it begins */
export async function profile(
  works: readonly ProfiledWork[],
  subject: ProductSubject,
  painter: Painter,
  tell: (what: string) => void,
): Promise<WorkProfile[]> {
  await using display = await connectX(subject.display);
  using damage = await watchDamage(display);
  await openMeasurements(subject.page);
  const profiles: WorkProfile[] = [];
  for (const name of works) {
    tell(WORKS[name].title);
    const one =
      name === 'click'
        ? profileClicks(subject, painter, damage)
        : profileWork(name, subject, painter, damage);
    profiles.push(await one);
  }
  return profiles;
}

async function profileWork(
  name: 'typing' | 'video',
  subject: ProductSubject,
  painter: Painter,
  damage: DamageWatch,
): Promise<WorkProfile> {
  const { page, reader, canvas } = subject;
  const { title, rate, readings } = WORKS[name];
  const period = PERIODS[rate] ?? 1000 / rate;
  await painter.ask('open', name);
  await quiet(subject);
  const { offset } = await pageClock(page);
  await reader.start({ canvas, tracks: [readings], drawings: true });
  const end = startProfile(subject, painter);
  const drawings = await painter.ask('draw', {
    scene: name,
    count: Math.round((WORK_TIME * 1000) / period),
    period,
  });
  const { log, ...profiled } = await end();
  await pause(LIMIT / 10);
  const drawn = firstTimes(await reader.drawn(), offset);
  const seen = firstTimes(await reader.stop(), offset);
  await painter.ask('clear');
  const frames = drawings.map(([number, asked]: Drawing) => ({
    asked,
    told: firstAfter(damage.times, asked),
    drawn: drawn.get(number),
    seen: seen.get(number),
  }));
  const whole = frames.filter(isWhole);
  const left = ({ told }: (typeof whole)[number]): number | undefined => firstPicture(log, told);
  return {
    ...profiled,
    title,
    stages:
      name === 'video'
        ? [
            ['asked to draw, until the display tells', middleOf(whole, ({ asked, told }) => told - asked)],
            ['until the canvas has it', middleOf(whole, ({ told, drawn }) => drawn - told)],
            ['until an animation frame shows it', middleOf(whole, ({ drawn, seen }) => seen - drawn)],
          ]
        : [
            ['asked to draw, until the display tells', middleOf(whole, ({ asked, told }) => told - asked)],
            [
              'until the frame passes the box before the operator',
              middleOf(whole, (each) => since(left(each), each.told)),
            ],
            ['until the canvas has it', middleOf(whole, (each) => since(each.drawn, left(each)))],
            ['until an animation frame shows it', middleOf(whole, ({ drawn, seen }) => seen - drawn)],
          ],
    drawn: middleOf(whole, ({ asked, drawn }) => drawn - asked),
    seen: middleOf(whole, ({ asked, seen }) => seen - asked),
  };
}

async function profileClicks(
  subject: ProductSubject,
  painter: Painter,
  damage: DamageWatch,
): Promise<WorkProfile> {
  const { page, reader, canvas } = subject;
  await painter.ask('open', 'click');
  await quiet(subject);
  const point = middle(BUTTON);
  const box = await page.locator(canvas).boundingBox();
  if (!box) throw new Error('the picture has no size');
  await page.mouse.move(
    box.x + ((point.x + 0.5) * box.width) / SCREEN.width,
    box.y + ((point.y + 0.5) * box.height) / SCREEN.height,
  );
  await quiet(subject);
  const { offset } = await pageClock(page);
  const end = startProfile(subject, painter);
  const seen: { readonly pressed: number; readonly drawn: number; readonly seen: number }[] = [];
  for (let click = 0; click < CLICKS; click += 1) {
    await pause(QUIET.least + ((click * 37) % QUIET.spread));
    await reader.start({ canvas, tracks: [], pixel: { x: BUTTON.x + 40, y: BUTTON.y + 40 }, drawings: true });
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    await pause((click * 7) % 17);
    // No move comes with them, so that what passes first is the press.
    await page.mouse.down();
    await page.mouse.up();
    const changed = await reader.changed(LIMIT);
    const [pressed] = await reader.presses();
    const drawn = (await reader.drawn()).find(
      ({ warm }, at, all) => at > 0 || all.length === 1 || warm !== all[1]?.warm,
    );
    const [, shown] = await reader.stop();
    if (changed === undefined || pressed === undefined || !drawn || !shown) continue;
    seen.push({ pressed: pressed + offset, drawn: drawn.at + offset, seen: changed + offset });
  }
  const { log, ...profiled } = await end();
  const presses = await painter.ask('presses', 'click');
  await painter.ask('close', 'click');
  const clicks = seen.map((click) => {
    const arrived = firstAfter(presses, click.pressed);
    const told = arrived && firstAfter(damage.times, arrived);
    return {
      ...click,
      sent: log.find(({ direction, at }) => direction === 'out' && at >= click.pressed)?.at,
      arrived,
      told,
      left: told && firstPicture(log, told),
    };
  });
  const whole = clicks.filter(isWhole);
  return {
    ...profiled,
    title: WORKS.click.title,
    stages: [
      [
        'pressed in the page, until it passes the box behind the operator',
        middleOf(whole, (each) => each.sent - each.pressed),
      ],
      ['until the window has it', middleOf(whole, (each) => each.arrived - each.sent)],
      ['drawn at once, until the display tells', middleOf(whole, (each) => each.told - each.arrived)],
      [
        'until the frame passes the box before the operator',
        middleOf(whole, (each) => each.left - each.told),
      ],
      ['until the canvas has it', middleOf(whole, (each) => each.drawn - each.left)],
      ['until an animation frame shows it', middleOf(whole, (each) => each.seen - each.drawn)],
    ],
    drawn: middleOf(whole, (each) => each.drawn - each.pressed),
    seen: middleOf(whole, (each) => each.seen - each.pressed),
  };
}

/** Starts to look at wire, stages and threads at once. */
function startProfile(subject: ProductSubject, painter: Painter) {
  const log = new WireLog(subject.wire);
  const threads = startThreads({
    ...Object.fromEntries(Object.entries(subject.roots).map(([part, root]) => [part, treeOf(root)])),
    'program that draws': treeOf(painter.processId),
    'this benchmark, its box on the wire': () => [process.pid],
  });
  const machine = startMachine();
  const stages = startStageTimes(subject.page);
  const began = clockNow();
  return async (): Promise<
    Pick<WorkProfile, 'own' | 'bytes' | 'threads' | 'machine'> & { log: readonly WireRecord[] }
  > => {
    const seconds = (clockNow() - began) / 1000;
    const [used, all] = [threads(), machine()];
    log[Symbol.dispose]();
    const kinds = Object.entries(bytesByKind(log.records));
    return {
      log: log.records,
      bytes: Object.fromEntries(kinds.map(([kind, bytes]) => [kind, bytes / seconds])),
      threads: used,
      machine: all,
      own: await stages(),
    };
  };
}

/** When each number was first there, ms of {@link clockNow}. */
function firstTimes(samples: readonly Sample[], offset: number): ReadonlyMap<number, number> {
  const times = new Map<number, number>();
  for (const { at, numbers } of samples) {
    const [number] = numbers;
    if (number !== null && number !== undefined && !times.has(number)) times.set(number, at + offset);
  }
  return times;
}

function firstAfter(times: readonly number[], from: number): number | undefined {
  return times.find((time) => time >= from);
}

function firstPicture(log: readonly WireRecord[], from: number): number | undefined {
  return log.find((record) => isPicture(record) && record.at >= from)?.at;
}

type Whole<T> = { readonly [K in keyof T]: Exclude<T[K], undefined> };

function isWhole<T extends object>(value: T): value is T & Whole<T> {
  return Object.values(value).every((each) => each !== undefined);
}

function middleOf<T>(values: readonly T[], time: (value: T) => number): number {
  return median(values.map(time).filter(Number.isFinite));
}

function since(time: number | undefined, from: number | undefined): number {
  return (time ?? Number.NaN) - (from ?? Number.NaN);
}
