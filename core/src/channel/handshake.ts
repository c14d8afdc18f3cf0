/**
 * Both halves of the handshake, without any input or output of their own: they take the peer's message and give the
 * next one. A half is good for one attempt: whatever goes wrong in it or comes out of turn ends it and overwrites its
 * secrets, and its code must not be used again. That leaves an attacker one guess.
 */
import { asLiveletError, LiveletError } from '../errors.js';
import { wipe } from './crypto.js';
import {
  answerM0,
  answerM1,
  answerM2,
  type CustomerAwaitsM1,
  type CustomerAwaitsM3,
  type CustomerAwaitsStart,
  finishCustomer,
  type HandshakeOptions,
  type OperatorAwaitsM0,
  type OperatorAwaitsM2,
  type OperatorResult,
  type StepResult,
  startCustomer,
} from './handshake-steps.js';
import type { SessionKeys } from './key-schedule.js';

/** The half of the end that made the code. */
export interface OperatorHandshake {
  /** Takes M0, gives M1. @throws `handshake-malformed`, `protocol-version-unsupported`, `handshake-failed` (out of turn) */
  receiveM0(m0: Uint8Array): Uint8Array;
  /**
   * Takes M2. The code is spent by this call, whatever comes of it.
   * @throws `code-wrong-secret` when the customer's confirmation doesn't fit: a wrong secret, or an attacker's guess;
   *   `handshake-malformed`, `protocol-version-unsupported`, `handshake-failed` (out of turn)
   */
  receiveM2(m2: Uint8Array): OperatorResult;
  /** Gives the attempt up. Does nothing when it is over. */
  wipe(): void;
}

/** The half of the end that typed the code. */
export interface CustomerHandshake {
  /** Gives M0. @throws `handshake-failed` (out of turn) */
  start(): Uint8Array;
  /**
   * Takes M1, gives M2. The code is spent once M2 is sent; there is never a second M2.
   * @throws `handshake-malformed`, `protocol-version-unsupported`, `handshake-failed` (out of turn)
   */
  receiveM1(m1: Uint8Array): Uint8Array;
  /**
   * Takes M3.
   * @throws `handshake-failed` when the operator's confirmation or commitment doesn't fit, or out of turn;
   *   `handshake-malformed`, `protocol-version-unsupported`
   */
  receiveM3(m3: Uint8Array): SessionKeys;
  /** Gives the attempt up. Does nothing when it is over. */
  wipe(): void;
}

/** Draws from `options.random`, in this order: sidA[32], na[32], the ML-KEM seed[64], ya[32]. */
export function operatorHandshake(options: HandshakeOptions): OperatorHandshake {
  const attempt = new Attempt<OperatorAwaitsM0 | OperatorAwaitsM2>({ due: 'm0', secrets: [] });
  return {
    receiveM0: (m0) => attempt.take('m0', () => answerM0(options, m0)),
    receiveM2: (m2) => attempt.take('m2', (state) => answerM2(state, m2)),
    wipe: () => attempt.wipe(),
  };
}

/** Draws from `options.random`, in this order: sidB[32], yb[32], nb[32], the ML-KEM coins[32]. */
export function customerHandshake(options: HandshakeOptions): CustomerHandshake {
  const attempt = new Attempt<CustomerAwaitsStart | CustomerAwaitsM1 | CustomerAwaitsM3>({
    due: 'start',
    secrets: [],
  });
  return {
    start: () => attempt.take('start', () => startCustomer(options)),
    receiveM1: (m1) => attempt.take('m1', (state) => answerM1(options, state, m1)),
    receiveM3: (m3) => attempt.take('m3', (state) => finishCustomer(state, m3)),
    wipe: () => attempt.wipe(),
  };
}

interface AnyState {
  readonly due: string;
  readonly secrets: readonly Uint8Array[];
}

/** Whose turn it is. A state is used once, then its secrets are overwritten. */
class Attempt<State extends AnyState> {
  #state: State | undefined;

  constructor(first: State) {
    this.#state = first;
  }

  take<Due extends State['due'], Answer>(
    due: Due,
    step: (state: Extract<State, { due: Due }>) => StepResult<Answer, State>,
  ): Answer {
    const state = this.#state;
    this.#state = undefined;
    try {
      if (!isDue(state, due)) throw new LiveletError('handshake-failed', `${due} out of turn`);
      const { answer, next } = step(state);
      this.#state = next;
      return answer;
    } catch (error) {
      throw asLiveletError(error, 'handshake-failed');
    } finally {
      wipe(...(state?.secrets ?? []));
    }
  }

  wipe(): void {
    wipe(...(this.#state?.secrets ?? []));
    this.#state = undefined;
  }
}

function isDue<State extends AnyState, Due extends State['due']>(
  state: State | undefined,
  due: Due,
): state is Extract<State, { due: Due }> {
  return state?.due === due;
}
