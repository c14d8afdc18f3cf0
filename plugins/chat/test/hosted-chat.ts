import { portPair } from '@livelet/compliance';
import { ChatArchive, createHostContainer, type JsonValue, systemClock } from '@livelet/core';
import { connectedSessions, type SessionPair, type SimulatedRelay } from '@livelet/core/test-support';
import { ContainerModule } from 'inversify';
import type { ChatEntry, PageToParticipant, ParticipantToPage } from '../src/page-protocol.js';

const folder = new URL('../../', import.meta.url);

/** A session with this plugin at both ends. `chat` is granted by nobody yet. */
export interface HostedChat extends AsyncDisposable {
  readonly pair: SessionPair;
  page(side: 'operator' | 'customer'): ChatPage;
  grant(): void;
  /** Resolves once all of this session has stopped at both ends. */
  stop(): Promise<void>;
}

/** The chat panel of one side, without a page. */
export interface ChatPage {
  readonly messages: ParticipantToPage[];
  say(message: PageToParticipant): void;
  /** What the panel shows now. */
  entries(): ChatEntry[];
  /** Resolves once the panel shows what `matches`. */
  shows(matches: (entries: readonly ChatEntry[]) => boolean): Promise<readonly ChatEntry[]>;
  heard(matches: (message: ParticipantToPage) => boolean): Promise<ParticipantToPage>;
}

/** Where each end puts what is written; none: nothing is kept. */
export interface Archives {
  readonly operator?: ChatArchive;
  readonly customer?: ChatArchive;
}

/** @param participates whether the operator's half runs; without it a test calls the service itself */
export async function hostChat(
  participates = true,
  archives: Archives = {},
  relay?: SimulatedRelay,
): Promise<HostedChat> {
  await using stack = new AsyncDisposableStack();
  const open = async (archive: ChatArchive | undefined) => {
    const bindings = new ContainerModule(({ bind }) => {
      if (archive) bind(ChatArchive).toConstantValue(archive);
    });
    const plugins = [{ folder, role: 'participant' }];
    return stack.use(await createHostContainer({ clock: systemClock, plugins, bindings }));
  };
  const [left, right] = [await open(archives.operator), await open(archives.customer)];
  const pair = await connectedSessions({
    ...(relay && { relay }),
    operator: { hello: left.hello() },
    customer: { hello: right.hello() },
  });
  stack.defer(async () => void (await pair.customer.end('person')));
  const customer = stack.use(await right.openSession(pair.customer));
  const operator = participates ? stack.use(await left.openSession(pair.operator)) : undefined;
  const owned = stack.move();
  return {
    pair,
    page(side) {
      const { host, page } = portPair(
        `plugin:livelet.chat:${side === 'operator' ? 'chat' : 'chat-with-helper'}`,
      );
      const session = side === 'operator' ? operator : customer;
      if (!session?.connectPort(host)) throw new Error('nobody takes the port');
      const messages: ParticipantToPage[] = [];
      const waiting = new Set<() => void>();
      page.onMessage(({ json }) => {
        messages.push(json as unknown as ParticipantToPage);
        for (const look of waiting) look();
      });
      const until = async <T>(find: () => T | undefined): Promise<T> => {
        const { promise, resolve, reject } = Promise.withResolvers<T>();
        const look = (): void => {
          const found = find();
          if (found !== undefined) resolve(found);
        };
        const timer = setTimeout(() => reject(new Error(JSON.stringify(messages).slice(0, 2000))), 10_000);
        waiting.add(look);
        look();
        try {
          return await promise;
        } finally {
          clearTimeout(timer);
          waiting.delete(look);
        }
      };
      const entries = (): ChatEntry[] => shown(messages);
      return {
        messages,
        entries,
        say: (message) => page.post({ json: message as unknown as JsonValue }),
        shows: (matches) => until(() => (matches(entries()) ? entries() : undefined)),
        heard: (matches) => until(() => messages.find(matches)),
      };
    },
    grant() {
      pair.customer.ownGrants.grant('chat');
      pair.operator.ownGrants.grant('chat');
    },
    stop: async () => {
      await Promise.all([operator?.[Symbol.asyncDispose](), customer[Symbol.asyncDispose]()]);
    },
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

function shown(messages: readonly ParticipantToPage[]): ChatEntry[] {
  const entries = new Map<string, ChatEntry>();
  for (const message of messages) {
    const changed =
      message.type === 'state' ? message.entries : message.type === 'entry' ? [message.entry] : [];
    for (const entry of changed) entries.set(`${entry.mine} ${entry.id}`, entry);
  }
  return [...entries.values()];
}
