import { LiveletError } from '@livelet/core/page';
import { FRAME_LENGTH_BYTES, MAX_FRAME } from './frames.js';

/** Read at a time while frames are small; a larger frame is read into its own memory. */
const READ_BYTES = 64 * 1024;

/** Finds the frames in the bytes of the host's stream: each behind its length, as `frameLength` writes it. */
export class FrameReader {
  readonly #reader: ReadableStreamBYOBReader;
  readonly #take: (frame: Uint8Array) => void;
  readonly #length = new Uint8Array(FRAME_LENGTH_BYTES);
  /** Bytes of the length that are there. */
  #known = 0;
  /** The frame that is coming, and its bytes that are there. */
  #frame: Uint8Array<ArrayBuffer> | undefined;
  #filled = 0;

  /** `take` gets each frame as soon as it is whole, in memory of its own. */
  constructor(reader: ReadableStreamBYOBReader, take: (frame: Uint8Array) => void) {
    this.#reader = reader;
    this.#take = take;
  }

  /**
   * Reads to the end of the stream; rejects with what the stream and `take` throw.
   * @throws LiveletError `message-too-large`
   */
  async run(): Promise<void> {
    let buffer = new ArrayBuffer(READ_BYTES);
    for (;;) {
      if (this.#frame) {
        // Straight to where it belongs, which spares large frames a copy.
        const { value, done } = await this.#reader.read(this.#frame.subarray(this.#filled));
        if (done) return;
        this.#frame = new Uint8Array(value.buffer);
        this.#advance(this.#frame, value.length);
      } else {
        const { value, done } = await this.#reader.read(new Uint8Array(buffer));
        if (done) return;
        this.#split(value);
        buffer = value.buffer;
      }
    }
  }

  #split(bytes: Uint8Array): void {
    let rest = bytes;
    while (rest.length > 0) {
      if (this.#frame) {
        const part = rest.subarray(0, this.#frame.length - this.#filled);
        this.#frame.set(part, this.#filled);
        this.#advance(this.#frame, part.length);
        rest = rest.subarray(part.length);
      } else {
        const part = rest.subarray(0, FRAME_LENGTH_BYTES - this.#known);
        this.#length.set(part, this.#known);
        this.#known += part.length;
        rest = rest.subarray(part.length);
        if (this.#known === FRAME_LENGTH_BYTES) this.#begin();
      }
    }
  }

  #begin(): void {
    this.#known = 0;
    const length = new DataView(this.#length.buffer).getUint32(0);
    if (length > MAX_FRAME) throw new LiveletError('message-too-large', `${length} bytes in a frame`);
    const frame = new Uint8Array(length);
    this.#filled = 0;
    this.#frame = frame;
    this.#advance(frame, 0);
  }

  #advance(frame: Uint8Array, bytes: number): void {
    this.#filled += bytes;
    if (this.#filled < frame.length) return;
    this.#frame = undefined;
    this.#take(frame);
  }
}
