import { type Clock, systemClock } from '../clock.js';
import { asLiveletError, LiveletError } from '../errors.js';
import { startDeadline } from './deadline.js';
import type { Deployment } from './deployment.js';
import { dialRelay } from './dial.js';
import type { ProxyFinder } from './proxy.js';
import type { RelayLink } from './relay-link.js';
import type { EndToRelay } from './relay-protocol.js';
import type { Transport } from './transport.js';

/** How long the relay may take to answer a message, ms. */
const ANSWER_DEADLINE = 10_000;
/** The longest life of a code that an end believes, ms. */
const MAX_LIFETIME = 24 * 60 * 60 * 1000;

/** How long the relay lets one end of a cut session wait for the other one, ms; with a margin for the answer. */
const RESUME_WAIT = 120_000 + ANSWER_DEADLINE;

/** What every way to the relay needs. */
export interface RendezvousOptions {
  readonly deployment: Deployment;
  /** @default none: directly */
  readonly proxy?: ProxyFinder | undefined;
  readonly signal?: AbortSignal | undefined;
  /** @default systemClock */
  readonly clock?: Clock;
}

/** An operator's way to a nameplate. */
export interface AllocateOptions extends RendezvousOptions {
  /** Proves to the relay which operator asks. */
  readonly authorization: string;
  /** Regions in which a relay may stand; a relay that names none is in none. @default anywhere */
  readonly allowedRegions?: readonly string[] | undefined;
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
 * @throws `relay-region-refused` before anything is sent, `relay-region-unexpected`, those of dialRelay,
 *   `relay-token-refused`, `relay-too-many-requests`, `relay-too-many-codes`, `relay-full`, `relay-closed`
 */
export async function allocateNameplate(options: AllocateOptions): Promise<Allocation> {
  const { deployment, authorization, signal, clock = systemClock } = options;
  checkRegion(deployment, options.allowedRegions);
  const link = await dialRelay({ ...options, clock });
  const { nameplate, lifetimeMs } = await orClose(link, async () => {
    using limit = startDeadline(clock, ANSWER_DEADLINE, signal);
    say(link, { type: 'allocate', authorization });
    return readCode(await link.nextMessage(limit.signal), deployment);
  });
  const cancelled = new AbortController();
  const joined = orClose(link, async () => {
    // The relay ends a code's life; the margin is for a relay that doesn't.
    const over = signal === undefined ? cancelled.signal : AbortSignal.any([cancelled.signal, signal]);
    using limit = startDeadline(clock, lifetimeMs + ANSWER_DEADLINE, over);
    readJoined(await link.nextMessage(limit.signal), deployment);
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
export interface JoinOptions extends RendezvousOptions {
  readonly nameplate: string;
}

/**
 * Goes to the operator who waits at `nameplate`, as a customer.
 * @throws `code-not-valid` (unknown, used or expired: one answer), those of dialRelay, `relay-region-unexpected`,
 *   `relay-too-many-requests`, `relay-full`, `relay-closed`
 */
export function joinNameplate(options: JoinOptions): Promise<Transport> {
  return enter(options, { type: 'join', nameplate: options.nameplate }, ANSWER_DEADLINE);
}

/** The way back to the other end of a session that was cut. */
export interface ResumeOptions extends RendezvousOptions {
  /** RESUME_HANDLE_BYTES that both ends know and that are used once. */
  readonly handle: Uint8Array;
  /** The operator's, as in AllocateOptions. */
  readonly authorization?: string | undefined;
}

/**
 * Waits at the relay, at most 120 s, for the other end with the same handle.
 * @throws those of joinNameplate; `code-not-valid` when the other end didn't come
 */
export function resumeRendezvous(options: ResumeOptions): Promise<Transport> {
  const handle = Buffer.from(options.handle).toString('base64url');
  const { authorization } = options;
  const proof = authorization === undefined ? {} : { authorization };
  return enter(options, { type: 'resume', handle, ...proof }, RESUME_WAIT);
}

/** Dials, says the one message that leads to the other end, and waits until it is there. */
async function enter(options: RendezvousOptions, message: EndToRelay, wait: number): Promise<Transport> {
  const { deployment, signal, clock = systemClock } = options;
  const link = await dialRelay({ ...options, clock });
  return orClose(link, async () => {
    using limit = startDeadline(clock, wait, signal);
    say(link, message);
    readJoined(await link.nextMessage(limit.signal), deployment);
    return link;
  });
}

function checkRegion({ region }: Deployment, allowed: readonly string[] | undefined): void {
  if (allowed === undefined || (region !== undefined && allowed.includes(region))) return;
  const data = { region: region ?? '', allowed: allowed.join(', ').slice(0, 300) };
  throw new LiveletError('relay-region-refused', undefined, { data });
}

function say(link: RelayLink, message: EndToRelay): void {
  link.sendMessage(JSON.stringify(message));
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

function readCode(text: string, deployment: Deployment): { nameplate: string; lifetimeMs: number } {
  const { type, nameplate, lifetimeMs, region } = readObject(text);
  const valid =
    type === 'code' &&
    typeof nameplate === 'string' &&
    /^\d{5}$/.test(nameplate) &&
    Number.isSafeInteger(lifetimeMs) &&
    (lifetimeMs as number) > 0 &&
    (lifetimeMs as number) <= MAX_LIFETIME;
  if (!valid) throw new LiveletError('relay-protocol', 'expected a code');
  compareRegion(region, deployment);
  return { nameplate, lifetimeMs: lifetimeMs as number };
}

function readJoined(text: string, deployment: Deployment): void {
  const { type, region } = readObject(text);
  if (type !== 'joined') throw new LiveletError('relay-protocol', 'expected joined');
  compareRegion(region, deployment);
}

/** A deployment file can be old: where it names a region, the relay must still stand there. */
function compareRegion(said: unknown, { region }: Deployment): void {
  if (region === undefined || said === region) return;
  throw new LiveletError('relay-region-unexpected', undefined, { data: { region } });
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
