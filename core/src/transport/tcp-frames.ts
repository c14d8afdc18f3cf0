import { LiveletError } from '../errors.js';
import { FRAME_HEADER, FrameKind, MAX_PING_BODY, MAX_RELAY_MESSAGE } from './relay-protocol.js';
import { MAX_TRANSPORT_FRAME } from './transport.js';

/** Bytes that the body of each kind may have. */
const LIMITS: Readonly<Record<FrameKind, { readonly min: number; readonly max: number }>> = {
  [FrameKind.message]: { min: 1, max: MAX_RELAY_MESSAGE },
  [FrameKind.frame]: { min: 1, max: MAX_TRANSPORT_FRAME },
  [FrameKind.ping]: { min: 0, max: MAX_PING_BODY },
  [FrameKind.pong]: { min: 0, max: MAX_PING_BODY },
  [FrameKind.close]: { min: 2, max: 2 },
};

/** The header of a frame whose body has `length` bytes. */
export function tcpFrameHeader(kind: FrameKind, length: number): Buffer {
  if (!isAllowed(kind, length)) throw new LiveletError('internal', `a frame of ${kind}, ${length} bytes`);
  const header = Buffer.allocUnsafe(FRAME_HEADER);
  header.writeUInt8(kind, 0);
  header.writeUIntBE(length, 1, FRAME_HEADER - 1);
  return header;
}

/** A whole frame in one buffer; for the small kinds. */
export function tcpFrame(kind: FrameKind, body: Uint8Array): Buffer {
  return Buffer.concat([tcpFrameHeader(kind, body.length), body]);
}

/** The frame that ends a connection. */
export function tcpCloseFrame(reason: number): Buffer {
  const body = Buffer.allocUnsafe(2);
  body.writeUInt16BE(reason);
  return tcpFrame(FrameKind.close, body);
}

/**
 * Cuts a stream of bytes into frames, however the bytes come. Holds at most one unfinished frame, whose length was
 * judged before memory was taken for it.
 */
export class TcpFrameReader {
  readonly #header = Buffer.allocUnsafe(FRAME_HEADER);
  readonly #deliver: (kind: FrameKind, body: Buffer) => void;
  #headerBytes = 0;
  #kind: FrameKind = FrameKind.message;
  #length = 0;
  #body: Buffer | undefined;
  #bodyBytes = 0;

  /** `deliver` gets each frame once; a body that came in one piece shares the memory of its chunk. */
  constructor(deliver: (kind: FrameKind, body: Buffer) => void) {
    this.#deliver = deliver;
  }

  /**
   * @returns whether a body that was delivered shares the memory of `chunk`
   * @throws `relay-protocol` for a kind or a length that isn't allowed; nothing can be read after it
   */
  push(chunk: Buffer): boolean {
    let at = 0;
    let shared = false;
    while (at < chunk.length) {
      if (this.#headerBytes < FRAME_HEADER) {
        const part = Math.min(FRAME_HEADER - this.#headerBytes, chunk.length - at);
        chunk.copy(this.#header, this.#headerBytes, at, at + part);
        this.#headerBytes += part;
        at += part;
        if (this.#headerBytes < FRAME_HEADER) return shared;
        this.#judge();
        // Nothing may follow that would wake it.
        if (this.#length === 0) this.#finish(chunk.subarray(at, at));
        continue;
      }
      const part = Math.min(this.#length - this.#bodyBytes, chunk.length - at);
      const piece = chunk.subarray(at, at + part);
      at += part;
      if (part === this.#length) {
        shared = true;
        this.#finish(piece);
      } else if (part > 0) {
        this.#body ??= Buffer.allocUnsafe(this.#length);
        piece.copy(this.#body, this.#bodyBytes);
        this.#bodyBytes += part;
        if (this.#bodyBytes === this.#length) this.#finish(this.#body);
      }
    }
    return shared;
  }

  /** What it holds of a frame that isn't whole yet, as it came; whoever takes that reads on instead. */
  held(): Buffer {
    const body = this.#body?.subarray(0, this.#bodyBytes) ?? Buffer.alloc(0);
    return Buffer.concat([this.#header.subarray(0, this.#headerBytes), body]);
  }

  #judge(): void {
    const kind = this.#header.readUInt8(0);
    const length = this.#header.readUIntBE(1, FRAME_HEADER - 1);
    if (!isAllowed(kind, length)) {
      throw new LiveletError('relay-protocol', `a frame of kind ${kind} with ${length} bytes`);
    }
    this.#kind = kind as FrameKind;
    this.#length = length;
  }

  #finish(body: Buffer): void {
    this.#headerBytes = 0;
    this.#bodyBytes = 0;
    this.#body = undefined;
    this.#deliver(this.#kind, body);
  }
}

function isAllowed(kind: number, length: number): boolean {
  const limits = Object.hasOwn(LIMITS, kind) ? LIMITS[kind as FrameKind] : undefined;
  return limits !== undefined && length >= limits.min && length <= limits.max;
}
