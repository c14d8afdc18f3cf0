import { loudness, share } from '@livelet/compliance';

/** Counts where a tone isn't, between its first and its last 20 ms. */
export class Missing {
  /** How often it is away, and for how long together. */
  times = 0;
  milliseconds = 0;
  readonly #hertz: number;
  #since: number | undefined;

  constructor(hertz: number) {
    this.#hertz = hertz;
  }

  add(samples: Buffer): void {
    if (loudness(samples) > 0.05 && share(samples, this.#hertz) > 0.5) {
      if (this.#since) {
        this.times += 1;
        this.milliseconds += this.#since * 20;
      }
      this.#since = 0;
    } else if (this.#since !== undefined) {
      this.#since += 1;
    }
  }
}
