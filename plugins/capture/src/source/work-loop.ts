import type { Clock } from '@livelet/core';

/** What a step came to: another at once, a wait for something that wakes, or for that and so many ms. */
export type StepResult = 'again' | 'wait' | number;

/** Does one step after the other while there is something to do, never two at a time. */
export class WorkLoop {
  readonly #clock: Clock;
  readonly #step: () => Promise<StepResult>;
  readonly #failed: (error: unknown) => void;
  #busy = false;
  #woken = false;
  #over = false;
  #working: Promise<void> = Promise.resolve();
  #timer: Disposable | undefined;

  /** @param failed is told what a step threw, which ends the loop */
  constructor(clock: Clock, step: () => Promise<StepResult>, failed: (error: unknown) => void) {
    this.#clock = clock;
    this.#step = step;
    this.#failed = failed;
  }

  get over(): boolean {
    return this.#over;
  }

  /** Something has changed that may let the next step happen. */
  wake(): void {
    this.#woken = true;
    if (this.#over || this.#busy) return;
    this.#busy = true;
    this.#working = this.#work();
  }

  /** No step begins after this. */
  end(): void {
    this.#over = true;
    this.#timer?.[Symbol.dispose]();
  }

  /** Resolves when the last step is done. */
  async ended(): Promise<void> {
    this.end();
    await this.#working;
  }

  async #work(): Promise<void> {
    try {
      // What comes together is taken together: a display tells one change in several pieces.
      await undefined;
      while (this.#woken && !this.#over) {
        this.#woken = false;
        let result: StepResult = 'again';
        while (result === 'again' && !this.#over) result = await this.#step();
        if (typeof result === 'number') this.#wakeIn(result);
      }
    } catch (error) {
      this.end();
      this.#failed(error);
    } finally {
      this.#busy = false;
    }
  }

  #wakeIn(delay: number): void {
    this.#timer?.[Symbol.dispose]();
    if (!this.#over) this.#timer = this.#clock.setTimer(delay, () => this.wake());
  }
}
