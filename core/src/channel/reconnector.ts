/**
 * From a lost connection to the next one. Both ends go to the relay with a handle that only they know, until they meet
 * and agree on new keys.
 *
 * Whoever stands between can spoil attempts and not more, because an attempt leaves behind only this:
 *
 *     operator   {RS}       -- R3 holds --------------->  {RS'}
 *     customer   {RS}       -- R2 holds, R3 is sent --->  {RS, RS'}
 *                {RS, RS'}  -- a record of RS' opens -->  {RS'}
 *                {RS, RS'}  -- R2 holds under RS ------>  {RS, RS''}   RS' is dead: who answers under RS never saw R3
 *
 * So there is always a secret that both ends have. The customer, who may have two, tries them in turn.
 */
import { abortable } from '../abortable.js';
import type { Clock } from '../clock.js';
import type { Side } from '../contracts/session.js';
import { asLiveletError, type ErrorCode, LiveletError } from '../errors.js';
import { startDeadline } from '../transport/deadline.js';
import type { Transport } from '../transport/transport.js';
import { type RandomSource, wipe } from './crypto.js';
import { FrameInbox } from './frame-inbox.js';
import { encodeAck } from './frames.js';
import { linkWith, type RecordLink } from './record-link.js';
import { type OpenedRecord, RECORD_TYPES } from './records.js';
import {
  CustomerResumption,
  OperatorResumption,
  type ResumeAttempt,
  type ResumedKeys,
  resumeHandle,
} from './resume-handshake.js';

/** How long an end waits at the relay for the other one before it looks anew, ms. */
const MEET_DEADLINE = 25_000;
/** The same for an end that has another secret to try. */
const MEET_DEADLINE_OF_TWO = 5_000;
/** From the meeting to the first record under the new keys, ms. */
const AGREE_DEADLINE = 10_000;
/** Pauses between attempts grow from the first to the last of these, ms; each is shortened by up to half at random. */
const FIRST_PAUSE = 250;
const LAST_PAUSE = 5_000;
/** The pause of an end whose relay has too much to do, or too much from where it is, ms. */
const BUSY_PAUSE = 40_000;
const BUSY: ReadonlySet<ErrorCode> = new Set(['relay-too-many-requests', 'relay-full']);
/** Whatever cuts a line sooner than this after it was found makes the ends pause too, ms: else they would hurry for it. */
const STEADY_AFTER = 10_000;
/** Attempts that meet and come to nothing, one after the other: no honest relay sees more. */
const MAX_INDEX = 8;

/** A connection with new keys, on which the peer has proved that it has them too. */
export interface ResumedLine {
  readonly link: RecordLink;
  /** Records of this end that the peer has; this end has sent one more, an ack. */
  readonly peerReceived: bigint;
  /** The peer's first record under the new keys. */
  readonly first: OpenedRecord;
}

/** Meets the other end at the relay, not attached yet; gives up when `signal` aborts. */
export type Redial = (handle: Uint8Array, signal: AbortSignal) => Promise<Transport>;

export interface ReconnectorOptions {
  readonly side: Side;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly redial: Redial;
  /** 64 bytes, from SessionKeys; taken over and overwritten. */
  readonly secret: Uint8Array;
}

/** A resume secret, and which of its handles the relay still takes. */
interface MeetingPlace {
  readonly secret: Uint8Array;
  index: number;
}

export class Reconnector {
  readonly #options: ReconnectorOptions;
  #place: MeetingPlace;
  /** The customer's, from R3 to the operator's first record. */
  #next: MeetingPlace | undefined;
  #foundAt: number | undefined;
  #pauseAfterLoss = FIRST_PAUSE;

  constructor(options: ReconnectorOptions) {
    this.#options = options;
    this.#place = { secret: options.secret, index: 0 };
  }

  /**
   * Tries until the ends have met.
   * @param received records of the peer that this end has
   * @throws the signal's reason, `operator-revoked`
   */
  async run(received: bigint, signal: AbortSignal): Promise<ResumedLine> {
    let pause = FIRST_PAUSE;
    let place = this.#next ?? this.#place;
    await this.#pauseIfShort(signal);
    for (;;) {
      signal.throwIfAborted();
      try {
        const line = await this.#attempt(place, received, signal);
        this.#foundAt = this.#options.clock.now();
        return line;
      } catch (error) {
        const { code } = asLiveletError(error);
        if (code === 'operator-revoked') throw error;
        if (code === 'code-not-valid' && place.index < MAX_INDEX) {
          // Used up by an attempt that came to nothing. The other end finds out too.
          place.index++;
          await this.#pause(FIRST_PAUSE, signal);
          continue;
        }
        // Waited in vain: a relay that was restarted takes the first one again.
        if (code === 'deadline-exceeded') place.index = 0;
        if (BUSY.has(code)) {
          await this.#pause(BUSY_PAUSE, signal);
          continue;
        }
      }
      place = place === this.#next ? this.#place : (this.#next ?? this.#place);
      await this.#pause(pause, signal);
      pause = Math.min(2 * pause, LAST_PAUSE);
    }
  }

  /** Nobody can resume with this end any more. */
  wipe(): void {
    wipe(this.#place.secret);
    if (this.#next) wipe(this.#next.secret);
  }

  async #attempt(place: MeetingPlace, received: bigint, signal: AbortSignal): Promise<ResumedLine> {
    const handle = resumeHandle(place.secret, place.index);
    const transport = await this.#meet(handle, signal);
    using deadline = startDeadline(this.#options.clock, AGREE_DEADLINE, signal);
    const inbox = new FrameInbox(transport);
    const next = async (): Promise<Uint8Array> => {
      const frame = required(await inbox.next(deadline.signal));
      // The secret may have been overwritten meanwhile.
      deadline.signal.throwIfAborted();
      return frame;
    };
    const attempt = { secret: place.secret, handle, received, random: this.#options.random };
    let link: RecordLink | undefined;
    try {
      const agree = this.#options.side === 'operator' ? this.#asOperator : this.#asCustomer;
      const keys = await agree.call(this, attempt, transport, next);
      link = linkWith(keys, { ...this.#options, transport }, inbox);
      const ack = encodeAck(received - 1n);
      if (this.#options.side === 'operator') link.send(RECORD_TYPES.ack, ack, true);
      const first = required(await link.next(deadline.signal));
      deadline.signal.throwIfAborted();
      if (this.#options.side === 'customer') {
        link.send(RECORD_TYPES.ack, ack, true);
        this.#settle();
      }
      return { link, peerReceived: keys.peerReceived, first };
    } catch (error) {
      link?.close();
      transport.close();
      throw error;
    }
  }

  async #meet(handle: Uint8Array, signal: AbortSignal): Promise<Transport> {
    const { clock, redial } = this.#options;
    using deadline = startDeadline(clock, this.#next ? MEET_DEADLINE_OF_TWO : MEET_DEADLINE, signal);
    const dialling = redial(handle, deadline.signal);
    try {
      return await abortable(dialling, deadline.signal);
    } catch (error) {
      // One that comes too late is nobody's.
      dialling.then(
        (transport) => transport.close(),
        () => {},
      );
      throw error;
    }
  }

  async #asCustomer(
    attempt: ResumeAttempt,
    transport: Transport,
    next: () => Promise<Uint8Array>,
  ): Promise<ResumedKeys> {
    const half = new CustomerResumption(attempt);
    using _ = { [Symbol.dispose]: () => half.wipe() };
    transport.send(half.r1);
    const { r3, keys } = half.receiveR2(await next());
    // The operator has what it answered under, and so not the other one, if there are two.
    if (attempt.secret === this.#next?.secret) this.#settle();
    else if (this.#next) wipe(this.#next.secret);
    // From R3 on it may have either.
    this.#next = { secret: keys.resume, index: 0 };
    transport.send(r3);
    return keys;
  }

  async #asOperator(
    attempt: ResumeAttempt,
    transport: Transport,
    next: () => Promise<Uint8Array>,
  ): Promise<ResumedKeys> {
    const half = new OperatorResumption(attempt);
    using _ = { [Symbol.dispose]: () => half.wipe() };
    transport.send(half.receiveR1(await next()));
    const keys = half.receiveR3(await next());
    wipe(this.#place.secret);
    this.#place = { secret: keys.resume, index: 0 };
    return keys;
  }

  /** The operator has the next secret: the one before is of no more use. */
  #settle(): void {
    if (!this.#next) return;
    wipe(this.#place.secret);
    this.#place = this.#next;
    this.#next = undefined;
  }

  /** A line that was lost as soon as it was there is sought with the pauses of one that isn't found. */
  async #pauseIfShort(signal: AbortSignal): Promise<void> {
    const lasted = this.#options.clock.now() - (this.#foundAt ?? Number.NEGATIVE_INFINITY);
    if (lasted >= STEADY_AFTER) {
      this.#pauseAfterLoss = FIRST_PAUSE;
      return;
    }
    const pause = this.#pauseAfterLoss;
    this.#pauseAfterLoss = Math.min(2 * pause, LAST_PAUSE);
    await this.#pause(pause, signal);
  }

  async #pause(limit: number, signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#options;
    const [byte = 0] = random(1);
    const { promise, resolve } = Promise.withResolvers<void>();
    using _ = clock.setTimer(Math.round(limit / 2 + (limit / 2) * (byte / 255)), resolve);
    await abortable(promise, signal);
  }
}

function required<T>(received: T | undefined): T {
  if (received === undefined) throw new LiveletError('session-interrupted', 'the peer hung up');
  return received;
}
