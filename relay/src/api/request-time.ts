import { type Clock, LiveletError } from '@livelet/core/wire';
import type { RelaySettings } from '../settings.js';

/** From a request's last byte to its answer, ms. */
const ANSWER_DEADLINE = 15_000;

export interface RequestTimeParts {
  readonly clock: Clock;
  readonly settings: Pick<RelaySettings, 'bodyMs' | 'bodyBytes'>;
  /** The request is on its way as it should be: whoever else times it begins anew. */
  readonly onProgress: () => void;
}

/**
 * How long a request may take: its body comes with `bodyBytes` in each `bodyMs`, which bounds all of it by its length,
 * and is answered in time.
 */
export class RequestTime implements Disposable {
  readonly #parts: RequestTimeParts;
  readonly #over = new AbortController();
  #timer: Disposable;
  #came = 0;

  constructor(parts: RequestTimeParts) {
    this.#parts = parts;
    this.#timer = this.#startWindow();
  }

  /** Aborts with `deadline-exceeded`, or with what `end` was told. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** So many bytes more of the body came. */
  came(bytes: number): void {
    this.#came += bytes;
  }

  /** All of the body is there. */
  complete(): void {
    if (this.signal.aborted) return;
    this.#parts.onProgress();
    this.#timer[Symbol.dispose]();
    this.#timer = this.#parts.clock.setTimer(ANSWER_DEADLINE, () => this.#late());
  }

  /** Nobody waits for the answer any more. */
  end(reason: LiveletError): void {
    this.#timer[Symbol.dispose]();
    this.#over.abort(reason);
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
  }

  #startWindow(): Disposable {
    const { clock, settings, onProgress } = this.#parts;
    this.#came = 0;
    return clock.setTimer(settings.bodyMs, () => {
      if (this.#came < settings.bodyBytes) return this.#late();
      onProgress();
      this.#timer = this.#startWindow();
    });
  }

  #late(): void {
    this.end(new LiveletError('deadline-exceeded'));
  }
}
