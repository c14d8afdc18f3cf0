import type { Clock } from '../clock.js';
import { LiveletError } from '../errors.js';

export interface RecordLimits {
  /** Records under one key. @default 2^20 */
  readonly recordsPerEpoch?: number;
  /** How long one key seals, ms. @default 15 minutes */
  readonly epochDuration?: number;
  /** The last epoch's number; the header has 32 bits for it. @default 2^32 - 1 */
  readonly lastEpoch?: number;
}

export const DEFAULT_RECORD_LIMITS: Required<RecordLimits> = {
  recordsPerEpoch: 2 ** 20,
  epochDuration: 15 * 60_000,
  lastEpoch: 2 ** 32 - 1,
};

/** The epoch of a sender's next record, and its number within it. */
export interface RecordPlace {
  readonly epoch: number;
  readonly seq: number;
}

/** Numbers a sender's records and says when its key has been used enough. */
export class RecordCounter {
  readonly #clock: Clock;
  readonly #limits: Required<RecordLimits>;
  #next: RecordPlace = { epoch: 0, seq: 0 };
  #epochStart: number;

  constructor(clock: Clock, limits: RecordLimits) {
    this.#clock = clock;
    this.#limits = { ...DEFAULT_RECORD_LIMITS, ...limits };
    this.#epochStart = clock.now();
  }

  /** The place of one more record; each is given once. @throws `record-limit` when no epoch is left */
  take(): RecordPlace {
    const now = this.#clock.now();
    const { recordsPerEpoch, epochDuration, lastEpoch } = this.#limits;
    if (this.#next.seq >= recordsPerEpoch || now - this.#epochStart >= epochDuration) {
      if (this.#next.epoch >= lastEpoch) throw new LiveletError('record-limit', 'no epoch is left');
      this.#next = { epoch: this.#next.epoch + 1, seq: 0 };
      this.#epochStart = now;
    }
    const place = this.#next;
    this.#next = { epoch: place.epoch, seq: place.seq + 1 };
    return place;
  }
}
