import type { StagePicture } from '@livelet/core/page';
import {
  type FilmFormat,
  MAX_FRAMES_AHEAD,
  type PictureToRecorder,
  type RecorderToPicture,
} from '../src/page-protocol.js';
import { encoderConfig, supportedFormat } from './film-format.js';
import { FilmFrame } from './film-frame.js';

type Post = (message: PictureToRecorder, bytes?: Uint8Array) => void;

/** The least between two pictures, ms. */
const FRAME_EVERY = 1000 / 15;
/** While nothing changes: so much is missing at most where a recording breaks off, ms. */
const STILL_EVERY = 1000;
/** Places to jump to, while something changes and while nothing does, ms. */
const KEY_EVERY = 10_000;
const STILL_KEY_EVERY = 30_000;
/** Share of one core that pictures may take: what takes longer comes less often. */
const SHARE = 0.4;

/** Takes pictures of the stage, when it changes and as often as the film has them, and encodes them. */
export class PictureRun implements Disposable {
  readonly #picture: StagePicture<OffscreenCanvasRenderingContext2D>;
  readonly #run: number;
  readonly #number: () => number;
  readonly #post: Post;
  readonly #resources = new DisposableStack();
  readonly #onTheirWay = new Set<number>();
  #format: FilmFormat | undefined;
  #frame: FilmFrame | undefined;
  #encoder: VideoEncoder | undefined;
  #choosing = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** performance.now() at which the timer fires. */
  #timerAt = Number.POSITIVE_INFINITY;
  #changed = true;
  #changedSinceKey = true;
  #tookAt = Number.NEGATIVE_INFINITY;
  #keyAt = Number.NEGATIVE_INFINITY;
  /** What the last picture took, ms: here, and in the encoder. */
  #cost = 0;
  #encodeCost = 0;

  constructor(
    picture: StagePicture<OffscreenCanvasRenderingContext2D>,
    { run, format }: Extract<RecorderToPicture, { type: 'run' }>,
    number: () => number,
    post: Post,
  ) {
    this.#picture = picture;
    this.#run = run;
    this.#format = format;
    this.#number = number;
    this.#post = post;
    this.#resources.defer(() => clearTimeout(this.#timer));
    this.#resources.use(
      picture.onChange(() => {
        this.#changed = true;
        this.#changedSinceKey = true;
        this.#takeIn(this.#tookAt + this.#rest - performance.now());
      }),
    );
    this.#takeIn(0);
  }

  taken(number: number): void {
    for (const way of this.#onTheirWay) if (way <= number) this.#onTheirWay.delete(way);
  }

  [Symbol.dispose](): void {
    this.#resources.dispose();
  }

  /** The least from one picture to the next, ms. */
  get #rest(): number {
    return Math.max(FRAME_EVERY, (this.#cost + this.#encodeCost) / SHARE);
  }

  /** @param delay ms; a picture that is due earlier stays so */
  #takeIn(delay: number): void {
    const at = performance.now() + Math.max(0, delay);
    if (this.#resources.disposed || at >= this.#timerAt) return;
    clearTimeout(this.#timer);
    this.#timerAt = at;
    this.#timer = setTimeout(() => {
      this.#timerAt = Number.POSITIVE_INFINITY;
      this.#take();
    }, delay);
  }

  #take(): void {
    const encoder = this.#encoder;
    const frame = this.#frame;
    if (encoder === undefined || frame === undefined) {
      void this.#choose();
      return;
    }
    if (encoder.encodeQueueSize > 1 || this.#onTheirWay.size >= MAX_FRAMES_AHEAD) {
      this.#takeIn(FRAME_EVERY);
      return;
    }
    const now = performance.now();
    const key = now - this.#keyAt >= (this.#changedSinceKey ? KEY_EVERY : STILL_KEY_EVERY);
    this.#tookAt = now;
    this.#changed = false;
    if (key) {
      this.#keyAt = now;
      this.#changedSinceKey = false;
    }
    using taken = frame.take(this.#picture, now);
    encoder.encode(taken.frame, { keyFrame: key });
    this.#cost = performance.now() - now;
    this.#takeIn(this.#changed ? this.#rest : STILL_EVERY);
  }

  /** Before the first picture: its size is the film's. */
  async #choose(): Promise<void> {
    if (this.#choosing || (this.#format === undefined && this.#picture.width === 0)) return;
    this.#choosing = true;
    try {
      const format = this.#format ?? (await supportedFormat(this.#picture.width, this.#picture.height));
      if (this.#resources.disposed) return;
      const encoder = new VideoEncoder({
        output: (chunk) => this.#send(chunk),
        error: () => this.#post({ type: 'failed' }),
      });
      this.#resources.defer(() => {
        if (encoder.state !== 'closed') encoder.close();
      });
      encoder.configure(encoderConfig(format));
      this.#format = format;
      this.#frame = new FilmFrame(format);
      this.#encoder = encoder;
      this.#takeIn(0);
    } catch {
      this.#post({ type: 'failed' });
    } finally {
      this.#choosing = false;
    }
  }

  #send(chunk: EncodedVideoChunk): void {
    if (this.#resources.disposed || this.#format === undefined) return;
    const age = performance.now() - chunk.timestamp / 1000;
    this.#encodeCost = Math.max(0, age - this.#cost);
    const bytes = new Uint8Array(chunk.byteLength);
    chunk.copyTo(bytes);
    const number = this.#number();
    this.#onTheirWay.add(number);
    const key = chunk.type === 'key';
    this.#post({ type: 'frame', run: this.#run, number, key, age, ...this.#format }, bytes);
  }
}
