import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALLOCATE, identityFromSeed, signRequest, systemClock, systemRandom } from '@livelet/core';
import { RELAY_PATH } from '@livelet/core/wire';
import type { ExecutionContext } from 'ava';
import { WebSocket } from 'ws';
import { type RelayOptions, type RelaySettings, type RunningRelay, startRelay } from '../src/index.js';
import { seedOperators } from './seed-operators.js';

/** All tests come from one address, so its limits are out of the way unless a test is about them. */
const GENEROUS: Partial<RelaySettings> = {
  socketsPerMinute: 100_000,
  unattachedPerSource: 100_000,
  claimsPerMinute: 100_000,
  claimsPerHour: 100_000,
  codesPerOperator: 10_000,
};

/** An administrator of every test relay. */
export const OPERATOR = identityFromSeed(new Uint8Array(32).fill(5));

export interface TestRelay extends RunningRelay {
  readonly stateDir: string;
  /** For one `allocate` or `resume` of an operator. */
  authorize(): string;
}

export async function temporaryFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'livelet-relay-test-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A relay on 127.0.0.1 with its own folder, closed with the test. */
export async function testRelay(
  t: ExecutionContext,
  options: Partial<RelayOptions> = {},
): Promise<TestRelay> {
  const stateDir = options.stateDir ?? (await temporaryFolder(t));
  const settings = { ...GENEROUS, ...options.settings };
  await seedOperators({ stateDir, url: options.databaseUrl }, { ...OPERATOR, role: 'admin' });
  const relay = await startRelay({ host: '127.0.0.1', port: 0, stateDir, ...options, settings });
  t.teardown(() => relay.close());
  const { clock = systemClock } = options;
  const request = { ...ALLOCATE, deploymentId: relay.deployment.deploymentId };
  const authorize = (): string => signRequest(OPERATOR, request, clock.wallTime(), systemRandom);
  return { ...relay, stateDir, authorize };
}

/** A bare WebSocket to the relay, for what a well-behaved end never does. */
export function rawSocket(
  relay: { url: string },
  path = RELAY_PATH,
  headers: Record<string, string> = {},
): WebSocket {
  const socket = new WebSocket(new URL(path, relay.url), { rejectUnauthorized: false, headers });
  socket.on('error', () => {});
  return socket;
}

/** A bare WebSocket that says `first` as soon as it can. */
export function sayingSocket(
  relay: { url: string },
  first: unknown,
  headers: Record<string, string> = {},
): WebSocket {
  const socket = rawSocket(relay, RELAY_PATH, headers);
  socket.once('open', () => socket.send(JSON.stringify(first)));
  return socket;
}

export function operatorSocket(relay: TestRelay): WebSocket {
  return sayingSocket(relay, { type: 'allocate', authorization: relay.authorize() });
}

export function customerSocket(relay: { url: string }, nameplate: unknown): WebSocket {
  return sayingSocket(relay, { type: 'join', nameplate });
}

/** Code and name with which the relay closed a socket. */
export async function closing(socket: WebSocket): Promise<string> {
  const [code, reason] = await once(socket, 'close', { signal: AbortSignal.timeout(20_000) });
  return `${code} ${reason}`;
}

/** The next message of a socket, parsed. */
export async function message(socket: WebSocket): Promise<Record<string, unknown>> {
  const [data] = await once(socket, 'message', { signal: AbortSignal.timeout(20_000) });
  return JSON.parse(String(data));
}

/** Two ends joined through the relay, as bare sockets. */
export async function joinedPair(relay: TestRelay): Promise<{ operator: WebSocket; customer: WebSocket }> {
  const operator = operatorSocket(relay);
  const { nameplate } = await message(operator);
  const customer = rawSocket(relay);
  await once(customer, 'open');
  const joined = Promise.all([message(operator), message(customer)]);
  customer.send(JSON.stringify({ type: 'join', nameplate }));
  await joined;
  return { operator, customer };
}
