import { setImmediate as breath, setTimeout as pause } from 'node:timers/promises';
import type { Destination } from './light-end.js';
import type { Operator } from './operator.js';
import { openPair, type Pair } from './pair.js';

/** Many pairs, both ends of each in one process. */
export interface PairsPlan {
  readonly operator: Destination;
  readonly customer: Destination;
  readonly operators: readonly Operator[];
  readonly count: number;
  /** Opened at the same time. */
  readonly atOnce: number;
  /** Number of the first source, see `sourceOf`; no two processes may share one. */
  readonly firstSource: number;
}

export interface ActivePlan {
  /** Bytes. */
  readonly size: number;
  readonly perSecond: number;
  /** s */
  readonly warmUp: number;
  readonly seconds: number;
}

/** Sockets that one source opens, so that the limits for one source, at their defaults, stay out of the way. */
const PER_SOURCE = 10;
/** ms */
const KEEP_ALIVE = 20_000;
/** Frames that a process which is late sends before it receives again: what waits for it counts as the relay's delay. */
const SENT_AT_ONCE = 8;
/** Share of pairs that may need a second try: on a busy machine a handshake can outlast the relay's patience. */
const MOST_REPEATED = 0.02;

const pairs: Pair[] = [];
let keepAlive: NodeJS.Timeout | undefined;

/** The n-th loopback address that isn't 127.0.x.y. */
export function sourceOf(index: number): string {
  return `127.${1 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`;
}

export const PAIRS = {
  /** @returns how many needed a second try */
  openPairs: async (plan: PairsPlan): Promise<number> => {
    const { operator, customer, operators, count, atOnce, firstSource } = plan;
    let next = 0;
    let repeated = 0;
    const open = async (): Promise<void> => {
      while (next < count) {
        const index = next;
        next += 1;
        const source = sourceOf(firstSource + Math.floor((index * 2) / PER_SOURCE));
        const as = operators[index % operators.length];
        if (!as) throw new Error('no operators');
        const pair = { operator: { ...operator, source }, customer: { ...customer, source }, as };
        const opened = await openPair(pair).catch((error: unknown) => {
          repeated += 1;
          if (repeated > Math.max(1, count * MOST_REPEATED)) throw error;
          return openPair(pair);
        });
        pairs.push(opened);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, open));
    // What hosts do by themselves: over TLS-TCP the relay parses nothing after the splice and so can't ping.
    keepAlive ??= setInterval(() => {
      for (const { operator: one, customer: other } of pairs) {
        one.ping();
        other.ping();
      }
    }, KEEP_ALIVE);
    return repeated;
  },

  /** Pairs whose ends are both still connected. */
  livingPairs: async (): Promise<number> =>
    pairs.filter(({ operator, customer }) => !operator.socket.destroyed && !customer.socket.destroyed).length,

  closePairs: async (): Promise<void> => {
    clearInterval(keepAlive);
    keepAlive = undefined;
    for (const { operator, customer } of pairs.splice(0)) {
      operator[Symbol.dispose]();
      customer[Symbol.dispose]();
    }
  },

  /**
   * Every customer sends `perSecond` frames of `size` bytes, evenly and each pair at its own phase; those of the first
   * `warmUp` s aren't counted.
   * @returns delays of single frames from the call that sends to the event that receives, ms, and the frames sent and
   * received; the sender's lateness is no part of a delay, but shows in `lateMs`
   */
  active: async ({ size, perSecond, warmUp, seconds }: ActivePlan) => {
    const delays: number[] = [];
    const late: number[] = [];
    let sent = 0;
    let received = 0;
    const started = performance.now();
    const counted = started + warmUp * 1000;
    for (const { operator } of pairs) {
      operator.onFrame = (body) => {
        received += 1;
        const sentAt = body.readDoubleBE(0);
        if (sentAt >= counted) delays.push(performance.now() - sentAt);
      };
    }
    const frame = Buffer.alloc(size);
    const gap = 1000 / perSecond;
    const total = Math.floor((warmUp + seconds) * perSecond) * pairs.length;
    // In the order of their times: pair by pair within one gap.
    for (let index = 0; index < total; index += 1) {
      const due = started + (index / pairs.length) * gap;
      if (due > performance.now()) await pause(Math.max(1, due - performance.now()));
      else if (index % SENT_AT_ONCE === 0) await breath();
      if (due >= counted) late.push(Math.max(0, performance.now() - due));
      const { customer } = pairs[index % pairs.length] as Pair;
      frame.writeDoubleBE(performance.now(), 0);
      customer.socket.write(customer.wrap(frame));
      sent += 1;
    }
    const deadline = performance.now() + 2000;
    while (received < sent && performance.now() < deadline) await pause(20);
    return { delays, late, sent, received };
  },

  /** Opens `perSecond` sessions a second and closes each at once. */
  arrive: async (plan: PairsPlan & { perSecond: number; seconds: number }) => {
    const { operator, customer, operators, perSecond, seconds, firstSource } = plan;
    const times: number[] = [];
    const failures: Record<string, number> = {};
    const started = performance.now();
    const running = new Set<Promise<void>>();
    const one = async (index: number): Promise<void> => {
      const source = sourceOf(firstSource + (index % plan.count));
      const as = operators[index % operators.length] as Operator;
      const begun = performance.now();
      try {
        const pair = await openPair({
          operator: { ...operator, source },
          customer: { ...customer, source },
          as,
        });
        times.push(performance.now() - begun);
        pair.operator.close();
        pair.customer.close();
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        failures[why] = (failures[why] ?? 0) + 1;
      }
    };
    for (let index = 0; index < perSecond * seconds; index += 1) {
      const due = started + (index * 1000) / perSecond;
      if (due > performance.now()) await pause(due - performance.now());
      const run: Promise<void> = one(index).finally(() => running.delete(run));
      running.add(run);
    }
    await Promise.all(running);
    return { times, failures, seconds: (performance.now() - started) / 1000 };
  },
};
