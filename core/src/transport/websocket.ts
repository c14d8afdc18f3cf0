import type { WebSocket } from 'ws';
import { LiveletError } from '../errors.js';
import { closeError } from './close-error.js';
import type { LinkWire, WireEvents } from './link-wire.js';
import { MAX_RELAY_MESSAGE } from './relay-protocol.js';

/** WebSocket close code for "done", RFC 6455. */
const NORMAL_CLOSURE = 1000;

/** Messages as text, frames as binary messages, on an open WebSocket. */
export class WebSocketWire implements LinkWire {
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  listen(events: WireEvents): void {
    this.#socket.on('message', (data, isBinary) => {
      // ws gives one Buffer with its default binaryType.
      const bytes = data as Buffer;
      if (isBinary) events.frame(bytes);
      else events.message(bytes.subarray(0, MAX_RELAY_MESSAGE + 1).toString());
    });
    this.#socket.on('ping', () => events.heard());
    this.#socket.on('close', (code) => events.closed(closeError(code)));
    // A lost connection shows as a close; broken WebSocket rules show only here.
    this.#socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code?.startsWith('WS_ERR')) events.closed(new LiveletError('relay-protocol', error.code));
    });
  }

  sendMessage(text: string): void {
    this.#socket.send(text);
  }

  sendFrame(frame: Uint8Array, taken: () => void): void {
    this.#socket.send(frame, { binary: true }, taken);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    if (this.#socket.isPaused) this.#socket.resume();
  }

  close(): void {
    this.#socket.close(NORMAL_CLOSURE);
  }

  terminate(): void {
    this.#socket.terminate();
  }
}
