import type { Destination } from './load/light-end.js';
import type { RelayProcess } from './relay-process.js';
import type { Worker } from './workers.js';

/** Sources that one load process may use up. */
const SOURCES_EACH = 4000;
/** Sessions that one load process opens at the same time; an operator has at most 5 codes waiting. */
const AT_ONCE = 8;

/** Opens `count` pairs, shared out evenly. @returns how many needed a second try */
export async function openCrowd(
  relay: RelayProcess,
  workers: readonly Worker[],
  count: number,
  destination: Omit<Destination, 'port'>,
  round = 0,
): Promise<number> {
  const to = { ...destination, port: relay.port };
  const each = Math.ceil(count / workers.length);
  const repeated = await Promise.all(
    workers.map((worker, index) =>
      worker.ask(
        'openPairs',
        {
          operator: to,
          customer: to,
          operators: relay.operators,
          count: Math.min(each, count - index * each),
          atOnce: AT_ONCE,
          firstSource: (round * workers.length + index) * SOURCES_EACH,
        },
        300_000,
      ),
    ),
  );
  return repeated.reduce((sum, more) => sum + more, 0);
}

/** Pairs of the crowd that still stand. */
export async function countCrowd(workers: readonly Worker[]): Promise<number> {
  const counts = await Promise.all(workers.map((worker) => worker.ask('livingPairs')));
  return counts.reduce((sum, more) => sum + more, 0);
}
