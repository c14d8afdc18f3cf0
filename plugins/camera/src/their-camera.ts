import {
  ArrivalLimit,
  asLiveletError,
  type ByteStream,
  type CameraAnswer,
  CameraOrder,
  type Clock,
  decodeCamera,
  type ErrorCode,
  encodeCameraAnswer,
  type JsonValue,
  MAX_CAMERA_MESSAGE,
  MAX_CAMERA_MESSAGES,
  type MessageStream,
  messageStream,
  type PagePort,
  type PluginUi,
  type PortMessage,
} from '@livelet/core';
import { type HostToTheir, THEIR_PIECE, type TheirState, type TheirToHost } from './page-protocol.js';

/** Bytes on their way to the page above which frames are given up: it is behind, or hidden. */
const MAX_BEHIND = 256 * 1024;

/** What happens with the other person's camera. */
export interface TheirListener {
  /** Its first frame has come. */
  begun(): void;
  /** The person wants to see it no more. */
  closed(): void;
}

/** Passes the other person's camera to the page, checked; what the page has no time for is given up, not kept. */
export class TheirCamera {
  readonly #listener: TheirListener;
  readonly #peerName: string;
  readonly #arrivals: ArrivalLimit;
  #port: PagePort | undefined;
  #state: TheirState = 'none';
  #messages: MessageStream | undefined;
  #order = new CameraOrder();
  /** The newest frame that the page was given. */
  #given = -1;
  #needsKey = false;

  constructor(clock: Clock, peerName: string, listener: TheirListener) {
    this.#arrivals = new ArrivalLimit(clock, MAX_CAMERA_MESSAGES);
    this.#peerName = peerName;
    this.#listener = listener;
  }

  get state(): TheirState {
    return this.#state;
  }

  /** Takes the ports of the page's piece. */
  listen(ui: PluginUi): Disposable {
    return ui.onPort(THEIR_PIECE, (port) => this.#connect(port));
  }

  /** Until the stream ends; one at a time. With the code that it ended with. Never rejects. */
  async receive(stream: ByteStream): Promise<ErrorCode | undefined> {
    const messages = messageStream(stream, MAX_CAMERA_MESSAGE);
    this.#messages = messages;
    this.#order = new CameraOrder();
    this.#given = -1;
    this.#needsKey = false;
    this.#show('waiting');
    try {
      for await (const bytes of messages) {
        const refused = this.#receive(bytes);
        if (refused === undefined) continue;
        // Leaving the loop would reset it too, with another code.
        messages.reset(refused);
        break;
      }
    } catch {
      // Its code is what `closed` says.
    }
    this.#messages = undefined;
    this.#show('none');
    // Where the other end only stopped talking.
    stream.reset('cancelled');
    return await stream.closed;
  }

  /** @returns why the message is refused */
  #receive(bytes: Uint8Array): ErrorCode | undefined {
    try {
      this.#arrivals.check();
      const message = decodeCamera(bytes);
      this.#order.accept(message);
      if (message.type === 'off') {
        this.#show('waiting');
        return undefined;
      }
      if (this.#state !== 'shown') {
        this.#listener.begun();
        this.#show('shown');
      }
      const { number, key, width, height, chunk } = message;
      if (key) this.#needsKey = false;
      const port = this.#port;
      if (port && !this.#needsKey && port.bufferedBytes <= MAX_BEHIND) {
        this.#given = number;
        post(port, { type: 'frame', number, key, width, height }, chunk);
      } else {
        this.#giveUp(number);
      }
      return undefined;
    } catch (error) {
      return asLiveletError(error).code;
    }
  }

  #giveUp(number: number): void {
    const wasNeeded = this.#needsKey;
    this.#needsKey = true;
    this.#answer({ type: 'done', number });
    // Nobody looks while there is no page.
    if (!wasNeeded && this.#port) this.#answer({ type: 'key' });
  }

  #connect(port: PagePort): void {
    this.#port = port;
    port.onMessage((message) => this.#fromPage(port, message));
    port.onClose(() => {
      if (this.#port !== port) return;
      this.#port = undefined;
      if (this.#given >= 0) this.#giveUp(this.#given);
    });
    this.#postState();
    if (this.#messages) {
      // Frames of the page before are not for this one.
      this.#needsKey = true;
      this.#answer({ type: 'key' });
    }
  }

  #fromPage(port: PagePort, { json }: PortMessage): void {
    if (port !== this.#port) return;
    const message = json as unknown as TheirToHost;
    if (message.type === 'close') this.#listener.closed();
    else if (message.type === 'key') this.#answer({ type: 'key' });
    else if (message.number <= this.#given) this.#answer(message);
  }

  #answer(answer: CameraAnswer): void {
    try {
      this.#order.answer(answer);
    } catch {
      // About a frame of the stream before, or given up since.
      return;
    }
    // A stream that was reset is heard of from its messages.
    this.#messages?.send(encodeCameraAnswer(answer)).catch(() => undefined);
  }

  #show(state: TheirState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#postState();
  }

  #postState(): void {
    if (this.#port) post(this.#port, { type: 'state', state: this.#state, peerName: this.#peerName });
  }
}

function post(port: PagePort, message: HostToTheir, bytes?: Uint8Array): void {
  const json = message as unknown as JsonValue;
  port.post(bytes ? { json, bytes } : { json });
}
