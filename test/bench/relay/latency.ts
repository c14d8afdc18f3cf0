import type { Figure } from '../figure.js';
import { median, percentile } from '../statistics.js';
import type { SubjectName, Subjects } from './subjects.js';
import type { Worker } from './workers.js';

/** Bytes of a frame: a key press in its record. */
const SIZE = 200;
const RUNS = 3;
const WARM_UP = 300;
const ROUND_TRIPS = 1500;
/** ms */
const AIM = { p50: 0.15, p95: 0.5 };

const MEASURED = [
  'direct',
  'relay, WebSocket',
  'relay, TLS-TCP',
  'bare ws pipe',
  'haproxy',
  'websockify',
] as const;

/**
 * A frame goes to the other end and comes back, twice through what is measured. Half of what its round trips take
 * longer than those of a direct TLS connection is what it adds to one frame on its way.
 */
export async function measureLatency(
  subjects: Subjects,
  near: Worker,
  far: Worker,
  tell: (line: string) => void,
): Promise<Figure[]> {
  const runs = new Map<SubjectName, { p50: number; p95: number }[]>(MEASURED.map((name) => [name, []]));
  for (let run = 1; run <= RUNS; run += 1) {
    tell(`added latency, run ${run} of ${RUNS}`);
    for (const name of MEASURED) {
      await subjects[name].connect(near, far);
      await far.ask('echo', { size: SIZE });
      await near.ask('pingPong', { size: SIZE, count: WARM_UP });
      const times = await near.ask('pingPong', { size: SIZE, count: ROUND_TRIPS });
      runs.get(name)?.push({ p50: median(times), p95: percentile(times, 0.95) });
      await Promise.all([near.ask('close'), far.ask('close')]);
    }
  }
  const middle = (name: SubjectName, of: 'p50' | 'p95'): number =>
    median((runs.get(name) ?? []).map((times) => times[of]));
  const added = (name: SubjectName, of: 'p50' | 'p95'): number =>
    (middle(name, of) - middle('direct', of)) / 2;
  return MEASURED.map((name) => {
    const [p50, p95] = [middle(name, 'p50'), middle(name, 'p95')];
    const round = `there and back p50 ${p50.toFixed(3)}, p95 ${p95.toFixed(3)} ms`;
    if (name === 'direct') return { what: 'a 200 B frame: direct TLS', measured: round };
    const [plus50, plus95] = [added(name, 'p50'), added(name, 'p95')];
    const figure: Figure = {
      what: `added to the way of a 200 B frame: ${name}`,
      measured: `p50 ${plus50.toFixed(3)}, p95 ${plus95.toFixed(3)} ms (${round})`,
    };
    if (!name.startsWith('relay')) return figure;
    const reached = plus50 <= AIM.p50 && plus95 <= AIM.p95;
    return { ...figure, aim: `p50 <= ${AIM.p50}, p95 <= ${AIM.p95} ms`, reached };
  });
}
