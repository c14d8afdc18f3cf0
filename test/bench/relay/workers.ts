import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { endProcess } from '../../fixtures/end-process.js';
import { withDeadline } from '../../fixtures/with-deadline.js';
import type { Actions, Answer, Call } from './load/worker.js';

const WORKER = fileURLToPath(new URL('./load/worker.js', import.meta.url));

/** What is measured has the first core to itself where there is more than one; those who load it have the others. */
export const MEASURED_CORES = '0';
export const LOAD_CORES = availableParallelism() > 1 ? `1-${availableParallelism() - 1}` : '0';

/** Words before a command that put it on `cores`. */
export function onCores(cores: string): readonly string[] {
  return ['taskset', '--cpu-list', cores];
}

/** Runs when nobody else wants to: with mere niceness it would keep those who measure waiting for its time slice. */
const YIELDING = ['chrt', '--idle', '0'];

/** As the relay itself sets them: without, collections of its whole heap stop a load process for tens of ms. */
const COLLECTION = ['--semi-space-growth-factor=1', '--minor-gc-task-trigger=5', '--single-threaded-gc'];

/** A load process. */
export interface Worker extends AsyncDisposable {
  readonly process: ChildProcess;
  /** Asks it to do something; rejects when it fails, ends or takes longer than `limit` ms. */
  ask<Name extends keyof Actions>(
    action: Name,
    value?: Parameters<Actions[Name]>[0],
    limit?: number,
  ): ReturnType<Actions[Name]>;
}

/** @param yields whether it leaves its cores to the others: one that attacks must not slow those who measure */
export function startWorker({ yields = false } = {}): Worker {
  const [taskset = '', ...before] = [...onCores(LOAD_CORES), ...(yields ? YIELDING : []), process.execPath];
  const words = [...before, ...COLLECTION];
  // fork() with another program in front: Node's channel is inherited through it.
  const child = fork(WORKER, { execPath: taskset, execArgv: words, serialization: 'advanced' });
  const waiting = new Map<number, { done: (value: unknown) => void; failed: (error: Error) => void }>();
  let calls = 0;
  child.on('message', ({ id, value, error }: Answer) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.done(value);
    else call?.failed(new Error(error));
  });
  child.on('exit', () => {
    for (const { failed } of waiting.values()) failed(new Error('a load process ended'));
  });
  const ask = (action: keyof Actions, value?: unknown, limit = 60_000): Promise<unknown> => {
    calls += 1;
    const call: Call = { id: calls, action, value };
    const answer = new Promise((done, failed) => waiting.set(call.id, { done, failed }));
    child.send(call);
    const result = withDeadline(answer, limit, action);
    // Whoever asked may be gone by then; an error of nobody would end this process before it has tidied up.
    result.catch(() => undefined);
    return result;
  };
  return { process: child, ask: ask as Worker['ask'], [Symbol.asyncDispose]: () => endProcess(child) };
}
