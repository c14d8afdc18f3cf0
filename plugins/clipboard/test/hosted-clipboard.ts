import { portPair } from '@livelet/compliance';
import {
  type Capability,
  type CopiedContent,
  createHostContainer,
  type PortMessage,
  SharedDisplay,
  systemClock,
} from '@livelet/core';
import { connectedSessions, type SessionPair, type SimulatedRelay } from '@livelet/core/test-support';
import { ContainerModule } from 'inversify';
import type { PartnerToPage, SharerToPage } from '../src/page-protocol.js';
import { joinParts, splitParts } from '../src/parts.js';

const folder = new URL('../../', import.meta.url);

/** A session with this plugin at both ends: the customer has a display, the operator a page. Nothing is granted yet. */
export interface HostedClipboard extends AsyncDisposable {
  readonly pair: SessionPair;
  grant(...capabilities: Capability[]): void;
  revoke(capability: Capability): void;
  /** The operator's menu, without a page. */
  menu(): Menu;
  /** What the customer's panels were told, oldest first. */
  panel(piece: 'what-i-copy' | 'what-they-copy'): SharerToPage[];
}

export interface Menu {
  readonly heard: PartnerToPage[];
  readonly arrived: CopiedContent[];
  copy(content: CopiedContent): void;
  /** Resolves once `isSo`, looked at after each message. */
  until(isSo: () => boolean): Promise<void>;
}

/**
 * @param participates whether the operator's half runs; without it a test opens the streams itself
 * @param relay where the ends meet again after a drop; none: a drop is the end
 */
export async function hostClipboard(
  display: string,
  participates = true,
  relay?: SimulatedRelay,
): Promise<HostedClipboard> {
  await using stack = new AsyncDisposableStack();
  const bindings = new ContainerModule(({ bind }) => {
    bind(SharedDisplay).toConstantValue({ name: display });
  });
  const open = async (role: string) =>
    stack.use(await createHostContainer({ clock: systemClock, plugins: [{ folder, role }], bindings }));
  const [sharer, partner] = [await open('sharer'), await open('partner')];
  const pair = await connectedSessions({
    ...(relay && { relay }),
    operator: { hello: partner.hello() },
    customer: { hello: sharer.hello() },
  });
  stack.defer(async () => void (await pair.customer.end('person')));
  const customer = stack.use(await sharer.openSession(pair.customer));
  const operator = participates ? stack.use(await partner.openSession(pair.operator)) : undefined;
  const owned = stack.move();
  return {
    pair,
    grant(...capabilities) {
      for (const capability of capabilities) pair.customer.ownGrants.grant(capability);
    },
    revoke: (capability) => pair.customer.ownGrants.revoke(capability),
    menu() {
      const { host, page } = portPair('plugin:livelet.clipboard:clipboard');
      if (!operator?.connectPort(host)) throw new Error('nobody takes the port');
      const heard: PartnerToPage[] = [];
      const arrived: CopiedContent[] = [];
      const waiting = new Set<() => void>();
      const post = (json: object, bytes?: Uint8Array): void =>
        page.post({ json: json as PortMessage['json'], ...(bytes && { bytes }) });
      page.onMessage(({ json, bytes }) => {
        const message = json as unknown as PartnerToPage;
        heard.push(message);
        if (message.type === 'arrived') {
          arrived.push(splitParts(message.parts, bytes));
          post({ type: 'placed', id: message.id, where: 'clipboard' });
        }
        for (const look of waiting) look();
      });
      return {
        heard,
        arrived,
        copy(content) {
          const { parts, bytes } = joinParts(content);
          post({ type: 'copied', parts }, bytes);
        },
        async until(isSo) {
          const { promise, resolve, reject } = Promise.withResolvers<void>();
          const look = (): void => void (isSo() && resolve());
          const timer = setTimeout(() => reject(new Error(JSON.stringify(heard).slice(0, 2000))), 15_000);
          waiting.add(look);
          look();
          await promise.finally(() => {
            clearTimeout(timer);
            waiting.delete(look);
          });
        },
      };
    },
    panel(piece) {
      const { host, page } = portPair(`plugin:livelet.clipboard:${piece}`);
      if (!customer.connectPort(host)) throw new Error('nobody takes the port');
      const told: SharerToPage[] = [];
      page.onMessage(({ json }) => told.push(json as unknown as SharerToPage));
      return told;
    },
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}
