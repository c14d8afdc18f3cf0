import { portPair } from '@livelet/compliance';
import {
  type Capability,
  type CopiedContent,
  createHostContainer,
  type PagePort,
  type PortMessage,
  ReceivedFiles,
  SharedDisplay,
  systemClock,
} from '@livelet/core';
import { connectedSessions, type SessionPair, type SimulatedRelay } from '@livelet/core/test-support';
import { ContainerModule } from 'inversify';
import type { PartnerToPage, SharerToPage } from '../src/page-protocol.js';
import { joinParts, splitParts } from '../src/parts.js';

const folder = new URL('../../', import.meta.url);
const fileTransfer = new URL('../../../file-transfer/', import.meta.url);

/** A session with this plugin at both ends: the customer has a display, the operator a page. Nothing is granted yet. */
export interface HostedClipboard extends AsyncDisposable {
  readonly pair: SessionPair;
  grant(...capabilities: Capability[]): void;
  revoke(capability: Capability): void;
  /** The operator's menu, without a page. */
  menu(): Menu;
  /** What the customer's panels were told, oldest first. */
  panel(piece: 'what-i-copy' | 'what-they-copy'): SharerToPage[];
  /** The page's end of a port to a piece at one side. */
  connect(side: 'customer' | 'operator', piece: string): PagePort;
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
 * @param received the folder in which the operator's files arrive; none: there is no file transfer
 */
export async function hostClipboard(
  display: string,
  participates = true,
  relay?: SimulatedRelay,
  received?: string,
): Promise<HostedClipboard> {
  await using stack = new AsyncDisposableStack();
  const bindings = new ContainerModule(({ bind }) => {
    bind(SharedDisplay).toConstantValue({ name: display });
    if (received !== undefined) bind(ReceivedFiles).toConstantValue({ folder: received });
  });
  const open = async (role: string, filesRole: string) => {
    const plugins = [
      { folder, role },
      ...(received === undefined ? [] : [{ folder: fileTransfer, role: filesRole }]),
    ];
    return stack.use(await createHostContainer({ clock: systemClock, plugins, bindings }));
  };
  const [sharer, partner] = [await open('sharer', 'depot'), await open('partner', 'courier')];
  const pair = await connectedSessions({
    ...(relay && { relay }),
    operator: { hello: partner.hello() },
    customer: { hello: sharer.hello() },
  });
  stack.defer(async () => void (await pair.customer.end('person')));
  const customer = stack.use(await sharer.openSession(pair.customer));
  const operator = participates ? stack.use(await partner.openSession(pair.operator)) : undefined;
  const connect = (side: 'customer' | 'operator', piece: string): PagePort => {
    const { host, page } = portPair(`plugin:${piece}`);
    const session = side === 'customer' ? customer : operator;
    if (!session?.connectPort(host)) throw new Error('nobody takes the port');
    return page;
  };
  const owned = stack.move();
  return {
    connect,
    pair,
    grant(...capabilities) {
      for (const capability of capabilities) pair.customer.ownGrants.grant(capability);
    },
    revoke: (capability) => pair.customer.ownGrants.revoke(capability),
    menu() {
      const page = connect('operator', 'livelet.clipboard:clipboard');
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
      const page = connect('customer', `livelet.clipboard:${piece}`);
      const told: SharerToPage[] = [];
      page.onMessage(({ json }) => told.push(json as unknown as SharerToPage));
      return told;
    },
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}
