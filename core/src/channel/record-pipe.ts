import type { LiveletError } from '../errors.js';

/** What a pipe tells its one owner. */
export interface RecordHandlers {
  /** One whole record that came in order and was opened. `body` belongs to the receiver. */
  record(type: number, body: Uint8Array): void;
  /** `ready` became true again. */
  ready(): void;
  /** The connection is gone. The last call. */
  lost(cause: LiveletError | undefined): void;
  /** What came could not be opened; nothing of it was passed on and the pipe is closed. The last call. */
  refused(error: LiveletError): void;
}

/**
 * An ordered, reliable pipe of typed records in both directions: the multiplexer's view of a connection. Behind it
 * are the keys and the transport.
 */
export interface RecordPipe {
  /** False while about one record waits for the connection; what is sent then makes later records wait longer. */
  readonly ready: boolean;
  /** Records sent so far; a record's number is how many were sent before it. */
  readonly sent: bigint;
  /** Records received so far, this one included while `record` runs. */
  readonly received: bigint;
  /** Starts delivery. Called once. */
  attach(handlers: RecordHandlers): void;
  /** @param pad whether the record's length shall hide that of its body */
  send(type: number, body: Uint8Array, pad: boolean): void;
  /** Forgets the keys and closes the connection after what was sent. No handler is called any more. Idempotent. */
  close(): void;
}
