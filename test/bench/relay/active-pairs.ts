import { cpuSeconds } from '../../fixtures/process-tree.js';
import type { Figure } from '../figure.js';
import { median, percentile } from '../statistics.js';
import { openCrowd } from './crowd.js';
import type { Way } from './load/frames.js';
import type { RelayProcess } from './relay-process.js';
import type { Worker } from './workers.js';

const PAIRS = 2000;
/** 20 kB/s: a screen that changes five times a second. Bytes. */
const SIZE = 4000;
const PER_SECOND = 5;
/** The first frames of all pairs meet cold code and heaps that grow. */
const WARM_UP = 3;
const SECONDS = 8;
/** ms */
const AIM = 20;

/** Many people at work at once: how long a frame is on its way while the relay has one core. */
export async function measureActivePairs(
  relay: RelayProcess,
  workers: readonly Worker[],
  way: Way,
  tell: (line: string) => void,
): Promise<Figure> {
  tell(`${PAIRS} active pairs: ${way}`);
  await openCrowd(relay, workers, PAIRS, { way });
  const plan = { size: SIZE, perSecond: PER_SECOND, warmUp: WARM_UP, seconds: SECONDS };
  const used = (): number[] => [relay.id, ...workers.map(({ process }) => process.pid ?? 0)].map(cpuSeconds);
  const [before, started] = [used(), performance.now()];
  const results = await Promise.all(workers.map((worker) => worker.ask('active', plan, 60_000)));
  const seconds = (performance.now() - started) / 1000;
  const [own = 0, ...loads] = used().map((after, index) => (after - (before[index] ?? 0)) / seconds);
  await Promise.all(workers.map((worker) => worker.ask('closePairs')));
  const delays = results.flatMap((result) => result.delays);
  const late = results.flatMap((result) => result.late);
  const sum = (of: 'sent' | 'received'): number => results.reduce((total, result) => total + result[of], 0);
  const load = loads.reduce((total, share) => total + share, 0);
  const p95 = percentile(delays, 0.95);
  const lost = sum('sent') - sum('received');
  return {
    what: `${PAIRS} pairs of 20 kB/s (${PER_SECOND} frames of ${SIZE} B a second each), ${way}: delay of a frame`,
    measured: [
      `p50 ${median(delays).toFixed(1)}, p95 ${p95.toFixed(1)} ms; ${(sum('sent') / seconds / 1000).toFixed(1)} k frames/s`,
      `${lost} missing; the relay used ${(own * 100).toFixed(0)} % of its core`,
      `the load ${(load * 100).toFixed(0)} % of a core, and sent p95 ${percentile(late, 0.95).toFixed(1)} ms late`,
    ].join('; '),
    aim: `p95 <= ${AIM} ms`,
    reached: p95 <= AIM && lost === 0,
  };
}
