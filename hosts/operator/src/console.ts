import {
  allocateNameplate,
  asLiveletError,
  type Capability,
  type Clock,
  connectSession,
  createSecret,
  type Deployment,
  formatSessionCode,
  type HostContainer,
  type Identity,
  type KeptReceipt,
  LiveletError,
  type ProxyFinder,
  type RandomSource,
  type RelayApi,
  resumeRendezvous,
  type SessionChannel,
} from '@livelet/core';
import { AttackWatch } from './attack-watch.js';
import { LiveSession } from './live-session.js';
import type { ConnectionQuality, ConsoleState, HistoryEntry, HomeNotice } from './page-protocol.js';
import type { RelayAccount } from './relay-account.js';

/** What the customer may do at the operator's end, for the whole session: answer in the chat. */
const GIVEN_TO_CUSTOMER: readonly Capability[] = ['chat'];

/** Secret digits of a code, and of one after a suspected attack (core/PROTOCOL.md). */
const SECRET_DIGITS = 6;
const LONG_SECRET_DIGITS = 10;
/** Past sessions kept in memory. */
const MAX_HISTORY = 100;

export interface ConsoleOptions {
  readonly deployment: Deployment;
  readonly api: RelayApi;
  /** Hears of sessions that begin and end, and of a relay that doesn't let this operator in. */
  readonly account: Pick<RelayAccount, 'name' | 'started' | 'refresh' | 'sessionBegan' | 'sessionEnded'>;
  readonly identity: Identity;
  readonly host: HostContainer;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** @default none: straight to the relay */
  readonly proxy?: ProxyFinder | undefined;
  /** Where the relay may stand. @default anywhere */
  readonly allowedRegions?: readonly string[] | undefined;
  /** Keeps the receipt of a session that begins. @default nothing is kept */
  readonly keepReceipt?: (channel: SessionChannel) => KeptReceipt;
}

export interface ConsoleListener {
  /** The state or the history changed. */
  changed(): void;
  quality(quality: ConnectionQuality): void;
}

/**
 * What an operator does, one thing at a time: idle, getting a code, waiting for the customer, connecting, in
 * session, reading the receipt. Everything that fails comes back to idle with the reason and leaves nothing open.
 */
export class OperatorConsole implements AsyncDisposable {
  readonly #options: ConsoleOptions;
  readonly #attacks: AttackWatch;
  readonly #listeners = new Set<ConsoleListener>();
  #state: ConsoleState = { view: 'home', longCodes: false };
  #history: readonly HistoryEntry[] = [];
  #session: LiveSession | undefined;
  /** Of the session that runs, or whose receipt is read. */
  #receipt: KeptReceipt | undefined;
  #attempt: AbortController | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: ConsoleOptions) {
    this.#options = options;
    this.#attacks = new AttackWatch(options.clock);
  }

  get state(): ConsoleState {
    const ownNotes = this.#receipt?.notes ?? '';
    const state = this.#session && this.#state.view === 'session' ? this.#session.state : this.#state;
    const hasNotes = ownNotes !== '' && (state.view === 'session' || state.view === 'ended');
    return hasNotes ? { ...state, ownNotes } : state;
  }

  /** Latest first. */
  get history(): readonly HistoryEntry[] {
    return this.#history;
  }

  get session(): LiveSession | undefined {
    return this.#session;
  }

  onChange(listener: ConsoleListener): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Gets a code, in place of one that nobody has used yet. Does nothing once someone has typed it. */
  newCode(): void {
    if (this.#state.view === 'connecting' || this.#state.view === 'session') return;
    this.#attempt?.abort();
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.#enter({ view: 'getting-code' });
    // The relay counts live codes: the old one must be given back before a new one is asked for.
    this.#running = this.#running.then(() => this.#run(attempt));
  }

  /** Gives the code back, or drops a connection on which no session has begun. */
  cancel(): void {
    if (this.#state.view === 'session' || this.#state.view === 'ended' || !this.#attempt) return;
    this.#attempt.abort();
    this.#home();
  }

  /** @throws LiveletError `request-too-soon`, `session-ended` */
  async ask(capability: Capability): Promise<void> {
    if (!this.#session) throw new LiveletError('session-ended');
    await this.#session.ask(capability);
  }

  end(): void {
    this.#session?.end('person');
  }

  /** What the operator notes for themselves about the session that runs, or whose receipt is read. Tells nobody. */
  note(text: string): void {
    this.#receipt?.note(text);
  }

  /** The receipt that is read, signed, without the notes. */
  get signedReceipt(): string | undefined {
    return this.#receipt?.json;
  }

  /** Puts the receipt, or what went wrong, away. */
  home(): void {
    if (this.#state.view === 'ended' || this.#state.view === 'home') this.#home();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listeners.clear();
    this.#session?.end('shutdown');
    this.#attempt?.abort();
    await this.#running;
  }

  async #run(attempt: AbortController): Promise<void> {
    const { signal } = attempt;
    if (signal.aborted) return;
    try {
      const channel = await this.#meet(signal);
      if (channel) await this.#hold(channel, signal);
    } catch (error) {
      if (signal.aborted) return;
      const { code } = asLiveletError(error);
      if (code === 'operator-not-enrolled' || code === 'operator-revoked')
        void this.#options.account.refresh();
      this.#home({ kind: 'failed', code: this.#attacks.failed(code) });
    } finally {
      if (this.#attempt === attempt) this.#attempt = undefined;
      attempt.abort();
    }
  }

  /** From nothing to a connected customer; undefined when the code's time ran out. */
  async #meet(signal: AbortSignal): Promise<SessionChannel | undefined> {
    const { deployment, api, account, clock, random, identity, host } = this.#options;
    const { proxy, allowedRegions } = this.#options;
    await account.started;
    const allocation = await api.authorized((authorization) =>
      allocateNameplate({ deployment, authorization, allowedRegions, proxy, signal, clock }),
    );
    const longCodes = this.#attacks.suspected;
    const secret = createSecret(random, longCodes ? LONG_SECRET_DIGITS : SECRET_DIGITS);
    const code = { nameplate: allocation.nameplate, secret };
    const { expiresAt } = allocation;
    if (!signal.aborted)
      this.#enter({ view: 'waiting', code: formatSessionCode(code), expiresAt, longCodes });
    const transport = await allocation.joined.catch((error: unknown) => {
      if (asLiveletError(error).code !== 'code-not-valid') throw error;
      this.#home({ kind: 'code-expired' });
    });
    if (!transport) return undefined;
    if (signal.aborted) {
      transport.close();
      return undefined;
    }
    this.#enter({ view: 'connecting' });
    return connectSession({
      transport,
      side: 'operator',
      code,
      deploymentId: deployment.deploymentId,
      identity,
      name: account.name,
      hello: host.hello(),
      clock,
      random,
      signal,
      allowed: GIVEN_TO_CUSTOMER,
      redial: (handle, ending) =>
        api.authorized((authorization) =>
          resumeRendezvous({ deployment, handle, authorization, proxy, signal: ending, clock }),
        ),
    });
  }

  /** From a connected customer to the receipt. */
  async #hold(channel: SessionChannel, signal: AbortSignal): Promise<void> {
    const { host, clock, account, keepReceipt } = this.#options;
    this.#receipt = keepReceipt?.(channel);
    // Whatever goes wrong here, the customer isn't left in a session that nobody holds.
    await using _ending = { [Symbol.asyncDispose]: () => channel.end('failure').then(() => undefined) };
    await using session = new LiveSession(channel, await host.openSession(channel), clock, {
      changed: () => this.#changed(),
      quality: (quality) => this.#tell((listener) => listener.quality(quality)),
    });
    if (signal.aborted) return void (await channel.end('person'));
    if (!channel.signal.aborted) {
      for (const capability of GIVEN_TO_CUSTOMER) channel.ownGrants.grant(capability);
    }
    this.#session = session;
    account.sessionBegan(channel.peer.name);
    this.#enter(session.state);
    const receipt = await session.ended(account.name);
    this.#session = undefined;
    const { startedAt, endedAt, peer, end } = receipt;
    const entry = { startedAt, endedAt, peerName: peer.name, end };
    void account.sessionEnded(peer.name);
    this.#history = [entry, ...this.#history].slice(0, MAX_HISTORY);
    this.#enter({ view: 'ended', receipt });
  }

  #home(notice?: HomeNotice): void {
    const longCodes = this.#attacks.suspected;
    this.#enter(notice ? { view: 'home', notice, longCodes } : { view: 'home', longCodes });
  }

  #enter(state: ConsoleState): void {
    this.#state = state;
    if (state.view !== 'session' && state.view !== 'ended') this.#receipt = undefined;
    this.#changed();
  }

  #changed(): void {
    this.#tell((listener) => listener.changed());
  }

  #tell(say: (listener: ConsoleListener) => void): void {
    for (const listener of [...this.#listeners]) say(listener);
  }
}
