import { cpus, totalmem } from 'node:os';

/** One measured figure beside what is aimed at, or a reference beside which others stand. */
export interface Figure {
  readonly what: string;
  /** As printed, with its unit. */
  readonly measured: string;
  readonly aim?: string;
  readonly reached?: boolean;
}

/** This machine in a line: what a figure is worth nothing without. */
export function machine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} x ${cpu?.model.trim() ?? 'unknown processor'}, ${memory} GiB, Node ${process.versions.node}`;
}

/** The figures as a Markdown table. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map(
    ({ what, measured, aim = '', reached }) =>
      `| ${what} | ${measured} | ${aim} | ${reached === undefined ? '' : reached ? 'yes' : 'no'} |`,
  );
  return ['| what | measured | aim | reached |', '|---|---|---|---|', ...rows].join('\n');
}
