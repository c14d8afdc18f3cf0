import { asLiveletError } from '../errors.js';
import type { Transport } from '../transport/transport.js';
import type { FrameInbox } from './frame-inbox.js';
import type { RecordHandlers, RecordPipe } from './record-pipe.js';
import type { OpenedRecord, RecordOpener, RecordSealer } from './records.js';

/** Joins a transport with the keys of both directions. */
export class RecordLink implements RecordPipe {
  readonly #transport: Transport;
  readonly #inbox: FrameInbox;
  readonly #sealer: RecordSealer;
  readonly #opener: RecordOpener;
  #handlers: RecordHandlers | undefined;
  #ready = true;
  #closed = false;
  #bytesSent = 0;
  #bytesReceived = 0;

  constructor(transport: Transport, inbox: FrameInbox, sealer: RecordSealer, opener: RecordOpener) {
    this.#transport = transport;
    this.#inbox = inbox;
    this.#sealer = sealer;
    this.#opener = opener;
  }

  get ready(): boolean {
    return this.#ready && !this.#closed;
  }

  get sent(): bigint {
    return this.#sealer.count;
  }

  get received(): bigint {
    return this.#opener.count;
  }

  get bytesSent(): number {
    return this.#bytesSent;
  }

  get bytesReceived(): number {
    return this.#bytesReceived;
  }

  /**
   * The next record, while nothing is attached; undefined when the transport was closed in good order before one came.
   * @throws those of RecordOpener and FrameInbox
   */
  async next(signal: AbortSignal): Promise<OpenedRecord | undefined> {
    const frame = await this.#inbox.next(signal);
    return frame && this.#open(frame);
  }

  attach(handlers: RecordHandlers): void {
    this.#handlers = handlers;
    this.#inbox.feed({
      frame: (frame) => this.#frame(frame),
      drained: () => {
        this.#ready = true;
        if (!this.#closed) handlers.ready();
      },
      closed: (error) => {
        if (this.#closed) return;
        this.close();
        handlers.lost(error);
      },
    });
  }

  send(type: number, body: Uint8Array, pad: boolean): void {
    if (this.#closed) return;
    const record = this.#sealer.seal(type, body, pad);
    this.#bytesSent += record.length;
    this.#ready = this.#transport.send(record);
  }

  close(): void {
    this.#closed = true;
    this.#sealer.wipe();
    this.#opener.wipe();
    this.#transport.close();
  }

  #frame(frame: Uint8Array): void {
    if (this.#closed) return;
    let record: OpenedRecord;
    try {
      record = this.#open(frame);
    } catch (error) {
      this.close();
      this.#handlers?.refused(asLiveletError(error));
      return;
    }
    this.#handlers?.record(record.type, record.body);
  }

  #open(frame: Uint8Array): OpenedRecord {
    this.#bytesReceived += frame.length;
    return this.#opener.open(frame);
  }
}
