import { portPair } from '@livelet/compliance';
import {
  type Capability,
  createHostContainer,
  type PagePort,
  type PortMessage,
  systemClock,
} from '@livelet/core';
import { connectedSessions, type SessionPair, type SimulatedRelay } from '@livelet/core/test-support';
import { ContainerModule } from 'inversify';
import type { HalfToPanel, PanelToHalf, SoundState } from '../src/page-protocol.js';

const folder = new URL('../../', import.meta.url);
const DEADLINE = 20_000;

export type Side = 'customer' | 'operator';

/** A session with this plugin at both ends. Nothing is granted yet. */
export interface HostedAudio extends AsyncDisposable {
  readonly pair: SessionPair;
  grant(...capabilities: Capability[]): void;
  revoke(capability: Capability): void;
  /** Gives a side the page's end of a port of its half. */
  connect(side: Side, port: PagePort): void;
  panel(side: Side): Panel;
  /** Ends it as a person does. */
  end(): Promise<void>;
}

/** A panel without a page. */
export interface Panel {
  readonly state: SoundState | undefined;
  readonly levels: readonly number[];
  post(message: PanelToHalf): void;
  until(isSo: (state: SoundState) => boolean): Promise<void>;
}

/**
 * @param participates whether the operator's half runs; without it a test opens the streams itself
 * @param relay where the ends meet again after a drop; none: a drop is the end
 */
export async function hostAudio(participates = true, relay?: SimulatedRelay): Promise<HostedAudio> {
  await using stack = new AsyncDisposableStack();
  const bindings = new ContainerModule(() => undefined);
  const open = async (role: string) =>
    stack.use(await createHostContainer({ clock: systemClock, plugins: [{ folder, role }], bindings }));
  const [answerer, caller] = [await open('answerer'), await open('caller')];
  const pair = await connectedSessions({
    ...(relay && { relay }),
    operator: { hello: caller.hello() },
    customer: { hello: answerer.hello() },
  });
  stack.defer(async () => void (await pair.customer.end('person')));
  const customer = stack.use(await answerer.openSession(pair.customer));
  const operator = participates ? stack.use(await caller.openSession(pair.operator)) : undefined;
  const owned = stack.move();
  const connect = (side: Side, port: PagePort): void => {
    if (!(side === 'customer' ? customer : operator)?.connectPort(port))
      throw new Error('nobody takes the port');
  };
  return {
    pair,
    connect,
    grant(...capabilities) {
      for (const capability of capabilities) pair.customer.ownGrants.grant(capability);
    },
    revoke: (capability) => pair.customer.ownGrants.revoke(capability),
    panel(side) {
      const { host, page } = portPair('plugin:livelet.audio:sound');
      connect(side, host);
      return panelOf(page);
    },
    end: async () => await owned.disposeAsync(),
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

function panelOf(page: PagePort): Panel {
  let state: SoundState | undefined;
  const levels: number[] = [];
  const waiting = new Set<() => void>();
  page.onMessage(({ json }) => {
    const message = json as unknown as HalfToPanel;
    if (message.type === 'level') levels.push(message.level);
    else state = message;
    for (const look of [...waiting]) look();
  });
  return {
    get state() {
      return state;
    },
    levels,
    post: (message) => page.post({ json: message as unknown as PortMessage['json'] }),
    async until(isSo) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const look = (): void => void (state && isSo(state) && resolve());
      const timer = setTimeout(() => reject(new Error(JSON.stringify(state))), DEADLINE);
      waiting.add(look);
      look();
      await promise.finally(() => {
        clearTimeout(timer);
        waiting.delete(look);
      });
    },
  };
}
