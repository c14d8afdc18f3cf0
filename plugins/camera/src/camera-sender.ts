import {
  asLiveletError,
  type ByteStream,
  CAMERA_FRAMES_IN_FLIGHT,
  type CameraFrame,
  type CameraMessage,
  CameraOrder,
  type Clock,
  decodeCameraAnswer,
  encodeCamera,
  MAX_CAMERA_MESSAGE,
  type MessageStream,
  messageStream,
} from '@livelet/core';
import { CameraPace } from './camera-pace.js';
import type { Pace } from './page-protocol.js';

/** Bytes on their way above which a frame would be old before it is sent: a quarter of a second of film. */
const MAX_QUEUED = 32 * 1024;

/** What a sender wants of the camera's encoder. */
export interface SenderListener {
  /** A key frame. */
  key(): void;
  /** As much as this from now on, told after each frame and answer. */
  paced(pace: Pace): void;
}

/** Sends the newest frames over one stream: what the line or the other end has no time for is dropped, never kept. */
export class CameraSender {
  readonly #stream: ByteStream;
  readonly #messages: MessageStream;
  readonly #order = new CameraOrder();
  readonly #pace: CameraPace;
  readonly #listener: SenderListener;
  /** Frames were dropped, or none was sent yet: only a key frame is of use. */
  #needsKey = true;

  constructor(stream: ByteStream, clock: Clock, listener: SenderListener) {
    this.#stream = stream;
    this.#messages = messageStream(stream, MAX_CAMERA_MESSAGE);
    this.#pace = new CameraPace(clock);
    this.#listener = listener;
  }

  get pace(): Pace {
    return this.#pace.now;
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
      this.#listener.key();
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
      if (message.type === 'frame') this.#pace.sent(message.number, bytes.length);
      this.#listener.paced(this.pace);
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
      else this.#pace.done(answer.number);
    } catch (error) {
      this.#stream.reset(asLiveletError(error).code);
      throw error;
    }
    this.#listener.paced(this.pace);
    if (this.#needsKey) this.#listener.key();
  }
}
