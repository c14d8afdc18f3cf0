import { LiveletError } from '../errors.js';

interface Write {
  readonly bytes: Uint8Array;
  sent: number;
  settle(error?: LiveletError): void;
}

/** The bytes that a stream has taken and no record carries yet, with the promises of their writers. */
export class WriteQueue {
  readonly #writes: Write[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** Resolves when `take` has given the last of `bytes`. A writer who doesn't wait need not handle its rejection. */
  push(bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return rejected(new LiveletError('cancelled'));
    if (bytes.length === 0) return Promise.resolve();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    promise.catch(() => {});
    const cancel = (): void => this.#cancel(write);
    const write: Write = {
      bytes,
      sent: 0,
      settle: (error) => {
        signal?.removeEventListener('abort', cancel);
        if (error) reject(error);
        else resolve();
      },
    };
    signal?.addEventListener('abort', cancel, { once: true });
    this.#writes.push(write);
    this.#bytes += bytes.length;
    return promise;
  }

  /** Moves the oldest bytes into `target`, which has room for no more than there are. */
  take(target: Uint8Array): void {
    for (let at = 0; at < target.length; ) {
      const write = this.#writes[0] as Write;
      const end = Math.min(write.bytes.length, write.sent + target.length - at);
      target.set(write.bytes.subarray(write.sent, end), at);
      at += end - write.sent;
      this.#bytes -= end - write.sent;
      write.sent = end;
      if (end === write.bytes.length) this.#writes.shift()?.settle();
    }
  }

  /** Drops everything; the writers get `error`. */
  fail(error: LiveletError): void {
    this.#bytes = 0;
    for (const write of this.#writes.splice(0)) write.settle(error);
  }

  /** Only a write of which nothing was sent can still be taken back. */
  #cancel(write: Write): void {
    const index = this.#writes.indexOf(write);
    if (index < 0 || write.sent > 0) return;
    this.#writes.splice(index, 1);
    this.#bytes -= write.bytes.length;
    write.settle(new LiveletError('cancelled'));
  }
}

/** A rejection that nobody has to handle. */
export function rejected(error: LiveletError): Promise<never> {
  const promise = Promise.reject(error);
  promise.catch(() => {});
  return promise;
}
