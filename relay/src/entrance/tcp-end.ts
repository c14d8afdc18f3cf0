import type { Socket } from 'node:net';
import {
  type Clock,
  CloseReason,
  FrameKind,
  TcpFrameReader,
  tcpCloseFrame,
  tcpFrame,
  tcpFrameHeader,
} from '@livelet/core/wire';
import { DEAF, type EndHandlers, type EndSocket } from './end-socket.js';
import { hearLastWords } from './last-words.js';

/** Pings are left unanswered while this many bytes wait: who pings and doesn't read gets no memory for it. */
const MOST_WAITING_FOR_PONG = 64 * 1024;
const EMPTY = Buffer.alloc(0);

/** An end that came by TLS-TCP. */
export class TcpEnd implements EndSocket {
  readonly transport = 'tls-tcp';
  handlers: EndHandlers = DEAF;
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #limitMs: number;
  /** Undefined once its bytes go to another end, or to nobody. */
  #reader: TcpFrameReader | undefined;
  #take: ((chunk: Buffer) => void) | undefined;
  #isRaw = false;
  #isClosing = false;
  #limit: Disposable | undefined;

  /** @param limitMs how long a goodbye may take */
  constructor(socket: Socket, clock: Clock, limitMs: number) {
    this.#socket = socket;
    this.#clock = clock;
    this.#limitMs = limitMs;
    this.#reader = new TcpFrameReader((kind, body) => this.#receive(kind, body));
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    // Errors show as a close.
    socket.on('error', () => {});
    // Of bytes passed on unread, a stream that ends whole is the only goodbye that can be seen.
    socket.on('end', () => this.#tellClosed(this.#isRaw));
    socket.on('close', () => {
      this.#limit?.[Symbol.dispose]();
      this.#tellClosed(false);
    });
  }

  get bytesRead(): number {
    return this.#socket.bytesRead;
  }

  get isPaused(): boolean {
    return this.#socket.isPaused();
  }

  get isOpen(): boolean {
    return !this.#isClosing && this.#socket.writable && this.#socket.readable;
  }

  sendMessage(text: string): void {
    this.#socket.write(tcpFrame(FrameKind.message, Buffer.from(text)));
  }

  sendFrame(bytes: Buffer, taken: () => void): void {
    this.#socket.cork();
    this.#socket.write(tcpFrameHeader(FrameKind.frame, bytes.length));
    this.#socket.write(bytes, taken);
    this.#socket.uncork();
  }

  /** Bytes of another TLS-TCP end, as they came. */
  sendRaw(bytes: Buffer, taken: () => void): void {
    this.#socket.write(bytes, taken);
  }

  ping(): void {
    if (this.isOpen) this.#socket.write(tcpFrame(FrameKind.ping, EMPTY));
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** From here on its bytes aren't looked at: `take` gets all that come, beginning with what was no whole frame yet. */
  release(take: (chunk: Buffer) => void): void {
    const held = this.#reader?.held() ?? EMPTY;
    this.#reader = undefined;
    this.#isRaw = true;
    this.#take = take;
    if (held.length > 0) take(held);
  }

  close(reason: CloseReason): void {
    // Among another end's bytes is no place for a frame of ours: there the end of the stream has to say it.
    if (!this.#isRaw && this.isOpen) this.#socket.write(tcpCloseFrame(reason));
    this.#stopReading();
    if (this.#socket.destroyed) return;
    if (this.#limit === undefined) {
      this.#limit = this.#clock.setTimer(this.#limitMs, () => this.#socket.destroy());
      hearLastWords(this.#socket, reason === CloseReason.protocol);
    }
    this.#socket.end();
    this.#socket.resume();
  }

  terminate(): void {
    this.#stopReading();
    this.#socket.destroy();
  }

  #stopReading(): void {
    this.handlers = DEAF;
    this.#isClosing = true;
    this.#reader = undefined;
    this.#take = undefined;
  }

  #read(chunk: Buffer): void {
    if (this.#take !== undefined) {
      this.#take(chunk);
      return;
    }
    try {
      this.#reader?.push(chunk);
    } catch {
      this.handlers.broke();
    }
  }

  #receive(kind: FrameKind, body: Buffer): void {
    if (this.#isClosing) return;
    switch (kind) {
      case FrameKind.message:
        this.handlers.message(body.toString());
        break;
      case FrameKind.frame:
        this.handlers.frame(body);
        break;
      case FrameKind.ping:
        this.#answer(body);
        break;
      case FrameKind.close:
        this.#tellClosed(body.readUInt16BE() === CloseReason.peerClosed);
    }
  }

  #answer(body: Buffer): void {
    if (this.#socket.writableLength <= MOST_WAITING_FOR_PONG) {
      this.#socket.write(tcpFrame(FrameKind.pong, body));
    }
  }

  #tellClosed(good: boolean): void {
    const { handlers } = this;
    this.handlers = DEAF;
    handlers.closed(good);
  }
}
