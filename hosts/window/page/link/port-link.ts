import { LiveletError, type PagePort, type PortMessage } from '@livelet/core/page';
import { decodeFrame, type Frame, type FrameHeader, MAX_FRAME, type Seen } from './frames.js';

/** Carries frames to the other end, in order: a WebSocket, a response or a MessagePort. */
export interface Carrier {
  /** Given to `send` and not yet taken by the other side's socket; 0 where that can't be told. */
  readonly bufferedBytes: number;
  /** @throws LiveletError `message-too-large` */
  send(frame: Frame): void;
  close(): void;
}

export interface LinkListener {
  /** The other end opened a port. */
  onPort?(port: PagePort): void;
  onPong?(ping: number): void;
  onSeen?(seen: Seen): void;
  /** A listener of a port threw; the link goes on. */
  onFailed?(error: unknown): void;
}

/** Ports open at once on one page: its own, and one for each piece of user interface of each plugin. */
const MAX_PORTS = 64;
/** What a port keeps for its first listener; a port that nobody listens to is closed beyond it. */
const MAX_EARLY_BYTES = 2 * MAX_FRAME;
const EARLY_MESSAGE_COST = 128;

/** Many named ports over one carrier; the same class at both ends. The page opens ports, the host takes them. */
export class PortLink {
  readonly #carrier: Carrier;
  readonly #listener: LinkListener;
  readonly #ports = new Map<number, LinkPort>();
  #lastId = 0;
  #closed = false;

  constructor(carrier: Carrier, listener: LinkListener = {}) {
    this.#carrier = carrier;
    this.#listener = listener;
  }

  /** Page's end. Closed from the start once the link is. */
  open(name: string): PagePort {
    this.#lastId += 1;
    const port = this.#add(this.#lastId, name);
    if (this.#closed) port.closed();
    else this.#send({ open: this.#lastId, name });
    return port;
  }

  ping(number: number): void {
    this.#send({ ping: number });
  }

  reportSeen(seen: Seen): void {
    this.#send({ seen });
  }

  /** One whole frame from the carrier. @throws LiveletError `message-malformed`, `message-too-large` */
  receive(data: Uint8Array): void {
    if (this.#closed) return;
    const { header, bytes } = decodeFrame(data);
    if ('port' in header) {
      // A message that crossed this end's close is dropped.
      const message = bytes ? { json: header.json, bytes } : { json: header.json };
      this.#ports.get(header.port)?.deliver(message, data.length);
    } else if ('ping' in header) {
      // Answered here, in the message handler: timers and animation frames stop in a page that is covered.
      this.#send({ pong: header.ping });
    } else if ('open' in header) {
      this.#accept(header.open, header.name);
    } else if ('close' in header) {
      this.#ports.get(header.close)?.closed();
    } else if ('pong' in header) {
      this.#listener.onPong?.(header.pong);
    } else if ('seen' in header) {
      this.#listener.onSeen?.(header.seen);
    } else {
      throw new LiveletError('message-malformed', 'a greeting on a link that is open');
    }
  }

  /** The carrier is gone, or is to go: closes every port. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const port of [...this.#ports.values()]) port.closed();
    this.#carrier.close();
  }

  #accept(id: number, name: string): void {
    const { onPort } = this.#listener;
    if (!onPort || id <= this.#lastId || this.#ports.size >= MAX_PORTS) {
      throw new LiveletError('message-malformed', `port ${id} can't be opened`);
    }
    this.#lastId = id;
    onPort(this.#add(id, name));
  }

  #add(id: number, name: string): LinkPort {
    const port = new LinkPort(name, this.#carrier, {
      post: (message) => this.#send({ port: id, json: message.json }, message.bytes),
      close: () => this.#send({ close: id }),
      forget: () => this.#ports.delete(id),
      run: (listener) => this.#run(listener),
    });
    this.#ports.set(id, port);
    return port;
  }

  #run(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      if (!this.#listener.onFailed) reportError(error);
      else this.#listener.onFailed(error);
    }
  }

  #send(header: FrameHeader, bytes?: Uint8Array): void {
    if (this.#closed) return;
    this.#carrier.send(bytes ? { header, bytes } : { header });
  }
}

interface PortActions {
  post(message: PortMessage): void;
  close(): void;
  forget(): void;
  /** Calls a listener, whose failure is its own. */
  run(listener: () => void): void;
}

class LinkPort implements PagePort {
  readonly name: string;
  readonly #carrier: Carrier;
  readonly #actions: PortActions;
  readonly #messageListeners = new Set<(message: PortMessage) => void>();
  readonly #closeListeners = new Set<() => void>();
  #early: PortMessage[] = [];
  #earlyBytes = 0;
  #open = true;

  constructor(name: string, carrier: Carrier, actions: PortActions) {
    this.name = name;
    this.#carrier = carrier;
    this.#actions = actions;
  }

  get bufferedBytes(): number {
    return this.#open ? this.#carrier.bufferedBytes : 0;
  }

  post(message: PortMessage): void {
    if (this.#open) this.#actions.post(message);
  }

  onMessage(listener: (message: PortMessage) => void): Disposable {
    // Wrapped, so that one function registered twice is two listeners.
    const entry = (message: PortMessage): void => listener(message);
    this.#messageListeners.add(entry);
    // Not before this returns, so that a listener can dispose itself at the first message.
    queueMicrotask(() => this.#drain());
    return { [Symbol.dispose]: () => this.#messageListeners.delete(entry) };
  }

  onClose(listener: () => void): Disposable {
    const entry = (): void => listener();
    if (this.#open) this.#closeListeners.add(entry);
    else queueMicrotask(() => this.#actions.run(entry));
    return { [Symbol.dispose]: () => this.#closeListeners.delete(entry) };
  }

  close(): void {
    if (!this.#open) return;
    this.#actions.close();
    this.closed();
  }

  /** `size`: bytes of the frame that brought it. */
  deliver(message: PortMessage, size: number): void {
    if (!this.#open) return;
    this.#early.push(message);
    this.#earlyBytes += size + EARLY_MESSAGE_COST;
    this.#drain();
    if (this.#earlyBytes > MAX_EARLY_BYTES) this.close();
  }

  #drain(): void {
    while (this.#messageListeners.size > 0) {
      const message = this.#early.shift();
      if (!message) break;
      for (const listener of [...this.#messageListeners]) this.#actions.run(() => listener(message));
    }
    if (this.#early.length === 0) this.#earlyBytes = 0;
  }

  closed(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#actions.forget();
    this.#early = [];
    this.#messageListeners.clear();
    const listeners = [...this.#closeListeners];
    this.#closeListeners.clear();
    for (const listener of listeners) this.#actions.run(listener);
  }
}
