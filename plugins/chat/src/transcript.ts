import { type ChatEntry, MAX_ENTRIES } from './page-protocol.js';

/** What both people wrote in this session. Nothing of it is ever written to disk. */
export class Transcript {
  readonly #entries = new Map<string, ChatEntry>();

  get entries(): readonly ChatEntry[] {
    return [...this.#entries.values()];
  }

  find(id: string, mine: boolean): ChatEntry | undefined {
    return this.#entries.get(keyOf(id, mine));
  }

  /** Adds an entry, or changes the one with the same id and author where it stands. */
  put(entry: ChatEntry): void {
    this.#entries.set(keyOf(entry.id, entry.mine), entry);
    if (this.#entries.size <= MAX_ENTRIES) return;
    const oldest = this.#entries.keys().next().value;
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}

function keyOf(id: string, mine: boolean): string {
  return `${mine ? 'mine' : 'theirs'} ${id}`;
}
