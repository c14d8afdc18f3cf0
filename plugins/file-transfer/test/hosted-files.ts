import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { portPair } from '@livelet/compliance';
import {
  type Clock,
  createHostContainer,
  Desktop,
  type ExistingChoice,
  type FileOffering,
  type JsonValue,
  type ReceiptEntry,
  ReceivedFiles,
  type SessionChannel,
  systemClock,
} from '@livelet/core';
import { connectedSessions, type SessionPair, type SimulatedRelay } from '@livelet/core/test-support';
import { ContainerModule } from 'inversify';
import { OfferingDoor } from '../src/offering-door.js';
import type { DeskState, DeskToPage, PageToDesk, TransferShown } from '../src/page-protocol.js';

const plugin = new URL('../../', import.meta.url);

/** A session with this plugin at both ends; each side has a folder of its own in `sandbox`. */
export interface HostedFiles extends AsyncDisposable {
  readonly pair: SessionPair;
  readonly sandbox: string;
  /** Where files arrive at each side. */
  readonly folders: { readonly operator: string; readonly customer: string };
  /** What other plugins of the customer's host have of it. */
  readonly offering: FileOffering;
  page(side: 'operator' | 'customer'): FilesPage;
  stop(): Promise<void>;
}

/** The panel of one side, without a page; it has the files that are put into `held`. */
export interface FilesPage {
  readonly held: Map<number, Uint8Array>;
  /** From so many bytes on the page answers nothing until `goOn`. */
  holdAt(offset: number): void;
  goOn(): void;
  readonly messages: DeskToPage[];
  /** Each question about a name that is there from now on. */
  answer(choice: ExistingChoice): void;
  say(message: PageToDesk, bytes?: Uint8Array): void;
  /** The state as it is shown, once `matches`. */
  shows(matches: (state: DeskState) => boolean): Promise<DeskState>;
  /** The newest transfer once it is over. */
  over(): Promise<TransferShown>;
  heard<T extends DeskToPage['type']>(type: T): Promise<Extract<DeskToPage, { type: T }>>;
  close(): void;
}

export interface HostedFilesOptions {
  /** Whether the operator's half runs. @default true */
  readonly courier?: boolean;
  /** Whether the customer's half runs. @default true */
  readonly depot?: boolean;
  /** Where files arrive at the customer. @default a folder of its own */
  readonly customerFolder?: string;
  readonly relay?: SimulatedRelay;
  /** Of both halves. @default systemClock */
  readonly clock?: Clock;
  readonly desktop?: Desktop;
  /** @default both */
  readonly granted?: readonly ('send-files' | 'take-files')[];
}

export async function hostFiles(options: HostedFilesOptions = {}): Promise<HostedFiles> {
  await using stack = new AsyncDisposableStack();
  const sandbox = await mkdtemp(join(tmpdir(), 'livelet-files-'));
  stack.defer(async () => await rm(sandbox, { recursive: true, force: true }));
  const folders = {
    operator: join(sandbox, 'operator', 'received'),
    customer: options.customerFolder ?? join(sandbox, 'customer', 'received'),
  };
  let offering: FileOffering | undefined;
  const open = async (role: string, folder: string) => {
    const bindings = new ContainerModule(({ bind, onActivation }) => {
      bind(ReceivedFiles).toConstantValue({ folder });
      if (options.desktop) bind(Desktop).toConstantValue(options.desktop);
      onActivation(OfferingDoor, (_, door) => {
        offering = door;
        return door;
      });
    });
    const host = await createHostContainer({
      clock: options.clock ?? systemClock,
      plugins: [{ folder: plugin, role }],
      bindings,
    });
    return stack.use(host);
  };
  const left = await open('courier', folders.operator);
  const right = await open('depot', folders.customer);
  const pair = await connectedSessions({
    ...(options.relay && { relay: options.relay }),
    operator: { hello: left.hello() },
    customer: { hello: right.hello() },
  });
  stack.defer(async () => void (await pair.customer.end('person')));
  for (const capability of options.granted ?? (['send-files', 'take-files'] as const)) {
    pair.customer.ownGrants.grant(capability);
  }
  const customer = options.depot === false ? undefined : stack.use(await right.openSession(pair.customer));
  const operator = options.courier === false ? undefined : stack.use(await left.openSession(pair.operator));
  if (!offering) throw new Error('the depot offers nothing to other plugins');
  const owned = stack.move();
  return {
    offering,
    pair,
    sandbox,
    folders,
    page(side) {
      const { host, page } = portPair(
        `plugin:livelet.file-transfer:${side === 'operator' ? 'courier' : 'depot'}`,
      );
      const session = side === 'operator' ? operator : customer;
      if (!session?.connectPort(host)) throw new Error('nobody takes the port');
      return filesPage(page);
    },
    stop: async () => {
      await Promise.all([operator?.[Symbol.asyncDispose](), customer?.[Symbol.asyncDispose]()]);
    },
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

function filesPage(port: ReturnType<typeof portPair>['page']): FilesPage {
  const messages: DeskToPage[] = [];
  const held = new Map<number, Uint8Array>();
  let holdAt = Number.POSITIVE_INFINITY;
  let choice: ExistingChoice | undefined;
  const kept: (() => void)[] = [];
  const waiting = new Set<() => void>();
  const say = (message: PageToDesk, bytes?: Uint8Array): void => {
    port.post({ json: message as unknown as JsonValue, ...(bytes ? { bytes } : {}) });
  };
  port.onMessage(({ json }) => {
    const message = json as unknown as DeskToPage;
    if (message.type === 'request') {
      const { request } = message;
      const bytes = message.what === 'read' ? held.get(message.file) : undefined;
      if (message.what !== 'read' || !bytes) say({ type: 'answered', request, error: 'file-unreadable' });
      else {
        const { offset, length } = message;
        const answer = (): void => say({ type: 'answered', request }, bytes.slice(offset, offset + length));
        if (offset >= holdAt) kept.push(answer);
        else answer();
      }
      return;
    }
    messages.push(message);
    const question = message.type === 'state' ? message.question : undefined;
    if (choice && question) say({ type: 'answer', question: question.id, choice, all: false });
    for (const look of waiting) look();
  });
  const until = async <T>(find: () => T | undefined): Promise<T> => {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const look = (): void => {
      const found = find();
      if (found !== undefined) resolve(found);
    };
    const timer = setTimeout(
      () => reject(new Error(JSON.stringify(messages.slice(-2)).slice(0, 3000))),
      20_000,
    );
    waiting.add(look);
    look();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      waiting.delete(look);
    }
  };
  const state = (): DeskState | undefined =>
    messages.findLast((message) => message.type === 'state') as DeskState | undefined;
  const shows = (matches: (state: DeskState) => boolean): Promise<DeskState> =>
    until(() => {
      const now = state();
      return now && matches(now) ? now : undefined;
    });
  return {
    held,
    holdAt(offset) {
      holdAt = offset;
    },
    goOn() {
      holdAt = Number.POSITIVE_INFINITY;
      for (const answer of kept.splice(0)) answer();
    },
    messages,
    answer(chosen) {
      choice = chosen;
    },
    say,
    shows,
    over: async () => {
      const isOver = (shown?: TransferShown): boolean => shown?.state === 'done' || shown?.state === 'broken';
      const { transfers } = await shows((now) => isOver(now.transfers.at(-1)));
      return transfers.at(-1) as TransferShown;
    },
    heard: (type) => until(() => messages.find((message) => message.type === type) as never),
    close: () => port.close(),
  };
}

/** The notes of one end's receipt: what, and its facts. */
export function notesOf({ receipt }: SessionChannel): object[] {
  return receipt.entries
    .filter((entry): entry is Extract<ReceiptEntry, { kind: 'noted' }> => entry.kind === 'noted')
    .map(({ what, facts }) => ({ what, ...facts }));
}

/** Everything below a folder, by path, sorted; none where there is no folder. */
export async function below(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true }).catch(() => [])).toSorted();
}
