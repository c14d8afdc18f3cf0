import {
  type AbilitiesMessage,
  asLiveletError,
  type DisplayInfo,
  decodeSourceMessage,
  type ErrorCode,
  encodeViewerMessage,
  type MessageStream,
  PictureOrder,
  type SourceMessage,
  type ViewerMessage,
} from '@livelet/core';

/** What a receiver tells. */
export interface ReceiverListener {
  /** A checked message for the page: `bytes` are what `message` was read from. */
  picture(message: SourceMessage, bytes: Uint8Array): void;
  displays(displays: readonly DisplayInfo[]): void;
}

/**
 * The viewer's end of one screen stream: lets nothing through to the page that the contract doesn't allow, and takes
 * back what the page has drawn.
 */
export class ScreenReceiver {
  readonly #stream: MessageStream;
  readonly #listener: ReceiverListener;
  readonly #order = new PictureOrder();
  /** The page is new and has no picture; frames of the one before are not for it. */
  #stale = false;

  constructor(stream: MessageStream, listener: ReceiverListener) {
    this.#stream = stream;
    this.#listener = listener;
  }

  /** Receives until the stream ends; with the code that either end gave it. Never rejects. */
  async run(): Promise<ErrorCode | undefined> {
    try {
      for await (const bytes of this.#stream) {
        const refused = this.#receive(bytes);
        if (refused === undefined) continue;
        // Leaving the loop would reset it too, with another code.
        this.#stream.reset(refused);
        return refused;
      }
      return undefined;
    } catch (error) {
      return asLiveletError(error).code;
    }
  }

  /** A page that has nothing yet shows the picture from now on. */
  refresh(): void {
    if (this.#order.geometry === undefined) return;
    this.#stale = true;
    this.#send({ type: 'refresh' });
  }

  select(display: number): void {
    this.#send({ type: 'select', display });
  }

  /** What the page can decode; a source sends no video before. */
  tellAbilities(message: AbilitiesMessage): void {
    this.#order.abilities(message);
    this.#send(message);
  }

  /** What the page says of the picture. */
  fromPage(message: ViewerMessage): void {
    if (message.type === 'acknowledge' && !this.#stale && this.#order.acknowledge(message))
      this.#send(message);
    if (message.type === 'refresh') this.refresh();
    if (message.type === 'quality') this.#send(message);
    if (message.type === 'abilities') {
      this.#order.abilities(message);
      this.#send(message);
    }
  }

  reset(code: ErrorCode): void {
    this.#stream.reset(code);
  }

  /** @returns why the message is refused */
  #receive(bytes: Uint8Array): ErrorCode | undefined {
    let message: SourceMessage;
    try {
      message = decodeSourceMessage(bytes);
      this.#order.accept(message);
    } catch (error) {
      return asLiveletError(error).code;
    }
    if (message.type === 'geometry') this.#stale = false;
    if (message.type === 'displays') this.#listener.displays(message.displays);
    else if (!this.#stale) this.#listener.picture(message, bytes);
    return undefined;
  }

  #send(message: ViewerMessage): void {
    // A stream that was reset is heard of from its messages.
    this.#stream.send(encodeViewerMessage(message)).catch(() => undefined);
  }
}
