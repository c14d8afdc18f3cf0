import { type ErrorCode, LiveletError } from '../errors.js';
import { FRAME_HEADER } from '../transport/relay-protocol.js';
import { DATA_HEADER, MAX_CREDIT, MAX_DATA } from './frames.js';
import { ReceiveQueue } from './receive-queue.js';
import { ReceiveWindow } from './receive-window.js';
import { MIN_RECORD } from './records.js';
import type { ByteStream, ServicePath, StreamPriority } from './streams.js';
import { rejected, WriteQueue } from './write-queue.js';

const KIB = 1024;

/** How streams of one priority use the connection. */
export interface StreamProfile {
  /** Bytes that may be on their way or unread in one direction. */
  readonly window: number;
  /** As many at most where the line is long and fast. @default window */
  readonly mostWindow?: number;
  /** Bytes in one record. */
  readonly chunk: number;
  /** Records are padded, because their length would tell what is typed. */
  readonly pad: boolean;
  /**
   * After a drop the stream goes on, and what may not have arrived is sent again. False: at a drop both ends reset it
   * with `reconnecting`, because what it carried then is stale, or unsafe, by the time it could arrive.
   */
  readonly replay: boolean;
}

/** So many in one record, which with all that is around it fills four records of TLS to the last byte. */
const FOUR_TLS_RECORDS = 4 * 16 * KIB - FRAME_HEADER - MIN_RECORD - DATA_HEADER;

const ORDINARY: StreamProfile = { window: 256 * KIB, chunk: 32 * KIB, pad: false, replay: true };

export const STREAM_PROFILES: Readonly<Record<StreamPriority, StreamProfile>> = {
  control: { ...ORDINARY, pad: true },
  input: { ...ORDINARY, pad: true, replay: false },
  audio: { ...ORDINARY, replay: false },
  // A whole screen at once: with less it would stop half way for a round trip.
  screen: { window: 1024 * KIB, chunk: MAX_DATA, pad: false, replay: false },
  chat: { ...ORDINARY, pad: true },
  clipboard: { ...ORDINARY, replay: false },
  // What is typed waits behind all of it where the other end is slow: no more than keeps a fast line busy.
  // Two of them on a long line are less than what may be retained for a resumption.
  files: { ...ORDINARY, window: 384 * KIB, mostWindow: 3072 * KIB, chunk: FOUR_TLS_RECORDS },
};

/** What a stream tells its multiplexer. */
export interface StreamOwner {
  /** It may have something to send now. */
  sendable(stream: MuxStream): void;
  /** The peer can be given more credit. */
  creditDue(stream: MuxStream): void;
  /** It was dropped here; the peer has to be told. */
  dropped(stream: MuxStream, code: ErrorCode): void;
  /** Both directions are over and everything received was taken. */
  over(stream: MuxStream): void;
  /** ms of a clock */
  now(): number;
  /** The shortest round trip of this line, ms; undefined: not measured yet. */
  readonly leastRttMs: number | undefined;
}

export interface StreamOptions {
  readonly id: number;
  readonly path: ServicePath;
  readonly priority: StreamPriority;
  readonly owner: StreamOwner;
  /** Bytes that may be sent at once. */
  readonly credit: number;
}

/** One stream's state at one end. */
export class MuxStream implements ByteStream {
  readonly id: number;
  readonly path: ServicePath;
  readonly priority: StreamPriority;
  readonly profile: StreamProfile;
  readonly closed: Promise<ErrorCode | undefined>;
  readonly #owner: StreamOwner;
  readonly #over = Promise.withResolvers<ErrorCode | undefined>();
  readonly #writes = new WriteQueue();
  readonly #received = new ReceiveQueue();
  readonly #window: ReceiveWindow;
  #sendCredit: number;
  /** What the peer was given of the window: the credit that it has, and what it sent and nobody has taken. */
  #windowGiven = 0;
  /** Bytes that the peer may still send. */
  #receiveCredit = 0;
  /** Bytes taken by the consumer that the peer has no new credit for. */
  #taken = 0;
  #closeWanted = false;
  #closeSent = false;
  #peerClosed = false;
  #iterated = false;
  #error: LiveletError | undefined;
  #arrival = Promise.withResolvers<void>();

  constructor(options: StreamOptions) {
    this.id = options.id;
    this.path = options.path;
    this.priority = options.priority;
    this.profile = STREAM_PROFILES[options.priority];
    const { window, mostWindow = window } = this.profile;
    this.#window = new ReceiveWindow(window, mostWindow);
    this.closed = this.#over.promise;
    this.#owner = options.owner;
    this.#sendCredit = options.credit;
  }

  get queuedBytes(): number {
    return this.#writes.bytes;
  }

  write(bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    if (this.#error) return rejected(this.#error);
    if (this.#closeWanted) return rejected(new LiveletError('cancelled', 'write after closeWrite'));
    const done = this.#writes.push(bytes, signal);
    if (this.sendable) this.#owner.sendable(this);
    return done;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.#iterated) throw new LiveletError('internal', 'a stream is read once');
    this.#iterated = true;
    try {
      for (;;) {
        const chunk = this.#received.shift();
        if (chunk) {
          this.#took(chunk.length);
          yield chunk;
        } else if (this.#error) {
          throw this.#error;
        } else if (this.#peerClosed) {
          return;
        } else {
          await this.#arrival.promise;
        }
      }
    } finally {
      // A reader who leaves early would stall the peer for ever.
      if (!this.#peerClosed || this.#received.bytes > 0) this.reset('cancelled');
    }
  }

  closeWrite(): void {
    if (this.#error || this.#closeWanted) return;
    this.#closeWanted = true;
    if (this.sendable) this.#owner.sendable(this);
  }

  reset(code: ErrorCode): void {
    if (this.#error || this.#isOver) return;
    this.drop(new LiveletError(code, 'reset at this end'));
    this.#owner.dropped(this, code);
  }

  /** Whether a record could be made now. */
  get sendable(): boolean {
    if (this.#writes.bytes > 0) return this.#sendCredit > 0;
    return this.#closeWanted && !this.#closeSent && !this.#error;
  }

  /** The body of the next data record, or undefined when it is the turn of the close. Only while `sendable`. */
  takeData(): Uint8Array | undefined {
    const length = Math.min(this.#writes.bytes, this.#sendCredit, this.profile.chunk);
    if (length === 0) {
      this.#closeSent = true;
      this.#checkOver();
      return undefined;
    }
    const body = new Uint8Array(DATA_HEADER + length);
    new DataView(body.buffer).setUint32(0, this.id);
    this.#sendCredit -= length;
    this.#writes.take(body.subarray(DATA_HEADER));
    return body;
  }

  /**
   * Credit to send now, 0 if there is none; what it returns counts as given. The first lets the peer begin: in the open frame at the opening
   * end, in a frame of its own at the accepting one.
   */
  takeCredit(): number {
    const credit = Math.max(0, this.#creditOwed);
    this.#windowGiven += credit - this.#taken;
    this.#taken = 0;
    this.#receiveCredit += credit;
    return credit;
  }

  /** The connection is another one. */
  lineChanged(): void {
    this.#window.restart();
  }

  /** @throws `credit-exceeded` */
  receiveData(bytes: Uint8Array): void {
    if (this.#error) return;
    if (this.#peerClosed) throw new LiveletError('frame-malformed', 'data after close');
    if (bytes.length > this.#receiveCredit) {
      throw new LiveletError('credit-exceeded', undefined, { data: { stream: this.id } });
    }
    this.#receiveCredit -= bytes.length;
    if (!this.#window.isFixed) this.#window.arrived(bytes.length, this.#owner.now(), this.#owner.leastRttMs);
    this.#received.push(bytes);
    this.#wake();
  }

  /** @throws `credit-exceeded` */
  receiveCredit(bytes: number): void {
    if (this.#sendCredit + bytes > MAX_CREDIT) {
      throw new LiveletError('credit-exceeded', 'more credit than allowed', { data: { stream: this.id } });
    }
    this.#sendCredit += bytes;
    if (this.sendable) this.#owner.sendable(this);
  }

  /** @throws `frame-malformed` */
  receiveClose(): void {
    if (this.#peerClosed) throw new LiveletError('frame-malformed', 'closed twice');
    this.#peerClosed = true;
    this.#wake();
    this.#checkOver();
  }

  /**
   * Ends both directions without a word to the peer.
   * @param keep `received`: the consumer still gets the bytes that came before; `queued`: what was taken from writers
   *   is still sent. @default nothing
   */
  drop(error: LiveletError, keep?: 'received' | 'queued'): void {
    if (keep !== 'queued') this.#writes.fail(error);
    if (this.#error) return;
    this.#error = error;
    if (keep !== 'received') this.#received.clear();
    this.#wake();
    this.#over.resolve(error.code);
  }

  #took(bytes: number): void {
    if (this.#error) return;
    this.#taken += bytes;
    if (this.#peerClosed) this.#checkOver();
    else if (this.#creditOwed >= this.profile.window / 2) this.#owner.creditDue(this);
  }

  /** What is missing from the window, bytes. Negative: it became smaller than what was given. */
  get #creditOwed(): number {
    return this.#window.size - this.#windowGiven + this.#taken;
  }

  #wake(): void {
    this.#arrival.resolve();
    this.#arrival = Promise.withResolvers();
  }

  get #isOver(): boolean {
    return this.#closeSent && this.#peerClosed && this.#received.bytes === 0;
  }

  #checkOver(): void {
    if (this.#error || !this.#isOver) return;
    this.#over.resolve(undefined);
    this.#owner.over(this);
  }
}
