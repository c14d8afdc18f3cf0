/** Files between two ends in processes of their own, through a relay of its own: how fast, and at what cost. */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Deployment, identityFromSeed, parseDeployment, relayApi } from '@livelet/core';
import { freePort } from '@livelet/core/test-support';
import { cpuSeconds } from '../../fixtures/process-tree.js';
import { startProgram } from '../../fixtures/program.js';
import { slowLine } from '../../fixtures/slow-line.js';
import { type Figure, machine, table } from '../figure.js';
import { sendByScp, sendByWormhole } from './other-programs.js';
import { startEnd } from './session-end.js';

const MIB = 2 ** 20;
/** Of the large file; a smaller one tells only whether all of this works. */
const { values } = parseArgs({
  options: {
    mebibytes: { type: 'string', default: '1024' },
    alone: { type: 'boolean', default: false },
    /** Of the sending end's line to the relay, ms; it carries LINE_RATE then, and nothing else is compared. */
    'round-trip': { type: 'string', default: '0' },
  },
});
const ROUND_TRIP = Number(values['round-trip']);
/** What may be on its way at first: `window` of files in core/src/channel/byte-stream.ts. Bytes. */
const FIRST_WINDOW = 384 * 1024;
/** Bits a second. */
const LINE_RATE = 400e6;
const LARGE = Number(values.mebibytes) * MIB;
const MANY = { files: 500, bytes: 16 * 1024 };

await using stack = new AsyncDisposableStack();
const folder = await mkdtemp(join(tmpdir(), 'livelet-bench-files-'));
stack.defer(async () => await rm(folder, { recursive: true, force: true }));
const homes = { operator: join(folder, 'operator'), customer: join(folder, 'customer') };
const own = join(homes.operator, 'Downloads/Livelet');
const arrived = join(homes.customer, 'Downloads/Livelet');
await prepare();

const stateDir = join(folder, 'relay');
const words = ['--host', '127.0.0.1', '--port', String(await freePort()), '--state-dir', stateDir];
const relay = stack.use(startProgram('relay/bin/livelet-relay.js', words));
await relay.says(/relay: (\S+)/);
const deployment = parseDeployment(await readFile(join(stateDir, 'deployment.json'), 'utf8'));
const seed = randomBytes(32);
const token = (await readFile(join(stateDir, 'first-admin.token'), 'utf8')).trim();
const api = relayApi({ deployment, identity: identityFromSeed(seed) });
await api.call('POST', '/enrol', { token, name: 'Maria Rossi' });

const operator = stack.use(
  startEnd(homes.operator, { side: 'operator', deployment: await far(), seed: seed.toString('base64') }),
);
const code = await operator.says('code');
const customer = stack.use(startEnd(homes.customer, { side: 'customer', deployment, code }));
await Promise.all([operator.says('ready'), customer.says('ready')]);

const cpu = (): number[] => [operator.cpu(), cpuSeconds(relay.process.pid ?? 0), customer.cpu()];

operator.order({ order: 'lag' });
const { lag: idle } = await operator.says('lag');
const before = cpu();
const large = await send('large.bin');
const spent = cpu().map((seconds, at) => seconds - (before[at] ?? 0));
const many = await send('many');
const others =
  values.alone || ROUND_TRIP > 0
    ? []
    : [await sendByScp(folder, join(own, 'large.bin')), await sendByWormhole(folder, join(own, 'large.bin'))];

const rateOf = (ms: number): number => LARGE / 1e6 / (ms / 1000);
const mebibytes = (bytes: number): string => `${(bytes / MIB).toFixed(0)} MiB`;
const figures: Figure[] = [
  {
    what: `${values.mebibytes} MiB through the relay, from disk to disk with its hash`,
    measured: `${rateOf(large.ms).toFixed(0)} MB/s`,
    ...(ROUND_TRIP > 0 ? {} : { aim: '>= 150 MB/s', reached: rateOf(large.ms) >= 150 }),
  },
  ...(ROUND_TRIP > 0 ? [onLongLine()] : []),
  ...others.map(({ name, ms }) => ({
    what: `the same by ${name}`,
    measured: `${rateOf(ms).toFixed(0)} MB/s`,
  })),
  {
    what: 'processor time for a GiB of it: sending, relay, receiving',
    measured: spent.map((seconds) => `${((seconds * 1024 * MIB) / LARGE).toFixed(1)} s`).join(', '),
  },
  {
    what: '500 files of 16 KiB',
    measured: `${(many.ms / 1000).toFixed(2)} s`,
    ...(ROUND_TRIP > 0 ? {} : { aim: '<= 0.8 s', reached: many.ms <= 800 }),
  },
  {
    what: 'resident above idle: the large file sent, received, the many sent, received',
    measured: [large.sent, large.received, many.sent, many.received].map(mebibytes).join(', '),
    aim: '<= 64 MiB',
    reached: Math.max(large.sent, large.received, many.sent, many.received) <= 64 * MIB,
  },
  {
    what: 'a small message of input there and back, without and during that, medians',
    measured: `${idle.toFixed(2)} ms, ${large.lag.toFixed(2)} ms`,
    aim: '<= 2 x',
    reached: large.lag <= 2 * idle,
  },
];
console.log(`${new Date().toISOString().slice(0, 10)}, ${machine()}\n\n${table(figures)}`);

/** The relay at the other end of a long line. */
async function far(): Promise<Deployment> {
  if (ROUND_TRIP === 0) return deployment;
  const url = new URL(deployment.relayUrl);
  const target = Number(url.port);
  const line = stack.use(await slowLine({ target, bitsPerSecond: LINE_RATE, delayMs: ROUND_TRIP / 2 }));
  url.port = String(line.port);
  return { ...deployment, relayUrl: url.href };
}

function onLongLine(): Figure {
  const first = FIRST_WINDOW / 1e6 / (ROUND_TRIP / 1000);
  return {
    what: `of it, on a line of ${ROUND_TRIP} ms and ${LINE_RATE / 8e6} MB/s, the first window in each round trip`,
    measured: `${first.toFixed(1)} MB/s: ${(rateOf(large.ms) / first).toFixed(1)} x`,
  };
}

/** Sends what is called so in the operator's folder; memory as bytes above what was resident before. */
async function send(
  name: string,
): Promise<{ readonly ms: number; readonly lag: number; readonly sent: number; readonly received: number }> {
  customer.order({ order: 'watch' });
  operator.order({ order: 'send', name });
  const { ms, lag, memory: sent } = await operator.says('sent');
  customer.order({ order: 'memory' });
  const { memory: received } = await customer.says('memory');
  // What waits to be written to the disk would be in the way of the next.
  await rm(join(arrived, name), { recursive: true });
  return { ms, lag, sent, received };
}

async function prepare(): Promise<void> {
  await mkdir(join(own, 'many'), { recursive: true });
  const file = await open(join(own, 'large.bin'), 'w');
  const block = randomBytes(4 * MIB);
  for (let at = 0; at < LARGE; at += block.length) await file.write(block);
  await file.datasync();
  await file.close();
  for (let n = 0; n < MANY.files; n += 1) {
    await writeFile(join(own, `many/${n}.bin`), randomBytes(MANY.bytes));
  }
}
