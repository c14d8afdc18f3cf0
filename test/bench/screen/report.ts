import { median } from '../statistics.js';
import type { WorkFigures } from './measure-work.js';
import type { SlowFigures } from './slow-lines.js';
import type { SubjectName } from './subject.js';
import { WORKS, type Work, type WorkName } from './works.js';

/** What each subject showed behind slow lines. */
export type SlowResults = Partial<Record<SubjectName, SlowFigures>>;

/** What every run on every subject showed. */
export type Results = {
  readonly run: number;
  readonly subject: SubjectName;
  readonly figures: Partial<Record<WorkName, WorkFigures>>;
}[];

const TITLES: Readonly<Record<SubjectName, string>> = {
  product: 'Livelet',
  xvnc: 'Xvnc + noVNC',
  x11vnc: 'x11vnc + noVNC',
};

type Key = keyof WorkFigures;

interface Column {
  readonly title: string;
  readonly key: Key;
  readonly print: (value: number) => string;
  /** Whether the product's value is compared with the others'. */
  readonly compared?: boolean;
  readonly reach?: (work: Work) => string | undefined;
}

const tenths = (value: number): string => value.toFixed(1);
const whole = (value: number): string => Math.round(value).toLocaleString('en');
const percent = (value: number): string => `${(value * 100).toFixed(value < 0.1 ? 1 : 0)} %`;
const few = (value: number): string => (value < 10 ? value.toFixed(2) : whole(value));
const atMost = (value: number | undefined): string | undefined =>
  value === undefined ? undefined : `≤ ${value}`;

const COLUMNS: readonly Column[] = [
  { title: 'drawn/s', key: 'drawn', print: tenths },
  {
    title: 'seen/s',
    key: 'seen',
    print: tenths,
    compared: true,
    reach: ({ reach }) => (reach.rate === undefined ? undefined : `≥ ${reach.rate}`),
  },
  {
    title: 'lag p50, ms',
    key: 'lag50',
    print: tenths,
    compared: true,
    reach: ({ reach }) => atMost(reach.lag),
  },
  {
    title: 'lag p95, ms',
    key: 'lag95',
    print: tenths,
    compared: true,
    reach: ({ reach }) => atMost(reach.lag95),
  },
  { title: 'wire, kB/s', key: 'wire', print: few, compared: true, reach: ({ reach }) => atMost(reach.wire) },
  { title: 'wire in 3 s after, kB', key: 'after', print: few },
  {
    title: 'source',
    key: 'source',
    print: percent,
    compared: true,
    reach: ({ reach }) => (reach.source === undefined ? undefined : `≤ ${percent(reach.source)}`),
  },
  { title: 'between', key: 'between', print: percent },
  { title: 'viewer', key: 'viewer', print: percent, compared: true },
  {
    title: 'at rest, dB',
    key: 'likeness',
    print: (value) => (value === Number.POSITIVE_INFINITY ? 'equal' : tenths(value)),
    reach: ({ name }) => (name === 'idle' || name === 'click' ? undefined : 'equal'),
  },
];

/** The figures as Markdown: a table for each work, with a row for each subject, what is aimed at, and the ratios. */
export function reportOf(results: Results, slow: SlowResults, setting: string): string {
  const works = Object.values(WORKS).filter(({ name }) => results.some(({ figures }) => figures[name]));
  const sections = [...works.map((work) => sectionOf(work, results)), ...slowSections(slow)];
  return `${setting}\n\n${sections.join('\n')}`;
}

function slowSections(slow: SlowResults): string[] {
  const all = Object.entries(slow) as [SubjectName, SlowFigures][];
  if (all.length === 0) return [];
  const number = (value: number | undefined, none = '–'): string =>
    value === undefined ? none : tenths(value);
  const videos = all.flatMap(([subject, { videos }]) =>
    videos.map((one) => [
      TITLES[subject],
      `${one.width}x${one.height}`,
      number(one.lag50),
      number(one.lag95),
      number(one.typed),
      number(one.seen),
      few(one.wire),
      number(one.exact, 'never in 12 s'),
      tenths(one.least),
    ]),
  );
  const clicks = all.map(([subject, { clicks, clicksBesideVideo }]) => [
    TITLES[subject],
    number(clicks?.lag50),
    number(clicks?.lag95),
    number(clicksBesideVideo?.lag50),
    number(clicksBesideVideo?.lag95),
  ]);
  return [
    markdown(
      '1 Mb/s, 80 ms round trip: 9.9 letters a second typed beside a video',
      'video|typing lag p50, ms|p95, ms|letters seen/s|video seen/s|wire, kB/s|exact after, s|line’s least, s',
      [...videos, ['aimed at', '', '≤ 150', '', '', '', '', '≤ 2', '']],
    ),
    markdown(
      '256 kb/s, 80 ms round trip: click to changed colour',
      'at rest p50, ms|p95, ms|beside a 320x180 video p50, ms|p95, ms',
      [...clicks, ['aimed at', '≤ 500', '', '≤ 500', '']],
    ),
  ];
}

function markdown(title: string, columns: string, rows: readonly (readonly string[])[]): string {
  const names = columns.split('|');
  const lines = [['', ...names], ['', ...names].map(() => '---'), ...rows];
  return `## ${title}\n\n${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

function sectionOf(work: Work, results: Results): string {
  const subjects = [...new Set(results.map(({ subject }) => subject))];
  const valuesOf = (subject: SubjectName, key: Key): number[] =>
    results.flatMap((one) => {
      const value = one.subject === subject ? one.figures[work.name]?.[key] : undefined;
      return value === undefined ? [] : [value];
    });
  const columns = COLUMNS.filter(({ key }) => subjects.some((subject) => valuesOf(subject, key).length > 0));
  const row = (title: string, cells: readonly string[]): string => `| ${[title, ...cells].join(' | ')} |`;
  const rows = [
    row(
      '',
      columns.map(({ title }) => title),
    ),
    `|---${'|---'.repeat(columns.length)}|`,
    ...subjects.map((subject) =>
      row(
        TITLES[subject],
        columns.map((column) => cellOf(column, valuesOf(subject, column.key))),
      ),
    ),
    row(
      'aimed at',
      columns.map(({ reach }) => reach?.(work) ?? ''),
    ),
    ...subjects
      .filter((subject) => subject !== 'product' && subjects.includes('product'))
      .map((subject) =>
        row(
          `Livelet / ${TITLES[subject]}`,
          columns.map(({ key, compared }) => {
            const [own, other] = [valuesOf('product', key), valuesOf(subject, key)];
            if (!compared || own.length === 0 || other.length === 0 || median(other) === 0) return '';
            return `${(median(own) / median(other)).toFixed(2)} x`;
          }),
        ),
      ),
  ];
  return `## ${work.title}\n\n${rows.join('\n')}\n`;
}

/** The median, and where runs differ much, between what: one of the subjects has a fast and a slow state. */
function cellOf({ key, print }: Column, values: readonly number[]): string {
  if (values.length === 0) return '–';
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const middle = print(median(values));
  const differ = key === 'lag50' || key === 'likeness';
  return differ && print(least) !== print(most) ? `${middle} (${print(least)} to ${print(most)})` : middle;
}
