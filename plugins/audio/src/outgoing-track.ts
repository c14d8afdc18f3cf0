import {
  type AudioCapture,
  type AudioProblem,
  type AudioTrack,
  asLiveletError,
  type ByteStream,
  type Clock,
  isAudioProblem,
  MAX_AUDIO_MESSAGE,
  messageStream,
} from '@livelet/core';
import { PacketSender } from './packet-sender.js';

/** What an outgoing track tells. */
export interface OutgoingListener {
  changed(): void;
  /** The device has given its first sound. */
  opened(): void;
  /** The loudest sample of the last 20 ms, 0 to 1. */
  level(level: number): void;
}

interface Running {
  readonly stop: AbortController;
  /** The device is closed. */
  readonly over: Promise<void>;
}

/**
 * The sound of one device of this side, on its way to the other. The device is open as long as the other side's stream is
 * and the person here hasn't switched it off: at no other time.
 */
export class OutgoingTrack implements AsyncDisposable {
  readonly #track: AudioTrack;
  readonly #capture: AudioCapture;
  readonly #clock: Clock;
  readonly #listener: OutgoingListener;
  #stream: ByteStream | undefined;
  #sender: PacketSender | undefined;
  #running: Running | undefined;
  /** The device of before is closed. */
  #before: Promise<void> = Promise.resolve();
  #device: string | undefined;
  #muted: boolean;
  #problem: AudioProblem | undefined;

  constructor(
    track: AudioTrack,
    capture: AudioCapture,
    clock: Clock,
    muted: boolean,
    listener: OutgoingListener,
  ) {
    this.#track = track;
    this.#capture = capture;
    this.#clock = clock;
    this.#muted = muted;
    this.#listener = listener;
  }

  /** Whether the device is open, or about to be, or not quite closed. */
  get isLive(): boolean {
    return this.#running !== undefined;
  }

  get problem(): AudioProblem | undefined {
    return this.#problem;
  }

  get muted(): boolean {
    return this.#muted;
  }

  set muted(muted: boolean) {
    if (muted === this.#muted) return;
    this.#muted = muted;
    this.#problem = undefined;
    this.#follow();
    this.#listener.changed();
  }

  /** As the capture calls it; undefined: the one that it prefers. */
  set device(device: string | undefined) {
    if (device === this.#device) return;
    this.#device = device;
    this.again();
  }

  /** Tries again, such as when the page is back. */
  again(): void {
    this.#running?.stop.abort();
    this.#running = undefined;
    this.#problem = undefined;
    this.#follow();
  }

  /** Gives the sound to this stream, in the place of the one before, until it is over. Never rejects. */
  async hold(stream: ByteStream): Promise<void> {
    this.#stream?.reset('cancelled');
    this.#stream = stream;
    const messages = messageStream(stream, MAX_AUDIO_MESSAGE);
    this.#sender = new PacketSender(messages, this.#clock);
    // What is captured now goes to the stream before.
    this.again();
    try {
      // Who listens says nothing.
      for await (const _ of messages) stream.reset('audio-malformed');
      stream.closeWrite();
    } catch {
      // It was reset, here or there: it is over.
    }
    if (this.#stream !== stream) return;
    this.#stream = undefined;
    this.#sender = undefined;
    this.#follow();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stream?.reset('session-ended');
    this.#stream = undefined;
    this.#sender = undefined;
    this.#follow();
    await this.#before;
  }

  #follow(): void {
    const sender = this.#muted ? undefined : this.#sender;
    if (sender === undefined) {
      this.#running?.stop.abort();
      this.#running = undefined;
    } else if (this.#running === undefined) {
      this.#start(sender);
    }
    this.#listener.changed();
  }

  #start(sender: PacketSender): void {
    const stop = new AbortController();
    const over = this.#before.then(() => this.#run(sender, stop));
    this.#before = over;
    const running = { stop, over };
    this.#running = running;
    void over.then(() => {
      if (this.#running === running) this.#running = undefined;
      this.#listener.changed();
    });
  }

  /** Until it is told to stop, or the device ends. Never rejects. */
  async #run(sender: PacketSender, { signal }: AbortController): Promise<void> {
    let problem: AudioProblem | undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    signal.addEventListener('abort', () => resolve(), { once: true });
    let told = false;
    try {
      signal.throwIfAborted();
      const listener = {
        packet: (packet: Uint8Array, level: number): void => {
          if (signal.aborted) return;
          if (!told) {
            sender.open();
            this.#listener.opened();
          }
          told = true;
          sender.packet(packet);
          this.#listener.level(level);
        },
        ended: (ended: AudioProblem): void => {
          problem = ended;
          resolve();
        },
      };
      await using _ = await this.#capture.open(this.#track, this.#device, listener, signal);
      await promise;
    } catch (error) {
      const { code } = asLiveletError(error);
      if (!signal.aborted) problem = isAudioProblem(code) ? code : 'audio-unavailable';
    }
    this.#problem = problem ?? this.#problem;
    sender.closed(problem);
    this.#listener.level(0);
  }
}
