import { portPair } from '@livelet/compliance';
import {
  createHostContainer,
  encodeInput,
  type InputMessage,
  OwnWindows,
  type PagePort,
  SharedDisplay,
  systemClock,
} from '@livelet/core';
import { connectedSessions, type SessionPair, SimulatedRelay } from '@livelet/core/test-support';
import { ContainerModule } from 'inversify';
import type { ControllerToPage } from '../src/page-protocol.js';

const folder = new URL('../../', import.meta.url);

/** A session with this plugin at both ends: the customer shares a display, the operator has a page. */
export interface HostedInput extends AsyncDisposable {
  readonly pair: SessionPair;
  readonly relay: SimulatedRelay;
  /** Ends the target's half as a host does whose session is over. */
  stopTarget(): Promise<void>;
  page(): InputPage;
}

/** The stage of the operator's page, without a page. */
export interface InputPage {
  readonly port: PagePort;
  send(...messages: InputMessage[]): void;
  /** The first message, past or to come, that `matches`. */
  heard(matches: (message: ControllerToPage) => boolean): Promise<ControllerToPage>;
  readonly messages: ControllerToPage[];
}

export interface HostedInputOptions {
  /** Programs that count as the customer's own pages. @default none */
  readonly ownProcesses?: readonly number[];
  /** Whether the operator's half runs; without it a test opens the stream itself. @default true */
  readonly controlled?: boolean;
  /** Whether the two ends meet again after a drop. @default false */
  readonly resumable?: boolean;
}

export async function hostInput(display: string, options: HostedInputOptions = {}): Promise<HostedInput> {
  const { ownProcesses = [], controlled = true, resumable = false } = options;
  const relay = new SimulatedRelay();
  await using stack = new AsyncDisposableStack();
  const target = stack.use(
    await createHostContainer({
      clock: systemClock,
      plugins: [{ folder, role: 'target' }],
      bindings: new ContainerModule(({ bind }) => {
        bind(SharedDisplay).toConstantValue({ name: display });
        bind(OwnWindows).toConstantValue({ processIds: () => ownProcesses });
      }),
    }),
  );
  const controller = stack.use(
    await createHostContainer({ clock: systemClock, plugins: [{ folder, role: 'controller' }] }),
  );
  const pair = await connectedSessions({
    ...(resumable && { relay }),
    operator: { hello: controller.hello() },
    customer: { hello: target.hello() },
  });
  stack.defer(async () => void (await pair.customer.end('person')));
  const customer = stack.use(await target.openSession(pair.customer));
  const operator = controlled ? stack.use(await controller.openSession(pair.operator)) : undefined;
  const owned = stack.move();
  return {
    pair,
    relay,
    stopTarget: async () => await customer[Symbol.asyncDispose](),
    page() {
      const { host, page } = portPair('plugin:livelet.input:keyboard-and-mouse');
      if (!operator?.connectPort(host)) throw new Error('nobody takes the port');
      page.post({ json: { type: 'picture', picture: true } });
      return inputPage(page);
    },
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

function inputPage(port: PagePort): InputPage {
  const messages: ControllerToPage[] = [];
  const waiting = new Set<() => void>();
  port.onMessage(({ json }) => {
    messages.push(json as unknown as ControllerToPage);
    for (const look of waiting) look();
  });
  return {
    port,
    messages,
    send(...sent) {
      for (const message of sent) port.post({ json: null, bytes: encodeInput(message) });
    },
    async heard(matches) {
      const { promise, resolve, reject } = Promise.withResolvers<ControllerToPage>();
      const look = (): void => {
        const found = messages.find(matches);
        if (found !== undefined) resolve(found);
      };
      const timer = setTimeout(() => reject(new Error(JSON.stringify(messages))), 30_000);
      waiting.add(look);
      look();
      try {
        return await promise;
      } finally {
        clearTimeout(timer);
        waiting.delete(look);
      }
    },
  };
}
