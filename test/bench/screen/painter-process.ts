import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { endProcess } from '../../fixtures/end-process.js';
import { withDeadline } from '../../fixtures/with-deadline.js';
import type { PainterActions, PainterAnswer, PainterCall } from './painter.js';

const PAINTER = fileURLToPath(new URL('./painter.js', import.meta.url));
/** How long one call may take, ms. */
const LIMIT = 60_000;

/** The painter's process, from outside. */
export interface Painter extends AsyncDisposable {
  readonly processId: number;
  /** Asks it to do something; rejects when it fails, ends or takes longer than a minute. */
  ask<Name extends keyof PainterActions>(
    action: Name,
    value?: Parameters<PainterActions[Name]>[0],
  ): ReturnType<PainterActions[Name]>;
}

export function startPainter(): Painter {
  const child = fork(PAINTER, { serialization: 'advanced' });
  const waiting = new Map<number, { done: (value: unknown) => void; failed: (error: Error) => void }>();
  let calls = 0;
  child.on('message', ({ id, value, error }: PainterAnswer) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.done(value);
    else call?.failed(new Error(error));
  });
  child.on('exit', () => {
    for (const { failed } of waiting.values()) failed(new Error('the painter ended'));
  });
  const ask = (action: keyof PainterActions, value?: unknown): Promise<unknown> => {
    calls += 1;
    const call: PainterCall = { id: calls, action, value };
    const answer = new Promise((done, failed) => waiting.set(call.id, { done, failed }));
    child.send(call);
    const result = withDeadline(answer, LIMIT, `the painter to ${action}`);
    // Whoever asked may be gone by then; an error of nobody would end this process before it has tidied up.
    result.catch(() => undefined);
    return result;
  };
  return {
    processId: child.pid ?? 0,
    ask: ask as Painter['ask'],
    [Symbol.asyncDispose]: () => endProcess(child),
  };
}
