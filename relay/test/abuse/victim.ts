import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import type { RelaySettings } from '../../src/index.js';
import type { LogEntry } from '../../src/log.js';
import { temporaryFolder } from '../relay-fixture.js';
import { pair, SteadyPair, type Way } from './visitor.js';

/** Long enough for a busy machine, ms. */
const PATIENCE = 60_000;
const CHILD = fileURLToPath(new URL('./victim-process.js', import.meta.url));

/** What happened, as the log and the metrics count it. */
export class Events {
  readonly #counts = new Map<string, number>();
  readonly #looks = new Set<() => void>();

  write({ event, reason }: LogEntry): void {
    const key = `${event} ${reason ?? ''}`.trim();
    this.#counts.set(key, this.count(key) + 1);
    for (const look of this.#looks) look();
  }

  /** @param key event and reason, such as `refused protocol` */
  count(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  /** Resolves once `key` was counted at least `times` times. */
  async counted(key: string, times = 1): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        const all = JSON.stringify(Object.fromEntries(this.#counts));
        reject(new Error(`${this.count(key)} instead of ${times} x ${key}: ${all}`));
      }, PATIENCE);
      const look = (): void => {
        if (this.count(key) < times) return;
        clearTimeout(timer);
        this.#looks.delete(look);
        resolve();
      };
      this.#looks.add(look);
      look();
    });
  }
}

/** Bytes. */
export interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
}

/** What the process of a relay under attack says. */
export type VictimMessage =
  | { readonly port: number }
  | { readonly entry: LogEntry }
  | { readonly answer: Memory | string };

/** A relay in a process of its own, so that its memory can be looked at. */
export interface Victim {
  readonly port: number;
  /** For one `allocate` of an operator. */
  authorize(): Promise<string>;
  readonly events: Events;
  /** How often something happened: at least `times`, for which it waits, and whatever the relay has to tell besides. */
  happened(key: string, times: number): Promise<number>;
  /** After a collection of garbage. */
  memory(): Promise<Memory>;
  /** Two people at work. */
  steadyPair(way?: Way): Promise<SteadyPair>;
}

/** Ended with the test. */
export async function startVictim(
  t: ExecutionContext,
  settings: Partial<RelaySettings> = {},
): Promise<Victim> {
  const stateDir = await temporaryFolder(t);
  const child = fork(CHILD, [JSON.stringify({ stateDir, settings })], { execArgv: ['--expose-gc'] });
  t.teardown(async () => {
    const gone = once(child, 'exit');
    child.disconnect();
    await gone;
  });
  const events = new Events();
  const questions: ((answer: Memory | string) => void)[] = [];
  const started = new Promise<number>((resolve, reject) => {
    child.once('exit', (status) => reject(new Error(`the relay ended with ${status}`)));
    child.on('message', (message: VictimMessage) => {
      if ('port' in message) resolve(message.port);
      else if ('entry' in message) events.write(message.entry);
      else questions.shift()?.(message.answer);
    });
  });
  const question = (what: 'memory' | 'authorization'): Promise<Memory | string> =>
    new Promise((resolve) => {
      questions.push(resolve);
      child.send(what);
    });
  const authorize = async (): Promise<string> => (await question('authorization')) as string;
  const port = await started;
  return {
    port,
    authorize,
    events,
    happened: async (key, times) => {
      await events.counted(key, times);
      // What the relay tells comes in order, so all that was before this answer is here with it.
      await question('authorization');
      return events.count(key);
    },
    memory: async () => (await question('memory')) as Memory,
    steadyPair: async (way = 'tls-tcp') => {
      const { operator, customer } = await pair(way, port, await authorize(), '127.8.0.1');
      const steady = new SteadyPair(operator, customer);
      t.teardown(() => steady[Symbol.dispose]());
      return steady;
    },
  };
}
