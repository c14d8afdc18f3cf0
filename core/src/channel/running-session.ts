import type { Clock } from '../clock.js';
import type { Capability } from '../consent/capability.js';
import { CONSENT_PATH, ConsentLink, type ConsentService } from '../consent/consent-link.js';
import {
  type AgreedPart,
  Countersigning,
  type CountersigningService,
  receiptPerson,
} from '../consent/countersigning.js';
import { ConsentGate } from '../consent/gate.js';
import { GrantKeeper } from '../consent/own-grants.js';
import { GrantMirror } from '../consent/peer-grants.js';
import { SessionReceipt } from '../consent/receipt.js';
import type { ReceiptNotes } from '../contracts/receipt-notes.js';
import type { PeerIdentity, SessionInfo, Side } from '../contracts/session.js';
import { LiveletError } from '../errors.js';
import type { EndReason } from './frames.js';
import type { Identity } from './identity.js';
import { LineClock } from './line-clock.js';
import { Multiplexer } from './multiplexer.js';
import { PluginFacade } from './plugin-channel.js';
import type { ResumablePipe } from './resumable-pipe.js';
import { remoteService } from './rpc.js';
import { type ServedCalls, serveAt } from './serve-at.js';
import type {
  HelloPlugin,
  PluginPaths,
  SessionChannel,
  SessionConnection,
  SessionStatistics,
} from './session-channel.js';
import type { SessionEnd } from './session-end.js';
import type { PluginChannel, Remote, ServicePath } from './streams.js';

export interface RunningSessionOptions {
  readonly info: Omit<SessionInfo, 'signal'>;
  readonly pipe: ResumablePipe;
  readonly clock: Clock;
  readonly policy: readonly Capability[];
  /** Paths that this end's hello named. */
  readonly announced: Iterable<ServicePath>;
  readonly peerPlugins: readonly HelloPlugin[];
  /** Signs this end's part of the receipt. */
  readonly identity: Identity;
  /** As the peer sees it. */
  readonly name: string;
  /** Names the session at both ends; 32 hexadecimal digits. */
  readonly session: string;
}

/** How long a peer that has announced its END may take to say it, ms: it waits 1 s itself, and the line takes time too. */
const END_DUE = 5_000;

/** How long plugins may take to end and note what goes on, before the end is said, ms. */
const NOTES_DUE = 500;

/** A session after both hellos. */
export class RunningSession implements SessionChannel {
  readonly id: string;
  readonly side: Side;
  readonly peer: PeerIdentity;
  readonly sasWords: readonly [string, string, string, string];
  readonly startedAt: number;
  readonly signal: AbortSignal;
  readonly peerPlugins: readonly HelloPlugin[];
  readonly ownGrants: GrantKeeper;
  readonly peerGrants: GrantMirror;
  readonly receipt: SessionReceipt;
  readonly ended: Promise<SessionEnd>;
  readonly #pipe: ResumablePipe;
  readonly #clock: Clock;
  /** For what waits for the peer. */
  readonly #lineClock: LineClock;
  readonly #gate: ConsentGate;
  readonly #multiplexer: Multiplexer;
  readonly #consent: ConsentLink;
  readonly #consentCalls: ServedCalls;
  readonly #countersigning: Countersigning;
  readonly #over = new AbortController();
  #agreed: AgreedPart | undefined;
  #ending = false;
  /** END was said, or the line is lost for good. */
  #finishing = false;
  /** It was ended while there was no connection to say so. */
  #unheard = false;
  /** Runs while the peer has announced its END and not said it. */
  #endDue: Disposable | undefined;

  constructor(options: RunningSessionOptions) {
    const { info, pipe, clock, policy, announced, peerPlugins } = options;
    this.id = info.id;
    this.side = info.side;
    this.peer = info.peer;
    this.sasWords = info.sasWords;
    this.startedAt = info.startedAt;
    this.signal = this.#over.signal;
    this.peerPlugins = peerPlugins;
    this.#pipe = pipe;
    this.#clock = clock;
    this.#lineClock = new LineClock(clock);
    this.ownGrants = new GrantKeeper(clock, policy);
    this.peerGrants = new GrantMirror(clock);
    this.receipt = new SessionReceipt(info, clock);
    this.#gate = new ConsentGate(this.ownGrants, announced, [CONSENT_PATH]);
    this.#multiplexer = new Multiplexer({
      pipe,
      side: info.side,
      clock: this.#lineClock,
      gate: this.#gate,
    });
    pipe.onConnection((connection) => this.#connectionChanged(connection));
    // First of all listeners: streams are gone before anyone hears of a revocation.
    this.ownGrants.onChange(() => this.#multiplexer.recheck());
    this.ownGrants.onDecision(({ grant, by }) => this.receipt.addGrant(grant, 'own', by));
    this.peerGrants.onDecision(({ grant, by }) => this.receipt.addGrant(grant, 'peer', by));
    const remote = remoteService<ConsentService & CountersigningService>({
      clock: this.#lineClock,
      open: () => this.#multiplexer.open(CONSENT_PATH, 'control'),
    });
    this.#consent = new ConsentLink({
      own: this.ownGrants,
      peer: this.peerGrants,
      remote,
      wallTime: () => clock.wallTime(),
      failed: (error) => this.#multiplexer.fail(error),
    });
    this.#countersigning = this.#countersigningOf(options, remote);
    this.#consentCalls = serveAt(this.#multiplexer, CONSENT_PATH, {
      ...this.#consent.service,
      ...this.#countersigning.service,
    });
    this.ended = this.#multiplexer.ended.then((end) => this.#finish(end));
    this.#multiplexer.start();
  }

  get connection(): SessionConnection {
    return this.#pipe.connection;
  }

  get agreed(): AgreedPart {
    if (!this.#agreed) throw new LiveletError('internal', 'nothing is agreed on before the end');
    return this.#agreed;
  }

  onConnection(listener: (connection: SessionConnection) => void): Disposable {
    return this.#pipe.onConnection(listener);
  }

  statistics(): SessionStatistics {
    return {
      route: this.#pipe.route,
      rttMs: this.#multiplexer.rttMs,
      bytesSent: this.#pipe.bytesSent,
      bytesReceived: this.#pipe.bytesReceived,
      recordsSent: Number(this.#pipe.sent),
      recordsReceived: Number(this.#pipe.received),
      recordsAcknowledged: Number(this.#multiplexer.acknowledged),
      streams: this.#multiplexer.streamCount,
      queuedBytes: this.#multiplexer.queuedBytes,
      resumes: this.#pipe.resumes,
    };
  }

  pluginChannel(paths: PluginPaths): PluginChannel & Disposable {
    if (paths.opens.some(({ path }) => path === CONSENT_PATH)) {
      throw new LiveletError('plugin-duplicate', 'consent is not for plugins', {
        data: { path: CONSENT_PATH },
      });
    }
    return new PluginFacade(this.#multiplexer, this.#gate, this.#lineClock, paths);
  }

  receiptNotes(plugin: string): ReceiptNotes {
    return this.receipt.notesOf(plugin);
  }

  ask(capability: Capability, signal?: AbortSignal): Promise<void> {
    return this.#consent.ask(capability, signal);
  }

  onAsked(listener: (capability: Capability) => void): Disposable {
    return this.#consent.onAsked(listener);
  }

  end(reason: EndReason): Promise<SessionEnd> {
    if (this.#ending) return this.ended;
    this.#ending = true;
    this.#consent.close();
    const noted = this.connection.state === 'connected' ? this.receipt.close('soon') : undefined;
    if (noted === undefined) {
      this.#sayEnd(reason);
      return this.ended;
    }
    this.ownGrants.end();
    const { promise, resolve } = Promise.withResolvers<void>();
    const due = this.#clock.setTimer(NOTES_DUE, resolve);
    void Promise.race([noted, this.ended, promise]).then(() => {
      due[Symbol.dispose]();
      this.#sayEnd(reason);
    });
    return this.ended;
  }

  #sayEnd(reason: EndReason): void {
    if (this.#finishing) return;
    this.receipt.close('now');
    const said = this.connection.state === 'connected' ? this.#countersigning.settle(reason) : undefined;
    this.#unheard = said === undefined;
    void this.#multiplexer.end(reason, said && { path: CONSENT_PATH, said });
    this.ownGrants.end();
    // What the peer decided before it signed is still heard, within the second that END may wait.
    if (said) void said.then(() => this.peerGrants.end());
    else this.peerGrants.end();
  }

  #countersigningOf(
    { info, clock, identity, name, session }: RunningSessionOptions,
    remote: Remote<CountersigningService>,
  ): Countersigning {
    const { side, peer, sasWords, startedAt } = info;
    const own = receiptPerson(name, identity.publicKey);
    const other = receiptPerson(peer.name, peer.publicKey);
    return new Countersigning({
      side,
      session,
      identity,
      people: side === 'operator' ? { operator: own, customer: other } : { operator: other, customer: own },
      sasWords,
      entries: () => this.receipt.entries,
      told: () => {
        const { bytesSent, bytesReceived } = this.#pipe;
        return { startedAt, endedAt: clock.wallTime(), bytesSent, bytesReceived };
      },
      remote,
      flush: () => this.#consent.flush(),
      peerEnds: () => {
        this.ownGrants.freeze();
        this.receipt.close('now');
        this.#endDue = this.#lineClock.setTimer(END_DUE, () => void this.end('failure'));
      },
    });
  }

  #connectionChanged({ state }: SessionConnection): void {
    if (state === 'reconnecting') this.#lineClock.pause();
    else this.#lineClock.resume();
    this.receipt.addConnection(state);
  }

  async #finish(end: SessionEnd): Promise<SessionEnd> {
    this.#finishing = true;
    this.ownGrants.end();
    // What the peer decided before it said END has arrived, at most a window of it, and is read in this turn.
    this.#endDue?.[Symbol.dispose]();
    await this.#consentCalls.taken();
    this.peerGrants.end();
    const isLost = this.#unheard || end.how === 'interrupted' || end.how === 'failed';
    this.#agreed = this.#countersigning.result(isLost);
    this.receipt.addEnd(end);
    this.#over.abort(new LiveletError('session-ended'));
    return end;
  }
}
