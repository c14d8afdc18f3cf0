/** What the channel's tests share. */
import { readFileSync } from 'node:fs';
import type { ExecutionContext } from 'ava';
import { utf8 } from '../src/channel/bytes.js';
import { hkdfExpand, type RandomSource } from '../src/channel/crypto.js';
import { customerHandshake, operatorHandshake } from '../src/channel/handshake.js';
import type { HandshakeOptions } from '../src/channel/handshake-steps.js';
import type { SessionKeys } from '../src/channel/key-schedule.js';
import type { Clock } from '../src/clock.js';
import { type ErrorCode, LiveletError } from '../src/errors.js';

export function readVectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../../test/vectors/${name}`, import.meta.url), 'utf8')) as T;
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

export function fromHex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'hex'));
}

/** The source of the handshake vector: draw i of n bytes is Expand("livelet-kat", seed followed by i, n). */
export function seededRandom(seed: string): RandomSource {
  let draw = 0;
  return (length) => hkdfExpand(utf8('livelet-kat'), utf8(`${seed}${draw++}`), length);
}

export function handshakeOptions(random: RandomSource): HandshakeOptions {
  return { nameplate: '48291', secret: '705618', deploymentId: 'deployment-1', random };
}

export interface RunHandshake {
  readonly m0: Uint8Array;
  readonly m1: Uint8Array;
  readonly m2: Uint8Array;
  readonly m3: Uint8Array;
  readonly operator: SessionKeys;
  readonly customer: SessionKeys;
}

/** Both halves, talking to each other. */
export function runHandshake(
  operatorOptions: HandshakeOptions,
  customerOptions = operatorOptions,
): RunHandshake {
  const operator = operatorHandshake(operatorOptions);
  const customer = customerHandshake(customerOptions);
  const m0 = customer.start();
  const m1 = operator.receiveM0(m0);
  const m2 = customer.receiveM1(m1);
  const { m3, keys } = operator.receiveM2(m2);
  return { m0, m1, m2, m3, operator: keys, customer: customer.receiveM3(m3) };
}

/** Time that stands still until it is moved. Has no timers. */
export class StillClock implements Clock {
  time = 0;
  now(): number {
    return this.time;
  }
  wallTime(): number {
    return this.time;
  }
  setTimer(): Disposable {
    throw new Error('no timers here');
  }
}

/** `bytes` with one bit turned: bit 0 to 7 of the byte at `at`. */
export function flipped(bytes: Uint8Array, at: number, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ (1 << bit);
  return copy;
}

/** A bit for the byte at `at`, different from place to place and the same in every run. */
export function bitFor(at: number): number {
  return (at * 5 + (at >> 3)) % 8;
}

/** The code of the LiveletError that `action` throws; fails when it throws another error or none. */
export function codeOf(t: ExecutionContext, action: () => unknown): ErrorCode | undefined {
  return t.throws(action, { instanceOf: LiveletError })?.code;
}

/** What `action` gives, or the LiveletError that it throws. Another error goes through. */
export function outcome<T>(action: () => T): T | LiveletError {
  try {
    return action();
  } catch (error) {
    if (error instanceof LiveletError) return error;
    throw error;
  }
}
