import { type HeardBlock, loudness, share, TONE_RATE } from '@livelet/compliance';

/** What a sample must reach to be the tone's, of 32,768. */
const AUDIBLE = 3000;

/** Counts where a tone isn't, between its first and its last 20 ms. */
export class Missing {
  /** How often it is away, and for how long together. */
  times = 0;
  milliseconds = 0;
  /** When its last sample so far was heard, ms by performance.now(). */
  last = 0;
  readonly #hertz: number;
  #since: number | undefined;

  constructor(hertz: number) {
    this.#hertz = hertz;
  }

  add({ samples, at }: HeardBlock): void {
    if (loudness(samples) > 0.05 && share(samples, this.#hertz) > 0.5) {
      if (this.#since) {
        this.times += 1;
        this.milliseconds += this.#since * 20;
      }
      this.#since = 0;
    } else if (this.#since !== undefined) {
      this.#since += 1;
    }
    for (let n = samples.length / 2 - 1; n >= 0; n -= 1) {
      if (Math.abs(samples.readInt16LE(2 * n)) < AUDIBLE) continue;
      this.last = at + (n * 1000) / TONE_RATE;
      break;
    }
  }
}
