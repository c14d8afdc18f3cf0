import type { VideoOperation } from '@livelet/core/page';
import { codecName, VIDEO_COLOURS } from '../../src/video/video-formats.js';
import { singleVp9 } from './single-vp9.js';
import type { VideoTrackDecoder } from './video-track-decoder.js';

/** A chunk and what its picture must hold. */
export type VideoPiece = Pick<VideoOperation, 'codec' | 'key' | 'chunk' | 'width' | 'height'>;

/** Decodes by WebCodecs. */
export class VideoPlayer implements VideoTrackDecoder {
  #current: Decoding | undefined;
  /** A video that ended is decoded to its end beside the next. */
  #ending = new Set<Decoding>();

  /**
   * The picture of a chunk, for the caller to close. After an error only a key chunk can go on.
   * @throws what WebCodecs throws; RangeError for a chunk without its key
   */
  decode(piece: VideoPiece): Promise<VideoFrame> {
    if (!this.#current?.takes(piece)) this.#begin(piece);
    return this.#current?.decode(piece) ?? Promise.reject(new RangeError('a chunk without its key'));
  }

  reset(): void {
    for (const decoding of this.#ending) decoding.fail(new RangeError('the video is over'));
    this.#current?.fail(new RangeError('the video is over'));
    this.#current = undefined;
  }

  [Symbol.dispose](): void {
    this.reset();
  }

  #begin(piece: VideoPiece): void {
    const before = this.#current;
    this.#current = piece.key ? new Decoding(piece) : undefined;
    if (!before) return;
    this.#ending.add(before);
    before.finish().finally(() => this.#ending.delete(before));
  }
}

interface Waiting {
  readonly resolve: (frame: VideoFrame) => void;
  readonly reject: (error: unknown) => void;
}

/** One decoder, with the chunks that are in it, in their order. */
class Decoding {
  readonly #format: Pick<VideoOperation, 'codec' | 'width' | 'height'>;
  readonly #decoder: VideoDecoder;
  readonly #waiting: Waiting[] = [];
  #chunks = 0;

  constructor({ codec, width, height }: VideoPiece) {
    this.#format = { codec, width, height };
    this.#decoder = new VideoDecoder({
      output: (frame) => this.#output(frame),
      error: (error) => this.fail(error),
    });
  }

  takes({ codec, width, height }: VideoPiece): boolean {
    const { codec: ours, width: across, height: down } = this.#format;
    return this.#decoder.state !== 'closed' && codec === ours && width === across && height === down;
  }

  decode({ codec, key, chunk }: VideoPiece): Promise<VideoFrame> {
    try {
      if (this.#decoder.state === 'unconfigured') this.#configure();
      const type = key ? 'key' : 'delta';
      const data = codec === 'vp9' ? singleVp9(chunk) : (chunk as Uint8Array<ArrayBuffer>);
      this.#decoder.decode(new EncodedVideoChunk({ type, timestamp: this.#chunks++, data }));
    } catch (error) {
      this.fail(error);
      return Promise.reject(error);
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }

  /** Decodes what is in it. Never rejects. */
  async finish(): Promise<void> {
    try {
      if (this.#decoder.state === 'configured') await this.#decoder.flush();
    } catch {
      // Who waits for a chunk has been told.
    }
    this.fail(new RangeError('no picture came'));
  }

  fail(error: unknown): void {
    if (this.#decoder.state !== 'closed') this.#decoder.close();
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  #configure(): void {
    const { codec, width, height } = this.#format;
    this.#decoder.configure({
      codec: codecName(codec, width, height),
      codedWidth: width,
      codedHeight: height,
      colorSpace: VIDEO_COLOURS,
      optimizeForLatency: true,
    });
  }

  #output(frame: VideoFrame): void {
    const first = this.#waiting.shift();
    if (first) {
      first.resolve(frame);
      return;
    }
    frame.close();
    this.fail(new RangeError('two pictures of one chunk'));
  }
}
