import type { Socket } from 'node:net';
import { type Clock, CloseReason, MAX_RELAY_MESSAGE } from '@livelet/core/wire';
import type { RawData, WebSocket } from 'ws';
import { DEAF, type EndHandlers, type EndSocket, reasonName } from './end-socket.js';
import { hearLastWords } from './last-words.js';

/** WebSocket close code for "done", RFC 6455. */
const NORMAL_CLOSURE = 1000;

/** An end that came by WebSocket. */
export class WebSocketEnd implements EndSocket {
  readonly transport = 'websocket';
  handlers: EndHandlers = DEAF;
  readonly #socket: WebSocket;
  readonly #connection: Socket;
  readonly #clock: Clock;
  readonly #limitMs: number;
  #limit: Disposable | undefined;

  /**
   * @param connection below the WebSocket
   * @param limitMs how long a goodbye may take
   */
  constructor(socket: WebSocket, connection: Socket, clock: Clock, limitMs: number) {
    this.#socket = socket;
    this.#connection = connection;
    this.#clock = clock;
    this.#limitMs = limitMs;
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    // A lost connection shows as a close; broken WebSocket rules show only here.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code?.startsWith('WS_ERR')) this.handlers.broke();
    });
    socket.on('close', (code) => {
      this.#limit?.[Symbol.dispose]();
      this.handlers.closed(code === NORMAL_CLOSURE);
    });
  }

  get bytesRead(): number {
    return this.#connection.bytesRead;
  }

  get isPaused(): boolean {
    return this.#socket.isPaused;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  sendMessage(text: string): void {
    this.#socket.send(text);
  }

  sendFrame(bytes: Buffer, taken: () => void): void {
    this.#socket.send(bytes, { binary: true }, taken);
  }

  ping(): void {
    if (this.isOpen) this.#socket.ping();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(reason: CloseReason): void {
    this.handlers = DEAF;
    if (this.isPaused) this.resume();
    if (this.#socket.readyState === this.#socket.CLOSED) return;
    if (this.#limit === undefined) {
      this.#limit = this.#clock.setTimer(this.#limitMs, () => this.terminate());
      hearLastWords(this.#connection, reason === CloseReason.protocol);
    }
    this.#socket.close(reason, reasonName(reason));
  }

  terminate(): void {
    this.handlers = DEAF;
    this.#socket.terminate();
  }

  #receive(data: RawData, isBinary: boolean): void {
    // ws gives one Buffer with its default binaryType.
    const bytes = data as Buffer;
    if (isBinary) this.handlers.frame(bytes);
    else if (bytes.length > MAX_RELAY_MESSAGE) this.handlers.broke();
    else this.handlers.message(bytes.toString());
  }
}
