import { portPair } from '@livelet/compliance';
import {
  type Clock,
  createHostContainer,
  Desktop,
  type JsonValue,
  type PagePort,
  RecordingsFolder,
  type SessionChannel,
} from '@livelet/core';
import {
  connectedSessions,
  ManualClock,
  type SessionPair,
  type SimulatedRelay,
} from '@livelet/core/test-support';
import { ContainerModule } from 'inversify';
import type {
  MenuToRecorder,
  PictureToRecorder,
  RecordedToPage,
  RecorderToMenu,
  RecorderToPicture,
} from '../src/page-protocol.js';

const folder = new URL('../../', import.meta.url);
const DEADLINE = 20_000;

/** A session with this plugin at both ends. `record` is granted by nobody yet. */
export interface HostedRecording extends AsyncDisposable {
  readonly pair: SessionPair;
  /** Of both ends and of the session between them. */
  readonly clock: ManualClock;
  /** The operator's menu, without a page. */
  menu(): Told<RecorderToMenu> & { say(command: MenuToRecorder): void };
  /** The piece on the stage, without a page. */
  picture(): Told<RecorderToPicture> & { say(message: PictureToRecorder, bytes?: Uint8Array): void };
  /** The same, for a page of the test's own. */
  picturePort(): PagePort;
  /** The customer's panel, which answers that it shows what it is told. */
  panel(): Told<RecordedToPage> & { freeze(): void };
  grant(): void;
  revoke(): void;
  /** Resolves once all of this session has stopped at both ends. */
  stop(): Promise<void>;
}

/** What a page was told, oldest first. */
export interface Told<T> {
  readonly heard: readonly T[];
  /** Resolves with the newest message once it is so. */
  until(isSo: (message: T) => boolean): Promise<T>;
}

export interface HostOptions {
  /** Where recordings go. */
  readonly folder: string;
  /** The same, where it changes. */
  readonly place?: RecordingsFolder;
  /** Of the operator's host. @default it has none */
  readonly desktop?: Desktop;
  /** Whether the operator's half runs; without it a test opens the stream itself. @default true */
  readonly records?: boolean;
  /** Where the ends meet again after a drop. @default none: a drop is the end */
  readonly relay?: SimulatedRelay;
  /** Of the operator's half. @default the session's, which a test moves on */
  readonly operatorClock?: Clock;
}

export async function hostRecording(options: HostOptions): Promise<HostedRecording> {
  await using stack = new AsyncDisposableStack();
  const clock = new ManualClock();
  const { records = true, relay, operatorClock = clock } = options;
  const bindings = new ContainerModule(({ bind }) => {
    bind(RecordingsFolder).toConstantValue(options.place ?? { folder: options.folder });
    if (options.desktop) bind(Desktop).toConstantValue(options.desktop);
  });
  const open = async (role: string, time: Clock) =>
    stack.use(await createHostContainer({ clock: time, plugins: [{ folder, role }], bindings }));
  const recorder = await open('recorder', operatorClock);
  const recorded = await open('recorded', clock);
  const pair = await connectedSessions({
    clock,
    ...(relay && { relay }),
    operator: { hello: recorder.hello() },
    customer: { hello: recorded.hello() },
  });
  stack.defer(async () => void (await pair.customer.end('person')));
  const customer = stack.use(await recorded.openSession(pair.customer));
  const operator = records ? stack.use(await recorder.openSession(pair.operator)) : undefined;
  const port = (piece: string, session = operator) => {
    const { host, page } = portPair(`plugin:livelet.recording:${piece}`);
    if (!session?.connectPort(host)) throw new Error('nobody takes the port');
    return page;
  };
  const owned = stack.move();
  return {
    pair,
    clock,
    menu() {
      const page = port('record');
      return { ...listen<RecorderToMenu>(page), say: (command) => post(page, command) };
    },
    picture() {
      const page = port('picture');
      return {
        ...listen<RecorderToPicture>(page),
        say: (message, bytes) => post(page, message, bytes),
      };
    },
    picturePort: () => port('picture'),
    panel() {
      const page = port('recorded', customer);
      let frozen = false;
      const freeze = (): void => {
        frozen = true;
      };
      page.onMessage(({ json }) => {
        if (!frozen) post(page, { shown: (json as unknown as RecordedToPage).number });
      });
      return { ...listen<RecordedToPage>(page), freeze };
    },
    grant: () => pair.customer.ownGrants.grant('record'),
    revoke: () => pair.customer.ownGrants.revoke('record'),
    stop: async () => {
      await Promise.all([operator?.[Symbol.asyncDispose](), customer[Symbol.asyncDispose]()]);
    },
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

/** What plugins noted in this end's receipt: `recording-began` and so on, with their seconds if they have any. */
export function notes(channel: SessionChannel): readonly string[] {
  return channel.receipt.entries.flatMap((entry) => {
    if (entry.kind !== 'noted') return [];
    const { seconds } = entry.facts;
    return [seconds === undefined ? entry.what : `${entry.what} ${seconds}`];
  });
}

function post(page: PagePort, message: object, bytes?: Uint8Array): void {
  page.post({ json: message as JsonValue, ...(bytes && { bytes }) });
}

function listen<T>(page: PagePort): Told<T> {
  const heard: T[] = [];
  const waiting = new Set<() => void>();
  page.onMessage(({ json }) => {
    heard.push(json as unknown as T);
    for (const look of waiting) look();
  });
  return {
    heard,
    async until(isSo) {
      const { promise, resolve, reject } = Promise.withResolvers<T>();
      const look = (): void => {
        const newest = heard.at(-1);
        if (newest !== undefined && isSo(newest)) resolve(newest);
      };
      const timer = setTimeout(() => reject(new Error(JSON.stringify(heard).slice(-2000))), DEADLINE);
      waiting.add(look);
      look();
      return await promise.finally(() => {
        clearTimeout(timer);
        waiting.delete(look);
      });
    },
  };
}
