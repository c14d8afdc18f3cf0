import type { PagePort, PortMessage } from '@livelet/core';

/** Both ends of a port in one process: what a page posts, its half hears, and the other way round. */
export interface PortPair {
  /** For the half in the host. */
  readonly host: PagePort;
  /** For the test, in the page's place. */
  readonly page: PagePort;
}

/** @param name of both ends, such as `plugin:livelet.chat:chat` */
export function portPair(name: string): PortPair {
  const host = new End(name);
  const page = new End(name);
  host.join(page);
  page.join(host);
  return { host, page };
}

class End implements PagePort {
  readonly name: string;
  readonly bufferedBytes = 0;
  readonly #listeners = new Set<(message: PortMessage) => void>();
  readonly #closeListeners = new Set<() => void>();
  readonly #kept: PortMessage[] = [];
  #other: End | undefined;
  #closed = false;

  constructor(name: string) {
    this.name = name;
  }

  join(other: End): void {
    this.#other = other;
  }

  post(message: PortMessage): void {
    const copy = structuredClone(message);
    queueMicrotask(() => this.#other?.hear(copy));
  }

  hear(message: PortMessage): void {
    if (this.#closed) return;
    if (this.#listeners.size === 0) this.#kept.push(message);
    for (const listener of this.#listeners) listener(message);
  }

  onMessage(listener: (message: PortMessage) => void): Disposable {
    this.#listeners.add(listener);
    for (const message of this.#kept.splice(0)) listener(message);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  onClose(listener: () => void): Disposable {
    this.#closeListeners.add(listener);
    return { [Symbol.dispose]: () => void this.#closeListeners.delete(listener) };
  }

  close(): void {
    this.finish();
    this.#other?.finish();
  }

  finish(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const listener of this.#closeListeners) listener();
  }
}
