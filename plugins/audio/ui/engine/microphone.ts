import type { AudioProblem, AudioTrack } from '@livelet/core/page';
import { OpusEncoder } from './opus-encoder.js';

export interface MicrophoneListener {
  packet(packet: Uint8Array, level: number): void;
  /** The device went away, or the person took it back in the browser. */
  ended(problem: AudioProblem): void;
}

/** One open microphone of the browser, with its echo cancellation. Nothing listens any more after dispose. */
export class Microphone implements Disposable {
  /** What it hears, until dispose. */
  readonly track: MediaStreamTrack;
  readonly #stream: MediaStream;
  readonly #reader: ReadableStreamDefaultReader<AudioData>;
  readonly #encoder: OpusEncoder;
  readonly #listener: MicrophoneListener;
  #over = false;

  /**
   * Has the browser ask the person, unless they have answered before.
   * @throws DOMException
   */
  static async open(
    track: AudioTrack,
    device: string | undefined,
    listener: MicrophoneListener,
  ): Promise<Microphone> {
    const audio: MediaTrackConstraints = {
      channelCount: 1,
      echoCancellation: true,
      noiseSuppression: true,
      autoGainControl: true,
      ...(device !== undefined && { deviceId: { exact: device } }),
    };
    return new Microphone(await navigator.mediaDevices.getUserMedia({ audio }), track, listener);
  }

  private constructor(stream: MediaStream, name: AudioTrack, listener: MicrophoneListener) {
    const [track] = stream.getAudioTracks() as [MediaStreamTrack];
    this.track = track;
    this.#stream = stream;
    this.#listener = listener;
    this.#encoder = new OpusEncoder(name, {
      packet: (packet, level) => listener.packet(packet, level),
      failed: () => this.#end('audio-unavailable'),
    });
    this.#reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
    void this.#read();
  }

  [Symbol.dispose](): void {
    if (this.#over) return;
    this.#over = true;
    for (const track of this.#stream.getTracks()) track.stop();
    this.#encoder[Symbol.dispose]();
    this.#reader.cancel().catch(() => undefined);
  }

  async #read(): Promise<void> {
    try {
      for (;;) {
        const { value, done } = await this.#reader.read();
        if (done) break;
        if (this.#over) value.close();
        else this.#encoder.encode(value);
      }
    } catch {
      // Ended by the browser.
    }
    this.#end('audio-unavailable');
  }

  #end(problem: AudioProblem): void {
    if (this.#over) return;
    this[Symbol.dispose]();
    this.#listener.ended(problem);
  }
}

/** Why the browser gave no microphone. */
export function problemOf(error: unknown): AudioProblem {
  const { name } = error as Partial<DOMException>;
  return name === 'NotAllowedError' || name === 'SecurityError' ? 'audio-refused' : 'audio-unavailable';
}
