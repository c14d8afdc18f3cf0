import type { Clock } from '../clock.js';
import { asLiveletError, LiveletError } from '../errors.js';
import { Listeners } from '../listeners.js';
import type { Route } from '../transport/transport.js';
import { freeMemory } from './bytes.js';
import { type EndReason, encodeEnd } from './frames.js';
import type { Reconnector, ResumedLine } from './reconnector.js';
import type { RecordLink } from './record-link.js';
import type { OutgoingRecord, RecordHandlers, RecordPipe } from './record-pipe.js';
import { RECORD_TYPES } from './records.js';
import { RetainedRecords } from './retained-records.js';
import type { SessionConnection } from './session-channel.js';

/** How long a lost connection may be sought, ms. */
const RESUME_WITHIN = 120_000;
/** How long an end that was stopped meanwhile tries to say so, and then how long it waits for the peer to hang up, ms. */
const FAREWELL_WITHIN = 5_000;
const FAREWELL_LINGER = 1_000;

export interface ResumablePipeOptions {
  /** The first connection. */
  readonly link: RecordLink;
  readonly clock: Clock;
  /** Finds the next connection. @default none: a drop is the end */
  readonly reconnector?: Reconnector | undefined;
}

/** One connection after the other, as if they were one. */
export class ResumablePipe implements RecordPipe {
  readonly #clock: Clock;
  readonly #reconnector: Reconnector | undefined;
  readonly #retained = new RetainedRecords();
  readonly #changes = new Listeners<SessionConnection>();
  #handlers: RecordHandlers | undefined;
  #link: RecordLink;
  #connection: SessionConnection = { state: 'connected' };
  #resumes = 0;
  #closed = false;
  /** Something that was retained waits to be sent on this connection. */
  #repeating = false;
  /** What this connection's counts of records and bytes are added to. */
  #sentBefore = 0n;
  #receivedBefore = 0n;
  #bytesSentBefore = 0;
  #bytesReceivedBefore = 0;
  #acknowledged = 0n;
  #seeking: AbortController | undefined;
  #limit: Disposable | undefined;
  #farewell: EndReason | undefined;

  constructor({ link, clock, reconnector }: ResumablePipeOptions) {
    this.#link = link;
    this.#clock = clock;
    this.#reconnector = reconnector;
  }

  get ready(): boolean {
    return this.#connected && !this.#repeating && this.#link.ready;
  }

  get full(): boolean {
    return this.#retained.full;
  }

  get sent(): bigint {
    return this.#sentBefore + this.#link.sent;
  }

  get received(): bigint {
    return this.#receivedBefore + this.#link.received;
  }

  get bytesSent(): number {
    return this.#bytesSentBefore + this.#link.bytesSent;
  }

  get bytesReceived(): number {
    return this.#bytesReceivedBefore + this.#link.bytesReceived;
  }

  get route(): Route {
    return this.#link.transport.route;
  }

  get connection(): SessionConnection {
    return this.#connection;
  }

  get resumes(): number {
    return this.#resumes;
  }

  onConnection(listener: (connection: SessionConnection) => void): Disposable {
    return this.#changes.add(listener);
  }

  attach(handlers: RecordHandlers): void {
    this.#handlers = handlers;
    this.#attachLink();
  }

  send(record: OutgoingRecord): void {
    if (!this.#connected) return;
    const isRetained = record.retained && this.#reconnector !== undefined;
    if (isRetained) this.#retained.add(record, this.sent);
    this.#link.send(record.type, record.body, record.pad);
    if (!isRetained) freeMemory(record.body);
  }

  acknowledged(count: bigint): void {
    this.#acknowledged = count;
    this.#retained.received(count);
  }

  forget(stream: number): void {
    this.#retained.forget(stream);
  }

  giveUp(cause: LiveletError): void {
    if (this.#connected) this.#drop(cause);
  }

  close(farewell?: EndReason): void {
    if (this.#closed) return;
    const connected = this.#connected;
    this.#closed = true;
    this.#retained.clear();
    this.#link.close();
    if (connected || farewell === undefined || !this.#reconnector) {
      this.#giveUpSeeking();
      return;
    }
    this.#farewell = farewell;
    this.#seek(FAREWELL_WITHIN);
  }

  get #connected(): boolean {
    return !this.#closed && this.#connection.state === 'connected';
  }

  #attachLink(): void {
    const link = this.#link;
    link.attach({
      record: (type, body) => this.#handlers?.record(type, body),
      ready: () => this.#sendRetained(),
      lost: (cause) => this.#drop(cause),
      refused: (error) => this.#refuse(error),
    });
  }

  #drop(cause: LiveletError | undefined): void {
    this.#link.close();
    // A relay that lets an operator go lets the session go.
    if (!this.#reconnector || cause?.code === 'operator-revoked') {
      this.#lose(cause);
      return;
    }
    const since = this.#clock.wallTime();
    this.#connection = { state: 'reconnecting', since, until: since + RESUME_WITHIN };
    this.#handlers?.suspended();
    if (this.#closed) return;
    this.#seek(RESUME_WITHIN, cause);
    this.#tell();
  }

  /** Seeks, or goes on seeking, for `within` ms. */
  #seek(within: number, cause?: LiveletError): void {
    this.#limit?.[Symbol.dispose]();
    this.#limit = this.#clock.setTimer(within, () => {
      this.#giveUpSeeking();
      this.#lose(cause);
    });
    if (this.#seeking) return;
    const seeking = new AbortController();
    this.#seeking = seeking;
    this.#reconnector?.run(this.received, seeking.signal).then(
      (line) => this.#found(line),
      (error: unknown) => {
        // Given up, and whoever did knows.
        if (seeking.signal.aborted) return;
        this.#giveUpSeeking();
        this.#lose(asLiveletError(error));
      },
    );
  }

  #giveUpSeeking(): void {
    this.#limit?.[Symbol.dispose]();
    this.#seeking?.abort(new LiveletError('cancelled'));
    this.#seeking = undefined;
    this.#reconnector?.wipe();
  }

  #found(line: ResumedLine): void {
    if (!this.#seeking) {
      line.link.close();
      return;
    }
    this.#limit?.[Symbol.dispose]();
    this.#seeking = undefined;
    const { link, peerReceived, first } = line;
    if (peerReceived > this.sent || peerReceived < this.#acknowledged) {
      link.close();
      this.#reconnector?.wipe();
      this.#refuse(new LiveletError('frame-malformed', 'a count of records that were not sent'));
      return;
    }
    this.#bytesSentBefore += this.#link.bytesSent;
    this.#bytesReceivedBefore += this.#link.bytesReceived;
    // The two acks that prove the new keys aren't counted: an attempt that fails between them must change no number.
    this.#receivedBefore = this.received - link.received;
    this.#sentBefore = peerReceived - link.sent;
    this.#link = link;
    if (this.#farewell === undefined) this.#resume(peerReceived, first.type, first.body);
    else this.#sayFarewell(this.#farewell);
  }

  #resume(peerReceived: bigint, firstType: number, firstBody: Uint8Array): void {
    this.#retained.received(peerReceived);
    this.#retained.restart();
    this.#repeating = true;
    this.#resumes++;
    this.#connection = { state: 'connected' };
    this.#handlers?.record(firstType, firstBody);
    if (this.#closed) return;
    this.#handlers?.resumed();
    // Last, so that whoever hears of it can already end the session on it.
    this.#tell();
    if (this.#closed) return;
    this.#attachLink();
    this.#sendRetained();
  }

  #sendRetained(): void {
    while (this.#repeating && this.#connected && this.#link.ready) {
      const record = this.#retained.next(this.sent);
      if (record) this.#link.send(record.type, record.body, record.pad);
      else this.#repeating = false;
    }
    if (this.ready) this.#handlers?.ready();
  }

  /** The session is over here; all that is left to do is to tell the peer. */
  #sayFarewell(reason: EndReason): void {
    this.#reconnector?.wipe();
    const link = this.#link;
    link.send(RECORD_TYPES.end, encodeEnd({ finalSeq: this.sent, reason }), true);
    const linger = this.#clock.setTimer(FAREWELL_LINGER, () => link.close());
    link.attach({
      record: () => {},
      ready: () => {},
      lost: () => linger[Symbol.dispose](),
      refused: () => linger[Symbol.dispose](),
    });
  }

  #tell(): void {
    try {
      this.#changes.emit(this.#connection);
    } catch {
      // A listener's fault must not keep the ends apart.
    }
  }

  #lose(cause: LiveletError | undefined): void {
    if (this.#closed) return;
    this.close();
    this.#handlers?.lost(cause);
  }

  #refuse(error: unknown): void {
    if (this.#closed) return;
    this.close();
    this.#handlers?.refused(asLiveletError(error));
  }
}
