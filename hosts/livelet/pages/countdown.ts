/** How often the remaining time is looked at, ms. */
const STEP = 200;

/** Counts down while the page can be seen, and from the start again after it was hidden. */
export class Countdown implements Disposable {
  readonly #seconds: number;
  readonly #document: Document;
  readonly #changed: () => void;
  readonly #timer: number;
  #startedAt = performance.now();
  #remaining: number;
  #held = false;

  /** `document` is the one that must be seen. `changed` is called at each whole second, and at the end. */
  constructor(seconds: number, document: Document, changed: () => void) {
    this.#seconds = seconds;
    this.#remaining = Math.ceil(seconds);
    this.#document = document;
    this.#changed = changed;
    this.#document.addEventListener('visibilitychange', this.#restart);
    this.#timer = setInterval(() => this.#look(), STEP);
  }

  /** Whole seconds that are left; 0: over. */
  get remaining(): number {
    return this.#remaining;
  }

  /** Stands still, or goes on from the start again. */
  hold(held: boolean): void {
    this.#held = held;
    this.#restart();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#document.removeEventListener('visibilitychange', this.#restart);
  }

  readonly #restart = (): void => {
    this.#startedAt = performance.now();
    this.#look();
  };

  #look(): void {
    const passed = this.#held ? 0 : performance.now() - this.#startedAt;
    const left = this.#seconds * 1000 - passed;
    const remaining = Math.max(0, Math.ceil(left / 1000));
    if (remaining === this.#remaining) return;
    this.#remaining = remaining;
    this.#changed();
  }
}
