import type { RawData, WebSocket } from 'ws';
import type { Clock } from '../clock.js';
import { LiveletError } from '../errors.js';
import { closeError } from './close-error.js';
import type { RelayLink } from './relay-link.js';
import { MAX_RELAY_MESSAGE, SILENCE_LIMIT } from './relay-protocol.js';
import { MAX_TRANSPORT_FRAME, type TransportHandlers } from './transport.js';

/** `send` returns false above this many buffered bytes: under one full record, so that a key press waits for one. */
const HIGH_WATER = 32 * 1024;
/** `drained` comes at or below this many. */
const LOW_WATER = 16 * 1024;
/** How long a closed socket may take to send what is queued and say goodbye, ms. */
const CLOSE_LIMIT = 1000;
/** WebSocket close code for "done", RFC 6455. */
const NORMAL_CLOSURE = 1000;

/**
 * An open WebSocket to the relay. Before the splice it passes text messages; from `attach` on it is a Transport.
 * What arrives while nobody waits is kept and the socket paused, so one read of the socket is all it ever holds.
 */
export class WebSocketTransport implements RelayLink {
  readonly kind = 'websocket';
  readonly route = { kind: 'websocket', why: 'first' } as const;
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  readonly #inbox: (string | Uint8Array)[] = [];
  #handlers: TransportHandlers | undefined;
  #wake: (() => void) | undefined;
  #silence: Disposable | undefined;
  #closeLimit: Disposable | undefined;
  #owesDrained = false;
  #closing = false;
  #told = false;
  #end: { readonly error: LiveletError | undefined } | undefined;

  constructor(socket: WebSocket, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    socket.on('ping', () => this.#heard());
    socket.on('close', (code) => this.#finish(this.#closing ? undefined : closeError(code)));
    // A lost connection shows as a close; broken WebSocket rules show only here.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code?.startsWith('WS_ERR')) this.#fail(error.code);
    });
    this.#heard();
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  sendMessage(text: string): void {
    this.#socket.send(text);
  }

  async nextMessage(signal: AbortSignal): Promise<string> {
    while (this.#inbox.length === 0 && this.#end === undefined) await this.#news(signal);
    const head = this.#inbox.shift();
    if (this.#inbox.length === 0) this.#resume();
    if (head === undefined) throw this.#end?.error ?? new LiveletError('relay-closed');
    if (typeof head === 'string' && head.length <= MAX_RELAY_MESSAGE) return head;
    throw new LiveletError('relay-protocol', 'a frame or a long text before the splice');
  }

  attach(handlers: TransportHandlers): void {
    if (this.#handlers !== undefined) throw new LiveletError('internal', 'attached twice');
    this.#handlers = handlers;
    this.#silence?.[Symbol.dispose]();
    for (const early of this.#inbox.splice(0)) this.#deliver(early);
    if (this.#end === undefined) this.#resume();
    else this.#tellClosed();
  }

  send(frame: Uint8Array): boolean {
    if (frame.byteLength === 0 || frame.byteLength > MAX_TRANSPORT_FRAME) {
      throw new LiveletError('internal', `a frame of ${frame.byteLength} bytes`);
    }
    if (this.#closing || this.#end !== undefined) return false;
    this.#socket.send(frame, { binary: true }, () => this.#sent());
    if (this.bufferedBytes <= HIGH_WATER) return true;
    this.#owesDrained = true;
    return false;
  }

  close(): void {
    if (this.#closing || this.#end !== undefined) return;
    this.#closing = true;
    this.#inbox.length = 0;
    this.#closeLimit = this.#clock.setTimer(CLOSE_LIMIT, () => this.#socket.terminate());
    this.#socket.close(NORMAL_CLOSURE);
    this.#resume();
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#closing || this.#end !== undefined) return;
    this.#heard();
    // ws gives one Buffer with its default binaryType.
    const bytes = data as Buffer;
    const item = isBinary ? bytes : bytes.subarray(0, MAX_RELAY_MESSAGE + 1).toString();
    if (this.#handlers !== undefined) {
      this.#deliver(item);
    } else {
      this.#inbox.push(item);
      if (this.#wake === undefined) this.#socket.pause();
      else this.#wake();
    }
  }

  #deliver(item: string | Uint8Array): void {
    if (this.#closing || this.#told) return;
    if (typeof item === 'string') this.#fail('text after the splice');
    else if (item.byteLength === 0) this.#fail('an empty frame');
    else this.#handlers?.frame(item);
  }

  #sent(): void {
    if (!this.#owesDrained || this.#end !== undefined || this.bufferedBytes > LOW_WATER) return;
    this.#owesDrained = false;
    this.#handlers?.drained();
  }

  #news(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const settle = (): void => {
        this.#wake = undefined;
        signal.removeEventListener('abort', abort);
      };
      const abort = (): void => {
        settle();
        reject(signal.reason);
      };
      this.#wake = () => {
        settle();
        resolve();
      };
      signal.addEventListener('abort', abort, { once: true });
    });
  }

  /** The relay pings; while nobody is attached its silence is noticed here, later by the session itself. */
  #heard(): void {
    this.#silence?.[Symbol.dispose]();
    if (this.#handlers !== undefined || this.#end !== undefined) return;
    this.#silence = this.#clock.setTimer(SILENCE_LIMIT, () => {
      this.#finish(new LiveletError('relay-closed', 'the relay fell silent'));
      this.#socket.terminate();
    });
  }

  #fail(message: string): void {
    this.#inbox.length = 0;
    this.#finish(new LiveletError('relay-protocol', message));
    this.#socket.terminate();
  }

  #resume(): void {
    if (this.#socket.isPaused) this.#socket.resume();
  }

  #finish(error: LiveletError | undefined): void {
    if (this.#end !== undefined) return;
    this.#end = { error };
    this.#silence?.[Symbol.dispose]();
    this.#closeLimit?.[Symbol.dispose]();
    this.#wake?.();
    this.#tellClosed();
  }

  #tellClosed(): void {
    if (this.#handlers === undefined || this.#told) return;
    this.#told = true;
    this.#handlers.closed(this.#end?.error);
  }
}
