import type { LiveletError } from '../errors.js';

/** What a wire tells the link that owns it. */
export interface WireEvents {
  /** Text before the splice, at most MAX_RELAY_MESSAGE + 1 characters of it. */
  message(text: string): void;
  frame(bytes: Uint8Array): void;
  /** A sign of life that is neither. */
  heard(): void;
  /** The end; undefined: the other side closed in good order. */
  closed(error: LiveletError | undefined): void;
}

/** One way of carrying messages and frames on a socket. Everything that the ways have in common is in SocketLink. */
export interface LinkWire {
  /** Bytes that the socket hasn't taken yet. */
  readonly bufferedBytes: number;
  /** Called once, at once: what arrives goes to `events` from the first byte on. */
  listen(events: WireEvents): void;
  sendMessage(text: string): void;
  /** `taken` is called when the socket has taken the frame. */
  sendFrame(frame: Uint8Array, taken: () => void): void;
  /** Stops reading; what was read already may still be told. Idempotent, like `resume`. */
  pause(): void;
  resume(): void;
  /** Says goodbye behind what is queued. */
  close(): void;
  /** Ends the socket now. */
  terminate(): void;
}
