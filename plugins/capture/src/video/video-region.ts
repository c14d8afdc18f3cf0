import type { Rectangle, VideoOperation } from '@livelet/core';
import type { FrameQuality } from '../pace/frame-quality.js';
import type { Picture } from '../picture/picture.js';
import { Motion } from './motion.js';
import type { VideoTrack } from './video-track.js';

/** Share of a frame's time after which the next may begin: waiting for all of it, a film of that rate would fall behind. */
const EARLY = 0.8;
/** A frame that is late by so much, ms, doesn't make those after it late too. */
const CATCH_UP = 25;

/**
 * The part of one picture that goes as video while it keeps changing. Its frames are encoded beside the others, so that
 * what is typed meanwhile doesn't wait for them; one at a time.
 */
export class VideoRegion {
  readonly #track: VideoTrack | undefined;
  readonly #motion: Motion;
  /** Nothing of this picture's video was encoded. */
  #isNew = true;
  /** Of the frame that is being encoded or waits to be sent. */
  #pending: Rectangle | undefined;
  #encoded: VideoOperation | undefined;
  /** The last frame couldn't be had: the area goes as tiles once. */
  #failed: Rectangle | undefined;
  /** When the next of its frames may begin, ms of the clock. */
  #due = Number.NEGATIVE_INFINITY;

  /** @param width,height of the picture, px */
  constructor(track: VideoTrack | undefined, width: number, height: number) {
    this.#track = track;
    this.#motion = new Motion(width, height);
  }

  /** Some pixels may have changed. */
  damaged(area: Rectangle, now: number): void {
    if (this.#track) this.#motion.damaged(area, now);
  }

  /** Notes what one frame changes, without what goes as copies. */
  changed(areas: readonly Rectangle[], now: number): void {
    if (this.#track) this.#motion.frame(areas, now);
  }

  /**
   * What goes as video now: nothing else may draw there, since a frame on its way may be older. Undefined while nothing
   * is in motion or there is no way to encode it.
   */
  area(quality: FrameQuality, now: number): Rectangle | undefined {
    if (this.#pending) return this.#pending;
    const usable = this.#track?.ready && quality.videoBitrate > 0 && !quality.lossless && !this.#failed;
    return usable ? this.#motion.area(now) : undefined;
  }

  /**
   * Ms until what goes as video is at rest if nothing changes there, and may be drawn otherwise until it goes on;
   * Infinity while a frame of it is encoded or waits to be sent.
   */
  restsIn(now: number): number {
    return this.#pending ? Number.POSITIVE_INFINITY : this.#motion.restsIn(now);
  }

  /** Ms until its next frame may be encoded; Infinity while one is, or waits to be sent. */
  wait(now: number): number {
    if (this.#pending) return Number.POSITIVE_INFINITY;
    return Math.max(0, this.#due - now);
  }

  /** Whether a frame waits to be sent, or its area since it couldn't be had. */
  get hasResult(): boolean {
    return this.#encoded !== undefined || this.#failed !== undefined;
  }

  /** The frame that waits to be sent: each must be, since the next ones need it. */
  takeFrame(): VideoOperation | undefined {
    const encoded = this.#encoded;
    if (!encoded) return undefined;
    this.#encoded = undefined;
    this.#pending = undefined;
    return encoded;
  }

  /** The area of which a frame couldn't be had, once. */
  takeFailed(): Rectangle | undefined {
    const failed = this.#failed;
    this.#failed = undefined;
    return failed;
  }

  /** Encodes the next frame of the pixels as they are now; `takeFrame` or `takeFailed` has it after. Never rejects. */
  async encode(picture: Picture, area: Rectangle, quality: FrameQuality, now: number): Promise<void> {
    this.#due = Math.max(this.#due, now - CATCH_UP) + (EARLY * 1000) / quality.frameRate;
    this.#pending = area;
    const { x, y, width, height } = area;
    const encoded = await this.#track?.encode(picture, area, quality.videoBitrate, this.#isNew);
    if (!encoded) {
      this.#pending = undefined;
      this.#failed = area;
      return;
    }
    this.#isNew = false;
    this.#encoded = { kind: 'video', x, y, width, height, ...encoded };
  }
}
