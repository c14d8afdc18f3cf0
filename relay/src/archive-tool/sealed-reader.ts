import { setTimeout } from 'node:timers/promises';
import { asLiveletError, LiveletError, type RelayApi } from '@livelet/core/wire';
import type { SealedEntry } from '../archive/sealed-store.js';

/** A relay counts the connections of an address: how long to wait when it has counted enough, ms. */
const PAUSE = 15_000;

/** An entry with what was sealed. */
export interface WholeEntry extends SealedEntry {
  readonly envelope: Uint8Array;
}

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
  entries(signal: AbortSignal): AsyncGenerator<SealedEntry, void, undefined> {
    return this.#pages('', isEntry, signal);
  }

  /** The same with the envelopes. */
  async *wholeEntries(signal: AbortSignal): AsyncGenerator<WholeEntry, void, undefined> {
    for await (const { envelope, ...entry } of this.#pages('&whole', isWholeEntry, signal)) {
      yield { ...entry, envelope: Uint8Array.from(Buffer.from(envelope, 'base64')) };
    }
  }

  envelope(number: number, signal: AbortSignal): Promise<Uint8Array> {
    return this.#patiently(signal, () => this.#api.download(`${this.#path}/${number}`, signal));
  }

  async delete(number: number, signal: AbortSignal): Promise<void> {
    await this.#patiently(signal, () =>
      this.#api.call('DELETE', `${this.#path}/${number}`, undefined, signal),
    );
  }

  async *#pages<E extends SealedEntry>(
    query: string,
    isRight: (value: unknown) => value is E,
    signal: AbortSignal,
  ): AsyncGenerator<E, void, undefined> {
    let after = 0;
    for (;;) {
      const path = `${this.#path}?after=${after}${query}`;
      const answer = await this.#patiently(signal, () => this.#api.call('GET', path, undefined, signal));
      const { entries, usage } = (answer ?? {}) as { readonly entries?: unknown; readonly usage?: unknown };
      if (!Array.isArray(entries) || !entries.every(isRight)) {
        throw new LiveletError('relay-protocol', 'not a page');
      }
      yield* entries;
      const last = entries.at(-1)?.number ?? 0;
      const { items } = (usage ?? {}) as { readonly items?: unknown };
      // All of it came in the first page.
      if (entries.length === 0 || (after === 0 && entries.length === items)) return;
      // A relay that repeats itself must not keep us for ever.
      if (last <= after) throw new LiveletError('relay-protocol', 'numbers that do not grow');
      after = last;
    }
  }

  async #patiently<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (asLiveletError(error).code !== 'relay-too-many-requests') throw error;
      }
      // Not the Clock's: while it waits, nothing else keeps this program running.
      await setTimeout(PAUSE, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}

function isEntry(value: unknown): value is SealedEntry {
  const { number, owner, operator, receivedAt, size } = (value ?? {}) as Record<string, unknown>;
  return (
    [number, receivedAt, size].every((part) => Number.isSafeInteger(part)) &&
    [owner, operator].every((part) => typeof part === 'string' && part.length <= 200)
  );
}

function isWholeEntry(value: unknown): value is SealedEntry & { readonly envelope: string } {
  return isEntry(value) && typeof (value as { readonly envelope?: unknown }).envelope === 'string';
}
