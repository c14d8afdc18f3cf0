import {
  AskRests,
  type Capability,
  type Clock,
  type EndReason,
  type Grant,
  type HostedSession,
  notedTexts,
  type PagePort,
  type ReceiptEntry,
  receiptGaps,
  type SessionChannel,
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

/** What the console is told while a session runs. */
export interface LiveSessionListener {
  changed(): void;
  quality(quality: ConnectionQuality): void;
}

/** One running session as the page shows it: grants, connection, what has happened, and in the end its receipt. */
export class LiveSession implements AsyncDisposable {
  readonly #channel: SessionChannel;
  readonly #hosted: HostedSession;
  readonly #clock: Clock;
  readonly #listener: LiveSessionListener;
  readonly #contributions: readonly ContributionShown[];
  /** What the customer's end keeps likewise, and decides by. */
  readonly #rests: AskRests;
  readonly #watching = new DisposableStack();
  #measuring: Disposable;
  #grants: readonly GrantShown[] = [];
  #events: readonly ConsentEvent[] = [];
  #refreshing: NodeJS.Immediate | undefined;
  #ending = false;
  #bytes = 0;
  #quality: ConnectionQuality = { bytesPerSecond: 0 };

  constructor(channel: SessionChannel, hosted: HostedSession, clock: Clock, listener: LiveSessionListener) {
    this.#channel = channel;
    this.#hosted = hosted;
    this.#clock = clock;
    this.#rests = new AskRests(clock);
    this.#listener = listener;
    this.#contributions = hosted.contributions.map(({ plugin, contribution }) => ({
      plugin,
      ...contribution,
    }));
    this.#watching.use(channel.peerGrants.onChange((grant) => this.#grantChanged(grant)));
    this.#watching.use(channel.onConnection(() => this.#connectionChanged()));
    this.#measuring = this.#measureLater();
    this.#refresh();
  }

  get quality(): ConnectionQuality {
    return this.#quality;
  }

  get state(): Extract<ConsoleState, { view: 'session' }> {
    const { peer, sasWords, startedAt, connection } = this.#channel;
    const { route, resumes } = this.#channel.statistics();
    return {
      view: 'session',
      peer: { name: peer.name, fingerprint: peer.fingerprint },
      sasWords,
      startedAt,
      grants: this.#grants,
      events: this.#events,
      contributions: this.#contributions,
      ending: this.#ending,
      connection,
      way: { ...route, resumes },
    };
  }

  /** Hands a page's port to the plugin it belongs to. */
  connectPort(port: PagePort): boolean {
    return this.#hosted.connectPort(port);
  }

  /** @throws those of SessionChannel.ask */
  ask(capability: Capability): Promise<void> {
    return this.#channel.ask(capability);
  }

  /** Says END to the other side; `ended` tells when it is over. */
  end(reason: EndReason): void {
    if (this.#ending) return;
    // What the end takes back is no decision of the customer's: what is shown stays as it is from here on.
    this.#refresh();
    this.#ending = true;
    this.#listener.changed();
    void this.#channel.end(reason);
  }

  /** Waits for the end, however it comes. @returns what the receipt shows */
  async ended(operatorName: string): Promise<ReceiptShown> {
    const { how, reason, error } = await this.#channel.ended;
    const { peer, sasWords, startedAt, receipt, agreed } = this.#channel;
    const { bytesSent, bytesReceived } = this.#channel.statistics();
    return {
      operator: operatorName,
      peer: { name: peer.name, fingerprint: peer.fingerprint },
      sasWords,
      startedAt,
      endedAt: receipt.summary.endedAt ?? this.#clock.wallTime(),
      events: consentEvents(receipt.entries),
      notes: notedTexts(receipt.entries, this.#channel.side, agreed),
      interruptions: receipt.interruptions,
      end: {
        how,
        ...(reason === undefined ? {} : { reason }),
        ...(error === undefined ? {} : { error: error.code }),
      },
      bytesSent,
      bytesReceived,
      ...(agreed.missing === undefined ? {} : { missing: agreed.missing }),
      gaps: receiptGaps(receipt.entries, agreed, receipt.summary.omitted),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearImmediate(this.#refreshing);
    this.#watching.dispose();
    this.#measuring[Symbol.dispose]();
    await this.#hosted[Symbol.asyncDispose]();
  }

  #connectionChanged(): void {
    if (!this.#ending && !this.#channel.signal.aborted) this.#listener.changed();
  }

  /** Grants often change several at once, and all of them at the end: the page is told once, when that is over. */
  #grantChanged({ capability, state }: Grant): void {
    if (state === 'granted') this.#rests.allowed();
    else if (state === 'denied') this.#rests.refused(capability);
    else if (state === 'revoked') this.#rests.takenBack(capability);
    this.#refreshing ??= setImmediate(() => {
      this.#refreshing = undefined;
      if (this.#ending || this.#channel.signal.aborted) return;
      this.#refresh();
      this.#listener.changed();
    });
  }

  #refresh(): void {
    this.#events = consentEvents(this.#channel.receipt.entries);
    this.#grants = this.#channel.peerGrants.all().map((grant) => {
      const wait = this.#rests.wait(grant.capability);
      return wait === 0 ? grant : { ...grant, askAgainAt: this.#clock.wallTime() + wait };
    });
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
    const quality: ConnectionQuality = {
      bytesPerSecond: bytes - this.#bytes,
      ...(rttMs === undefined ? {} : { rttMs: Math.round(rttMs) }),
    };
    this.#bytes = bytes;
    const { bytesPerSecond, rttMs: lastRtt } = this.#quality;
    if (quality.bytesPerSecond === bytesPerSecond && quality.rttMs === lastRtt) return;
    this.#quality = quality;
    this.#listener.quality(quality);
  }
}

/** What the customer was asked for and decided. */
function consentEvents(entries: readonly ReceiptEntry[]): readonly ConsentEvent[] {
  return entries.flatMap((entry) => {
    if (
      entry.kind === 'started' ||
      entry.kind === 'noted' ||
      entry.kind === 'ended' ||
      entry.whose !== 'peer'
    )
      return [];
    // What the end itself took back isn't anybody's decision.
    if (entry.by === 'end') return [];
    const { at, capability, kind, until } = entry;
    return { at, capability, what: kind, ...(until === undefined ? {} : { until }) };
  });
}
