import type { Clock } from '../clock.js';

/** A connection on which nothing came for this long is asked for a sign of life, ms. */
const PING_AFTER = 15_000;
/** A peer that gives none for this long is lost, ms. */
export const SILENT_AFTER = 45_000;
/** Received records are acknowledged together: after this many, or ... */
const ACK_RECORDS = 64;
/** ... this long after the first of them, ms. */
const ACK_DELAY = 100;
/** While there is traffic the round trip is measured this often, ms. */
const MEASURE_AFTER = 5_000;

/** What the connection has to do. */
export interface LivenessActions {
  ack(): void;
  ping(token: bigint): void;
  /** Nothing came for SILENT_AFTER. */
  silent(): void;
}

/** Decides when to acknowledge, when to ping, and when the peer is lost; measures the round trip. */
export class Liveness implements Disposable {
  readonly #clock: Clock;
  readonly #actions: LivenessActions;
  #heardAt: number;
  #watch: Disposable;
  #unacknowledged = 0;
  #ackTimer: Disposable | undefined;
  #token = 0n;
  #pingedAt: number | undefined;
  #measuredAt: number | undefined;
  #rttMs: number | undefined;

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

  /** @param counts whether the record is one that the peer wants acknowledged */
  received(counts: boolean): void {
    this.#heardAt = this.#clock.now();
    if (!counts) return;
    this.#unacknowledged++;
    if (this.#unacknowledged >= ACK_RECORDS) this.#ack();
    else this.#ackTimer ??= this.#clock.setTimer(ACK_DELAY, () => this.#ack());
    this.#measure();
  }

  /** A record other than an ack, ping or pong was sent. */
  sent(): void {
    this.#measure();
  }

  pong(token: bigint): void {
    if (this.#pingedAt === undefined || token !== this.#token) return;
    this.#measuredAt = this.#clock.now();
    this.#rttMs = this.#measuredAt - this.#pingedAt;
    this.#pingedAt = undefined;
  }

  [Symbol.dispose](): void {
    this.#watch[Symbol.dispose]();
    this.#ackTimer?.[Symbol.dispose]();
  }

  #ack(): void {
    this.#ackTimer?.[Symbol.dispose]();
    this.#ackTimer = undefined;
    this.#unacknowledged = 0;
    this.#actions.ack();
  }

  #measure(): void {
    const fresh = this.#measuredAt !== undefined && this.#clock.now() - this.#measuredAt <= MEASURE_AFTER;
    if (!fresh && this.#pingedAt === undefined) this.#ping();
  }

  #ping(): void {
    this.#token++;
    this.#pingedAt = this.#clock.now();
    this.#actions.ping(this.#token);
  }

  #watchFor(delay: number): Disposable {
    return this.#clock.setTimer(delay, () => {
      const silence = this.#clock.now() - this.#heardAt;
      if (silence >= SILENT_AFTER) {
        this.#actions.silent();
        return;
      }
      if (silence >= PING_AFTER) this.#ping();
      this.#watch = this.#watchFor(silence >= PING_AFTER ? PING_AFTER : PING_AFTER - silence);
    });
  }
}
