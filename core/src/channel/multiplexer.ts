import type { Clock } from '../clock.js';
import type { ConsentGate } from '../consent/gate.js';
import type { Side } from '../contracts/session.js';
import { asLiveletError, type ErrorCode, LiveletError } from '../errors.js';
import { MuxStream, type StreamOwner } from './byte-stream.js';
import {
  decodeAck,
  decodeClose,
  decodeCredit,
  decodeData,
  decodeEnd,
  decodeOpen,
  decodePing,
  decodeReset,
  type EndReason,
  encodeEnd,
  encodeOpen,
  encodeReset,
} from './frames.js';
import { Liveness } from './liveness.js';
import { Outbox, type OutgoingRecord } from './outbox.js';
import type { RecordPipe } from './record-pipe.js';
import { RECORD_TYPES } from './records.js';
import type { SessionEnd } from './session-channel.js';
import type { ByteStream, ServicePath, StreamPriority } from './streams.js';

/** Streams that the peer may have open here. */
export const MAX_INBOUND_STREAMS = 64;
/** Streams open in both directions together. */
export const MAX_STREAMS = 128;
/** How long an open may wait for the peer's acceptance, or here for the plugin that serves it, ms. */
export const OPEN_DEADLINE = 10_000;
/** How long `end` goes on sending what is queued; and then how long the peer may take to hang up, ms. */
export const END_DEADLINE = 1_000;
/** Opens and resets that may wait for the connection; an honest peer causes far fewer. */
const MAX_WAITING_FRAMES = 1_024;
/** Stream numbers are u32. */
const LAST_STREAM = 0xffff_ffff;

const UNCOUNTED: ReadonlySet<number> = new Set([RECORD_TYPES.ack, RECORD_TYPES.ping, RECORD_TYPES.pong]);

export interface MultiplexerOptions {
  readonly pipe: RecordPipe;
  readonly side: Side;
  readonly clock: Clock;
  readonly gate: ConsentGate;
}

/** An own stream that the peer hasn't accepted. */
interface OpeningStream {
  settle(error?: LiveletError): void;
}

/** A peer's stream that no plugin has taken. */
interface WaitingStream {
  readonly path: ServicePath;
  readonly credit: number;
  readonly deadline: Disposable;
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
  readonly #gate: ConsentGate;
  readonly #peerParity: number;
  readonly #end = Promise.withResolvers<SessionEnd>();
  readonly #liveness: Liveness;
  readonly #outbox = new Outbox();
  readonly #streams = new Map<number, MuxStream>();
  readonly #opening = new Map<number, OpeningStream>();
  readonly #waiting = new Map<number, WaitingStream>();
  readonly #handlers = new Map<ServicePath, (stream: ByteStream) => void>();
  #nextStream: number;
  #lastPeerStream = 0;
  #acknowledged = -1n;
  #pumpWanted = false;
  /** The reason that this side gives, from the call of `end` on. */
  #reason: EndReason | undefined;
  #endSent = false;
  #endDeadline: Disposable | undefined;
  /** What opens, reads and writes throw from the first moment of the end on. */
  #closed: LiveletError | undefined;
  #finished = false;

  constructor({ pipe, side, clock, gate }: MultiplexerOptions) {
    this.#pipe = pipe;
    this.#clock = clock;
    this.#gate = gate;
    this.ended = this.#end.promise;
    this.#nextStream = side === 'operator' ? 1 : 2;
    this.#peerParity = side === 'operator' ? 0 : 1;
    this.#liveness = new Liveness(clock, {
      ack: () => this.#enqueue(() => this.#outbox.addAck()),
      ping: (token) => this.#enqueue(() => this.#outbox.addPing(token)),
      silent: () => this.#lost(new LiveletError('peer-silent')),
    });
  }

  /** Starts taking records. Called once. */
  start(): void {
    this.#pipe.attach({
      record: (type, body) => this.#record(type, body),
      ready: () => this.#pump(),
      lost: (cause) => this.#lost(new LiveletError('session-interrupted', undefined, { cause })),
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
    return this.#streams.size + this.#waiting.size;
  }

  get queuedBytes(): number {
    let bytes = 0;
    for (const stream of this.#streams.values()) bytes += stream.queuedBytes;
    return bytes;
  }

  /**
   * Opens a stream to the peer's `path`; resolves when the peer has accepted it.
   * @throws `cancelled`, `deadline-exceeded`, `too-many-streams`, `session-ended`, `session-interrupted`, or the code
   *   that the peer refused with
   */
  async open(path: ServicePath, priority: StreamPriority, signal?: AbortSignal): Promise<ByteStream> {
    if (signal?.aborted) throw new LiveletError('cancelled');
    if (this.#closed) throw this.#closed;
    if (this.streamCount >= MAX_STREAMS || this.#nextStream > LAST_STREAM) {
      throw new LiveletError('too-many-streams');
    }
    const id = this.#nextStream;
    this.#nextStream += 2;
    const stream = new MuxStream({ id, path, priority, owner: this, credit: 0 });
    stream.openWindow();
    this.#streams.set(id, stream);
    const opened = Promise.withResolvers<void>();
    const cancel = (): void => stream.reset('cancelled');
    using _deadline = this.#clock.setTimer(OPEN_DEADLINE, () => stream.reset('deadline-exceeded'));
    signal?.addEventListener('abort', cancel, { once: true });
    this.#opening.set(id, { settle: (error) => (error ? opened.reject(error) : opened.resolve()) });
    this.#outbox.addFrame(RECORD_TYPES.open, encodeOpen({ stream: id, credit: stream.takeCredit(), path }));
    this.#wantPump();
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
    if (this.#handlers.has(path)) {
      throw new LiveletError('plugin-duplicate', `${path} has a handler`, { data: { path } });
    }
    this.#handlers.set(path, handler);
    for (const [id, waiting] of [...this.#waiting]) {
      if (waiting.path === path) this.#admit(id, this.#stopWaiting(id, waiting));
    }
    return {
      [Symbol.dispose]: () => {
        if (this.#handlers.get(path) === handler) this.#handlers.delete(path);
      },
    };
  }

  /** Asks the gate again about every stream of the peer; those that no longer pass are reset before this returns. */
  recheck(): void {
    for (const [id, { path }] of [...this.#waiting, ...this.#streams]) {
      if (id % 2 !== this.#peerParity) continue;
      const decision = this.#gate.decide(path);
      const waiting = this.#waiting.get(id);
      if (decision.kind === 'pass' || (decision.kind === 'wait' && waiting)) continue;
      const code = decision.kind === 'refuse' ? decision.code : 'service-unknown';
      if (waiting) {
        this.#stopWaiting(id, waiting);
        this.#refuse(id, code);
      } else {
        this.#streams.get(id)?.reset(code === 'not-granted' ? 'revoked' : code);
      }
    }
  }

  /** Reads nothing more, sends what is queued for at most END_DEADLINE, says END and closes. Idempotent. */
  end(reason: EndReason): Promise<SessionEnd> {
    if (this.#closed) return this.ended;
    this.#reason = reason;
    this.#closeAll(new LiveletError('session-ended'), 'queued');
    this.#endDeadline = this.#clock.setTimer(END_DEADLINE, () => this.#sayEnd());
    this.#wantPump();
    return this.ended;
  }

  /** This side can't go on. Does nothing once the end has begun. */
  fail(error: LiveletError): void {
    if (!this.#closed) this.#finish({ how: 'failed', error });
  }

  // What streams tell

  sendable(stream: MuxStream): void {
    this.#outbox.addStream(stream);
    this.#wantPump();
  }

  creditDue(stream: MuxStream): void {
    this.#outbox.addCredit(stream);
    this.#wantPump();
  }

  dropped(stream: MuxStream, code: ErrorCode): void {
    this.#remove(stream);
    this.#refuse(stream.id, code);
    this.#opening.get(stream.id)?.settle(new LiveletError(code));
  }

  over(stream: MuxStream): void {
    this.#remove(stream);
  }

  // What the peer sends

  #record(type: number, body: Uint8Array): void {
    if (this.#endSent && type !== RECORD_TYPES.end) return;
    this.#liveness.received(!UNCOUNTED.has(type));
    try {
      this.#receive(type, body);
    } catch (error) {
      this.#finish({ how: 'failed', error: asLiveletError(error) });
    }
  }

  #receive(type: number, body: Uint8Array): void {
    switch (type) {
      case RECORD_TYPES.data: {
        const { stream, bytes } = decodeData(body);
        if (this.#waiting.has(stream)) throw new LiveletError('credit-exceeded', 'data before acceptance');
        return this.#find(stream)?.receiveData(bytes);
      }
      case RECORD_TYPES.credit: {
        const { stream, bytes } = decodeCredit(body);
        this.#find(stream)?.receiveCredit(bytes);
        return this.#opening.get(stream)?.settle();
      }
      case RECORD_TYPES.open:
        return this.#receiveOpen(body);
      case RECORD_TYPES.close:
        return this.#find(decodeClose(body))?.receiveClose();
      case RECORD_TYPES.reset:
        return this.#receiveReset(body);
      case RECORD_TYPES.ack:
        return this.#receiveAck(decodeAck(body));
      case RECORD_TYPES.ping: {
        const token = decodePing(body);
        return this.#enqueue(() => this.#outbox.addPong(token));
      }
      case RECORD_TYPES.pong:
        return this.#liveness.pong(decodePing(body));
      case RECORD_TYPES.end:
        return this.#receiveEnd(body);
      default:
        throw new LiveletError('frame-unknown', undefined, { data: { type } });
    }
  }

  #receiveOpen(body: Uint8Array): void {
    const { stream: id, path, credit } = decodeOpen(body);
    if (id % 2 !== this.#peerParity || id <= this.#lastPeerStream) {
      throw new LiveletError('frame-malformed', 'stream number of an open', { data: { stream: id } });
    }
    this.#lastPeerStream = id;
    if (this.#closed) return;
    if (this.#inboundStreams >= MAX_INBOUND_STREAMS || this.streamCount >= MAX_STREAMS) {
      this.#refuse(id, 'too-many-streams');
    } else {
      this.#admit(id, { path, credit });
    }
  }

  #admit(id: number, { path, credit }: { readonly path: ServicePath; readonly credit: number }): void {
    const decision = this.#gate.decide(path);
    const handler = this.#handlers.get(path);
    if (decision.kind === 'refuse') {
      this.#refuse(id, decision.code);
    } else if (decision.kind === 'wait' || !handler) {
      const deadline = this.#clock.setTimer(OPEN_DEADLINE, () => {
        this.#waiting.delete(id);
        this.#refuse(id, 'service-unknown');
      });
      this.#waiting.set(id, { path, credit, deadline });
    } else {
      const stream = new MuxStream({ id, path, priority: decision.priority, owner: this, credit });
      stream.openWindow();
      this.#streams.set(id, stream);
      this.creditDue(stream);
      try {
        handler(stream);
      } catch {
        stream.reset('call-failed');
      }
    }
  }

  #receiveReset(body: Uint8Array): void {
    const { stream: id, code } = decodeReset(body);
    const waiting = this.#waiting.get(id);
    if (waiting) {
      this.#stopWaiting(id, waiting);
      return;
    }
    const stream = this.#find(id);
    if (!stream) return;
    const error = new LiveletError(code, 'reset by the peer');
    this.#remove(stream);
    stream.drop(error);
    this.#opening.get(id)?.settle(error);
  }

  #receiveAck(seq: bigint): void {
    if (seq < this.#acknowledged || seq >= this.#pipe.sent) {
      throw new LiveletError('frame-malformed', 'ack of a record that was not sent');
    }
    this.#acknowledged = seq;
  }

  #receiveEnd(body: Uint8Array): void {
    const { finalSeq, reason } = decodeEnd(body);
    if (finalSeq !== this.#pipe.received - 1n)
      throw new LiveletError('frame-malformed', 'final number of END');
    if (this.#endSent) {
      this.#finish({ how: 'ended-here', reason: this.#reason ?? reason });
      return;
    }
    this.#sendEnd(reason);
    this.#finish({ how: 'ended-by-peer', reason });
  }

  /** The stream `id`; undefined for one that is over, of which frames may still be on their way. */
  #find(id: number): MuxStream | undefined {
    const stream = this.#streams.get(id);
    if (stream) return stream;
    const past = id % 2 === this.#peerParity ? id <= this.#lastPeerStream : id < this.#nextStream;
    if (id === 0 || !past || this.#waiting.has(id)) {
      throw new LiveletError('frame-malformed', 'stream is not open', { data: { stream: id } });
    }
    return undefined;
  }

  get #inboundStreams(): number {
    let count = this.#waiting.size;
    for (const id of this.#streams.keys()) if (id % 2 === this.#peerParity) count++;
    return count;
  }

  #remove(stream: MuxStream): void {
    this.#streams.delete(stream.id);
    this.#outbox.forget(stream);
  }

  #stopWaiting(id: number, waiting: WaitingStream): WaitingStream {
    waiting.deadline[Symbol.dispose]();
    this.#waiting.delete(id);
    return waiting;
  }

  // What is sent

  #refuse(id: number, code: ErrorCode): void {
    this.#enqueue(() => this.#outbox.addFrame(RECORD_TYPES.reset, encodeReset({ stream: id, code })));
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
    if (this.#endSent) return;
    while (this.#pipe.ready) {
      const record = this.#outbox.next(this.#pipe.received - 1n);
      if (!record) break;
      this.#send(record);
      if (!UNCOUNTED.has(record.type)) this.#liveness.sent();
    }
    if (this.#reason && this.#outbox.frames === 0 && this.queuedBytes === 0) this.#sayEnd();
  }

  #send({ type, body, pad }: OutgoingRecord): void {
    try {
      this.#pipe.send(type, body, pad);
    } catch (error) {
      this.#finish({ how: 'failed', error: asLiveletError(error) });
    }
  }

  // The end

  #sayEnd(): void {
    if (this.#endSent || this.#reason === undefined) return;
    const reason = this.#reason;
    this.#sendEnd(reason);
    this.#endDeadline?.[Symbol.dispose]();
    // Hanging up at once could lose END on its way: what the peer sent meanwhile would be unread, and the socket reset.
    this.#endDeadline = this.#clock.setTimer(END_DEADLINE, () => this.#finish({ how: 'ended-here', reason }));
  }

  #sendEnd(reason: EndReason): void {
    this.#endSent = true;
    const body = encodeEnd({ finalSeq: this.#pipe.sent, reason });
    this.#send({ type: RECORD_TYPES.end, body, pad: true });
  }

  #lost(error: LiveletError): void {
    if (this.#endSent && this.#reason) this.#finish({ how: 'ended-here', reason: this.#reason });
    else this.#finish({ how: 'interrupted', error });
  }

  #finish(end: SessionEnd): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#endSent = true;
    this.#endDeadline?.[Symbol.dispose]();
    this.#liveness[Symbol.dispose]();
    this.#pipe.close();
    this.#closeAll(closedError(end), end.how === 'failed' ? undefined : 'received');
    this.#streams.clear();
    this.#outbox.clear();
    this.#handlers.clear();
    this.#end.resolve(end);
  }

  #closeAll(error: LiveletError, keep?: 'received' | 'queued'): void {
    this.#closed ??= error;
    for (const stream of this.#streams.values()) stream.drop(error, keep);
    for (const { settle } of this.#opening.values()) settle(error);
    for (const [id, waiting] of [...this.#waiting]) this.#stopWaiting(id, waiting);
  }
}

function closedError({ how, error }: SessionEnd): LiveletError {
  if (how === 'ended-here' || how === 'ended-by-peer') return new LiveletError('session-ended');
  return error?.code === 'session-interrupted'
    ? error
    : new LiveletError('session-interrupted', undefined, { cause: error });
}
