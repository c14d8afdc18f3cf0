import { type ErrorCode, LiveletError, type MessageStream } from '@livelet/core';

/** One end of a stream in memory. */
export interface StreamEnd extends MessageStream {
  /** The code that the stream was reset with by either end. */
  readonly closed: Promise<ErrorCode | undefined>;
}

/** A message stream in memory, both its ends. A held end keeps what it is sent, as a slow line does. */
export function streamPair(): readonly [StreamEnd, StreamEnd] {
  const state = new PairState();
  return [new End(state, 0), new End(state, 1)];
}

class PairState {
  readonly queues: [Uint8Array[], Uint8Array[]] = [[], []];
  readonly closed = Promise.withResolvers<ErrorCode | undefined>();
  waiting: (() => void)[] = [];
  code: ErrorCode | undefined;
  ended = false;

  notify(): void {
    for (const wake of this.waiting.splice(0)) wake();
  }

  end(code?: ErrorCode): void {
    if (this.ended) return;
    this.ended = true;
    this.code = code;
    this.closed.resolve(code);
    this.notify();
  }
}

class End implements StreamEnd {
  readonly #state: PairState;
  readonly #side: 0 | 1;

  constructor(state: PairState, side: 0 | 1) {
    this.#state = state;
    this.#side = side;
  }

  get closed(): Promise<ErrorCode | undefined> {
    return this.#state.closed.promise;
  }

  /** What the other end hasn't taken. */
  get queuedBytes(): number {
    return this.#state.queues[this.#side].reduce((sum, message) => sum + message.length, 0);
  }

  async send(message: Uint8Array): Promise<void> {
    const { queues } = this.#state;
    if (this.#state.ended) throw new LiveletError(this.#state.code ?? 'session-ended');
    queues[this.#side].push(message);
    this.#state.notify();
    while (queues[this.#side].includes(message)) {
      if (this.#state.ended) throw new LiveletError(this.#state.code ?? 'session-ended');
      await this.#change();
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    const queue = this.#state.queues[this.#side === 0 ? 1 : 0];
    for (;;) {
      const message = queue.shift();
      if (message) {
        this.#state.notify();
        yield message;
      } else if (this.#state.ended) {
        if (this.#state.code) throw new LiveletError(this.#state.code);
        return;
      } else {
        await this.#change();
      }
    }
  }

  closeWrite(): void {
    this.#state.end();
  }

  reset(code: ErrorCode): void {
    this.#state.end(code);
  }

  #change(): Promise<void> {
    if (this.#state.ended) return Promise.resolve();
    return new Promise((resolve) => this.#state.waiting.push(resolve));
  }
}
