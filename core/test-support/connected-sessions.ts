import { type ConnectOptions, connectSession } from '../src/channel/connect-session.js';
import { createIdentity } from '../src/channel/identity.js';
import type { SessionChannel } from '../src/channel/session-channel.js';
import type { Side } from '../src/contracts/session.js';
import { ManualClock } from './manual-clock.js';
import { SeededRandom } from './seeded-random.js';
import { type SimulatedLink, SimulatedNetwork } from './simulated-network.js';
import type { SimulatedRelay } from './simulated-relay.js';

/** Two ends with a session between them. */
export interface SessionPair {
  readonly clock: ManualClock;
  readonly link: SimulatedLink;
  readonly operator: SessionChannel;
  readonly customer: SessionChannel;
}

/** What is not as usual. */
export interface PairOptions {
  /** @default a new one */
  readonly clock?: ManualClock;
  /** @default one that delays nothing */
  readonly link?: SimulatedLink;
  /** Where the ends meet again after a drop. @default none: a drop is the end */
  readonly relay?: SimulatedRelay;
  /** What differs from the ordinary at one end. */
  readonly operator?: Partial<ConnectOptions>;
  readonly customer?: Partial<ConnectOptions>;
}

/** What `connectSession` needs at one end of a link in a test. */
export function connectOptions(side: Side, link: SimulatedLink, clock: ManualClock): ConnectOptions {
  const random = new SeededRandom(side === 'operator' ? 11 : 12).bytes;
  return {
    transport: link[side],
    side,
    code: { nameplate: '48291', secret: '705618' },
    deploymentId: 'test',
    identity: createIdentity(random),
    name: side === 'operator' ? 'Ada' : 'Bruno',
    hello: [],
    clock,
    random,
    signal: new AbortController().signal,
  };
}

/** Two ends with a session between them, by the real handshake and records. */
export async function connectedSessions(options: PairOptions = {}): Promise<SessionPair> {
  const clock = options.clock ?? new ManualClock();
  const link = options.link ?? new SimulatedNetwork().connect();
  const connect = (side: Side): Promise<SessionChannel> =>
    connectSession({
      ...connectOptions(side, link, clock),
      ...(options.relay && { redial: options.relay.redial(side) }),
      ...options[side],
    });
  const [operator, customer] = await Promise.all([connect('operator'), connect('customer')]);
  return { clock, link, operator, customer };
}
