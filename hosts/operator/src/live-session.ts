import type {
  Capability,
  Clock,
  EndReason,
  Grant,
  HostedSession,
  PagePort,
  SessionChannel,
} from '@livelet/core';
import type {
  ConnectionQuality,
  ConsentEvent,
  ConsoleState,
  ContributionShown,
  GrantShown,
  ReceiptShown,
} from './page-protocol.js';

/** How often the connection is measured for the page, ms. */
const QUALITY_INTERVAL = 1000;
/** The customer's side refuses to be asked again sooner after an answer, ms (core consent). */
const ASK_PAUSE = 10_000;
/** Consent events kept for the receipt; more than a person can make in a day of sessions. */
const MAX_EVENTS = 2000;

/** What the console is told while a session runs. */
export interface LiveSessionListener {
  changed(): void;
  quality(quality: ConnectionQuality): void;
}

/** One running session: mirrors its grants, measures its connection and writes down what its receipt needs. */
export class LiveSession implements AsyncDisposable {
  readonly #channel: SessionChannel;
  readonly #hosted: HostedSession;
  readonly #clock: Clock;
  readonly #listener: LiveSessionListener;
  readonly #grants: Disposable;
  readonly #events: ConsentEvent[] = [];
  readonly #askAgainAt = new Map<Capability, number>();
  readonly #contributions: readonly ContributionShown[];
  #ending = false;
  #lastBytes = 0;
  #lastQuality: ConnectionQuality = { bytesPerSecond: 0 };
  #measuring: Disposable;

  constructor(channel: SessionChannel, hosted: HostedSession, clock: Clock, listener: LiveSessionListener) {
    this.#channel = channel;
    this.#hosted = hosted;
    this.#clock = clock;
    this.#listener = listener;
    this.#contributions = hosted.contributions.map(({ plugin, contribution }) => ({
      plugin,
      ...contribution,
    }));
    for (const grant of channel.peerGrants.all()) this.#note(grant);
    this.#grants = channel.peerGrants.onChange((grant) => this.#granted(grant));
    this.#measuring = this.#measureLater();
  }

  get quality(): ConnectionQuality {
    return this.#lastQuality;
  }

  /** What the page shows of it. */
  get state(): Extract<ConsoleState, { view: 'session' }> {
    const { peer, sasWords, peerGrants } = this.#channel;
    return {
      view: 'session',
      peer: { name: peer.name, fingerprint: peer.fingerprint },
      sasWords,
      startedAt: this.#channel.startedAt,
      grants: peerGrants.all().map((grant) => this.#withPause(grant)),
      events: this.#events,
      contributions: this.#contributions,
      ending: this.#ending,
    };
  }

  /** Hands a page's port to the plugin it belongs to. */
  connectPort(port: PagePort): boolean {
    return this.#hosted.connectPort(port);
  }

  /** @throws LiveletError `request-too-soon`, `session-ended` */
  ask(capability: Capability): Promise<void> {
    return this.#channel.ask(capability);
  }

  /** Says END to the other side. The session is over when `ended` resolves. */
  async end(reason: EndReason = 'person'): Promise<void> {
    if (this.#ending) return;
    this.#ending = true;
    this.#listener.changed();
    await this.#channel.end(reason);
  }

  /** Waits for the end, however it comes. @returns what the receipt shows */
  async ended(operatorName: string): Promise<ReceiptShown> {
    const end = await this.#channel.ended;
    const { peer, sasWords } = this.#channel;
    const { bytesSent, bytesReceived } = this.#channel.statistics();
    return {
      operator: operatorName,
      peer: { name: peer.name, fingerprint: peer.fingerprint },
      sasWords,
      startedAt: this.#channel.startedAt,
      endedAt: this.#clock.wallTime(),
      events: this.#events,
      end: {
        how: end.how,
        ...(end.reason === undefined ? {} : { reason: end.reason }),
        ...(end.error === undefined ? {} : { error: end.error.code }),
      },
      bytesSent,
      bytesReceived,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#grants[Symbol.dispose]();
    this.#measuring[Symbol.dispose]();
    await this.#hosted[Symbol.asyncDispose]();
  }

  #granted(grant: Grant): void {
    this.#note(grant);
    this.#listener.changed();
  }

  #note(grant: Grant): void {
    if (grant.state === 'none') return;
    if (grant.state === 'denied' || grant.state === 'revoked') {
      this.#askAgainAt.set(grant.capability, this.#clock.wallTime() + ASK_PAUSE);
    }
    if (this.#events.length === MAX_EVENTS) return;
    const { capability, state, until } = grant;
    // The customer's clock may be wrong: what is written down here has this machine's time.
    const event = { at: this.#clock.wallTime(), capability, what: state };
    this.#events.push(until === undefined ? event : { ...event, until });
  }

  #withPause(grant: Grant): GrantShown {
    const askAgainAt = this.#askAgainAt.get(grant.capability);
    return askAgainAt === undefined ? grant : { ...grant, askAgainAt };
  }

  #measureLater(): Disposable {
    return this.#clock.setTimer(QUALITY_INTERVAL, () => {
      this.#measure();
      this.#measuring = this.#measureLater();
    });
  }

  #measure(): void {
    const { rttMs, bytesReceived, bytesSent } = this.#channel.statistics();
    const bytes = bytesReceived + bytesSent;
    const bytesPerSecond = bytes - this.#lastBytes;
    this.#lastBytes = bytes;
    const quality = { bytesPerSecond, ...(rttMs === undefined ? {} : { rttMs: Math.round(rttMs) }) };
    if (
      quality.bytesPerSecond === this.#lastQuality.bytesPerSecond &&
      quality.rttMs === this.#lastQuality.rttMs
    )
      return;
    this.#lastQuality = quality;
    this.#listener.quality(quality);
  }
}
