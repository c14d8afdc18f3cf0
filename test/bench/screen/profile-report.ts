import type { WorkProfile } from './profile.js';
import { STAGES } from './stage-times.js';
import type { MachineUse, ThreadUse } from './threads.js';

/** Threads that use and wait for less than this share of a core are shown together. */
const LEAST = 0.01;

const ms = (time: number): string => time.toFixed(1);
const percent = (share: number): string => (share * 100).toFixed(1);

/** The profiles as Markdown. */
export function profileReport(profiles: readonly WorkProfile[], setting: string): string {
  return `${setting}\n\n${profiles.map(sectionOf).join('\n')}`;
}

function sectionOf({ title, stages, drawn, seen, own, bytes, threads, machine }: WorkProfile): string {
  const all = Object.values(bytes).reduce((sum, each) => sum + each, 0);
  return [
    `## ${title}\n`,
    table('stage|p50, ms', [
      ...stages.map(([what, time]) => [what, ms(time)]),
      ['**all, on the canvas**', ms(drawn)],
      ['**all, seen by animation frames**', ms(seen)],
    ]),
    table(
      'as the measurements over the picture say|median, ms',
      STAGES.map((stage) => [stage.toLowerCase(), ms(own[stage])]),
    ),
    table('bytes on the wire|B/s|share', [
      ...Object.entries(bytes).map(([kind, rate]) => [kind, rate.toFixed(0), `${percent(rate / all)} %`]),
      ['**all**', all.toFixed(0), ''],
    ]),
    table('process|thread|on a core, %|waiting for one, %', threadRows(threads, machine)),
  ].join('\n');
}

function threadRows(threads: readonly ThreadUse[], machine: MachineUse): string[][] {
  const rows: string[][] = [];
  const sum = (of: readonly ThreadUse[]): [string, string] => [
    percent(of.reduce((total, { used }) => total + used, 0)),
    percent(of.reduce((total, { waited }) => total + waited, 0)),
  ];
  for (const part of new Set(threads.map(({ part }) => part))) {
    const of = threads.filter((thread) => thread.part === part);
    const large = of.filter(({ used, waited }) => used >= LEAST || waited >= LEAST);
    rows.push([`**${part}**`, '', ...sum(of)]);
    for (const thread of large.toSorted((a, b) => b.used - a.used))
      rows.push([thread.process, thread.thread, ...sum([thread])]);
  }
  const others = machine.used - threads.reduce((total, { used }) => total + used, 0);
  rows.push(['**all**', '', ...sum(threads)]);
  rows.push(['whatever else runs on the machine', '', percent(others), '']);
  rows.push(['taken by the machine’s host', '', percent(machine.stolen), '']);
  return rows;
}

function table(columns: string, rows: readonly (readonly string[])[]): string {
  const names = columns.split('|');
  const lines = [names, names.map(() => '---'), ...rows];
  return `${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}
