import type { TLSSocket } from 'node:tls';
import { freeMemory } from '../channel/bytes.js';
import { LiveletError } from '../errors.js';
import { closeError } from './close-error.js';
import type { LinkWire, WireEvents } from './link-wire.js';
import { CloseReason, FrameKind } from './relay-protocol.js';
import { TcpFrameReader, tcpCloseFrame, tcpFrame, tcpFrameHeader } from './tcp-frames.js';

/** Pings are left unanswered while this many bytes wait: who pings and doesn't read gets no memory for it. */
const MAX_WAITING_FOR_PONG = 64 * 1024;

/** Messages and frames behind a header of four bytes, on an open TLS socket. */
export class TlsTcpWire implements LinkWire {
  readonly #socket: TLSSocket;

  constructor(socket: TLSSocket) {
    this.#socket = socket;
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  listen(events: WireEvents): void {
    const reader = new TcpFrameReader((kind, body) => this.#take(kind, body, events));
    this.#socket.on('data', (chunk: Buffer) => {
      events.heard();
      try {
        if (!reader.push(chunk)) freeMemory(chunk);
      } catch (error) {
        events.closed(
          error instanceof LiveletError ? error : new LiveletError('internal', undefined, { cause: error }),
        );
      }
    });
    this.#socket.on('close', () => events.closed(new LiveletError('relay-closed', 'cut')));
    // A close follows.
    this.#socket.on('error', () => {});
    if (this.#socket.destroyed) events.closed(new LiveletError('relay-closed', 'cut'));
  }

  sendMessage(text: string): void {
    this.#socket.write(tcpFrame(FrameKind.message, Buffer.from(text)));
  }

  sendFrame(frame: Uint8Array, taken: () => void): void {
    // One write for the socket, without a copy of the frame here.
    this.#socket.cork();
    this.#socket.write(tcpFrameHeader(FrameKind.frame, frame.byteLength));
    this.#socket.write(frame, taken);
    this.#socket.uncork();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#socket.end(tcpCloseFrame(CloseReason.peerClosed));
  }

  terminate(): void {
    this.#socket.destroy();
  }

  #take(kind: FrameKind, body: Buffer, events: WireEvents): void {
    switch (kind) {
      case FrameKind.message:
        events.message(body.toString());
        return;
      case FrameKind.frame:
        events.frame(body);
        return;
      case FrameKind.ping:
        if (this.bufferedBytes <= MAX_WAITING_FOR_PONG) this.#socket.write(tcpFrame(FrameKind.pong, body));
        return;
      case FrameKind.pong:
        return;
      case FrameKind.close:
        events.closed(closeError(body.readUInt16BE()));
    }
  }
}
