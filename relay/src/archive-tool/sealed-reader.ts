import { LiveletError, type RelayApi } from '@livelet/core/wire';
import type { SealedEntry } from '../archive/sealed-store.js';

/** What lies sealed at a relay, as an administrator reads it. */
export class SealedReader {
  readonly #api: RelayApi;
  readonly #path: string;

  /** @param path `/archive` or `/reports` */
  constructor(api: RelayApi, path: '/archive' | '/reports') {
    this.#api = api;
    this.#path = path;
  }

  /**
   * All entries, in the order of arrival, page by page.
   * @throws those of RelayApi.call
   */
  async *entries(signal: AbortSignal): AsyncGenerator<SealedEntry, void, undefined> {
    let after = 0;
    for (;;) {
      const answer = await this.#api.call('GET', `${this.#path}?after=${after}`, undefined, signal);
      const page = readPage(answer);
      yield* page;
      const last = page.at(-1)?.number ?? 0;
      if (page.length === 0) return;
      // A relay that repeats itself must not keep us for ever.
      if (last <= after) throw new LiveletError('relay-protocol', 'numbers that do not grow');
      after = last;
    }
  }

  envelope(number: number, signal: AbortSignal): Promise<Uint8Array> {
    return this.#api.download(`${this.#path}/${number}`, signal);
  }

  async delete(number: number, signal: AbortSignal): Promise<void> {
    await this.#api.call('DELETE', `${this.#path}/${number}`, undefined, signal);
  }
}

function readPage(answer: unknown): readonly SealedEntry[] {
  const { entries } = (answer ?? {}) as { readonly entries?: unknown };
  if (!Array.isArray(entries) || !entries.every(isEntry))
    throw new LiveletError('relay-protocol', 'not a page');
  return entries;
}

function isEntry(value: unknown): value is SealedEntry {
  const { number, owner, operator, receivedAt, size } = (value ?? {}) as Record<string, unknown>;
  return (
    [number, receivedAt, size].every((part) => Number.isSafeInteger(part)) &&
    [owner, operator].every((part) => typeof part === 'string' && part.length <= 200)
  );
}
