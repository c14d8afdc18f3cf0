import { LiveletError } from '../errors.js';
import type { Transport, TransportHandlers } from '../transport/transport.js';

/** The most that may wait before the session runs, bytes; many small frames of a peer who is ahead can come in one piece. */
const MAX_WAITING = 4 * 1024 * 1024;
/** What a frame takes in memory beside its bytes, about, bytes. */
const FRAME_COST = 128;

/**
 * The receiving side of a transport: first a queue, from which the handshake takes frames one by one, then a feed for
 * whoever takes the rest.
 */
export class FrameInbox {
  readonly #frames: Uint8Array[] = [];
  #waiting = 0;
  #wake: (() => void) | undefined;
  #end: { readonly error: LiveletError | undefined } | undefined;
  #handlers: TransportHandlers | undefined;

  constructor(transport: Transport) {
    transport.attach({
      frame: (bytes) => {
        if (this.#handlers) {
          this.#handlers.frame(bytes);
        } else if (this.#waiting + costOf(bytes) > MAX_WAITING) {
          this.#end ??= {
            error: new LiveletError('handshake-malformed', 'too many frames ahead of their time'),
          };
          transport.close();
        } else {
          this.#frames.push(bytes);
          this.#waiting += costOf(bytes);
        }
        this.#wake?.();
      },
      drained: () => this.#handlers?.drained(),
      closed: (error) => {
        if (this.#handlers) this.#handlers.closed(error);
        this.#end ??= { error };
        this.#wake?.();
      },
    });
  }

  /**
   * The next frame, or undefined when the transport was closed in good order before one came.
   * @throws what the transport was lost with, or the signal's reason
   */
  async next(signal: AbortSignal): Promise<Uint8Array | undefined> {
    while (this.#frames.length === 0) {
      signal.throwIfAborted();
      if (this.#end?.error) throw this.#end.error;
      if (this.#end) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      this.#wake = undefined;
    }
    const frame = this.#frames.shift();
    if (frame) this.#waiting -= costOf(frame);
    return frame;
  }

  /** Hands over what waits, and everything after it. Called once. */
  feed(handlers: TransportHandlers): void {
    for (const frame of this.#frames.splice(0)) handlers.frame(frame);
    this.#handlers = handlers;
    if (this.#end) handlers.closed(this.#end.error);
  }
}

function costOf(frame: Uint8Array): number {
  return frame.length + FRAME_COST;
}
