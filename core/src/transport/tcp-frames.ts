import { LiveletError } from '../errors.js';
import { MAX_RELAY_MESSAGE } from './relay-protocol.js';
import { MAX_TRANSPORT_FRAME } from './transport.js';

/**
 * What stands on TLS over TCP, in both directions:
 *
 *     kind u8 | length u24, big-endian | body
 *
 * Each kind with the lengths that its body may have, bytes.
 */
export const TCP_FRAME_KINDS = {
  /** JSON text, only before the splice. */
  message: { number: 0, min: 1, max: MAX_RELAY_MESSAGE },
  /** A record of the ends, only after the splice. */
  frame: { number: 1, min: 1, max: MAX_TRANSPORT_FRAME },
  /** To be answered by a pong with the same body. */
  ping: { number: 2, min: 0, max: 8 },
  pong: { number: 3, min: 0, max: 8 },
  /** Nothing follows. Body: reason u16, a CloseReason. */
  close: { number: 4, min: 2, max: 2 },
} as const;
export type TcpFrameKind = keyof typeof TCP_FRAME_KINDS;

/** ALPN name of this way in. */
export const TCP_PROTOCOL = 'livelet/1';

/** Bytes before the body. */
const HEADER = 4;

const KINDS = Object.entries(TCP_FRAME_KINDS) as [TcpFrameKind, (typeof TCP_FRAME_KINDS)[TcpFrameKind]][];

/** The header of a frame whose body has `length` bytes. */
export function tcpFrameHeader(kind: TcpFrameKind, length: number): Buffer {
  const { number, min, max } = TCP_FRAME_KINDS[kind];
  if (length < min || length > max) throw new LiveletError('internal', `a ${kind} of ${length} bytes`);
  const header = Buffer.allocUnsafe(HEADER);
  header.writeUInt8(number, 0);
  header.writeUIntBE(length, 1, HEADER - 1);
  return header;
}

/** A whole frame in one buffer; for the small kinds. */
export function tcpFrame(kind: TcpFrameKind, body: Uint8Array): Buffer {
  return Buffer.concat([tcpFrameHeader(kind, body.length), body]);
}

/** The frame that ends a connection. */
export function tcpCloseFrame(reason: number): Buffer {
  const body = Buffer.allocUnsafe(2);
  body.writeUInt16BE(reason);
  return tcpFrame('close', body);
}

/** The reason in the body of a close frame. */
export function tcpCloseReason(body: Uint8Array): number {
  return Buffer.from(body.buffer, body.byteOffset, body.length).readUInt16BE();
}

/**
 * Cuts a stream of bytes into frames, however the bytes come. Holds at most one unfinished frame, whose length was
 * judged before memory was taken for it.
 */
export class TcpFrameReader {
  readonly #header = Buffer.allocUnsafe(HEADER);
  readonly #deliver: (kind: TcpFrameKind, body: Buffer) => void;
  #headerBytes = 0;
  #kind: TcpFrameKind = 'message';
  #length = 0;
  #body: Buffer | undefined;
  #bodyBytes = 0;

  /** `deliver` gets each frame once; a body that came in one piece shares the memory of its chunk. */
  constructor(deliver: (kind: TcpFrameKind, body: Buffer) => void) {
    this.#deliver = deliver;
  }

  /** @throws `relay-protocol` for a kind or a length that isn't allowed; nothing can be read after it */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#headerBytes < HEADER) {
        const part = Math.min(HEADER - this.#headerBytes, chunk.length - at);
        chunk.copy(this.#header, this.#headerBytes, at, at + part);
        this.#headerBytes += part;
        at += part;
        if (this.#headerBytes < HEADER) return;
        this.#judge();
      }
      const part = Math.min(this.#length - this.#bodyBytes, chunk.length - at);
      const piece = chunk.subarray(at, at + part);
      at += part;
      if (part === this.#length) {
        this.#finish(piece);
        continue;
      }
      if (part === 0) return;
      this.#body ??= Buffer.allocUnsafe(this.#length);
      piece.copy(this.#body, this.#bodyBytes);
      this.#bodyBytes += part;
      if (this.#bodyBytes === this.#length) this.#finish(this.#body);
    }
  }

  #judge(): void {
    const number = this.#header.readUInt8(0);
    const length = this.#header.readUIntBE(1, HEADER - 1);
    const [kind, limits] = KINDS.find(([, known]) => known.number === number) ?? [];
    if (kind === undefined || limits === undefined || length < limits.min || length > limits.max) {
      throw new LiveletError('relay-protocol', `a frame of kind ${number} with ${length} bytes`);
    }
    this.#kind = kind;
    this.#length = length;
  }

  #finish(body: Buffer): void {
    this.#headerBytes = 0;
    this.#bodyBytes = 0;
    this.#body = undefined;
    this.#deliver(this.#kind, body);
  }
}
