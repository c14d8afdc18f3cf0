import { LiveletError } from '../errors.js';
import type { Transport, TransportHandlers } from '../transport/transport.js';

/** Frames that may wait before the session runs: a peer who is ahead sends a few, 4 MiB at the very most. */
const MAX_WAITING = 64;

/**
 * The receiving side of a transport: first a queue, from which the handshake takes frames one by one, then a feed for
 * whoever takes the rest.
 */
export class FrameInbox {
  readonly #frames: Uint8Array[] = [];
  #wake: (() => void) | undefined;
  #end: { readonly error: LiveletError | undefined } | undefined;
  #handlers: TransportHandlers | undefined;

  constructor(transport: Transport) {
    transport.attach({
      frame: (bytes) => {
        if (this.#handlers) {
          this.#handlers.frame(bytes);
        } else if (this.#frames.length === MAX_WAITING) {
          this.#end ??= {
            error: new LiveletError('handshake-malformed', 'too many frames ahead of their time'),
          };
          transport.close();
        } else {
          this.#frames.push(bytes);
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
    return this.#frames.shift();
  }

  /** Hands over what waits, and everything after it. Called once. */
  feed(handlers: TransportHandlers): void {
    for (const frame of this.#frames.splice(0)) handlers.frame(frame);
    this.#handlers = handlers;
    if (this.#end) handlers.closed(this.#end.error);
  }
}
