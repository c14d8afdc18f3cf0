import type { LiveletError } from '../errors.js';
import type { EndReason } from './frames.js';

/** A record to be. */
export interface OutgoingRecord {
  readonly type: number;
  /** Made for this record alone: the pipe may give its memory back once nothing is sent of it any more. */
  readonly body: Uint8Array;
  /** Whether the record's length shall hide that of its body. */
  readonly pad: boolean;
  /** Sent again after a drop, unless the peer has it. */
  readonly retained: boolean;
  /** The stream of a data record. */
  readonly stream?: number;
}

/** What a pipe tells its one owner. */
export interface RecordHandlers {
  /** One whole record that came in order and was opened. `body` belongs to the receiver. */
  record(type: number, body: Uint8Array): void;
  /** `ready` became true again. */
  ready(): void;
  /** The connection is gone and another is sought; `ready` is false until it is there. */
  suspended(): void;
  /** Another connection is there; what was retained is sent again before anything new. */
  resumed(): void;
  /** The connection is gone for good. The last call. */
  lost(cause: LiveletError | undefined): void;
  /** What came could not be opened; nothing of it was passed on and the pipe is closed. The last call. */
  refused(error: LiveletError): void;
}

/**
 * An ordered, reliable pipe of typed records in both directions: the multiplexer's view of a connection. Behind it
 * are the keys, the transport, and a new transport with new keys after a drop.
 */
export interface RecordPipe {
  /** False while about one record waits for the connection; what is sent then makes later records wait longer. */
  readonly ready: boolean;
  /** No record may be sent that is `retained`, until the peer has acknowledged some. */
  readonly full: boolean;
  /**
   * A record's number is how many were sent before it. After a drop the count goes on from what the peer has received.
   */
  readonly sent: bigint;
  /** Records received so far, this one included while `record` runs. */
  readonly received: bigint;
  /** Starts delivery. Called once. */
  attach(handlers: RecordHandlers): void;
  send(record: OutgoingRecord): void;
  /** The peer has all records before number `count`. */
  acknowledged(count: bigint): void;
  /** The bytes of this stream are not sent again. */
  forget(stream: number): void;
  /** Nobody answers: this connection is as good as gone. */
  giveUp(cause: LiveletError): void;
  /**
   * Forgets the keys and what is retained, and closes the connection after what was sent. No handler is called any
   * more. Idempotent.
   * @param farewell said to the peer where it can't be said now, because the connection is being sought
   */
  close(farewell?: EndReason): void;
}
