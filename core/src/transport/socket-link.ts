import type { Clock } from '../clock.js';
import { LiveletError } from '../errors.js';
import type { LinkWire } from './link-wire.js';
import type { RelayLink } from './relay-link.js';
import { MAX_RELAY_MESSAGE, SILENCE_LIMIT } from './relay-protocol.js';
import { MAX_TRANSPORT_FRAME, type Route, type TransportHandlers, type TransportKind } from './transport.js';

/** `send` returns false above this many buffered bytes: under one full record, so that a key press waits for one. */
const HIGH_WATER = 32 * 1024;
/** `drained` comes at or below this many. */
const LOW_WATER = 16 * 1024;
/** How long a closed socket may take to send what is queued and say goodbye, ms. */
const CLOSE_LIMIT = 1000;

/**
 * An open connection to the relay. Before the splice it passes messages; from `attach` on it is a Transport. What
 * arrives while nobody waits is kept and the socket paused, so one read of the socket is all it ever holds.
 */
export class SocketLink implements RelayLink {
  readonly route: Route;
  readonly #wire: LinkWire;
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

  constructor(wire: LinkWire, route: Route, clock: Clock) {
    this.#wire = wire;
    this.route = route;
    this.#clock = clock;
    this.#heard();
    wire.listen({
      message: (text) => this.#receive(text),
      frame: (bytes) => this.#receive(bytes),
      heard: () => this.#heard(),
      closed: (error) => this.#finish(this.#closing ? undefined : error),
    });
  }

  get kind(): TransportKind {
    return this.route.kind;
  }

  get bufferedBytes(): number {
    return this.#wire.bufferedBytes;
  }

  sendMessage(text: string): void {
    if (!this.#closing && this.#end === undefined) this.#wire.sendMessage(text);
  }

  async nextMessage(signal: AbortSignal): Promise<string> {
    while (this.#inbox.length === 0 && this.#end === undefined) await this.#news(signal);
    const head = this.#inbox.shift();
    if (this.#inbox.length === 0) this.#wire.resume();
    if (head === undefined) throw this.#end?.error ?? new LiveletError('relay-closed');
    if (typeof head === 'string' && head.length <= MAX_RELAY_MESSAGE) return head;
    throw new LiveletError('relay-protocol', 'a frame or a long text before the splice');
  }

  attach(handlers: TransportHandlers): void {
    if (this.#handlers !== undefined) throw new LiveletError('internal', 'attached twice');
    this.#handlers = handlers;
    this.#silence?.[Symbol.dispose]();
    for (const early of this.#inbox.splice(0)) this.#deliver(early);
    if (this.#end === undefined) this.#wire.resume();
    else this.#tellClosed();
  }

  send(frame: Uint8Array, taken?: () => void): boolean {
    if (frame.byteLength === 0 || frame.byteLength > MAX_TRANSPORT_FRAME) {
      throw new LiveletError('internal', `a frame of ${frame.byteLength} bytes`);
    }
    if (this.#closing || this.#end !== undefined) return false;
    this.#wire.sendFrame(frame, () => {
      taken?.();
      this.#sent();
    });
    if (this.bufferedBytes <= HIGH_WATER) return true;
    this.#owesDrained = true;
    return false;
  }

  close(): void {
    if (this.#closing || this.#end !== undefined) return;
    this.#closing = true;
    this.#inbox.length = 0;
    this.#closeLimit = this.#clock.setTimer(CLOSE_LIMIT, () => this.#wire.terminate());
    this.#wire.close();
    this.#wire.resume();
  }

  #receive(item: string | Uint8Array): void {
    if (this.#closing || this.#end !== undefined) return;
    this.#heard();
    if (this.#handlers !== undefined) {
      this.#deliver(item);
    } else {
      this.#inbox.push(item);
      if (this.#wake === undefined) this.#wire.pause();
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
    });
  }

  #fail(message: string): void {
    this.#inbox.length = 0;
    this.#finish(new LiveletError('relay-protocol', message));
  }

  #finish(error: LiveletError | undefined): void {
    if (this.#end !== undefined) return;
    this.#end = { error };
    // Only what broke the rules or fell silent is still open here.
    this.#wire.terminate();
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
