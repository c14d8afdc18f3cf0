import { freeMemory } from './bytes.js';
import type { OutgoingRecord } from './record-pipe.js';
import { MAX_RECORD_BODY } from './records.js';

/** The most that is retained, bytes; each record counts as its body and RECORD_COST. */
export const MAX_RETAINED = 8 * 1024 * 1024;
/** What an empty record takes in memory, about, bytes: many small ones must not take more than is allowed. */
const RECORD_COST = 128;
const LARGEST = MAX_RECORD_BODY + RECORD_COST;

interface Retained {
  /** Undefined once it is forgotten: its place goes with the others', as its cost does. */
  record: OutgoingRecord | undefined;
  /** Its number under the present keys; undefined while it waits to be sent again. */
  number: bigint | undefined;
}

/** What was sent and isn't acknowledged, in order: a resumption sends it again. */
export class RetainedRecords {
  #records: Retained[] = [];
  /** A peer can have streams reset as fast as it likes: what is retained of one is found without a search. */
  readonly #ofStream = new Map<number, Set<Retained>>();
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
    const entry = { record, number };
    this.#records.push(entry);
    this.#bytes += costOf(entry);
    this.#sent = this.#records.length;
    if (record.stream === undefined) return;
    const entries = this.#ofStream.get(record.stream);
    if (entries) entries.add(entry);
    else this.#ofStream.set(record.stream, new Set([entry]));
  }

  /** The peer has all records before number `count`. */
  received(count: bigint): void {
    let gone = 0;
    for (const entry of this.#records) {
      if (entry.number === undefined || entry.number >= count) break;
      this.#release(entry);
      gone++;
    }
    if (gone === 0) return;
    this.#records.splice(0, gone);
    this.#sent -= gone;
  }

  /** Nothing of this stream's bytes is worth sending again. */
  forget(stream: number): void {
    for (const entry of this.#ofStream.get(stream) ?? []) {
      this.#bytes -= costOf(entry) - RECORD_COST;
      entry.record = undefined;
    }
    this.#ofStream.delete(stream);
  }

  /** New keys: everything that is left waits to be sent. */
  restart(): void {
    this.#records = this.#records.filter(({ record }) => record !== undefined);
    this.#bytes = this.#records.reduce((bytes, entry) => bytes + costOf(entry), 0);
    for (const entry of this.#records) entry.number = undefined;
    this.#sent = 0;
  }

  /** The next that waits, sent now as number `number`; undefined when none does. */
  next(number: bigint): OutgoingRecord | undefined {
    for (;;) {
      const entry = this.#records[this.#sent];
      if (!entry) return undefined;
      entry.number = number;
      this.#sent++;
      if (entry.record) return entry.record;
    }
  }

  clear(): void {
    this.#records = [];
    this.#ofStream.clear();
    this.#bytes = 0;
    this.#sent = 0;
  }

  #release(entry: Retained): void {
    this.#bytes -= costOf(entry);
    const { stream, body } = entry.record ?? {};
    if (stream === undefined || body === undefined) return;
    freeMemory(body);
    const entries = this.#ofStream.get(stream);
    entries?.delete(entry);
    if (entries?.size === 0) this.#ofStream.delete(stream);
  }
}

function costOf({ record }: Retained): number {
  return (record?.body.length ?? 0) + RECORD_COST;
}
