import type { Clock } from '../clock.js';
import type { ConsentGate } from '../consent/gate.js';
import type { Side } from '../contracts/session.js';
import { asLiveletError, type ErrorCode, LiveletError } from '../errors.js';
import { MuxStream, type StreamOwner } from './byte-stream.js';
import { closedError, EndSequence, lostError } from './end-sequence.js';
import * as frames from './frames.js';
import { Liveness } from './liveness.js';
import { Outbox } from './outbox.js';
import { OPEN_DEADLINE, PeerStreams } from './peer-streams.js';
import type { OutgoingRecord, RecordPipe } from './record-pipe.js';
import { RECORD_TYPES } from './records.js';
import type { SessionEnd } from './session-end.js';
import { StreamTable } from './stream-table.js';
import type { ByteStream, ServicePath, StreamPriority } from './streams.js';

/** Opens and resets that may wait for the connection; an honest peer causes far fewer. */
const MAX_WAITING_FRAMES = 1_024;

/** Records that ask for no acknowledgement and are no traffic. */
const UNCOUNTED: ReadonlySet<number> = new Set([RECORD_TYPES.ack, RECORD_TYPES.ping, RECORD_TYPES.pong]);

export interface MultiplexerOptions {
  readonly pipe: RecordPipe;
  readonly side: Side;
  /** Stands still while the pipe is suspended. */
  readonly clock: Clock;
  readonly gate: ConsentGate;
}

/**
 * Many streams, acknowledgements, signs of life and the end, over one pipe of records. The end that opens a stream
 * sends nothing on it, except a reset, before the other end's first credit.
 */
export class Multiplexer implements StreamOwner {
  /** Resolves once, however it ends. */
  readonly ended: Promise<SessionEnd>;
  readonly #pipe: RecordPipe;
  readonly #clock: Clock;
  readonly #peerStreams: PeerStreams;
  readonly #end = Promise.withResolvers<SessionEnd>();
  readonly #liveness: Liveness;
  readonly #outbox = new Outbox();
  readonly #table: StreamTable;
  /** Own streams that the peer hasn't accepted yet. */
  readonly #opening = new Map<number, PromiseWithResolvers<void>>();
  #acknowledged = -1n;
  #pumpWanted = false;
  readonly #ending: EndSequence;
  #suspended = false;
  /** What opens, reads and writes throw from the first moment of the end on. */
  #closed: LiveletError | undefined;
  /** Streams of this path go on until END is said. */
  #held: ServicePath | undefined;
  #finished = false;

  constructor({ pipe, side, clock, gate }: MultiplexerOptions) {
    this.#pipe = pipe;
    this.#clock = clock;
    this.#table = new StreamTable(side);
    this.#peerStreams = new PeerStreams({
      clock,
      gate,
      table: this.#table,
      take: (id, path, priority, credit) => {
        const stream = this.#addStream(id, path, priority, credit);
        this.creditDue(stream);
        return stream;
      },
      refuse: (id, code) => this.#refuse(id, code),
    });
    this.ended = this.#end.promise;
    this.#liveness = new Liveness(clock, {
      ack: () => this.#enqueue(() => this.#outbox.addAck()),
      ping: (token) => this.#enqueue(() => this.#outbox.addPing(token)),
      silent: () => this.#pipe.giveUp(new LiveletError('peer-silent')),
    });
    this.#ending = new EndSequence(clock, {
      send: (reason) => this.#sendEnd(reason),
      finish: (end) => this.#finish(end),
    });
  }

  /** Starts taking records. Called once. */
  start(): void {
    this.#pipe.attach({
      record: (type, body) => this.#record(type, body),
      ready: () => this.#pump(),
      suspended: () => this.#suspend(),
      resumed: () => this.#resume(),
      lost: (cause) => this.#finish(this.#ending.lost(lostError(cause))),
      refused: (error) => this.#finish({ how: 'failed', error }),
    });
  }

  get rttMs(): number | undefined {
    return this.#liveness.rttMs;
  }

  /** Own records that the peer is known to have received. */
  get acknowledged(): bigint {
    return this.#acknowledged + 1n;
  }

  /** Streams open, asked for or waiting in either direction. */
  get streamCount(): number {
    return this.#table.size;
  }

  get queuedBytes(): number {
    return this.#table.queuedBytes;
  }

  /**
   * Opens a stream to the peer's `path`; resolves when the peer has accepted it.
   * @throws `cancelled`, `deadline-exceeded`, `too-many-streams`, `session-ended`, `session-interrupted`, or the code
   *   that the peer refused with
   */
  async open(path: ServicePath, priority: StreamPriority, signal?: AbortSignal): Promise<ByteStream> {
    if (signal?.aborted) throw new LiveletError('cancelled');
    if (this.#closed && path !== this.#held) throw this.#closed;
    const id = this.#table.takeNumber();
    const stream = this.#addStream(id, path, priority, 0);
    const opened = Promise.withResolvers<void>();
    this.#opening.set(id, opened);
    const cancel = (): void => stream.reset('cancelled');
    using _deadline = this.#clock.setTimer(OPEN_DEADLINE, () => stream.reset('deadline-exceeded'));
    signal?.addEventListener('abort', cancel, { once: true });
    const body = frames.encodeOpen({ stream: id, credit: stream.takeCredit(), path });
    this.#enqueue(() => this.#outbox.addFrame(RECORD_TYPES.open, body));
    try {
      await opened.promise;
      return stream;
    } finally {
      this.#opening.delete(id);
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** Takes the peer's streams at `path`, those that wait already too. @throws `plugin-duplicate` */
  accept(path: ServicePath, handler: (stream: ByteStream) => void): Disposable {
    return this.#peerStreams.accept(path, handler);
  }

  /** Asks the gate again about every stream of the peer; those that no longer pass are reset before this returns. */
  recheck(): void {
    this.#peerStreams.recheck();
  }

  /**
   * Reads nothing more, sends what is queued for at most 1 s, says END and closes; at once where there is no connection
   * to say it on. Idempotent.
   * @param last what is still to be said on the streams of one path, within the same second
   */
  end(
    reason: frames.EndReason,
    last?: { readonly path: ServicePath; readonly said: Promise<void> },
  ): Promise<SessionEnd> {
    if (this.#suspended) this.#finish({ how: 'ended-here', reason });
    if (this.#closed) return this.ended;
    this.#held = last?.path;
    this.#closeStreams(new LiveletError('session-ended'), 'queued');
    this.#ending.begin(reason);
    this.#wantPump();
    void last?.said.then(() => this.#letGo());
    return this.ended;
  }

  /** This side can't go on. Does nothing once the end has begun. */
  fail(error: LiveletError): void {
    if (!this.#closed) this.#finish({ how: 'failed', error });
  }

  // What streams tell

  sendable(stream: MuxStream): void {
    this.#enqueue(() => this.#outbox.addStream(stream));
  }

  creditDue(stream: MuxStream): void {
    this.#enqueue(() => this.#outbox.addCredit(stream));
  }

  dropped(stream: MuxStream, code: ErrorCode): void {
    this.over(stream);
    this.#pipe.forget(stream.id);
    this.#refuse(stream.id, code);
    this.#opening.get(stream.id)?.reject(new LiveletError(code));
  }

  now(): number {
    return this.#clock.now();
  }

  get leastRttMs(): number | undefined {
    return this.#liveness.leastRttMs;
  }

  over(stream: MuxStream): void {
    this.#table.delete(stream.id);
    this.#outbox.forget(stream);
  }

  // What the peer sends

  #record(type: number, body: Uint8Array): void {
    if (this.#ending.said && type !== RECORD_TYPES.end) return;
    if (UNCOUNTED.has(type)) this.#liveness.heard();
    else this.#liveness.received(body.length, this.#isKept(type, body));
    try {
      const receive = this.#receivers.get(type);
      if (!receive) throw new LiveletError('frame-unknown', undefined, { data: { type } });
      receive(body);
    } catch (error) {
      this.#finish({ how: 'failed', error: asLiveletError(error) });
    }
  }

  /** Whether the peer keeps the record until it is acknowledged. */
  #isKept(type: number, body: Uint8Array): boolean {
    if (type !== RECORD_TYPES.data || body.length < frames.DATA_HEADER) return true;
    return this.#table.open(frames.streamOf(body))?.profile.replay ?? true;
  }

  readonly #receivers: ReadonlyMap<number, (body: Uint8Array) => void> = new Map([
    [RECORD_TYPES.end, (body) => this.#receiveEnd(body)],
    [RECORD_TYPES.ack, (body) => this.#receiveAck(frames.decodeAck(body))],
    [RECORD_TYPES.ping, (body) => this.#enqueue(() => this.#outbox.addPong(frames.decodePing(body)))],
    [RECORD_TYPES.pong, (body) => this.#liveness.pong(frames.decodePing(body))],
    [RECORD_TYPES.open, (body) => this.#receiveOpen(body)],
    [RECORD_TYPES.data, (body) => this.#receiveData(body)],
    [RECORD_TYPES.credit, (body) => this.#receiveCredit(body)],
    [RECORD_TYPES.close, (body) => this.#table.find(frames.decodeClose(body))?.receiveClose()],
    [RECORD_TYPES.reset, (body) => this.#receiveReset(body)],
  ]);

  #receiveData(body: Uint8Array): void {
    const { stream, bytes } = frames.decodeData(body);
    if (this.#table.isWaiting(stream)) throw new LiveletError('credit-exceeded', 'data before acceptance');
    this.#table.find(stream)?.receiveData(bytes);
  }

  #receiveCredit(body: Uint8Array): void {
    const { stream, bytes } = frames.decodeCredit(body);
    this.#table.find(stream)?.receiveCredit(bytes);
    this.#opening.get(stream)?.resolve();
  }

  #receiveOpen(body: Uint8Array): void {
    const { stream: id, path, credit } = frames.decodeOpen(body);
    const room = this.#table.takePeerNumber(id);
    if (this.#closed && path !== this.#held) return;
    if (room) this.#peerStreams.admit(id, { path, credit });
    else this.#refuse(id, 'too-many-streams');
  }

  #receiveReset(body: Uint8Array): void {
    const { stream: id, code } = frames.decodeReset(body);
    if (this.#table.takeWaiting(id)) return;
    const stream = this.#table.find(id);
    if (!stream) return;
    // Each end says that to its own streams, when the line is lost; what is asked for anew then would be without end.
    const error = new LiveletError(code === 'reconnecting' ? 'cancelled' : code, 'reset by the peer');
    this.over(stream);
    this.#pipe.forget(id);
    stream.drop(error);
    this.#opening.get(id)?.reject(error);
  }

  #receiveAck(seq: bigint): void {
    if (seq < this.#acknowledged || seq >= this.#pipe.sent) {
      throw new LiveletError('frame-malformed', 'ack of a record that was not sent');
    }
    this.#acknowledged = seq;
    this.#pipe.acknowledged(seq + 1n);
    this.#wantPump();
  }

  #receiveEnd(body: Uint8Array): void {
    const { finalSeq, reason } = frames.decodeEnd(body);
    if (finalSeq !== this.#pipe.received - 1n)
      throw new LiveletError('frame-malformed', 'final number of END');
    this.#ending.received(reason);
  }

  #addStream(id: number, path: ServicePath, priority: StreamPriority, credit: number): MuxStream {
    const stream = new MuxStream({ id, path, priority, owner: this, credit });
    this.#table.add(stream);
    return stream;
  }

  // What is sent

  #refuse(id: number, code: ErrorCode): void {
    this.#enqueue(() => this.#outbox.addFrame(RECORD_TYPES.reset, frames.encodeReset({ stream: id, code })));
    if (this.#outbox.frames > MAX_WAITING_FRAMES) {
      this.#finish({ how: 'failed', error: new LiveletError('too-many-streams', 'flood of streams') });
    }
  }

  #enqueue(add: () => void): void {
    add();
    this.#wantPump();
  }

  /** Later in this turn, so that what is written together travels together. */
  #wantPump(): void {
    if (this.#pumpWanted) return;
    this.#pumpWanted = true;
    queueMicrotask(() => {
      this.#pumpWanted = false;
      this.#pump();
    });
  }

  #pump(): void {
    while (!this.#ending.said && this.#pipe.ready) {
      const record = this.#outbox.next(this.#pipe.received - 1n, this.#pipe.full);
      if (!record) break;
      this.#send(record);
      if (!UNCOUNTED.has(record.type)) this.#liveness.sent();
    }
    const { reason } = this.#ending;
    const isQuiet = this.#held === undefined && this.#outbox.frames === 0 && this.queuedBytes === 0;
    if (reason && this.#pipe.ready && isQuiet) this.#ending.say(reason);
  }

  #send(record: OutgoingRecord): void {
    try {
      this.#pipe.send(record);
    } catch (error) {
      this.#finish({ how: 'failed', error: asLiveletError(error) });
    }
  }

  // Drops

  /** What must not or need not be repeated is over on both ends; of the rest nothing is lost. */
  #suspend(): void {
    const { reason } = this.#ending;
    if (reason) {
      this.#finish({ how: 'ended-here', reason });
      return;
    }
    this.#suspended = true;
    for (const stream of this.#table.streams()) {
      if (!stream.profile.replay) stream.reset('reconnecting');
    }
  }

  #resume(): void {
    this.#suspended = false;
    this.#outbox.restart();
    this.#liveness.restart();
    for (const stream of this.#table.streams()) stream.lineChanged();
    // What is sent again wants an answer, and a line that is dead already is to be known as soon as any.
    this.#liveness.sent();
    this.#wantPump();
  }

  // The end

  /** All is said but END. */
  #letGo(): void {
    if (this.#finished) return;
    this.#held = undefined;
    this.#closeStreams(new LiveletError('session-ended'), 'queued');
    this.#wantPump();
  }

  #sendEnd(reason: frames.EndReason): void {
    const body = frames.encodeEnd({ finalSeq: this.#pipe.sent, reason });
    this.#send({ type: RECORD_TYPES.end, body, pad: true, retained: false });
  }

  #finish(end: SessionEnd): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#held = undefined;
    this.#ending[Symbol.dispose]();
    this.#liveness[Symbol.dispose]();
    this.#pipe.close(end.how === 'ended-here' ? end.reason : undefined);
    this.#closeStreams(closedError(end), end.how === 'failed' ? undefined : 'received');
    this.#table.clear();
    this.#outbox.clear();
    this.#peerStreams.clear();
    this.#end.resolve(end);
  }

  #closeStreams(error: LiveletError, keep?: 'received' | 'queued'): void {
    this.#closed ??= error;
    for (const stream of this.#table.streams()) {
      if (stream.path === this.#held) continue;
      stream.drop(error, keep);
      this.#opening.get(stream.id)?.reject(error);
    }
    for (const [id] of this.#table.waiting()) this.#table.takeWaiting(id);
  }
}
