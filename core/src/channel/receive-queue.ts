/** Small pieces are gathered in blocks of this many bytes. */
const BLOCK = 4_096;

/**
 * Received bytes that the consumer hasn't taken. It holds little more memory than it has bytes, however small the
 * pieces are in which a peer sends them, and keeps a large piece as it came.
 */
export class ReceiveQueue {
  readonly #chunks: Uint8Array[] = [];
  /** Bytes used of the last chunk when that is a block of this queue. */
  #blockUsed: number | undefined;
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  push(bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    if (bytes.length >= BLOCK / 2 && bytes.length * 2 >= bytes.buffer.byteLength) {
      this.#sealBlock();
      this.#chunks.push(bytes);
      return;
    }
    for (let rest = bytes; rest.length > 0; ) rest = rest.subarray(this.#gather(rest));
  }

  /** The oldest bytes, or undefined if there are none. */
  shift(): Uint8Array | undefined {
    if (this.#chunks.length === 1) this.#sealBlock();
    const chunk = this.#chunks.shift();
    if (chunk) this.#bytes -= chunk.length;
    return chunk;
  }

  clear(): void {
    this.#chunks.length = 0;
    this.#blockUsed = undefined;
    this.#bytes = 0;
  }

  /** @returns how many bytes found room */
  #gather(bytes: Uint8Array): number {
    let block = this.#chunks.at(-1);
    if (block === undefined || this.#blockUsed === undefined || this.#blockUsed === block.length) {
      this.#sealBlock();
      // The consumer usually waits and takes a piece at once, so that the first one needs no room for more.
      block = new Uint8Array(this.#chunks.length === 0 ? Math.min(bytes.length, BLOCK) : BLOCK);
      this.#chunks.push(block);
      this.#blockUsed = 0;
    }
    const taken = Math.min(bytes.length, block.length - this.#blockUsed);
    block.set(bytes.subarray(0, taken), this.#blockUsed);
    this.#blockUsed += taken;
    return taken;
  }

  #sealBlock(): void {
    const block = this.#chunks.at(-1);
    if (block && this.#blockUsed !== undefined) {
      this.#chunks[this.#chunks.length - 1] = block.subarray(0, this.#blockUsed);
    }
    this.#blockUsed = undefined;
  }
}
