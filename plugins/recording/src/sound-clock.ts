/** How much slower than the computer's the sound's clock may go: ms for each that passes. Crystals differ by less. */
const DRIFT = 0.001;

/**
 * Tells when sound was, by the film's time: the sound's own clock is even, and sound that comes late by more or less was
 * not taken late.
 */
export class SoundClock {
  /** From the sound's time to the film's, ms: of what came soonest. */
  #offset = Number.POSITIVE_INFINITY;
  #before = 0;

  /**
   * @param end of a packet by the sound's own clock, ms
   * @param now the film's time, ms
   * @returns that end by the film's time, ms
   */
  at(end: number, now: number): number {
    const passed = Math.max(0, end - this.#before);
    this.#before = end;
    this.#offset = Math.min(this.#offset + passed * DRIFT, now - end);
    return end + this.#offset;
  }
}
