import { setTimeout as pause } from 'node:timers/promises';
import type { Figure } from '../figure.js';
import { countCrowd, openCrowd } from './crowd.js';
import type { Destination } from './load/light-end.js';
import type { RelayProcess } from './relay-process.js';
import type { Worker } from './workers.js';

const PAIRS = 5000;
/** Opened before the first look, so that code and caches aren't counted as pairs. */
const FIRST = 100;
/** From the last pair to the look, ms. */
const QUIET = 5000;
const KIB = 1024;

export interface IdleCase {
  readonly what: string;
  readonly destination: Omit<Destination, 'port'>;
  /** KiB of resident memory a pair. */
  readonly aim: number;
}

/** What a pair that says nothing costs the relay's process: resident memory, nothing forced out of it before. */
export async function measureIdlePairs(
  relay: RelayProcess,
  workers: readonly Worker[],
  { what, destination, aim }: IdleCase,
  tell: (line: string) => void,
): Promise<Figure> {
  await openCrowd(relay, workers, FIRST, destination);
  const before = await relay.memory();
  tell(`${PAIRS} idle pairs: ${what}`);
  const started = performance.now();
  const repeated = await openCrowd(relay, workers, PAIRS - FIRST, destination, 1);
  const opening = (performance.now() - started) / 1000;
  await pause(QUIET);
  const after = await relay.memory();
  const alive = await countCrowd(workers);
  if (alive !== PAIRS) throw new Error(`${alive} of ${PAIRS} pairs are left`);
  await Promise.all(workers.map((worker) => worker.ask('closePairs')));
  const each = (of: keyof typeof after): number => (after[of] - before[of]) / (PAIRS - FIRST) / KIB;
  const parts = `JavaScript heap ${each('heapUsed').toFixed(1)}, external ${each('external').toFixed(1)}`;
  return {
    what: `${PAIRS} idle pairs, ${what}: the relay’s resident memory a pair`,
    measured: `${each('rss').toFixed(1)} KiB (${parts}; opened in ${opening.toFixed(0)} s, ${repeated} at the second try)`,
    aim: `<= ${aim} KiB`,
    reached: each('rss') <= aim,
  };
}
