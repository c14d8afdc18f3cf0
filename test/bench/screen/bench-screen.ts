import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../../fixtures/program.js';
import { connectX, type XConnection } from '../../fixtures/x-client.js';
import { machine } from '../figure.js';
import { measureClick } from './measure-click.js';
import { measureIdle, measureWork, type WorkFigures } from './measure-work.js';
import { type Painter, startPainter } from './painter-process.js';
import { makePictures, type Pictures } from './pictures.js';
import { startProduct } from './product-subject.js';
import { PROFILED, profile } from './profile.js';
import { profileReport } from './profile-report.js';
import { type Results, reportOf, type SlowResults } from './report.js';
import { showsDisplay } from './shows-display.js';
import { LINE, measureSlowLines, SLOW_PARTS, type SlowFigures, type SlowPart } from './slow-lines.js';
import type { StartSubject, Subject, SubjectName } from './subject.js';
import { startX11vnc, startXvnc } from './vnc-subjects.js';
import { WORKS, type WorkName } from './works.js';

const SUBJECTS: Readonly<Record<SubjectName, StartSubject>> = {
  product: startProduct,
  xvnc: startXvnc,
  x11vnc: startX11vnc,
};

/** Everything that was started and has to be gone at the end, however it comes. */
const running = new AsyncDisposableStack();
const tell = (line: string): void => console.error(line);

/** Starts a subject with a painter on its display, waits for its first picture, and ends it after `work`. */
async function withSubject<T, S extends Subject>(
  start: () => Promise<S>,
  pictures: Pictures,
  work: (subject: S, painter: Painter, display: XConnection) => Promise<T>,
): Promise<T> {
  await using stack = new AsyncDisposableStack();
  running.use(stack);
  const starting = start();
  // Ended while it starts: what it has started goes once it is known.
  running.defer(async () => {
    const [started] = await Promise.allSettled([starting]);
    if (started.status === 'fulfilled') await started.value[Symbol.asyncDispose]();
  });
  const subject = stack.use(await starting);
  const painter = stack.use(startPainter());
  const display = stack.use(await connectX(subject.display));
  await painter.ask('start', { display: subject.display, pictures });
  await showsDisplay(subject, display);
  return await work(subject, painter, display);
}

/** All chosen works on one subject; one that fails doesn't take the others' figures with it. */
function measureWorks(
  name: SubjectName,
  works: readonly WorkName[],
  pictures: Pictures,
): Promise<Partial<Record<WorkName, WorkFigures>>> {
  return withSubject(SUBJECTS[name], pictures, async (subject, painter, display) => {
    const figures: Partial<Record<WorkName, WorkFigures>> = {};
    for (const work of works) {
      const measured = await attempt(`${name}, ${work}`, () => measure(work));
      tell(`${name}, ${work}: ${json(measured)}`);
      if (measured) figures[work] = measured;
      else await painter.ask('clear');
    }
    return figures;

    function measure(work: WorkName): Promise<WorkFigures> {
      if (work === 'idle') return measureIdle(subject);
      if (work === 'click') return measureClick(subject, painter);
      return measureWork({ ...WORKS[work], name: work }, subject, painter, display);
    }
  });
}

/** Equal pictures are infinitely alike, which JSON has no number for. */
function json(value: unknown, indent?: number): string {
  const replace = (_: string, one: unknown): unknown => (one === Number.POSITIVE_INFINITY ? 'equal' : one);
  return JSON.stringify(value, replace, indent);
}

/** Undefined when it fails, which is told. */
async function attempt<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    await unlessEnding();
    process.exitCode = 1;
    tell(`${what}: ${error instanceof Error ? error.stack : error}`);
    return undefined;
  }
}

/** Ended by a signal: what fails is what was taken away, and the process ends by itself. */
async function unlessEnding(): Promise<void> {
  if (running.disposed) await new Promise(() => undefined);
}

function chosen<Name extends string>(wanted: string | undefined, all: readonly Name[]): readonly Name[] {
  if (wanted === undefined) return all;
  const names = wanted.split(',');
  const unknown = names.filter((name) => !all.includes(name as Name));
  if (unknown.length > 0) {
    console.error(`${unknown.join(', ')}: not one of ${all.join(', ')}`);
    process.exit(2);
  }
  return all.filter((name) => names.includes(name));
}

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    only: { type: 'string' },
    subjects: { type: 'string' },
    json: { type: 'string' },
    profile: { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs);
const SLOW = 'slow';
const parts = chosen(values.only, [...(Object.keys(WORKS) as WorkName[]), SLOW, ...SLOW_PARTS] as const);
const works = parts.filter((part): part is WorkName => part in WORKS);
const slowParts = SLOW_PARTS.filter((part: SlowPart) => parts.includes(SLOW) || parts.includes(part));
const profiled = PROFILED.filter((work) => parts.includes(work));
const subjects = chosen(values.subjects, Object.keys(SUBJECTS) as SubjectName[]);

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, async () => {
    await running.disposeAsync();
    process.exit(130);
  });
}

const folder = await mkdtemp(join(tmpdir(), 'livelet-screen-'));
// Ended while they are drawn, more pictures may come meanwhile.
running.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));
try {
  tell('Drawing the pictures');
  const pictures = await makePictures(folder);
  if (values.profile) await printProfile(pictures);
  else await compare(pictures);
} finally {
  await running.disposeAsync();
}

/** What the product's time and bytes go to. */
async function printProfile(pictures: Pictures): Promise<void> {
  const profiles = await withSubject(startProduct, pictures, (subject, painter) =>
    profile(profiled, subject, painter, tell),
  );
  const setting = `${new Date().toISOString().slice(0, 10)}, ${machine()}; one run`;
  await print('screen-profile.md', profileReport(profiles, setting));
}

/** The works on all subjects, side by side. */
async function compare(pictures: Pictures): Promise<void> {
  const results: Results = [];
  for (let run = 0; run < (works.length > 0 ? runs : 0); run += 1) {
    for (const subject of subjects) {
      tell(`Run ${run + 1} of ${runs}: ${subject}`);
      const figures = await attempt(subject, () => measureWorks(subject, works, pictures));
      if (figures) results.push({ run, subject, figures });
    }
  }
  const slow: SlowResults = {};
  for (const name of slowParts.length > 0 ? subjects : []) {
    tell(`Slow lines: ${name}`);
    const start = (): Promise<Subject> => SUBJECTS[name](LINE);
    const figures = await attempt<SlowFigures>(name, () =>
      withSubject(start, pictures, (...place) => measureSlowLines(slowParts, ...place)),
    );
    if (figures) slow[name] = figures;
  }
  const setting = `${new Date().toISOString().slice(0, 10)}, ${machine()}; medians of ${runs} runs`;
  await print('bench-screen.md', reportOf(results, slow, setting));
  if (values.json !== undefined) {
    await writeFile(values.json, `${json({ setting, results, slow }, 2)}\n`);
  }
}

async function print(name: string, report: string): Promise<void> {
  console.log(report);
  const saved = join(root, 'test/bench/results');
  await mkdir(saved, { recursive: true });
  await writeFile(join(saved, name), report);
}
