import type { RecordHandlers, RecordPipe } from '../src/channel/record-pipe.js';

/** A pipe whose other end is the test: it keeps what is sent and plays a peer who says anything. */
export class FakePipe implements RecordPipe {
  readonly records: { readonly type: number; readonly body: Uint8Array; readonly pad: boolean }[] = [];
  ready = true;
  closed = false;
  received = 2n;
  #handlers: RecordHandlers | undefined;

  get sent(): bigint {
    return 2n + BigInt(this.records.length);
  }

  attach(handlers: RecordHandlers): void {
    this.#handlers = handlers;
  }

  send(type: number, body: Uint8Array, pad: boolean): void {
    if (!this.closed) this.records.push({ type, body, pad });
  }

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
