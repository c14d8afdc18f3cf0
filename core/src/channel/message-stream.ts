import { type ErrorCode, LiveletError } from '../errors.js';
import { freeMemory } from './bytes.js';
import { BEFORE_DATA } from './frames.js';
import type { ByteStream } from './streams.js';
import { rejected } from './write-queue.js';

/** The length in front of each message: u32, big-endian, of what follows. Bytes. */
const HEADER = 4;

/** Whole messages over a ByteStream. */
export interface MessageStream extends AsyncIterable<Uint8Array> {
  /** Bytes that `send` has taken and that no record carries yet. */
  readonly queuedBytes: number;
  /**
   * Takes `message` (which the caller must not change afterwards) and resolves when records carry all of it.
   * @throws `message-too-large`, or the code that the stream was reset with
   */
  send(message: Uint8Array): Promise<void>;
  /**
   * The received messages; iterated once. One that came in a single piece is a view of that, any other has memory of
   * its own.
   * @throws `message-too-large`, `message-malformed` (closed within a message), or the code of a reset
   */
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array>;
  closeWrite(): void;
  reset(code: ErrorCode): void;
}

/** @param maximum bytes of one message, in either direction; a longer one from the peer resets the stream */
export function messageStream(stream: ByteStream, maximum: number): MessageStream {
  return {
    get queuedBytes() {
      return stream.queuedBytes;
    },
    send(message) {
      if (message.length > maximum) return rejected(tooLarge(message.length, maximum));
      const header = new Uint8Array(HEADER);
      new DataView(header.buffer).setUint32(0, message.length);
      // Two writes keep the message from being copied; the multiplexer sends them together.
      const headerDone = stream.write(header);
      return message.length === 0 ? headerDone : stream.write(message);
    },
    [Symbol.asyncIterator]: () => receive(stream, maximum),
    closeWrite: () => stream.closeWrite(),
    reset: (code) => stream.reset(code),
  };
}

async function* receive(stream: ByteStream, maximum: number): AsyncGenerator<Uint8Array, void, undefined> {
  const header = new Gathered(new Uint8Array(HEADER));
  let message: Gathered | undefined;
  for await (const chunk of stream) {
    let rest: Uint8Array = chunk;
    let isShared = false;
    while (rest.length > 0) {
      if (message) {
        rest = message.take(rest);
      } else {
        rest = header.take(rest);
        if (!header.full) break;
        const length = header.length32();
        if (length > maximum) {
          stream.reset('message-too-large');
          throw tooLarge(length, maximum);
        }
        header.clear();
        if (rest.length >= length) {
          isShared = true;
          yield rest.subarray(0, length);
          rest = rest.subarray(length);
        } else {
          message = new Gathered(new Uint8Array(length));
        }
      }
      if (message?.full) {
        yield message.bytes;
        message = undefined;
      }
    }
    if (!isShared) freeMemory(chunk, BEFORE_DATA);
  }
  if (message || !header.empty)
    throw new LiveletError('message-malformed', 'the stream ended within a message');
}

/** Bytes of which a known number is due. */
class Gathered {
  readonly bytes: Uint8Array;
  #filled = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get full(): boolean {
    return this.#filled === this.bytes.length;
  }

  get empty(): boolean {
    return this.#filled === 0;
  }

  /** @returns what is left of `chunk` */
  take(chunk: Uint8Array): Uint8Array {
    const taken = chunk.subarray(0, this.bytes.length - this.#filled);
    this.bytes.set(taken, this.#filled);
    this.#filled += taken.length;
    return chunk.subarray(taken.length);
  }

  length32(): number {
    return new DataView(this.bytes.buffer).getUint32(0);
  }

  clear(): void {
    this.#filled = 0;
  }
}

function tooLarge(length: number, maximum: number): LiveletError {
  return new LiveletError('message-too-large', undefined, { data: { length, maximum } });
}
