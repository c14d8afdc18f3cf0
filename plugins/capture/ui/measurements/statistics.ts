import { type FrameMessage, STAGE_STATISTICS_EVENT, type StageStatistics } from '@livelet/core/page';
import { type Measurements, MeasurementsWindow } from './measurements.js';

const INTERVAL = 1000;

/** Measures once a second while frames come, and is still when there are none. */
export class Statistics implements Disposable {
  readonly #target: EventTarget;
  readonly #listener: (measurements: Measurements) => void;
  readonly #window = new MeasurementsWindow();
  #timer: ReturnType<typeof setInterval> | undefined;
  #since = 0;
  /** What was drawn is on the page's screen with its next picture. */
  #showing: number | undefined;

  /** @param target dispatches STAGE_STATISTICS_EVENT; @param listener is told the whole of it */
  constructor(target: EventTarget, listener: (measurements: Measurements) => void) {
    this.#target = target;
    this.#listener = listener;
  }

  /** @param bytes of the message that this part of a frame came in */
  arrived(frame: FrameMessage, bytes: number): void {
    this.#window.received(bytes);
    this.#window.arrived(frame);
    if (this.#timer !== undefined) return;
    this.#since = performance.now();
    this.#timer = setInterval(() => this.#tell(), INTERVAL);
  }

  /** Both times are from the last part's arrival, ms. */
  drawn(frame: FrameMessage, time: number, decodeTime: number): void {
    this.#window.drawn(frame, decodeTime, time);
    this.#showing ??= requestAnimationFrame(() => {
      this.#showing = undefined;
      this.#window.shown();
    });
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    if (this.#showing !== undefined) cancelAnimationFrame(this.#showing);
  }

  #tell(): void {
    const now = performance.now();
    const measurements = this.#window.take(now - this.#since);
    this.#since = now;
    const { fps, lag } = measurements;
    const detail: StageStatistics = { fps, ...(lag !== undefined && { lagMs: lag }) };
    this.#target.dispatchEvent(
      new CustomEvent(STAGE_STATISTICS_EVENT, { detail, bubbles: true, composed: true }),
    );
    this.#listener(measurements);
    if (measurements.bytesPerSecond > 0 || fps > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
