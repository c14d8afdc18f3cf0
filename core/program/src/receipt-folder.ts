import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWholeFile } from './files.js';

/** Receipts that are kept; older ones go. */
const MAX_RECEIPTS = 1000;

/** A receipt as it is kept. */
export interface ReceiptFiles {
  /** Of the session: 32 hexadecimal digits. */
  readonly id: string;
  /** ms since 1970 */
  readonly startedAt: number;
  readonly json: string;
  readonly text: string;
}

/** Receipts of sessions on this computer: for each a `.json` that is signed and a `.txt` to read, for the owner only. */
export class ReceiptFolder implements AsyncDisposable {
  readonly #folder: string;
  #writing: Promise<void> = Promise.resolve();

  /** @param folder made when missing */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** In place of one of the same session. */
  put(receipt: ReceiptFiles): void {
    // A disk that is full keeps nobody from the next session; what is shown at the end can still be saved.
    this.#writing = this.#writing.then(() => this.#write(receipt)).catch(() => undefined);
  }

  /** Resolves when all is on disk. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing;
  }

  async #write({ id, startedAt, json, text }: ReceiptFiles): Promise<void> {
    const time = new Date(startedAt).toISOString().replaceAll(':', '').slice(0, 17);
    const file = join(this.#folder, `${time}-${id.slice(0, 8)}`);
    await writeWholeFile(`${file}.json`, json);
    await writeWholeFile(`${file}.txt`, text);
    const kept = (await readdir(this.#folder)).filter((name) => name.endsWith('.json')).sort();
    for (const name of kept.slice(0, -MAX_RECEIPTS)) {
      await rm(join(this.#folder, name), { force: true });
      await rm(join(this.#folder, name.replace(/json$/, 'txt')), { force: true });
    }
  }
}
