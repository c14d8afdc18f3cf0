import { AUDIO_FORMATS, AUDIO_FRAME_TIME, type AudioTrack } from '@livelet/core/page';
import { loudest } from './loudest.js';

/** What waits to be encoded on a busy computer; beyond it sound is left out. */
const MAX_QUEUE = 10;

export interface EncoderListener {
  /** 20 ms, encoded, and the loudest sample that went in since the one before. */
  packet(packet: Uint8Array, level: number): void;
  failed(): void;
}

/** Opus by the browser, in frames of 20 ms. */
export class OpusEncoder implements Disposable {
  readonly #track: AudioTrack;
  readonly #listener: EncoderListener;
  #encoder: AudioEncoder | undefined;
  #format = '';
  #level = 0;

  constructor(track: AudioTrack, listener: EncoderListener) {
    this.#track = track;
    this.#listener = listener;
  }

  /** The next samples, at any rate; closes them. */
  encode(data: AudioData): void {
    try {
      const encoder = this.#prepare(data.sampleRate, data.numberOfChannels);
      if (encoder.encodeQueueSize > MAX_QUEUE) return;
      this.#level = Math.max(this.#level, loudest(data));
      encoder.encode(data);
    } catch {
      this.#fail();
    } finally {
      data.close();
    }
  }

  [Symbol.dispose](): void {
    const encoder = this.#encoder;
    this.#encoder = undefined;
    if (encoder && encoder.state !== 'closed') encoder.close();
  }

  #prepare(sampleRate: number, numberOfChannels: number): AudioEncoder {
    const format = `${sampleRate} ${numberOfChannels}`;
    if (this.#encoder && format === this.#format) return this.#encoder;
    this[Symbol.dispose]();
    const { bitrate, use } = AUDIO_FORMATS[this.#track];
    const encoder = new AudioEncoder({
      output: (chunk) => {
        if (encoder === this.#encoder) this.#output(chunk);
      },
      error: () => {
        if (encoder === this.#encoder) this.#fail();
      },
    });
    encoder.configure({
      codec: 'opus',
      sampleRate,
      numberOfChannels,
      bitrate,
      opus: {
        application: use,
        frameDuration: AUDIO_FRAME_TIME * 1000,
        // Leaves the other core to the picture, and is not heard at these rates.
        complexity: 5,
      },
    });
    this.#encoder = encoder;
    this.#format = format;
    return encoder;
  }

  #output(chunk: EncodedAudioChunk): void {
    const packet = new Uint8Array(chunk.byteLength);
    chunk.copyTo(packet);
    const level = this.#level;
    this.#level = 0;
    this.#listener.packet(packet, level);
  }

  #fail(): void {
    this[Symbol.dispose]();
    this.#listener.failed();
  }
}
