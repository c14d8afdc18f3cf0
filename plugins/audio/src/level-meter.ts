/** Packets between two levels that a page is told: ten levels a second. */
const EVERY = 5;

/** Tells the loudest of every few levels. */
export class LevelMeter {
  readonly #tell: (level: number) => void;
  #loudest = 0;
  #count = 0;

  constructor(tell: (level: number) => void) {
    this.#tell = tell;
  }

  /** @param level 0 to 1; 0 ends what is shown at once */
  add(level: number): void {
    this.#loudest = Math.max(this.#loudest, level);
    this.#count += 1;
    if (this.#count < EVERY && level !== 0) return;
    this.#tell(this.#loudest);
    this.#loudest = 0;
    this.#count = 0;
  }
}
