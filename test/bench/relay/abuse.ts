import type { Figure } from '../figure.js';
import { median, percentile } from '../statistics.js';
import type { AttackName } from './load/attacks.js';
import type { RelayProcess } from './relay-process.js';
import type { Worker } from './workers.js';

const ATTACKS: readonly AttackName[] = [
  'code scanner',
  'bad authorisations',
  'resume handles',
  'half-open sockets',
  'slow headers',
  'fragment bomb',
  'oversized frames',
  'flood of records',
  'flood of small frames',
  'stalled reader',
];
const SIZE = 200;
const ROUND_TRIPS = 400;
/** Between two frames of the steady pair, ms. */
const GAP = 5;
/** How long an attack lasts: longer than the round trips take, s. */
const SECONDS = 5;
/** Times the latency without an attack. */
const AIM = 2;
/** Sources of an attacker; each attack comes from others, so that none is still banned. */
const SOURCES_EACH = 1000;
const MIB = 1024 * 1024;

/** What others feel of an attack: a steady pair's round trips alone and under each attack, in turns. */
export async function measureAbuse(
  relay: RelayProcess,
  near: Worker,
  far: Worker,
  attacker: Worker,
  tell: (line: string) => void,
): Promise<Figure[]> {
  const [as, attackers] = relay.operators;
  if (!as || !attackers) throw new Error('no operators');
  const destination = { way: 'tls-tcp' as const, port: relay.port };
  const nameplate = await far.ask('allocate', { destination, as });
  await Promise.all([far.ask('joined'), near.ask('join', { destination, nameplate })]);
  await far.ask('echo', { size: SIZE });
  const p95 = async (): Promise<number> =>
    percentile(await near.ask('pingPong', { size: SIZE, count: ROUND_TRIPS, gapMs: GAP }), 0.95);

  await p95();
  const alone: number[] = [];
  const under: { name: AttackName; p95: number; tries: number; rss: number }[] = [];
  for (const [index, name] of ATTACKS.entries()) {
    tell(`others under attack: ${name}`);
    alone.push(await p95());
    const plan = {
      ...{ operator: destination, customer: destination, as: attackers, seconds: SECONDS },
      firstSource: 200_000 + index * SOURCES_EACH,
    };
    const attack = attacker.ask(name, plan);
    const disturbed = await p95();
    under.push({ name, p95: disturbed, tries: await attack, rss: (await relay.memory()).rss / MIB });
  }
  await Promise.all([near.ask('close'), far.ask('close')]);
  const usual = median(alone);
  return [
    { what: 'a steady pair’s round trip, alone', measured: `p95 ${usual.toFixed(2)} ms` },
    ...under.map(({ name, p95: disturbed, tries, rss }) => ({
      what: `the same under attack: ${name}`,
      measured: `p95 ${disturbed.toFixed(2)} ms, ${(disturbed / usual).toFixed(2)} x alone; ${tries} tries; relay ${rss.toFixed(0)} MiB`,
      aim: `<= ${AIM} x`,
      reached: disturbed <= AIM * usual,
    })),
  ];
}
