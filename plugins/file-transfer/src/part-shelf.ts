import type { FileItem } from '@livelet/core';
import type { IncomingFile } from './incoming-file.js';

/** Parts that wait to go on; the oldest are given up. */
const MAX_PARTS = 100;

/** Parts of files whose transfer broke off, for as long as the session runs: the same file goes on where it was. */
export class PartShelf {
  readonly #parts = new Map<string, IncomingFile>();

  async put(item: FileItem, part: IncomingFile): Promise<void> {
    const key = keyOf(item);
    await this.#parts.get(key)?.discard();
    this.#parts.delete(key);
    this.#parts.set(key, part);
    const [oldest] = this.#parts.keys();
    if (this.#parts.size > MAX_PARTS && oldest !== undefined) {
      await this.#parts.get(oldest)?.discard();
      this.#parts.delete(oldest);
    }
  }

  /** The part of this very file, no longer on the shelf. */
  take(item: FileItem): IncomingFile | undefined {
    const key = keyOf(item);
    const part = this.#parts.get(key);
    this.#parts.delete(key);
    return part;
  }

  /** Nothing half-written remains. */
  async clear(): Promise<void> {
    const parts = [...this.#parts.values()];
    this.#parts.clear();
    for (const part of parts) await part.discard();
  }
}

function keyOf({ path, size, modified }: FileItem): string {
  return JSON.stringify([path, size, modified]);
}
