import { type ErrorCode, LiveletError } from '../errors.js';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** Writes big-endian numbers and bytes one after the other into a message of a known length. */
export class ByteWriter {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(length: number) {
    this.#bytes = new Uint8Array(length);
    this.#view = new DataView(this.#bytes.buffer);
  }

  u8(value: number): this {
    this.#view.setUint8(this.#at, value);
    return this.#advance(1);
  }

  u16(value: number): this {
    this.#view.setUint16(this.#at, value);
    return this.#advance(2);
  }

  u32(value: number): this {
    this.#view.setUint32(this.#at, value);
    return this.#advance(4);
  }

  i32(value: number): this {
    this.#view.setInt32(this.#at, value);
    return this.#advance(4);
  }

  /** A whole number up to 2^53 - 1, in eight bytes. */
  u53(value: number): this {
    return this.u32(Math.floor(value / 2 ** 32)).u32(value >>> 0);
  }

  bytes(value: Uint8Array): this {
    this.#bytes.set(value, this.#at);
    return this.#advance(value.length);
  }

  /** The whole message. @throws `internal` when it isn't filled */
  done(): Uint8Array {
    if (this.#at !== this.#bytes.length) throw new LiveletError('internal', 'message of a wrong length');
    return this.#bytes;
  }

  #advance(length: number): this {
    this.#at += length;
    return this;
  }
}

/** Reads what a ByteWriter wrote, and throws `code` for what it could not have written. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #code: ErrorCode;
  #at = 0;

  constructor(bytes: Uint8Array, code: ErrorCode) {
    this.#code = code;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2));
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4));
  }

  i32(): number {
    return this.#view.getInt32(this.#advance(4));
  }

  /** Eight bytes with a number up to 2^53 - 1. */
  u53(): number {
    const value = this.u32() * 2 ** 32 + this.u32();
    if (!Number.isSafeInteger(value)) throw this.#error('number too large');
    return value;
  }

  /** A byte that is 0 or 1. */
  flag(): boolean {
    const value = this.u8();
    if (value > 1) throw this.#error(`flags ${value}`);
    return value === 1;
  }

  /** A view, not a copy. */
  bytes(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  text(length: number): string {
    try {
      return strictUtf8.decode(this.bytes(length));
    } catch {
      throw this.#error('text is not UTF-8');
    }
  }

  end(): void {
    if (this.#at !== this.#bytes.length) throw this.#error('bytes after the end');
  }

  #advance(length: number): number {
    const start = this.#at;
    if (length > this.#bytes.length - start) throw this.#error('message too short');
    this.#at = start + length;
    return start;
  }

  #error(message: string): LiveletError {
    return new LiveletError(this.#code, message);
  }
}
