import { LiveletError } from '@livelet/core';
import {
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedVideoPacketSource,
  Output,
  StreamTarget,
  type StreamTargetChunk,
  WebMOutputFormat,
} from 'mediabunny';
import { openEnded } from './open-ended.js';
import type { FilmFormat } from './page-protocol.js';
import type { RecordingFile } from './recording-file.js';
import type { SoundPacket } from './sound-track.js';

/** Of one frame, where players want to know: the longest that it stands alone, s. */
const FRAME_DURATION = 1 / 15;
/** As decoders are told: profile 0, level 5.1 (4096 x 2176), 8 bits. */
const CODEC_STRINGS = { vp8: 'vp8', vp9: 'vp09.00.51.08' } as const;
/** How browsers turn what a canvas shows into the encoder's colours. */
const COLOURS = {
  primaries: 'bt709',
  transfer: 'bt709',
  matrix: 'smpte170m',
  fullRange: false,
} as const;
const OPUS = { sampleRate: 48_000, numberOfChannels: 2 } as const;

/** The film in its file: it plays at every moment, and can be searched through once it is finished. */
export class WebmWriter {
  readonly #file: RecordingFile;
  readonly #output: Output;
  readonly #format: FilmFormat;
  readonly #video: EncodedVideoPacketSource;
  readonly #audio: EncodedAudioPacketSource | undefined;
  #finishing = false;
  #failure: unknown;

  private constructor(file: RecordingFile, format: FilmFormat, sound: boolean) {
    this.#file = file;
    this.#format = format;
    const target = new StreamTarget(
      new WritableStream({ write: async (chunk: StreamTargetChunk) => await this.#write(chunk) }),
    );
    this.#output = new Output({ format: new WebMOutputFormat({ minimumClusterDuration: 1 }), target });
    this.#video = new EncodedVideoPacketSource(format.codec);
    this.#output.addVideoTrack(this.#video);
    if (!sound) return;
    this.#audio = new EncodedAudioPacketSource('opus');
    this.#output.addAudioTrack(this.#audio);
  }

  static async begin(file: RecordingFile, format: FilmFormat, sound: boolean): Promise<WebmWriter> {
    const writer = new WebmWriter(file, format, sound);
    await writer.#output.start();
    return writer;
  }

  /**
   * Resolves when it is on its way to the disk, or waits for the sound beside it.
   * @param at ms, later than the frame before
   * @throws `recording-disk-full`, `recording-unwritable`
   */
  async frame(at: number, key: boolean, bytes: Uint8Array): Promise<void> {
    const { codec, width, height } = this.#format;
    const packet = new EncodedPacket(bytes, key ? 'key' : 'delta', at / 1000, FRAME_DURATION);
    const decoderConfig = {
      codec: CODEC_STRINGS[codec],
      codedWidth: width,
      codedHeight: height,
      colorSpace: COLOURS,
    };
    await this.#add(() => this.#video.add(packet, { decoderConfig }));
  }

  /** @throws as `frame` */
  async sound({ at, duration, bytes }: SoundPacket): Promise<void> {
    const packet = new EncodedPacket(bytes, 'key', at / 1000, duration / 1000);
    const decoderConfig = { codec: 'opus', ...OPUS, description: opusHead() };
    await this.#add(async () => await this.#audio?.add(packet, { decoderConfig }));
  }

  /** Puts the index and the length in. @throws as `frame`; the file plays all the same */
  async finish(): Promise<void> {
    this.#finishing = true;
    await this.#add(() => this.#output.finalize());
  }

  async #add(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#failure ??= error;
    }
    if (this.#failure instanceof LiveletError) throw this.#failure;
    if (this.#failure !== undefined) throw new LiveletError('recording-failed', String(this.#failure));
  }

  async #write({ data, position }: StreamTargetChunk): Promise<void> {
    const appends = position === this.#file.size && !this.#finishing;
    try {
      await this.#file.write(appends ? openEnded(data) : data, position);
    } catch (error) {
      this.#failure ??= error;
      throw error;
    }
  }
}

/** What decoders of Opus are told first: RFC 7845, section 5.1. */
function opusHead(): Uint8Array {
  const head = new Uint8Array(19);
  head.set(new TextEncoder().encode('OpusHead'));
  const view = new DataView(head.buffer);
  view.setUint8(8, 1);
  view.setUint8(9, OPUS.numberOfChannels);
  // What encoders put in front of the sound: 6.5 ms.
  view.setUint16(10, 312, true);
  view.setUint32(12, OPUS.sampleRate, true);
  return head;
}
