/** Reads bits, the most significant of each byte first. */
export class BitReader {
  readonly #bytes: Uint8Array;
  /** Bits from the start. */
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** @param count at most 32. @throws RangeError behind the last bit */
  bits(count: number): number {
    let value = 0;
    for (let index = 0; index < count; index++) {
      const byte = this.#bytes[this.#at >>> 3];
      if (byte === undefined) throw new RangeError('bits behind the end');
      value = value * 2 + ((byte >>> (7 - (this.#at & 7))) & 1);
      this.#at++;
    }
    return value;
  }

  flag(): boolean {
    return this.bits(1) === 1;
  }

  skip(count: number): void {
    this.#at += count;
  }

  /** An unsigned Exp-Golomb number: ITU-T H.264, 9.1, and AV1's uvlc(). @throws RangeError for more than 32 bits */
  golomb(): number {
    let zeros = 0;
    while (!this.flag()) {
      if (++zeros > 31) throw new RangeError('a number of too many bits');
    }
    return 2 ** zeros - 1 + this.bits(zeros);
  }
}
