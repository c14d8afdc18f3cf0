import { readFile } from 'node:fs/promises';
import { freePort } from '@livelet/core/test-support';
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
const SECONDS = 4;
const ROUNDS = 3;
/** Times the latency without an attack. */
const AIM = 2;
/** Sources of an attacker; each attack comes from others, so that none is still banned. */
const SOURCES_EACH = 1000;
const MIB = 1024 * 1024;

/** Two ends that send each other something all the time. */
interface Pair {
  readonly near: Worker;
  readonly far: Worker;
}

/** p95 of a pair's round trips, ms. */
interface Latency {
  readonly relayed: number;
  /** Of the pair that the relay has nothing to do with. */
  readonly direct: number;
}

/**
 * What others feel of an attack: the round trips of a steady pair, alone and under each attack, in turns. A second pair
 * talks directly, over a TLS connection of its own, at the same time: what it feels is not the relay's doing but that of
 * the machine on which the attacker runs too.
 */
export async function measureAbuse(
  relay: RelayProcess,
  relayed: Pair,
  direct: Pair,
  attacker: Worker,
  tell: (line: string) => void,
): Promise<Figure[]> {
  const attackers = relay.operators[1];
  if (!attackers) throw new Error('no operators');
  const destination = { way: 'tls-tcp' as const, port: relay.port };
  await connectThrough(relay, relayed);
  await connectDirectly(relay, direct);

  const p95 = async ({ near }: Pair): Promise<number> =>
    percentile(await near.ask('pingPong', { size: SIZE, count: ROUND_TRIPS, gapMs: GAP }), 0.95);
  const latency = async (): Promise<Latency> => {
    const [one, other] = await Promise.all([p95(relayed), p95(direct)]);
    return { relayed: one, direct: other };
  };

  await latency();
  const alone: Latency[] = [];
  const under = new Map<AttackName, { latency: Latency; tries: number; rss: number }[]>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, name] of ATTACKS.entries()) {
      tell(`others under attack, round ${round + 1} of ${ROUNDS}: ${name}`);
      alone.push(await latency());
      const plan = {
        ...{ operator: destination, customer: destination, as: attackers, seconds: SECONDS },
        firstSource: 200_000 + (round * ATTACKS.length + index) * SOURCES_EACH,
      };
      const attack = attacker.ask(name, plan);
      const disturbed = await latency();
      const one = { latency: disturbed, tries: await attack, rss: (await relay.memory()).rss / MIB };
      under.set(name, [...(under.get(name) ?? []), one]);
    }
  }
  await Promise.all([relayed, direct].flatMap(({ near, far }) => [near.ask('close'), far.ask('close')]));

  const middle = (all: readonly Latency[]): Latency => ({
    relayed: median(all.map((one) => one.relayed)),
    direct: median(all.map((one) => one.direct)),
  });
  const usual = middle(alone);
  return [
    {
      what: 'a steady pair’s round trip, alone',
      measured: `p95 ${usual.relayed.toFixed(2)} ms (a direct one ${usual.direct.toFixed(2)} ms)`,
    },
    ...[...under].map(([name, all]) => {
      const disturbed = middle(all.map((one) => one.latency));
      const times = disturbed.relayed / usual.relayed;
      const besides = disturbed.direct / usual.direct;
      const [tries, rss] = [median(all.map((one) => one.tries)), Math.max(...all.map((one) => one.rss))];
      return {
        what: `the same under attack: ${name}`,
        measured:
          `p95 ${disturbed.relayed.toFixed(2)} ms, ${times.toFixed(2)} x alone ` +
          `(direct ${disturbed.direct.toFixed(2)} ms, ${besides.toFixed(2)} x); ${tries} tries; relay ${rss.toFixed(0)} MiB`,
        aim: `<= ${AIM} x, or as the direct one`,
        reached: times <= Math.max(AIM, besides),
      };
    }),
  ];
}

async function connectThrough(relay: RelayProcess, { near, far }: Pair): Promise<void> {
  const [as] = relay.operators;
  if (!as) throw new Error('no operators');
  const destination = { way: 'tls-tcp' as const, port: relay.port };
  const nameplate = await far.ask('allocate', { destination, as });
  await Promise.all([far.ask('joined'), near.ask('join', { destination, nameplate })]);
  await far.ask('echo', { size: SIZE });
}

async function connectDirectly(relay: RelayProcess, { near, far }: Pair): Promise<void> {
  const [port, key, cert] = [
    await freePort(),
    await readFile(relay.key, 'utf8'),
    await readFile(relay.cert, 'utf8'),
  ];
  await far.ask('listen', { way: 'tls-tcp', port, identity: { key, cert } });
  await Promise.all([near.ask('dial', { way: 'tls-tcp', port, path: '/' }), far.ask('accept')]);
  await far.ask('echo', { size: SIZE });
}
