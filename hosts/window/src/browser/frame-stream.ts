import type { ServerResponse } from 'node:http';
import { encodeHead, type Frame, frameLength, MAX_FRAME } from '../../page/link/frames.js';
import { randomSecret, sameSecret } from './secrets.js';

/** A page that takes nothing any more is let go before it fills the host's memory. */
const MAX_BUFFERED = 4 * MAX_FRAME;
const NOTHING = new Uint8Array();
/** ms in which a page takes something of what is left for it after the end. */
const END_LIMIT = 1_000;

/** A host's frames to one page, as the body of one response that lasts as long as the page. */
export class FrameStream {
  /** Opens it, once. */
  readonly secret = randomSecret();
  #response: ServerResponse | undefined;
  /** Parts of the frames that were sent before it was opened. */
  #early: Uint8Array[] = [];
  #earlyBytes = 0;
  #over = false;
  readonly #onOpen: () => void;
  readonly #onClose: () => void;

  /** `onClose`: the page takes no more, or has all of it after `end`. */
  constructor(onOpen: () => void, onClose: () => void) {
    this.#onOpen = onOpen;
    this.#onClose = onClose;
  }

  /** Sent, and not yet taken by the operating system. */
  get bufferedBytes(): number {
    return this.#response ? this.#response.writableLength : this.#earlyBytes;
  }

  /** @returns whether this response is the stream now */
  open(secret: string, response: ServerResponse): boolean {
    if (this.#response || this.#over || !sameSecret(secret, this.secret)) return false;
    this.#response = response;
    response.on('error', () => {});
    response.once('close', () => {
      this.#over = true;
      this.#onClose();
    });
    response.setHeader('Content-Type', 'application/octet-stream');
    // The body ends with its connection: Chromium takes it a little faster than in chunks of their own.
    response.removeHeader('Transfer-Encoding');
    response.flushHeaders();
    this.#write(response, this.#early.splice(0));
    this.#onOpen();
    return true;
  }

  /**
   * @returns false when the page is too far behind; the stream is gone then
   * @throws LiveletError `message-too-large`
   */
  send(frame: Frame): boolean {
    if (this.#over) return true;
    if (this.bufferedBytes > MAX_BUFFERED) {
      this.destroy();
      return false;
    }
    const { bytes = NOTHING } = frame;
    const head = encodeHead(frame);
    const length = head.length + bytes.length;
    const parts = [frameLength(length), head, bytes];
    if (this.#response) {
      this.#write(this.#response, parts);
    } else {
      this.#early.push(...parts);
      this.#earlyBytes += length;
    }
    return true;
  }

  /** After what was sent. */
  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#response?.socket?.setTimeout(END_LIMIT, () => this.#response?.destroy());
    this.#response?.end();
  }

  destroy(): void {
    this.#over = true;
    this.#response?.destroy();
  }

  #write(response: ServerResponse, parts: readonly Uint8Array[]): void {
    response.cork();
    for (const part of parts) if (part.length > 0) response.write(part);
    response.uncork();
  }
}
