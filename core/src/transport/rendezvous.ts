import { type Clock, systemClock } from '../clock.js';
import { asLiveletError, LiveletError } from '../errors.js';
import { startDeadline } from './deadline.js';
import type { Deployment } from './deployment.js';
import { dialRelay } from './dial.js';
import type { ProxyFinder } from './proxy.js';
import type { RelayLink } from './relay-link.js';
import { type CustomerToRelay, RELAY_CUSTOMER_PATH, RELAY_OPERATOR_PATH } from './relay-protocol.js';
import type { Transport } from './transport.js';

/** How long the relay may take to answer a message, ms. */
const ANSWER_DEADLINE = 10_000;
/** The longest life of a code that an end believes, ms. */
const MAX_LIFETIME = 24 * 60 * 60 * 1000;

/** An operator's way to a nameplate. */
export interface AllocateOptions {
  readonly deployment: Deployment;
  /** Lets an operator ask for codes; from the relay's `operator.token`. */
  readonly operatorToken: string;
  readonly signal?: AbortSignal;
  /** @default systemClock */
  readonly clock?: Clock;
}

/** A nameplate that waits for a customer. */
export interface Allocation {
  /** 5 digits. */
  readonly nameplate: string;
  /** Wall time at which the relay gives it up, ms since 1970. */
  readonly expiresAt: number;
  /**
   * The way to the customer, once they came.
   * Rejects with `code-not-valid` when its time is up, `cancelled`, or why the relay went away.
   */
  readonly joined: Promise<Transport>;
  /** Gives the nameplate up; without effect once joined. */
  cancel(): void;
}

/**
 * Asks the relay for a nameplate, as an operator.
 * @throws `relay-unreachable`, `relay-certificate-not-pinned`, `relay-token-refused`, `relay-too-many-requests`,
 * `relay-too-many-codes`, `relay-full`, `relay-closed`, `relay-protocol`, `cancelled`
 */
export async function allocateNameplate(options: AllocateOptions): Promise<Allocation> {
  const clock = options.clock ?? systemClock;
  const link = await dialRelay({
    deployment: options.deployment,
    path: RELAY_OPERATOR_PATH,
    headers: { authorization: `Bearer ${options.operatorToken}` },
    clock,
    signal: options.signal,
  });
  const { nameplate, lifetimeMs } = await orClose(link, async () => {
    using limit = startDeadline(clock, ANSWER_DEADLINE, options.signal);
    return readCode(await link.nextMessage(limit.signal));
  });
  const cancelled = new AbortController();
  const joined = orClose(link, async () => {
    // The relay ends a code's life; the margin is for a relay that doesn't.
    using limit = startDeadline(
      clock,
      lifetimeMs + ANSWER_DEADLINE,
      anySignal(cancelled.signal, options.signal),
    );
    readJoined(await link.nextMessage(limit.signal));
    return link;
  });
  // Whoever cancels may never look at it.
  joined.catch(() => {});
  return {
    nameplate,
    expiresAt: clock.wallTime() + lifetimeMs,
    joined,
    cancel: () => cancelled.abort(),
  };
}

/** A customer's way to the operator at a nameplate. */
export interface JoinOptions {
  readonly deployment: Deployment;
  readonly nameplate: string;
  readonly signal?: AbortSignal;
  /** @default systemClock */
  readonly clock?: Clock;
}

/**
 * Goes to the operator who waits at `nameplate`, as a customer.
 * @throws `code-not-valid` (unknown, used or expired: one answer), `relay-unreachable`, `relay-certificate-not-pinned`,
 * `relay-too-many-requests`, `relay-full`, `relay-closed`, `relay-protocol`, `cancelled`
 */
export async function joinNameplate(options: JoinOptions): Promise<Transport> {
  const clock = options.clock ?? systemClock;
  const link = await dialRelay({
    deployment: options.deployment,
    path: RELAY_CUSTOMER_PATH,
    clock,
    signal: options.signal,
  });
  return orClose(link, async () => {
    using limit = startDeadline(clock, ANSWER_DEADLINE, options.signal);
    const message: CustomerToRelay = { type: 'join', nameplate: options.nameplate };
    link.sendMessage(JSON.stringify(message));
    readJoined(await link.nextMessage(limit.signal));
    return link;
  });
}

/** The way back to the other end of a session that was cut. */
export interface ResumeOptions {
  readonly deployment: Deployment;
  /** 32 bytes that both ends know and that are used once. */
  readonly handle: Uint8Array;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** @default none: directly */
  readonly proxy?: ProxyFinder;
}

/**
 * Waits at the relay, at most 120 s, for the other end with the same handle.
 * @throws those of joinNameplate
 */
export function resumeRendezvous(_options: ResumeOptions): Promise<Transport> {
  return Promise.reject(new LiveletError('relay-unreachable', 'not built yet'));
}

async function orClose<T>(link: RelayLink, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    link.close();
    const known = asLiveletError(error, 'relay-protocol');
    if (known.code !== 'deadline-exceeded') throw known;
    throw new LiveletError('relay-closed', 'the relay did not answer', { cause: error });
  }
}

function readCode(text: string): { nameplate: string; lifetimeMs: number } {
  const { type, nameplate, lifetimeMs } = readObject(text);
  const valid =
    type === 'code' &&
    typeof nameplate === 'string' &&
    /^\d{5}$/.test(nameplate) &&
    Number.isSafeInteger(lifetimeMs) &&
    (lifetimeMs as number) > 0 &&
    (lifetimeMs as number) <= MAX_LIFETIME;
  if (!valid) throw new LiveletError('relay-protocol', 'expected a code');
  return { nameplate, lifetimeMs: lifetimeMs as number };
}

function readJoined(text: string): void {
  if (readObject(text).type !== 'joined') throw new LiveletError('relay-protocol', 'expected joined');
}

function readObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new LiveletError('relay-protocol', 'not JSON', { cause });
  }
  if (typeof value !== 'object' || value === null) throw new LiveletError('relay-protocol', 'not an object');
  return value as Record<string, unknown>;
}

function anySignal(...signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  return AbortSignal.any(signals.filter((signal) => signal !== undefined));
}
