/** Files between two ends in processes of their own, through a relay of its own: how fast, and at what cost. */
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { identityFromSeed, relayApi } from '@livelet/core';
import { startRelay } from '@livelet/relay';
import { type Figure, machine, table } from '../figure.js';
import type { EndOrder, EndReport, EndTask } from './files-end.js';

const MIB = 2 ** 20;
/** Of the large file; a smaller one tells only whether all of this works. */
const { values } = parseArgs({ options: { mebibytes: { type: 'string', default: '1024' } } });
const LARGE = Number(values.mebibytes) * MIB;
const MANY = { files: 500, bytes: 16 * 1024 };

await using stack = new AsyncDisposableStack();
const folder = await mkdtemp(join(tmpdir(), 'livelet-bench-files-'));
stack.defer(async () => await rm(folder, { recursive: true, force: true }));
const homes = { operator: join(folder, 'operator'), customer: join(folder, 'customer') };
const own = join(homes.operator, 'Downloads/Livelet');
await prepare();

const relay = await startRelay({ host: '127.0.0.1', port: 0, stateDir: join(folder, 'relay') });
stack.defer(() => relay.close());
const seed = randomBytes(32);
const token = (await readFile(relay.firstAdminFile, 'utf8')).trim();
await relayApi({ deployment: relay.deployment, identity: identityFromSeed(seed) }).call('POST', '/enrol', {
  token,
  name: 'Maria Rossi',
});
const { deployment } = relay;

const operator = start(homes.operator, { side: 'operator', deployment, seed: seed.toString('base64') });
const code = await operator.says('code');
const customer = start(homes.customer, { side: 'customer', deployment, code });
await Promise.all([operator.says('ready'), customer.says('ready')]);

operator.order({ order: 'lag' });
const { lag: idle } = await operator.says('lag');
customer.order({ order: 'watch' });
operator.order({ order: 'send', name: 'large.bin' });
const large = await operator.says('sent');
customer.order({ order: 'memory' });
const { memory } = await customer.says('memory');
operator.order({ order: 'send', name: 'many' });
const many = await operator.says('sent');

const rate = LARGE / 1e6 / (large.ms / 1000);
const above = Math.max(large.memory, memory) / MIB;
const figures: Figure[] = [
  {
    what: `${values.mebibytes} MiB through the relay, from disk to disk with its hash`,
    measured: `${rate.toFixed(0)} MB/s`,
    aim: '>= 150 MB/s',
    reached: rate >= 150,
  },
  {
    what: '500 files of 16 KiB',
    measured: `${(many.ms / 1000).toFixed(2)} s`,
    aim: '<= 0.8 s',
    reached: many.ms <= 800,
  },
  {
    what: 'resident above idle during that (sending, receiving)',
    measured: `${(large.memory / MIB).toFixed(0)} MiB, ${(memory / MIB).toFixed(0)} MiB`,
    aim: '<= 64 MiB',
    reached: above <= 64,
  },
  {
    what: 'a small message of input there and back, without and during that, medians',
    measured: `${idle.toFixed(2)} ms, ${large.lag.toFixed(2)} ms`,
    aim: '<= 2 x',
    reached: large.lag <= 2 * idle,
  },
];
console.log(`${new Date().toISOString().slice(0, 10)}, ${machine()}\n\n${table(figures)}`);

async function prepare(): Promise<void> {
  await mkdir(join(own, 'many'), { recursive: true });
  const file = await open(join(own, 'large.bin'), 'w');
  const block = randomBytes(4 * MIB);
  for (let at = 0; at < LARGE; at += block.length) await file.write(block);
  await file.close();
  for (let n = 0; n < MANY.files; n += 1) {
    await writeFile(join(own, `many/${n}.bin`), randomBytes(MANY.bytes));
  }
}

function start(home: string, task: EndTask) {
  const child = fork(new URL('files-end.js', import.meta.url), {
    execArgv: ['--expose-gc'],
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: join(home, '.config') },
  });
  stack.defer(() => void child.kill());
  const reports: EndReport[] = [];
  child.on('message', (report) => reports.push(report as EndReport));
  child.send(task);
  return {
    order: (order: EndOrder) => void child.send(order),
    async says<W extends EndReport['what']>(what: W): Promise<Extract<EndReport, { what: W }>> {
      const find = async (): Promise<EndReport> => {
        for (;;) {
          const at = reports.findIndex((report) => report.what === what);
          const [found] = at < 0 ? [] : reports.splice(at, 1);
          if (found) return found;
          await once(child, 'message', { signal: AbortSignal.timeout(60_000) });
        }
      };
      return (await find()) as Extract<EndReport, { what: W }>;
    },
  };
}
