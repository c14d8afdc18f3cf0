import { STAGE_STATISTICS_EVENT, type StageStatistics } from '@livelet/core/page';

const INTERVAL = 1000;

/** Counts drawn frames; still when there are none. */
export class Statistics implements Disposable {
  readonly #target: EventTarget;
  #lags: number[] = [];
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(target: EventTarget) {
    this.#target = target;
  }

  /** @param lag ms */
  drawn(lag: number): void {
    this.#lags.push(lag);
    this.#timer ??= setInterval(() => this.#tell(), INTERVAL);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #tell(): void {
    const lags = this.#lags.toSorted((a, b) => a - b);
    this.#lags = [];
    const lagMs = lags[lags.length >> 1];
    const detail: StageStatistics = { fps: lags.length, ...(lagMs !== undefined && { lagMs }) };
    const options = { detail, bubbles: true, composed: true };
    this.#target.dispatchEvent(new CustomEvent(STAGE_STATISTICS_EVENT, options));
    if (lags.length > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
