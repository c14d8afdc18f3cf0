/** Listeners of one kind of event, called in the order in which they came. */
export class Listeners<T> {
  readonly #listeners = new Set<{ readonly call: (event: T) => void }>();

  add(listener: (event: T) => void): Disposable {
    const entry = { call: listener };
    this.#listeners.add(entry);
    return { [Symbol.dispose]: () => void this.#listeners.delete(entry) };
  }

  /** Calls every listener, also after one has thrown; then throws the first error. */
  emit(event: T): void {
    const errors: unknown[] = [];
    for (const { call } of [...this.#listeners]) {
      try {
        call(event);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
