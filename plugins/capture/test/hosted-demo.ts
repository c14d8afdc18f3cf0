import { type PortPair, portPair } from '@livelet/compliance';
import {
  type Capability,
  createHostContainer,
  type HostedSession,
  LiveletError,
  type PagePort,
  type PluginChoice,
  SharedDisplay,
  systemClock,
} from '@livelet/core';
import { connectedSessions, type SessionPair, type SimulatedRelay } from '@livelet/core/test-support';
import { ContainerModule } from 'inversify';
import {
  type AudienceToPage,
  CHOICE_PIECE,
  type PageToPresenter,
  PICTURE_PIECE,
  type PresenterToPage,
  SHOWING_PIECE,
  WATCHING_PIECE,
} from '../src/demo/demo-protocol.js';
import { ReferenceViewer } from './reference-viewer.js';
import type { StreamEnd } from './stream-pair.js';

/** How long a test waits for what must come, ms. */
const DEADLINE = 15_000;
const DEMO: Omit<PluginChoice, 'role'> = {
  folder: new URL('../../', import.meta.url),
  manifest: 'demo-manifest.json',
};

/** What a piece of the page was told, oldest first. */
export class Told<M> {
  readonly all: M[] = [];
  readonly port: PortPair;
  #watcher: (() => void) | undefined;

  constructor(session: HostedSession, piece: string) {
    this.port = portPair(`plugin:livelet.demo:${piece}`);
    this.port.page.onMessage(({ json, bytes }) => {
      if (bytes === undefined) this.all.push(json as M);
      this.#watcher?.();
    });
    if (!session.connectPort(this.port.host)) throw new Error('nobody takes the port');
  }

  get last(): M | undefined {
    return this.all.at(-1);
  }

  async until(isSo: (last: M | undefined) => boolean): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(new Error(JSON.stringify(this.all))), DEADLINE);
    this.#watcher = () => void (isSo(this.last) && resolve());
    this.#watcher();
    await promise.finally(() => clearTimeout(timer));
  }
}

/** Both halves of the demo in one session; nothing is granted yet. */
export interface HostedDemo extends AsyncDisposable {
  readonly pair: SessionPair;
  /** The operator's choice, without a page. */
  readonly choice: Told<PresenterToPage>;
  /** What tells the operator that it is shown, without a page. */
  readonly mark: Told<PresenterToPage>;
  /** The customer's notice. */
  readonly watching: Told<AudienceToPage>;
  /** The customer's stage, whose picture is drawn as its messages say. */
  readonly stage: Told<{ readonly state: string }>;
  readonly viewer: ReferenceViewer;
  press(message: PageToPresenter): void;
  /** Resolves when the operator's end knows. */
  grant(capability: Capability): Promise<void>;
  /** Allows it, and shows the first display. */
  show(): Promise<void>;
}

/** @param display the operator's */
export async function hostDemo(display: string, relay?: SimulatedRelay): Promise<HostedDemo> {
  await using stack = new AsyncDisposableStack();
  const bindings = new ContainerModule(({ bind }) => {
    bind(SharedDisplay).toConstantValue({ name: display });
  });
  const open = async (role: string) =>
    stack.use(await createHostContainer({ clock: systemClock, plugins: [{ ...DEMO, role }], bindings }));
  const [presenter, audience] = [await open('presenter'), await open('audience')];
  const pair = await connectedSessions({
    ...(relay && { relay }),
    operator: { hello: presenter.hello() },
    customer: { hello: audience.hello() },
  });
  stack.defer(async () => void (await pair.customer.end('person')));
  const customer = stack.use(await audience.openSession(pair.customer));
  const operator = stack.use(await presenter.openSession(pair.operator));
  const choice = new Told<PresenterToPage>(operator, CHOICE_PIECE);
  const mark = new Told<PresenterToPage>(operator, SHOWING_PIECE);
  const watching = new Told<AudienceToPage>(customer, WATCHING_PIECE);
  const stage = new Told<{ readonly state: string }>(customer, PICTURE_PIECE);
  const press = (message: PageToPresenter): void => choice.port.page.post({ json: { ...message } });
  const grant = async (capability: Capability): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    using _ = pair.operator.peerGrants.onChange(() => resolve());
    pair.customer.ownGrants.grant(capability);
    if (!pair.operator.peerGrants.isGranted(capability)) await promise;
  };
  const owned = stack.move();
  return {
    pair,
    grant,
    choice,
    mark,
    watching,
    stage,
    viewer: new ReferenceViewer(streamOf(stage.port.page)),
    press,
    async show() {
      await choice.until((last) => (last?.displays.length ?? 0) > 0);
      await grant('show-screen');
      press({ type: 'show', what: choice.last?.displays[0]?.id ?? 0 });
      await choice.until((last) => last?.state === 'showing');
    },
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

/** The messages that a stage draws, as the stream that they come from. */
function streamOf(port: PagePort): StreamEnd {
  const kept: Uint8Array[] = [];
  let wake = (): void => undefined;
  port.onMessage(({ bytes }) => {
    if (bytes) kept.push(bytes);
    wake();
  });
  return {
    queuedBytes: 0,
    closed: new Promise(() => undefined),
    send: async (bytes) => port.post({ json: null, bytes }),
    closeWrite: () => undefined,
    reset: (code) => {
      throw new LiveletError(code);
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const next = kept.shift();
        if (next) yield next;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    },
  };
}
