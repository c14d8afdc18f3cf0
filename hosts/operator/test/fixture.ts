import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Capability,
  connectSession,
  createHostContainer,
  createIdentity,
  type HelloPlugin,
  type Identity,
  joinNameplate,
  parseSessionCode,
  resumeRendezvous,
  type SessionChannel,
  systemClock,
  systemRandom,
} from '@livelet/core';
import { type EnrolledOperator, enrolledOperator } from '@livelet/core/test-support';
import { type RelaySettings, type RunningRelay, startRelay } from '@livelet/relay';
import type { ExecutionContext } from 'ava';
import { type ConsoleOptions, OperatorConsole } from '../src/console.js';
import type { ConsoleState } from '../src/page-protocol.js';

/** For anything that has to happen, ms. */
export const DEADLINE = 20_000;

/** All tests come from one address. */
const GENEROUS: Partial<RelaySettings> = {
  socketsPerMinute: 10_000,
  unattachedPerSource: 1000,
  claimsPerMinute: 10_000,
  claimsPerHour: 10_000,
};

export interface TestRelay extends RunningRelay, EnrolledOperator {
  readonly stateDir: string;
  /** Starts it once more, on its port and with what it kept; it must have been closed. */
  startAgain(): Promise<void>;
}

export async function testFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'livelet-operator-test-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function testRelay(
  t: ExecutionContext,
  settings: Partial<RelaySettings> = {},
): Promise<TestRelay> {
  const stateDir = await testFolder(t);
  const start = async (port: number): Promise<RunningRelay> => {
    const options = { host: '127.0.0.1', port, stateDir, region: 'EU' };
    const relay = await startRelay({ ...options, settings: { ...GENEROUS, ...settings } });
    t.teardown(() => relay.close());
    return relay;
  };
  const relay = await start(0);
  const startAgain = async (): Promise<void> => {
    await start(Number(new URL(relay.deployment.relayUrl).port));
  };
  return { ...relay, ...(await enrolledOperator(relay)), stateDir, startAgain };
}

/** A console without plugins, which its state machine needs none of. */
export async function testConsole(
  t: ExecutionContext,
  relay: TestRelay,
  options: Partial<ConsoleOptions> = {},
): Promise<OperatorConsole> {
  const host = await createHostContainer({ clock: systemClock, plugins: [] });
  const console = new OperatorConsole({
    deployment: relay.deployment,
    api: relay.api,
    account: {
      name: 'Maria Rossi',
      started: Promise.resolve(),
      refresh: async () => {},
      sessionBegan: () => {},
      sessionEnded: async () => {},
    },
    identity: relay.identity,
    host,
    clock: systemClock,
    random: systemRandom,
    ...options,
  });
  t.teardown(async () => {
    await console[Symbol.asyncDispose]();
    await host[Symbol.asyncDispose]();
  });
  return console;
}

type View = ConsoleState['view'];
type StateOf<V extends View> = Extract<ConsoleState, { view: V }>;

/** The console's state as soon as it is `view` and `holds`. */
export function reached<V extends View>(
  console: OperatorConsole,
  view: V,
  holds: (state: StateOf<V>) => boolean = () => true,
): Promise<StateOf<V>> {
  return new Promise((resolve, reject) => {
    const stop = new DisposableStack();
    const look = (): void => {
      const { state } = console;
      if (state.view !== view || !holds(state as StateOf<V>)) return;
      stop.dispose();
      resolve(state as StateOf<V>);
    };
    const fail = (): void => {
      stop.dispose();
      reject(new Error(`not ${view} in time, but ${JSON.stringify(console.state)}`));
    };
    stop.adopt(setTimeout(fail, DEADLINE), clearTimeout);
    stop.use(console.onChange({ changed: look, quality: () => {} }));
    look();
  });
}

export interface CustomerOptions {
  readonly name?: string;
  /** @default a new one */
  readonly identity?: Identity;
  readonly hello?: readonly HelloPlugin[];
  readonly allowed?: readonly Capability[];
  /** Types other secret digits than those that were read out. */
  readonly wrongSecret?: boolean;
  /** Comes back after a lost connection. @default false */
  readonly returns?: boolean;
}

/** A customer who typed `text`. Their session ends with the test. */
export async function joinAsCustomer(
  t: ExecutionContext,
  relay: TestRelay,
  text: string,
  options: CustomerOptions = {},
): Promise<SessionChannel> {
  const spoken = parseSessionCode(text);
  const secret = options.wrongSecret ? otherDigits(spoken.secret) : spoken.secret;
  const code = { ...spoken, secret };
  const { deployment } = relay;
  const signal = AbortSignal.timeout(DEADLINE);
  const transport = await joinNameplate({ deployment, nameplate: code.nameplate, signal });
  const session = await connectSession({
    transport,
    side: 'customer',
    code,
    deploymentId: deployment.deploymentId,
    identity: options.identity ?? createIdentity(systemRandom),
    name: options.name ?? 'Anna Bianchi',
    hello: options.hello ?? [],
    clock: systemClock,
    random: systemRandom,
    signal,
    ...(options.allowed ? { allowed: options.allowed } : {}),
    ...(options.returns
      ? {
          redial: (handle: Uint8Array, ending: AbortSignal) =>
            resumeRendezvous({ deployment, handle, signal: ending }),
        }
      : {}),
  });
  t.teardown(() => session.end('shutdown'));
  return session;
}

function otherDigits(secret: string): string {
  return secret.replace(/./g, (digit) => String((Number(digit) + 1) % 10));
}
