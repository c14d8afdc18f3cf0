import { AUDIO_FORMATS, AUDIO_FRAME_TIME, AUDIO_RATE, type AudioTrack } from '@livelet/core/page';
import type { Heard } from '../../src/page-protocol.js';
import { JitterBuffer } from '../../src/playing/jitter-buffer.js';
import { loudestOf } from './loudest.js';
import type { Loudspeaker } from './loudspeaker.js';

/** Packets between two reports: five a second. */
const REPORT = 10;
/** What nobody would miss: 40 dB below full. */
const QUIET = 0.01;
/** Packets in a row that can't be decoded, after which no more is tried until it begins anew. */
const MOST_BROKEN = 50;

/** Decodes and plays one track. */
export class TrackPlayer implements Disposable {
  readonly #track: AudioTrack;
  readonly #loudspeaker: Loudspeaker;
  readonly #heard: (heard: Heard) => void;
  readonly #sources = new Set<AudioBufferSourceNode>();
  #buffer = new JitterBuffer();
  #decoder: AudioDecoder | undefined;
  #context: AudioContext | undefined;
  #broken = 0;
  #level = 0;
  #count = 0;
  #loudUntil = 0;

  constructor(track: AudioTrack, loudspeaker: Loudspeaker, heard: (heard: Heard) => void) {
    this.#track = track;
    this.#loudspeaker = loudspeaker;
    this.#heard = heard;
  }

  /** Until when what is played can be heard, and recorded again, ms by performance.now(). */
  get loudUntil(): number {
    return this.#loudUntil;
  }

  play(number: number, packet: Uint8Array): void {
    if (this.#broken >= MOST_BROKEN) return;
    try {
      this.#context ??= this.#loudspeaker.use(this);
      this.#decoder ??= this.#newDecoder();
      const timestamp = number * AUDIO_FRAME_TIME * 1000;
      this.#decoder.decode(
        new EncodedAudioChunk({ type: 'key', timestamp, data: packet as Uint8Array<ArrayBuffer> }),
      );
    } catch {
      this.#fail();
    }
  }

  /** Nothing comes for now: what waits is played no more, and the loudspeaker is left. */
  hush(): void {
    this.#close();
    this.#broken = 0;
    this.#buffer = new JitterBuffer();
    for (const source of this.#sources) source.stop();
    this.#sources.clear();
    this.#context = undefined;
    this.#loudspeaker.leave(this);
    this.#level = 0;
    this.#report();
  }

  [Symbol.dispose](): void {
    this.hush();
  }

  #newDecoder(): AudioDecoder {
    const decoder = new AudioDecoder({
      output: (data) => {
        if (decoder === this.#decoder) this.#output(data);
        data.close();
      },
      error: () => {
        if (decoder === this.#decoder) this.#fail();
      },
    });
    decoder.configure({
      codec: 'opus',
      sampleRate: AUDIO_RATE,
      numberOfChannels: AUDIO_FORMATS[this.#track].channels,
    });
    return decoder;
  }

  #output(data: AudioData): void {
    const context = this.#context;
    this.#broken = 0;
    if (context?.state !== 'running') return;
    const { numberOfFrames: length, numberOfChannels, sampleRate } = data;
    const buffer = new AudioBuffer({ length, numberOfChannels, sampleRate });
    for (let channel = 0; channel < numberOfChannels; channel += 1) {
      data.copyTo(buffer.getChannelData(channel), { planeIndex: channel, format: 'f32-planar' });
    }
    const level = loudestOf(buffer.getChannelData(0));
    const at = this.#buffer.place(context.currentTime * 1000, level < QUIET);
    this.#level = Math.max(this.#level, level);
    this.#count += 1;
    if (this.#count >= REPORT) this.#report();
    if (at === undefined) return;
    if (level >= QUIET)
      this.#loudUntil = performance.now() + at - context.currentTime * 1000 + AUDIO_FRAME_TIME;
    const source = new AudioBufferSourceNode(context, { buffer });
    this.#sources.add(source);
    source.onended = () => {
      this.#sources.delete(source);
      source.disconnect();
    };
    this.#loudspeaker.play(source);
    source.start(at / 1000);
  }

  #report(): void {
    const { ahead, gaps, dropped } = this.#buffer;
    this.#heard({ track: this.#track, level: this.#level, ahead, gaps, dropped });
    this.#level = 0;
    this.#count = 0;
  }

  #fail(): void {
    this.#close();
    this.#broken += 1;
  }

  #close(): void {
    const decoder = this.#decoder;
    this.#decoder = undefined;
    if (decoder && decoder.state !== 'closed') decoder.close();
  }
}
