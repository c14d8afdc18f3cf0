/** Who wants to be told. One function added twice is told twice. */
export class Listeners<T> {
  readonly #entries = new Set<(value: T) => void>();

  get size(): number {
    return this.#entries.size;
  }

  add(listener: (value: T) => void): Disposable {
    const entry = (value: T): void => listener(value);
    this.#entries.add(entry);
    return { [Symbol.dispose]: () => this.#entries.delete(entry) };
  }

  tell(value: T): void {
    for (const entry of [...this.#entries]) entry(value);
  }

  clear(): void {
    this.#entries.clear();
  }
}
