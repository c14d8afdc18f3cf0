import type { Figure } from '../figure.js';
import { median } from '../statistics.js';
import type { SubjectName, Subjects } from './subjects.js';
import type { Worker } from './workers.js';

/** Bytes of content in a record. */
const RECORD = 65_536;
const RUNS = 5;
/** s */
const WARM_UP = 0.4;
const SECONDS = 1.2;
const MIB = 1024 * 1024;

interface Speed {
  /** MiB a second. */
  readonly rate: number;
  /** MiB for each second of CPU time: what one core could carry. */
  readonly perCpuSecond: number;
  /** Share of its core. */
  readonly busy: number;
}

const MEASURED = ['relay, WebSocket', 'bare ws pipe', 'relay, TLS-TCP', 'haproxy', 'websockify'] as const;

/** One pair, one direction, records as fast as they are taken; the subjects take turns. */
export async function measureThroughput(
  subjects: Subjects,
  near: Worker,
  far: Worker,
  tell: (line: string) => void,
): Promise<Figure[]> {
  const speeds = new Map<SubjectName, Speed[]>(MEASURED.map((name) => [name, []]));
  for (let run = 1; run <= RUNS; run += 1) {
    tell(`throughput, run ${run} of ${RUNS}`);
    for (const name of MEASURED) speeds.get(name)?.push(await oneRun(subjects, name, near, far));
  }
  const middle = (name: SubjectName, of: keyof Speed): number =>
    median((speeds.get(name) ?? []).map((speed) => speed[of]));
  const row = (name: SubjectName, reference?: SubjectName, aim = 0): Figure => {
    const numbers = [
      `${middle(name, 'rate').toFixed(0)} MiB/s`,
      `${(middle(name, 'busy') * 100).toFixed(0)} % of its core`,
      `${middle(name, 'perCpuSecond').toFixed(0)} MiB per CPU second`,
    ];
    const what = `one pair’s throughput, 64 KiB records: ${name}`;
    if (reference === undefined)
      return { what: `${what} (${subjects[name].work})`, measured: numbers.join(', ') };
    const ratio = middle(name, 'rate') / middle(reference, 'rate');
    const cpuRatio = middle(name, 'perCpuSecond') / middle(reference, 'perCpuSecond');
    return {
      what,
      measured: `${ratio.toFixed(2)} x ${reference} (per CPU second ${cpuRatio.toFixed(2)} x): ${numbers.join(', ')}`,
      aim: `>= ${aim} x`,
      reached: ratio >= aim,
    };
  };
  return [
    row('relay, WebSocket', 'bare ws pipe', 0.9),
    row('bare ws pipe'),
    row('relay, TLS-TCP', 'haproxy', 0.7),
    row('haproxy'),
    row('websockify'),
  ];
}

async function oneRun(subjects: Subjects, name: SubjectName, near: Worker, far: Worker): Promise<Speed> {
  const subject = subjects[name];
  await subject.connect(near, far);
  const flood = near.ask('flood', { size: RECORD, seconds: WARM_UP + SECONDS + 0.2 });
  const [used, started] = [subject.cpu(), performance.now()];
  const rate = (await far.ask('count', { warmUp: WARM_UP, seconds: SECONDS })) / MIB;
  const seconds = (performance.now() - started) / 1000;
  const busy = (subject.cpu() - used) / seconds;
  await flood;
  await Promise.all([near.ask('close'), far.ask('close')]);
  return { rate, busy, perCpuSecond: rate / busy };
}
