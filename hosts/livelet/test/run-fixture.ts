import {
  type Capability,
  type ConnectOptions,
  connectSession,
  createIdentity,
  type HostContainer,
  type HostedSession,
  LiveletError,
  type SessionChannel,
  type Side,
} from '@livelet/core';
import {
  HeldBackTable,
  ManualClock,
  SeededRandom,
  type SimulatedLink,
  SimulatedNetwork,
  SimulatedRelay,
  settled,
} from '@livelet/core/test-support';
import { type LiveletExit, LiveletRun, type LiveletRunParts } from '../src/livelet-run.js';
import { PageLink } from '../src/page-link.js';
import type { LiveletView } from '../src/page-protocol.js';
import { FakePage } from './fake-page.js';

/** The kept chat's way out, as the run sees it. */
type FakeChats = { -readonly [K in keyof LiveletRunParts['chats']]: LiveletRunParts['chats'][K] };

export interface RunOptions {
  /** In a window of the program's own. @default false */
  readonly own?: boolean;
  /** What reaching the helper fails with, attempt by attempt; undefined: it doesn't. */
  readonly failures?: readonly (LiveletError | undefined)[];
  /** Plugins can't be started. @default false */
  readonly brokenPlugins?: boolean;
  /** Plugins never come to their end. @default false */
  readonly stuckPlugins?: boolean;
  /** A lost connection is sought again, through `relay`. @default false */
  readonly resumes?: boolean;
}

/** What its receipt is as JSON. */
const SIGNED = '{"account":{}}';

/** A whole run without browser, relay and plugins: the state machine, the channel's consent and a clock. */
export class RunFixture {
  readonly clock = new ManualClock();
  readonly #network = new SimulatedNetwork({ clock: this.clock });
  /** The way back after a cut. */
  readonly relay = new SimulatedRelay(this.#network);
  readonly page: FakePage;
  readonly shutdown = new AbortController();
  readonly displayLost = new AbortController();
  readonly exit: Promise<LiveletExit>;
  /** What waits to be handed in at the end. */
  readonly chats: FakeChats = { waitsFor: undefined, handedIn: undefined, finish: async () => {} };
  /** Of the session that plugins ran in: whether they still do. */
  running: 'not yet' | 'running' | 'stopped' = 'not yet';
  /** What those plugins hold back. */
  readonly #heldBack = new HeldBackTable();
  readonly heldBack = this.#heldBack.of(['view', 'control', 'chat']);
  /** The codes that were tried. */
  readonly codes: string[] = [];
  #operator: SessionChannel | undefined;
  #link: SimulatedLink | undefined;
  readonly #failures: (LiveletError | undefined)[];
  readonly #resumes: boolean;

  constructor(options: RunOptions = {}) {
    const { own = false, failures = [], resumes = false } = options;
    this.#resumes = resumes;
    this.page = new FakePage(own);
    this.#failures = [...failures];
    const link = new PageLink(this.page, { relay: 'relay.example', help: [] }, this.clock);
    const run = new LiveletRun({
      link,
      window: this.page,
      host: this.#host(options),
      connector: { connect: (text, signal) => this.#connect(text, signal) },
      chats: this.chats,
      clock: this.clock,
      armSeconds: 5,
      met: () => ({ json: SIGNED }),
      receiptSeconds: 60,
      displayLost: this.displayLost.signal,
      shutdown: this.shutdown.signal,
    });
    this.page.load();
    this.exit = run.run();
  }

  get operator(): SessionChannel {
    if (!this.#operator) throw new Error('nobody connected yet');
    return this.#operator;
  }

  /** The connection goes without a word. */
  cut(): void {
    this.#link?.cut();
  }

  /** What the page shows once everything has gone on; it must be `step`. */
  async shows<S extends LiveletView['step']>(step: S): Promise<Extract<LiveletView, { step: S }>> {
    // The handshake takes many turns of the loop.
    for (let turns = 0; turns < 50 && this.page.view.step !== step; turns++) await settled();
    await settled();
    const { view } = this.page;
    if (view.step !== step) throw new Error(`the page shows ${view.step}, not ${step}`);
    return view as Extract<LiveletView, { step: S }>;
  }

  /** To the question who is there. */
  async toWho(): Promise<Extract<LiveletView, { step: 'who' }>> {
    await this.shows('code');
    this.page.press({ type: 'code', code: '482 917 056 183' });
    return this.shows('who');
  }

  /** To the panel, with these allowed. */
  async toPanel(capabilities: readonly Capability[] = ['view', 'chat']): Promise<void> {
    await this.toWho();
    await this.clock.advance(5000);
    this.page.press({ type: 'allow', capabilities });
    await this.shows('panel');
  }

  async #connect(text: string, signal: AbortSignal): Promise<SessionChannel> {
    this.codes.push(text);
    const failure = this.#failures.shift();
    if (failure) throw failure;
    const random = new SeededRandom(7).bytes;
    this.#link = this.#network.connect();
    const way = (side: Side): Pick<ConnectOptions, 'redial'> =>
      this.#resumes ? { redial: this.relay.redial(side) } : {};
    const common = {
      code: { nameplate: '48291', secret: '705618' },
      deploymentId: 'deployment-1',
      hello: [],
      clock: this.clock,
      random,
    };
    const [customer, operator] = await Promise.all([
      connectSession({
        ...common,
        ...way('customer'),
        side: 'customer',
        transport: this.#link.customer,
        identity: createIdentity(random),
        name: 'Anna',
        allowed: ['view', 'control', 'chat'],
        signal,
      }),
      connectSession({
        ...common,
        ...way('operator'),
        side: 'operator',
        transport: this.#link.operator,
        identity: createIdentity(random),
        name: 'Maria Rossi',
        signal: new AbortController().signal,
      }),
    ]);
    this.#operator = operator;
    return customer;
  }

  /** A host with three plugins of which only the manifests matter here. */
  #host({ brokenPlugins = false, stuckPlugins = false }: RunOptions): HostContainer {
    const plugins = ['view', 'control', 'chat'].map((capability) => ({
      manifest: { id: capability },
      role: { requires: [capability] },
    }));
    return {
      plugins: plugins as unknown as HostContainer['plugins'],
      standing: { contributions: [], absent: new Map(), connectPort: () => false },
      hello: () => [],
      openSession: async (): Promise<HostedSession> => {
        if (brokenPlugins) throw new LiveletError('plugin-start-failed');
        this.running = 'running';
        return {
          contributions: [],
          absent: new Map(),
          heldBack: this.#heldBack,
          connectPort: () => false,
          [Symbol.asyncDispose]: async () => {
            if (stuckPlugins) await new Promise(() => {});
            this.running = 'stopped';
          },
        };
      },
      [Symbol.asyncDispose]: async () => {},
    };
  }
}
