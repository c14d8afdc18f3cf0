import {
  allocateNameplate,
  type ConnectOptions,
  type ConnectStep,
  connectSession,
  createIdentity,
  joinNameplate,
  type LiveletError,
  type ServicePath,
  type SessionChannel,
  type SessionEnd,
  type Side,
  systemRandom,
  type Transport,
} from '@livelet/core';
import { ManualClock } from '@livelet/core/test-support';
import type { HostileRelay } from './hostile-relay.js';
import type { Visitor } from './visitor.js';

const PATH: ServicePath = '/test/canary/1';
/** In everything that either end says, and nowhere else. */
export const CANARY = 'canary';
/** One line of the talk. */
const line = (side: Side, number: number): Buffer => Buffer.from(`${CANARY} ${side} ${number}\n`);

/** One end of an attempt at a session, until it is over. */
export interface TalkingEnd {
  readonly side: Side;
  /** Set when there was a session. */
  readonly session: SessionChannel | undefined;
  /** Set when there was none. */
  readonly error: LiveletError | undefined;
  readonly end: SessionEnd | undefined;
  readonly steps: readonly ConnectStep[];
  readonly said: string;
  readonly heard: string;
}

export interface Attempt {
  readonly operator: Visitor;
  readonly customer: Visitor;
  /** Both ends' time; it stands still unless moved. */
  readonly clock: ManualClock;
  /** Resolves when both ends have said that it is over. */
  readonly ends: Promise<readonly [operator: TalkingEnd, customer: TalkingEnd]>;
}

export interface AttemptOptions {
  /** @default the same at both ends */
  readonly secrets?: Readonly<Record<Side, string>>;
  /** How many lines each end says before the customer ends the session. @default no limit */
  readonly lines?: number;
}

/** Two real ends over real sockets, who talk to each other through the relay for as long as it lasts. */
export async function attempt(relay: HostileRelay, options: AttemptOptions = {}): Promise<Attempt> {
  const { deployment } = relay;
  const { secrets = { operator: '705618', customer: '705618' }, lines = Number.POSITIVE_INFINITY } = options;
  const pair = relay.nextPair();
  const { nameplate, joined } = await allocateNameplate({ deployment, authorization: 'any' });
  const customerTransport = await joinNameplate({ deployment, nameplate });
  const [operator, customer] = await pair;
  const clock = new ManualClock();
  const talk = (side: Side, transport: Transport): Promise<TalkingEnd> => {
    const steps: ConnectStep[] = [];
    const attemptOptions = connectOptions(side, nameplate, secrets[side], transport, clock);
    return converse({ ...attemptOptions, onProgress: (step) => steps.push(step) }, steps, lines);
  };
  const ends = Promise.all([talk('operator', await joined), talk('customer', customerTransport)]);
  return { operator, customer, clock, ends };
}

export function connectOptions(
  side: Side,
  nameplate: string,
  secret: string,
  transport: Transport,
  clock: ManualClock,
): ConnectOptions {
  return {
    transport,
    side,
    code: { nameplate, secret },
    deploymentId: 'hostile',
    identity: createIdentity(systemRandom),
    name: side,
    hello: [{ id: 'test.canary', version: '1.0.0', services: [PATH] }],
    clock,
    random: systemRandom,
    signal: new AbortController().signal,
  };
}

async function converse(
  options: ConnectOptions,
  steps: readonly ConnectStep[],
  lines: number,
): Promise<TalkingEnd> {
  const { side } = options;
  let session: SessionChannel;
  try {
    session = await connectSession(options);
  } catch (error) {
    return {
      side,
      session: undefined,
      error: error as LiveletError,
      end: undefined,
      steps,
      said: '',
      heard: '',
    };
  }
  const said: string[] = [];
  const heard: string[] = [];
  void chat(session, lines, said, heard).catch(() => {});
  const end = await session.ended;
  return { side, session, error: undefined, end, steps, said: said.join(''), heard: heard.join('') };
}

/** The operator opens a stream at the customer; then both write and read until the session is over. */
async function chat(session: SessionChannel, lines: number, said: string[], heard: string[]): Promise<void> {
  const { side } = session;
  const channel = session.pluginChannel({
    serves: [{ path: PATH, capability: 'chat', priority: 'chat' }],
    opens: [{ path: PATH, priority: 'chat' }],
  });
  const stream = await new Promise<Awaited<ReturnType<typeof channel.open>>>((resolve, reject) => {
    if (side === 'customer') {
      channel.accept(PATH, resolve);
      session.ownGrants.grant('chat');
    } else {
      const open = (): void => void channel.open(PATH).then(resolve, reject);
      if (session.peerGrants.isGranted('chat')) open();
      else session.peerGrants.onChange(({ state }) => state === 'granted' && open());
    }
  });
  const reading = (async () => {
    for await (const bytes of stream) heard.push(Buffer.from(bytes).toString());
  })();
  // It fails together with the writing, which is then the one that tells.
  reading.catch(() => {});
  for (let number = 0; number < lines && !session.signal.aborted; number += 1) {
    const text = line(side, number);
    said.push(text.toString());
    await stream.write(text);
  }
  stream.closeWrite();
  await reading;
  if (side === 'customer') await session.end('person');
}
