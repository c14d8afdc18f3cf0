/** Lets pass, or makes wait, whoever comes. */
export class Gate {
  #open = Promise.withResolvers<void>();
  #isOpen = true;

  get isOpen(): boolean {
    return this.#isOpen;
  }

  set(open: boolean): void {
    if (open === this.#isOpen) return;
    this.#isOpen = open;
    if (open) this.#open.resolve();
    else this.#open = Promise.withResolvers();
  }

  async pass(): Promise<void> {
    while (!this.#isOpen) await this.#open.promise;
  }
}

/** So many at once; who comes later waits their turn. */
export class Slots {
  readonly #size: number;
  readonly #waiting: { readonly weight: number; readonly go: () => void }[] = [];
  #used = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** @param weight how many it takes up @returns to be disposed when it is done */
  async take(weight: number): Promise<Disposable> {
    if (this.#waiting.length > 0 || this.#used + weight > this.#size) {
      await new Promise<void>((go) => {
        this.#waiting.push({ weight, go });
      });
    } else {
      this.#used += weight;
    }
    return { [Symbol.dispose]: () => this.#release(weight) };
  }

  #release(weight: number): void {
    this.#used -= weight;
    for (;;) {
      const [next] = this.#waiting;
      if (!next || this.#used + next.weight > this.#size) return;
      this.#waiting.shift();
      this.#used += next.weight;
      next.go();
    }
  }
}
