import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { connectSocket, type Destination, dial, type LightEnd, pour } from './light-end.js';
import { openPair, type Pair, type PairPlan } from './pair.js';
import { sourceOf } from './pairs.js';

/** An attack on a relay, for as long as `seconds`. */
export interface AttackPlan extends PairPlan {
  readonly seconds: number;
  /** Number of the first source, see `sourceOf`. */
  readonly firstSource: number;
}

/** Addresses that an attacker has. */
const SOURCES = 16;
/** Of those who only hold sockets open. */
const MANY_SOURCES = 200;
const SOCKETS_PER_SOURCE = 10;
/** Frames that one write carries in the flood of small ones. */
const SMALL_FRAMES = 4096;
const RECORD = 65_536;

/** Runs `attempt` over and over, from one source after the other; what it ends with doesn't matter. */
async function repeat(
  { seconds, firstSource }: AttackPlan,
  sources: number,
  atOnce: number,
  attempt: (source: string, until: number) => Promise<void>,
): Promise<number> {
  const until = performance.now() + seconds * 1000;
  let tries = 0;
  const run = async (): Promise<void> => {
    while (performance.now() < until) {
      tries += 1;
      // A refused one comes back soon, not at once: the attack is on the relay, not on this process.
      await attempt(sourceOf(firstSource + (tries % sources)), until).catch(() => pause(5));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, run));
  return tries;
}

async function hold(socket: LightEnd['socket'], until: number): Promise<void> {
  socket.on('error', () => undefined);
  const over = new AbortController();
  await Promise.race([
    once(socket, 'close', over).catch(() => undefined),
    pause(Math.max(0, until - performance.now()), undefined, over).catch(() => undefined),
  ]);
  over.abort();
  socket.destroy();
}

async function asks(to: Destination, question: object): Promise<void> {
  using end = await dial(to);
  end.say(question);
  await end.hear();
}

async function misuse(plan: AttackPlan, use: (pair: Pair) => Promise<void>): Promise<number> {
  return repeat(plan, SOURCES, 1, async (source) => {
    const { operator, customer } = plan;
    const pair = await openPair({
      ...plan,
      operator: { ...operator, source },
      customer: { ...customer, source },
    });
    using _operator = pair.operator;
    using _customer = pair.customer;
    await use(pair);
  });
}

/** Each gives the number of its tries. */
export const ATTACKS = {
  'code scanner': (plan: AttackPlan) =>
    repeat(plan, SOURCES, 8, (source) => {
      const nameplate = String(randomInt(100_000)).padStart(5, '0');
      return asks({ ...plan.customer, source }, { type: 'join', nameplate });
    }),
  'bad authorisations': (plan: AttackPlan) =>
    repeat(plan, SOURCES, 8, (source) =>
      asks(
        { ...plan.operator, source },
        { type: 'allocate', authorization: randomBytes(96).toString('hex') },
      ),
    ),
  'resume handles': (plan: AttackPlan) =>
    repeat(plan, SOURCES, 8, async (source, until) => {
      const waiting = await dial({ ...plan.customer, source });
      waiting.say({ type: 'resume', handle: randomBytes(32).toString('base64url') });
      await hold(waiting.socket, Math.min(until, performance.now() + 500));
    }),
  'half-open sockets': (plan: AttackPlan) =>
    repeat(plan, MANY_SOURCES, MANY_SOURCES * SOCKETS_PER_SOURCE, async (source, until) => {
      const socket = connect({ host: '127.0.0.1', port: plan.customer.port, localAddress: source });
      await hold(socket, until);
    }),
  'slow headers': (plan: AttackPlan) =>
    repeat(plan, MANY_SOURCES, MANY_SOURCES, async (source, until) => {
      const socket = await connectSocket({ ...plan.customer, way: 'websocket', source });
      const drip = setInterval(() => socket.write('G'), 100);
      await hold(socket, until);
      clearInterval(drip);
    }),
  'fragment bomb': (plan: AttackPlan) => {
    // A binary message that never ends, masked with zeros: first fragment, then continuations of one byte.
    const fragment = Buffer.from([0x00, 0x81, 0, 0, 0, 0, 0]);
    const first = Buffer.from([0x02, 0x81, 0, 0, 0, 0, 0]);
    const ws = { ...plan, operator: { ...plan.operator, way: 'websocket' as const } };
    return misuse(ws, async ({ operator }) => {
      operator.socket.write(first);
      await pour(operator, Buffer.concat(Array<Buffer>(SMALL_FRAMES).fill(fragment)), 500);
    });
  },
  'oversized frames': (plan: AttackPlan) =>
    misuse({ ...plan, operator: { ...plan.operator, way: 'websocket' } }, async ({ operator }) => {
      await pour(operator, operator.wrap(new Uint8Array(4 * RECORD)), 500);
    }),
  'flood of records': (plan: AttackPlan) =>
    misuse(plan, async ({ operator, customer }) => {
      customer.countOnly(() => undefined);
      await pour(operator, operator.wrap(new Uint8Array(RECORD)), 2000);
    }),
  'flood of small frames': (plan: AttackPlan) =>
    misuse(plan, async ({ operator, customer }) => {
      customer.countOnly(() => undefined);
      const small = operator.wrap(new Uint8Array(1));
      await pour(operator, Buffer.concat(Array<Buffer>(SMALL_FRAMES).fill(small)), 2000);
    }),
  'stalled reader': (plan: AttackPlan) =>
    misuse(plan, async ({ operator, customer }) => {
      customer.socket.pause();
      await pour(operator, operator.wrap(new Uint8Array(RECORD)), 3000);
    }),
};
export type AttackName = keyof typeof ATTACKS;
