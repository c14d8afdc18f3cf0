import type { Clock } from '../clock.js';

/** A connection on which nothing came for this long is asked for a sign of life, ms. */
const PING_AFTER = 15_000;
/**
 * A peer that owes an answer and gives no sign of life for this long is lost, ms. Less than opens and calls wait, so
 * that a dead line is known before they give up; a line of 66 kbit/s carries the largest record in that time.
 */
const SILENT_AFTER = 8_000;
/** Received records are acknowledged together: after this many, or ... */
const ACK_RECORDS = 64;
/** ... so many bytes of them, so that what the peer retains never fills while the line is in order, or ... */
const ACK_BYTES = 1024 * 1024;
/**
 * ... this long after the first of them, ms: each costs 120 bytes on the wire, and nothing waits for one. What the peer
 * doesn't keep for a resumption is acknowledged as a sign of life alone.
 */
const ACK_DELAY = { kept: 500, passing: 2_000 } as const;
/** While there is traffic the round trip is measured this often, ms. */
const MEASURE_AFTER = 5_000;

/** What the connection has to do. */
export interface LivenessActions {
  ack(): void;
  ping(token: bigint): void;
  /** Nothing came for SILENT_AFTER, though an answer was due. */
  silent(): void;
}

/** Decides when to acknowledge, when to ping, and when the peer is lost; measures the round trip. */
export class Liveness implements Disposable {
  readonly #clock: Clock;
  readonly #actions: LivenessActions;
  #heardAt: number;
  #watch: Disposable;
  /** When the first record was sent that the peer has to answer, with nothing heard since. */
  #owedSince: number | undefined;
  #answerWatch: Disposable | undefined;
  #unacknowledged = 0;
  #unacknowledgedBytes = 0;
  #ackTimer: Disposable | undefined;
  /** When it runs out, ms of the clock. */
  #ackAt = 0;
  #token = 0n;
  #pingedAt: number | undefined;
  #measuredAt: number | undefined;
  #rttMs: number | undefined;
  #leastRttMs: number | undefined;
  #measurements = 0;

  constructor(clock: Clock, actions: LivenessActions) {
    this.#clock = clock;
    this.#actions = actions;
    this.#heardAt = clock.now();
    this.#watch = this.#watchFor(PING_AFTER);
  }

  /** The last measured round trip, ms. */
  get rttMs(): number | undefined {
    return this.#rttMs;
  }

  /**
   * The shortest round trip that was measured on this connection, ms: the others had to wait somewhere. Undefined until
   * there are two: the first is that of a program that has just begun, and is busy.
   */
  get leastRttMs(): number | undefined {
    return this.#measurements > 1 ? this.#leastRttMs : undefined;
  }

  /** A record came that wants no acknowledgement. */
  heard(): void {
    this.#heardAt = this.#clock.now();
    this.#owedSince = undefined;
  }

  /**
   * A record of so many bytes came that wants to be acknowledged.
   * @param kept the peer keeps it until then
   */
  received(bytes: number, kept: boolean): void {
    this.heard();
    this.#unacknowledged++;
    this.#unacknowledgedBytes += bytes;
    if (this.#unacknowledged >= ACK_RECORDS || this.#unacknowledgedBytes >= ACK_BYTES) this.#ack();
    else this.#ackWithin(kept ? ACK_DELAY.kept : ACK_DELAY.passing);
    this.#measure();
  }

  /** A record other than an ack, ping or pong was sent. */
  sent(): void {
    this.#owe();
    this.#measure();
  }

  pong(token: bigint): void {
    if (this.#pingedAt === undefined || token !== this.#token) return;
    this.#measuredAt = this.#clock.now();
    this.#rttMs = this.#measuredAt - this.#pingedAt;
    this.#measurements++;
    this.#leastRttMs = Math.min(this.#rttMs, this.#leastRttMs ?? this.#rttMs);
    this.#pingedAt = undefined;
  }

  /** Another connection: what was due on the one before is not. */
  restart(): void {
    this.#heardAt = this.#clock.now();
    this.#owedSince = undefined;
    this.#pingedAt = undefined;
    this.#measuredAt = undefined;
    this.#leastRttMs = undefined;
    this.#measurements = 0;
  }

  [Symbol.dispose](): void {
    this.#watch[Symbol.dispose]();
    this.#answerWatch?.[Symbol.dispose]();
    this.#ackTimer?.[Symbol.dispose]();
  }

  #ackWithin(delay: number): void {
    const at = this.#clock.now() + delay;
    if (this.#ackTimer && this.#ackAt <= at) return;
    this.#ackTimer?.[Symbol.dispose]();
    this.#ackTimer = this.#clock.setTimer(delay, () => this.#ack());
    this.#ackAt = at;
  }

  #ack(): void {
    this.#ackTimer?.[Symbol.dispose]();
    this.#ackTimer = undefined;
    this.#unacknowledged = 0;
    this.#unacknowledgedBytes = 0;
    this.#actions.ack();
  }

  #measure(): void {
    const fresh = this.#measuredAt !== undefined && this.#clock.now() - this.#measuredAt <= MEASURE_AFTER;
    if (!fresh && this.#pingedAt === undefined) this.#ping();
  }

  #ping(): void {
    this.#token++;
    this.#pingedAt = this.#clock.now();
    this.#owe();
    this.#actions.ping(this.#token);
  }

  #owe(): void {
    this.#owedSince ??= this.#clock.now();
    this.#answerWatch ??= this.#watchForAnswer(SILENT_AFTER);
  }

  /** One timer at a time, however much is sent and heard. */
  #watchForAnswer(delay: number): Disposable {
    return this.#clock.setTimer(delay, () => {
      this.#answerWatch = undefined;
      if (this.#owedSince === undefined) return;
      const left = this.#owedSince + SILENT_AFTER - this.#clock.now();
      if (left > 0) this.#answerWatch = this.#watchForAnswer(left);
      else this.#actions.silent();
    });
  }

  #watchFor(delay: number): Disposable {
    return this.#clock.setTimer(delay, () => {
      const silence = this.#clock.now() - this.#heardAt;
      if (silence >= PING_AFTER) this.#ping();
      this.#watch = this.#watchFor(silence >= PING_AFTER ? PING_AFTER : PING_AFTER - silence);
    });
  }
}
