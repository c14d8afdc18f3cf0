import { LiveletError } from '@livelet/core';
import type { ExecutionContext } from 'ava';
import { type Attempt, CANARY, type TalkingEnd } from './talk.js';

/** Codes that say only that the connection went: nobody noticed a lie. */
const UNNOTICED = new Set(['relay-closed', 'session-interrupted']);

/** How it went at an end: the code of its error, or how a session without one ended. */
export function outcome({ error, end }: TalkingEnd): string {
  return error?.code ?? end?.error?.code ?? end?.how ?? 'nothing';
}

/** Waits for both ends. From `stuck` on nothing more can happen without time, so time is moved on. */
export async function finish(
  { ends, clock }: Attempt,
  stuck?: Promise<void>,
): Promise<readonly [TalkingEnd, TalkingEnd]> {
  let over = false;
  void ends.then(() => {
    over = true;
  });
  await Promise.race([stuck, ends]);
  while (stuck !== undefined && !over) await clock.advance(1000);
  return ends;
}

/**
 * What must hold whatever a relay does: each end says, with a typed error, that this was no session or no orderly end;
 * what was delivered is the beginning of what was said; and nothing said was ever readable on the way.
 */
export function assertNoHarm(t: ExecutionContext, attempt: Attempt, ends: readonly TalkingEnd[]): void {
  for (const end of ends) {
    const error = end.error ?? end.end?.error;
    t.true(error instanceof LiveletError, `${end.side}: no typed error`);
    if (end.end !== undefined) t.regex(end.end.how, /^(interrupted|failed)$/);
  }
  const [operator, customer] = ends;
  t.true(operator?.said.startsWith(customer?.heard ?? '?'), 'the customer heard what was not said');
  t.true(customer?.said.startsWith(operator?.heard ?? '?'), 'the operator heard what was not said');
  for (const visitor of [attempt.operator, attempt.customer]) {
    const readable = visitor.frames.some((frame) => Buffer.from(frame).includes(CANARY));
    t.false(readable, `the relay could read what the ${visitor.side} said`);
  }
}

/** At least one end knows that it was lied to. */
export function assertNoticed(t: ExecutionContext, ends: readonly TalkingEnd[]): void {
  const outcomes = ends.map(outcome);
  t.true(
    outcomes.some((code) => !UNNOTICED.has(code)),
    outcomes.join(' and '),
  );
}
