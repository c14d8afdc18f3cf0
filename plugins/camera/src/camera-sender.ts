import {
  asLiveletError,
  type ByteStream,
  CAMERA_FRAMES_IN_FLIGHT,
  type CameraFrame,
  type CameraMessage,
  CameraOrder,
  decodeCameraAnswer,
  encodeCamera,
  MAX_CAMERA_MESSAGE,
  type MessageStream,
  messageStream,
} from '@livelet/core';

/** Bytes on their way above which a frame would be old before it is sent: a quarter of a second of film. */
const MAX_QUEUED = 32 * 1024;

/** Sends the newest frames over one stream: what the line or the other end has no time for is dropped, never kept. */
export class CameraSender {
  readonly #stream: ByteStream;
  readonly #messages: MessageStream;
  readonly #order = new CameraOrder();
  readonly #wantKey: () => void;
  /** Frames were dropped, or none was sent yet: only a key frame is of use. */
  #needsKey = true;

  /** @param wantKey asks the camera's encoder for a key frame */
  constructor(stream: ByteStream, wantKey: () => void) {
    this.#stream = stream;
    this.#messages = messageStream(stream, MAX_CAMERA_MESSAGE);
    this.#wantKey = wantKey;
  }

  /** Reads answers until the stream ends. Never rejects. */
  async run(): Promise<void> {
    try {
      for await (const bytes of this.#messages) this.#answer(bytes);
    } catch {
      // The stream's end; whoever holds it knows why.
    }
  }

  /** @returns whether it was sent */
  take({ key, width, height, chunk }: CameraFrame): boolean {
    const isFull = this.#order.inFlight >= CAMERA_FRAMES_IN_FLIGHT || this.#messages.queuedBytes > MAX_QUEUED;
    if (isFull) {
      this.#needsKey = true;
      return false;
    }
    if (this.#needsKey && !key) {
      this.#wantKey();
      return false;
    }
    this.#needsKey = false;
    return this.#send({ type: 'frame', number: this.#order.next, key, width, height, chunk });
  }

  /** The camera is closed. */
  off(): void {
    this.#needsKey = true;
    this.#send({ type: 'off' });
  }

  #send(message: CameraMessage): boolean {
    try {
      const bytes = encodeCamera(message);
      this.#order.accept(message);
      // A stream that was reset is heard of from its messages.
      this.#messages.send(bytes).catch(() => undefined);
      return true;
    } catch {
      // The page encodes something else than it says.
      this.#needsKey = true;
      return false;
    }
  }

  #answer(bytes: Uint8Array): void {
    try {
      const answer = decodeCameraAnswer(bytes);
      this.#order.answer(answer);
      if (answer.type === 'key') this.#needsKey = true;
    } catch (error) {
      this.#stream.reset(asLiveletError(error).code);
      throw error;
    }
    if (this.#needsKey) this.#wantKey();
  }
}
