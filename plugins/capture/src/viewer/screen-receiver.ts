import {
  type AbilitiesMessage,
  type AcknowledgeMessage,
  asLiveletError,
  type Clock,
  type DisplayInfo,
  decodeSourceMessage,
  type ErrorCode,
  encodeViewerMessage,
  LiveletError,
  type MessageStream,
  PictureOrder,
  type QualityMessage,
  type RefreshMessage,
  type SelectMessage,
  type SourceMessage,
  type ViewerMessage,
} from '@livelet/core';
import { PageAllowance } from './page-allowance.js';

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
  readonly #allowance: PageAllowance;
  /** The page is new and has no picture; frames of the one before are not for it. */
  #stale = false;

  constructor(stream: MessageStream, listener: ReceiverListener, clock: Clock) {
    this.#allowance = new PageAllowance(clock);
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

  /** What the source chooses by: the display, what the page decodes, what the person prefers. */
  tell(wish: SelectMessage | AbilitiesMessage | QualityMessage): void {
    if (wish.type === 'abilities') this.#order.abilities(wish);
    this.#send(wish);
  }

  /** What the page says of the picture. */
  fromPage(message: AcknowledgeMessage | RefreshMessage): void {
    if (message.type === 'refresh') this.refresh();
    else if (!this.#stale && this.#order.acknowledge(message)) this.#send(message);
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
      if (!this.#allowance.takes(message)) throw new LiveletError('picture-too-large', 'a flood of messages');
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
