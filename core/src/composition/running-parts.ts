import type { Clock } from '../clock.js';
import type { HostPart } from '../contracts/plugin.js';
import { LiveletError } from '../errors.js';

/** How long a part may take to start or to stop, ms. */
const PART_DEADLINE = 2_000;

/** The parts of one plugin: started in order, stopped in reverse. A SessionPart is started as a HostPart is. */
export class RunningParts implements AsyncDisposable {
  readonly #clock: Clock;
  readonly #started: HostPart[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws what a part throws, `deadline-exceeded` after 2 s; then all are to be disposed */
  async start(parts: readonly HostPart[]): Promise<void> {
    for (const part of parts) {
      this.#started.push(part);
      await this.#withDeadline(async () => part.start());
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const part of this.#started.splice(0).reverse()) {
      // A part that fails to stop or takes too long must not keep the others from stopping.
      await this.#withDeadline(async () => part.stop()).catch(() => undefined);
    }
  }

  #withDeadline(work: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = this.#clock.setTimer(PART_DEADLINE, () => reject(new LiveletError('deadline-exceeded')));
      work()
        .finally(() => timer[Symbol.dispose]())
        .then(resolve, reject);
    });
  }
}
