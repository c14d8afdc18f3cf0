import type { OutgoingRecord } from './record-pipe.js';
import { MAX_RECORD_BODY } from './records.js';

/** The most that is retained, bytes; each record counts as its body and RECORD_COST. */
export const MAX_RETAINED = 8 * 1024 * 1024;
/** What an empty record takes in memory, about, bytes: many small ones must not take more than is allowed. */
const RECORD_COST = 128;
const LARGEST = MAX_RECORD_BODY + RECORD_COST;

interface Retained {
  readonly record: OutgoingRecord;
  /** Its number under the present keys; undefined while it waits to be sent again. */
  number: bigint | undefined;
}

/** What was sent and isn't acknowledged, in order: a resumption sends it again. */
export class RetainedRecords {
  #records: Retained[] = [];
  #bytes = 0;
  /** Of `#records`: how many were sent under the present keys. */
  #sent = 0;

  /** Nothing more may be added before something is acknowledged. */
  get full(): boolean {
    return this.#bytes >= MAX_RETAINED - LARGEST;
  }

  /** As they count towards MAX_RETAINED. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Sent just now, as number `number`. Only while nothing waits. */
  add(record: OutgoingRecord, number: bigint): void {
    this.#records.push({ record, number });
    this.#bytes += costOf(record);
    this.#sent = this.#records.length;
  }

  /** The peer has all records before number `count`. */
  received(count: bigint): void {
    let gone = 0;
    for (const { record, number } of this.#records) {
      if (number === undefined || number >= count) break;
      this.#bytes -= costOf(record);
      gone++;
    }
    if (gone === 0) return;
    this.#records.splice(0, gone);
    this.#sent -= gone;
  }

  /** Nothing of this stream's bytes is worth sending again. */
  forget(stream: number): void {
    const kept = this.#records.filter(({ record }) => record.stream !== stream);
    if (kept.length === this.#records.length) return;
    this.#records = kept;
    this.#bytes = kept.reduce((bytes, { record }) => bytes + costOf(record), 0);
    this.#sent = kept.filter(({ number }) => number !== undefined).length;
  }

  /** New keys: everything that is left waits to be sent. */
  restart(): void {
    for (const entry of this.#records) entry.number = undefined;
    this.#sent = 0;
  }

  /** The next that waits, sent now as number `number`; undefined when none does. */
  next(number: bigint): OutgoingRecord | undefined {
    const entry = this.#records[this.#sent];
    if (!entry) return undefined;
    entry.number = number;
    this.#sent++;
    return entry.record;
  }

  clear(): void {
    this.#records = [];
    this.#bytes = 0;
    this.#sent = 0;
  }
}

function costOf({ body }: OutgoingRecord): number {
  return body.length + RECORD_COST;
}
