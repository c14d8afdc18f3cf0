import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../../fixtures/program.js';
import { type Figure, machine, table } from '../figure.js';
import { measureAbuse } from './abuse.js';
import { measureActivePairs } from './active-pairs.js';
import { measureArrivals } from './arrivals.js';
import { type IdleCase, measureIdlePairs } from './idle-pairs.js';
import { measureLatency } from './latency.js';
import { type RelayProcess, startRelayBehindProxy, startRelayProcess } from './relay-process.js';
import { type Subjects, startSubjects } from './subjects.js';
import { measureThroughput } from './throughput.js';
import { LOAD_CORES, MEASURED_CORES, startWorker, type Worker } from './workers.js';

/** Of new sessions, s. */
const ARRIVALS = { ordinary: { 'tls-tcp': 20, websocket: 20 }, long: { 'tls-tcp': 600, websocket: 60 } };
const IDLE: readonly IdleCase[] = [
  { what: 'TLS-TCP', destination: { way: 'tls-tcp' }, aim: 130 },
  { what: 'WebSocket over TLS', destination: { way: 'websocket' }, aim: 130 },
  { what: 'TLS-TCP behind a TLS proxy', destination: { way: 'tls-tcp', proxied: true }, aim: 30 },
  { what: 'WebSocket behind a TLS proxy', destination: { way: 'websocket', proxied: true }, aim: 30 },
];
const WAYS = ['tls-tcp', 'websocket'] as const;

type Tell = (line: string) => void;
type Measurement = (tell: Tell, isLong: boolean) => Promise<Figure[]>;

const MEASUREMENTS: Readonly<Record<string, Measurement>> = {
  throughput: (tell) => withSubjects((...parts) => measureThroughput(...parts, tell)),
  latency: (tell) => withSubjects((...parts) => measureLatency(...parts, tell)),
  idle: (tell) =>
    each(IDLE, (one) =>
      withRelay(
        2,
        async (relay, workers) => [await measureIdlePairs(relay, workers, one, tell)],
        one.destination.proxied ? startRelayBehindProxy : startRelayProcess,
      ),
    ),
  active: (tell) =>
    each(WAYS, (way) =>
      withRelay(2, async (relay, workers) => [await measureActivePairs(relay, workers, way, tell)]),
    ),
  arrivals: (tell, isLong) =>
    each(WAYS, (way) =>
      withRelay(1, async (relay, [worker]) => [
        await measureArrivals(
          relay,
          worker as Worker,
          way,
          ARRIVALS[isLong ? 'long' : 'ordinary'][way],
          tell,
        ),
      ]),
    ),
  abuse: (tell) =>
    withRelay(4, async (relay, workers) => {
      await using attacker = running.use(startWorker({ yields: true }));
      const [near, far, directNear, directFar] = workers as [Worker, Worker, Worker, Worker];
      const direct = { near: directNear, far: directFar };
      return await measureAbuse(relay, { near, far }, direct, attacker, tell);
    }),
};

/** Everything that was started and has to be gone at the end, however it comes. */
const running = new AsyncDisposableStack();

async function withSubjects(
  measure: (subjects: Subjects, near: Worker, far: Worker) => Promise<Figure[]>,
): Promise<Figure[]> {
  await using stack = new AsyncDisposableStack();
  running.use(stack);
  const { subjects } = stack.use(await startSubjects(await temporaryFolder(stack)));
  return await measure(subjects, stack.use(startWorker()), stack.use(startWorker()));
}

async function withRelay(
  load: number,
  measure: (relay: RelayProcess, workers: readonly Worker[]) => Promise<Figure[]>,
  start = startRelayProcess,
): Promise<Figure[]> {
  await using stack = new AsyncDisposableStack();
  running.use(stack);
  const relay = stack.use(await start(await temporaryFolder(stack)));
  return await measure(
    relay,
    Array.from({ length: load }, () => stack.use(startWorker())),
  );
}

async function temporaryFolder(stack: AsyncDisposableStack): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'livelet-bench-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function each<T>(cases: readonly T[], measure: (one: T) => Promise<Figure[]>): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const one of cases) figures.push(...(await measure(one)));
  return figures;
}

const { values } = parseArgs({
  options: { only: { type: 'string' }, long: { type: 'boolean' }, json: { type: 'string' } },
});
const names = values.only === undefined ? Object.keys(MEASUREMENTS) : values.only.split(',');
const unknown = names.filter((name) => !(name in MEASUREMENTS));
if (unknown.length > 0) {
  console.error(`${unknown.join(', ')}: not one of ${Object.keys(MEASUREMENTS).join(', ')}`);
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    await running.disposeAsync();
    process.exit(130);
  });
}
/** One that fails doesn't take the others' figures with it. */
async function measure(name: string): Promise<Figure[]> {
  try {
    return (await MEASUREMENTS[name]?.(tell, values.long === true)) ?? [];
  } catch (error) {
    // Ended by a signal: what failed is what was taken away, and the process ends by itself.
    if (running.disposed) return new Promise(() => undefined);
    process.exitCode = 1;
    tell(`${name}: ${error instanceof Error ? error.stack : error}`);
    const why = error instanceof Error ? error.message.split('\n', 1)[0] : error;
    return [{ what: name, measured: `failed: ${why}`, reached: false }];
  }
}

const tell: Tell = (line) => console.error(line);
const results: Record<string, Figure[]> = {};
for (const name of names) {
  results[name] = await measure(name);
  console.log(`\n## ${name}\n\n${table(results[name])}\n`);
}
const setting = `${machine()}; measured: core ${MEASURED_CORES}, load: core ${LOAD_CORES}; the relay’s limits at their defaults`;
const day = new Date().toISOString().slice(0, 10);
console.log(`${day}, ${setting}`);
const folder = join(root, 'test/bench/results');
await mkdir(folder, { recursive: true });
const sections = Object.entries(results).map(([name, figures]) => `## ${name}\n\n${table(figures)}\n`);
await writeFile(join(folder, 'bench-relay.md'), [`${day}, ${setting}\n`, ...sections].join('\n'));
if (values.json !== undefined) {
  await writeFile(
    values.json,
    `${JSON.stringify({ day, setting, long: values.long === true, results }, undefined, 2)}\n`,
  );
}
