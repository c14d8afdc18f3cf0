import type { OutgoingRecord, RecordHandlers, RecordPipe } from '../src/channel/record-pipe.js';

/** A pipe whose other end is the test: it keeps what is sent and plays a peer who says anything. */
export class FakePipe implements RecordPipe {
  readonly records: OutgoingRecord[] = [];
  ready = true;
  full = false;
  closed = false;
  received = 2n;
  #handlers: RecordHandlers | undefined;

  get sent(): bigint {
    return 2n + BigInt(this.records.length);
  }

  attach(handlers: RecordHandlers): void {
    this.#handlers = handlers;
  }

  send(record: OutgoingRecord): void {
    if (!this.closed) this.records.push(record);
  }

  acknowledged(): void {}

  forget(): void {}

  giveUp(): void {}

  close(): void {
    this.closed = true;
  }

  /** The peer sends this. */
  say(type: number, body: Uint8Array): void {
    if (this.closed) return;
    this.received++;
    this.#handlers?.record(type, body);
  }

  /** Bodies of the records of `type` that were sent. */
  bodies(type: number): readonly Uint8Array[] {
    return this.records.filter((record) => record.type === type).map(({ body }) => body);
  }

  becomeReady(): void {
    this.ready = true;
    this.#handlers?.ready();
  }
}
