/** Operations being prepared at a time: more than any machine decodes, few enough for a moment of the page's. */
const MAX_RUNNING = 32;
/** How long the page may be busy with pictures before its other work has a turn, ms. */
const BUSY = 8;

/** Shares the page between pictures and everything else, such as a press of a button. */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  /** Of the page's time since other work had its turn, ms. */
  #busy = 0;
  #rest: Promise<void> | undefined;

  /** Does a task when fewer are running, those that came first before it. What it does at once counts as busy. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running < MAX_RUNNING) this.#running++;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      await this.rest();
      return await this.busy(task);
    } finally {
      const next = this.#waiting.shift();
      // It takes the place of this one.
      if (next) next();
      else this.#running--;
    }
  }

  busy<T>(task: () => T): T {
    const began = performance.now();
    try {
      return task();
    } finally {
      this.#busy += performance.now() - began;
    }
  }

  /** Resolves at once unless the page has been busy for long: then after its other work. */
  rest(): Promise<void> {
    if (this.#rest) return this.#rest;
    if (this.#busy < BUSY) return Promise.resolve();
    this.#rest = otherWork().then(() => {
      this.#busy = 0;
      this.#rest = undefined;
    });
    return this.#rest;
  }
}

/** A message of the page to itself comes after whatever waited before it; timers are late in a page that is covered. */
function otherWork(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    resolve();
  };
  port2.postMessage(null);
  return promise;
}
