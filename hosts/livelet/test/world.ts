import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startXvfb, type Xvfb } from '@livelet/compliance';
import {
  allocateNameplate,
  connectSession,
  createIdentity,
  createSecret,
  fingerprint,
  formatSessionCode,
  type SessionChannel,
  systemClock,
  systemRandom,
  type Transport,
} from '@livelet/core';
import { type EnrolledOperator, enrolledOperator } from '@livelet/core/test-support';
import { type RunningRelay, startRelay } from '@livelet/relay';

/** Everything outside the Livelet: a relay, a display to share, and an empty folder. */
export interface World extends AsyncDisposable {
  readonly relay: RunningRelay;
  readonly display: Xvfb;
  readonly folder: string;
}

/** One test file is one source with many codes: the relay's limits per source are no matter here. */
const GENEROUS = {
  socketsPerMinute: 10_000,
  claimsPerMinute: 10_000,
  claimsPerHour: 10_000,
  codesPerOperator: 10_000,
  unattachedPerSource: 10_000,
};

export async function startWorld(): Promise<World> {
  await using starting = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'livelet-test-'));
  starting.defer(() => rm(folder, { recursive: true, force: true }));
  const relay = starting.use(
    await startRelay({
      host: '127.0.0.1',
      port: 0,
      stateDir: join(folder, 'relay'),
      region: 'EU',
      settings: GENEROUS,
    }),
  );
  const display = starting.use(await startXvfb({ width: 640, height: 480 }));
  const world = starting.move();
  return { relay, display, folder, [Symbol.asyncDispose]: () => world.disposeAsync() };
}

/** An operator without a page, led by the test. */
export interface WaitingOperator {
  /** As it is read out. */
  readonly code: string;
  /** The same with another secret, and a check digit that fits. */
  readonly wrongCode: string;
  readonly fingerprint: string;
  /** The bare way to the customer, for an operator that misbehaves; taken by `session`. */
  readonly transport: Promise<Transport>;
  /** Answers the customer, once called. */
  session(): Promise<SessionChannel>;
}

/** Each relay's one operator. */
const OPERATORS = new WeakMap<RunningRelay, Promise<EnrolledOperator>>();

/** The operator that the relay has let in; its first administrator, too. */
export function operatorOf(relay: RunningRelay): Promise<EnrolledOperator> {
  const enrolled = OPERATORS.get(relay) ?? enrolledOperator(relay);
  OPERATORS.set(relay, enrolled);
  return enrolled;
}

export async function waitingOperator(relay: RunningRelay, name = 'Maria Rossi'): Promise<WaitingOperator> {
  const { deployment } = relay;
  const { api } = await operatorOf(relay);
  const { nameplate, joined } = await api.authorized((authorization) =>
    allocateNameplate({ deployment, authorization }),
  );
  const secret = createSecret(systemRandom, 6);
  const identity = createIdentity(systemRandom);
  const wrongSecret = secret === '000000' ? '000001' : '000000';
  return {
    code: formatSessionCode({ nameplate, secret }),
    wrongCode: formatSessionCode({ nameplate, secret: wrongSecret }),
    fingerprint: fingerprint(identity.publicKey),
    transport: joined,
    session: async () =>
      connectSession({
        transport: await joined,
        side: 'operator',
        code: { nameplate, secret },
        deploymentId: deployment.deploymentId,
        identity,
        name,
        hello: [{ id: 'livelet.chat', version: '0.1.0', services: ['/livelet/chat/1'] }],
        clock: systemClock,
        random: systemRandom,
        signal: new AbortController().signal,
      }),
  };
}

/** Resolves when `capability` is granted to the operator, or isn't any more. */
export async function granted(
  { peerGrants }: SessionChannel,
  capability: Parameters<typeof peerGrants.isGranted>[0],
  wanted = true,
): Promise<void> {
  if (peerGrants.isGranted(capability) === wanted) return;
  await new Promise<void>((resolve) => {
    const listening = peerGrants.onChange(() => {
      if (peerGrants.isGranted(capability) !== wanted) return;
      listening[Symbol.dispose]();
      resolve();
    });
  });
}
