import { ATTACKS } from './attacks.js';
import { ENDS } from './ends.js';
import { PAIRS } from './pairs.js';

/** What a load process can be asked to do. */
const ACTIONS = { ...ENDS, ...PAIRS, ...ATTACKS };
export type Actions = typeof ACTIONS;

/** A call, and the answer to it, between the benchmark and a load process. */
export interface Call {
  readonly id: number;
  readonly action: keyof Actions;
  readonly value: unknown;
}
export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

async function answer({ id, action, value }: Call): Promise<Answer> {
  try {
    return { id, value: await (ACTIONS[action] as (value: unknown) => Promise<unknown>)(value) };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

// Ctrl-C reaches this process too, but it is the benchmark that ends it.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit());
process.on('message', async (call: Call) => process.send?.(await answer(call)));
