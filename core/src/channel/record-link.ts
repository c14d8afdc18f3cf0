import type { Clock } from '../clock.js';
import type { Side } from '../contracts/session.js';
import { asLiveletError } from '../errors.js';
import type { Transport } from '../transport/transport.js';
import { freeMemory } from './bytes.js';
import type { FrameInbox } from './frame-inbox.js';
import type { RecordHandlers } from './record-pipe.js';
import { type OpenedRecord, RecordOpener, RecordSealer } from './records.js';

/** What a link tells its one owner; as RecordHandlers. */
type LinkHandlers = Omit<RecordHandlers, 'suspended' | 'resumed'>;

/** Joins a transport with the keys of both directions: one connection, from its first record to its loss. */
export class RecordLink {
  readonly #transport: Transport;
  readonly #inbox: FrameInbox;
  readonly #sealer: RecordSealer;
  readonly #opener: RecordOpener;
  #handlers: LinkHandlers | undefined;
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

  get transport(): Transport {
    return this.#transport;
  }

  /** Records sealed. */
  get sent(): bigint {
    return this.#sealer.count;
  }

  /** Records opened. */
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

  /** Starts delivery. Called once. */
  attach(handlers: LinkHandlers): void {
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
    this.#ready = this.#transport.send(record, () => freeMemory(record));
  }

  /** Forgets the keys and closes the transport after what was sent. No handler is called any more. Idempotent. */
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
    const record = this.#opener.open(frame);
    freeMemory(frame);
    return record;
  }
}

/** What both ends have agreed on, at first or after a drop. */
interface LinkKeys {
  /** For records from the operator to the customer, 64 bytes. */
  readonly secretO2C: Uint8Array;
  /** For records from the customer to the operator, 64 bytes. */
  readonly secretC2O: Uint8Array;
}

/** The link of `side`, which seals with the key of its own direction and opens with the other's. */
export function linkWith(
  { secretO2C, secretC2O }: LinkKeys,
  end: { readonly side: Side; readonly clock: Clock; readonly transport: Transport },
  inbox: FrameInbox,
): RecordLink {
  const { side, clock, transport } = end;
  return side === 'operator'
    ? new RecordLink(
        transport,
        inbox,
        new RecordSealer('o2c', secretO2C, clock),
        new RecordOpener('c2o', secretC2O),
      )
    : new RecordLink(
        transport,
        inbox,
        new RecordSealer('c2o', secretC2O, clock),
        new RecordOpener('o2c', secretO2C),
      );
}
