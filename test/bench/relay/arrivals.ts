import { setInterval as every } from 'node:timers/promises';
import type { Figure } from '../figure.js';
import { percentile } from '../statistics.js';
import type { Way } from './load/frames.js';
import type { RelayProcess } from './relay-process.js';
import type { Worker } from './workers.js';

const PER_SECOND = 50;
/** Enough for the limits of one source: 20 sockets and 10 tries a minute, 60 tries an hour. */
const SOURCES = 750;
const SAMPLES = 20;
const KIB = 1024;

/** Sessions that come and go: asked for, joined and closed, each with two TLS handshakes. */
export async function measureArrivals(
  relay: RelayProcess,
  worker: Worker,
  way: Way,
  seconds: number,
  tell: (line: string) => void,
): Promise<Figure> {
  tell(`${PER_SECOND} new sessions a second for ${seconds} s: ${way}`);
  const to = { way, port: relay.port };
  const run = worker.ask(
    'arrive',
    {
      ...{
        operator: to,
        customer: to,
        operators: relay.operators,
        atOnce: 0,
        count: SOURCES,
        firstSource: 100_000,
      },
      ...{ perSecond: PER_SECOND, seconds },
    },
    seconds * 2000 + 60_000,
  );
  const over = new AbortController();
  run.then(
    () => over.abort(),
    () => over.abort(),
  );
  const memory: { at: number; rss: number }[] = [];
  try {
    for await (const _ of every((seconds * 1000) / SAMPLES, undefined, { signal: over.signal })) {
      memory.push({ at: performance.now() / 1000, rss: (await relay.memory()).rss / KIB });
    }
  } catch {
    // Over.
  }
  const { times, failures, seconds: took } = await run;
  const failed = Object.values(failures).reduce((sum, more) => sum + more, 0);
  const rate = times.length / took;
  const growth = slope(memory.slice(memory.length / 2));
  const whys = Object.entries(failures).map(([why, count]) => `${count} x ${why}`);
  return {
    what: `${PER_SECOND} new sessions a second for ${seconds} s, ${way}: asked for, joined, closed`,
    measured: [
      `${rate.toFixed(1)} a second`,
      `${failed} failed${whys.length > 0 ? ` (${whys.join(', ')})` : ''}`,
      `from the dial to joined p95 ${times.length > 0 ? percentile(times, 0.95).toFixed(0) : '-'} ms`,
      `resident memory in the second half ${growth >= 0 ? '+' : ''}${((growth / PER_SECOND) * 1000).toFixed(0)} KiB per 1,000 sessions`,
    ].join('; '),
    aim: `${PER_SECOND} a second, none failed`,
    reached: failed === 0 && rate >= PER_SECOND * 0.98,
  };
}

/** KiB a second, least squares. */
function slope(samples: readonly { at: number; rss: number }[]): number {
  const mean = (of: 'at' | 'rss'): number => samples.reduce((sum, one) => sum + one[of], 0) / samples.length;
  const [at, rss] = [mean('at'), mean('rss')];
  const above = samples.reduce((sum, one) => sum + (one.at - at) * (one.rss - rss), 0);
  const below = samples.reduce((sum, one) => sum + (one.at - at) ** 2, 0);
  return below === 0 ? 0 : above / below;
}
