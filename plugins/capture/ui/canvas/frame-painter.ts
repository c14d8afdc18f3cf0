import type { FrameMessage, FrameOperation, Rectangle } from '@livelet/core/page';
import { type CopyWay, chooseCopyWay } from './canvas-copy.js';
import { type Decoding, type Drawable, draw, prepare, release, VIDEO_DEADLINE } from './drawable.js';
import { Turns } from './turns.js';
import type { VideoTrackDecoder } from './video-track-decoder.js';

/** What a painter tells. */
export interface PainterListener {
  /** The whole frame is on the canvas; both times are from its last part's arrival, ms: drawn, and only decoded. */
  drawn(frame: FrameMessage, time: number, decodeTime: number): void;
  /**
   * An image or a chunk can't be decoded, in time or at all, or isn't of the size that its operation says. Nothing more
   * is drawn or told until the next picture.
   */
  broken(): void;
}

export interface PainterOptions {
  /** Without one every video is `broken`. The painter resets it; who made it disposes of it. */
  readonly videos?: VideoTrackDecoder;
  /** How long a chunk may take to become a picture, ms. @default VIDEO_DEADLINE */
  readonly videoDeadline?: number;
  /** @default the faster one here */
  readonly copyWay?: CopyWay;
  /** This area of the canvas was drawn on. @default nobody wants to know */
  readonly changed?: (area: Rectangle) => void;
}

/**
 * Draws frames in their order: images and chunks are decoded as they come, and a frame is put on the canvas, one
 * operation after the other, when all of them are there. Frames are decoded once all but one of those before are drawn,
 * and a new picture once all that was decoded of the one before is gone, so that what follows faster than it is drawn
 * never fills the memory. Whatever comes, the page's other work has its turn in between: the person can always end the
 * session.
 */
export class FramePainter {
  readonly #context: CanvasRenderingContext2D;
  readonly #listener: PainterListener;
  readonly #decoding: Decoding;
  readonly #copyWay: CopyWay;
  readonly #changed: ((area: Rectangle) => void) | undefined;
  readonly #turns = new Turns();
  /** Aborted when the picture is over. Generations don't tell: they begin anew with each stream. */
  #picture = new AbortController();
  /** Of the frame whose parts are coming. */
  #operations: Promise<Drawable>[] = [];
  #drawing: Promise<void> = Promise.resolve();
  /** Resolves when nothing is left of the pictures before this one, nor of the frames before the last. */
  #cleared: Promise<void> = Promise.resolve();

  constructor(canvas: HTMLCanvasElement, listener: PainterListener, options: PainterOptions = {}) {
    const { videos, videoDeadline = VIDEO_DEADLINE, copyWay = chooseCopyWay() } = options;
    this.#listener = listener;
    this.#decoding = { videos, videoDeadline };
    this.#copyWay = copyWay;
    this.#changed = options.changed;
    const settings = { alpha: false, willReadFrequently: copyWay === 'pixels' };
    this.#context = canvas.getContext('2d', settings) as CanvasRenderingContext2D;
  }

  /** A new picture, black; frames of the one before that are still being decoded are not drawn. */
  restart(width: number, height: number): void {
    this.#end();
    this.#picture = new AbortController();
    this.#cleared = this.#drawing;
    this.#context.canvas.width = width;
    this.#context.canvas.height = height;
  }

  add(frame: FrameMessage): void {
    const came = performance.now();
    const { signal } = this.#picture;
    if (signal.aborted) return;
    for (const operation of frame.operations) {
      const prepared = this.#prepare(operation, signal);
      // What fails is told when its frame's turn comes.
      prepared.catch(() => undefined);
      this.#operations.push(prepared);
    }
    if (!frame.last) return;
    this.#cleared = this.#drawing;
    this.#whenDecoded(signal, (decoded) => {
      const decodeTime = performance.now() - came;
      for (const drawable of decoded) {
        draw(this.#context, drawable, this.#copyWay);
        this.#changed?.(drawable.operation);
      }
      this.#listener.drawn(frame, performance.now() - came, decodeTime);
    });
  }

  async #prepare(operation: FrameOperation, picture: AbortSignal): Promise<Drawable> {
    await this.#cleared;
    return await this.#turns.run(() => {
      picture.throwIfAborted();
      return prepare(operation, this.#decoding);
    });
  }

  /** Nothing more of this picture is drawn. */
  #end(): void {
    this.#picture.abort();
    this.#decoding.videos?.reset();
    this.#whenDecoded(this.#picture.signal, () => undefined);
  }

  /** Gives all operations since the last call to `use`, when their turn comes and unless the picture is over. */
  #whenDecoded(picture: AbortSignal, use: (decoded: readonly Drawable[]) => void): void {
    const operations = this.#operations;
    this.#operations = [];
    this.#drawing = this.#drawing.then(async () => {
      const results = await Promise.allSettled(operations);
      const decoded = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      try {
        if (picture.aborted) return;
        if (decoded.length < results.length) throw new RangeError('an operation that can’t be decoded');
        this.#turns.busy(() => use(decoded));
      } catch {
        this.#end();
        this.#listener.broken();
      } finally {
        for (const drawable of decoded) release(drawable);
      }
      await this.#turns.rest();
    });
  }
}
