import { join } from 'node:path';
import { readSmallFile, writeWholeFile } from '@livelet/program';

/** Sessions with a customer's name that are kept; older ones go. */
const MAX_NAMES = 100;

interface NamedSession {
  readonly customer: string;
  /** This program saw its end, and kept its receipt. */
  readonly ended?: true;
}

/** Who sessions were with, by the relay's id: kept beside the receipts, which the relay isn't told of either. */
export class CustomerNames implements AsyncDisposable {
  readonly #file: string;
  readonly #names: Map<string, NamedSession>;
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: string, names: Map<string, NamedSession>) {
    this.#file = file;
    this.#names = names;
  }

  static async load(stateDir: string): Promise<CustomerNames> {
    const file = join(stateDir, 'customer-names.json');
    try {
      return new CustomerNames(file, readNames((await readSmallFile(file)) ?? '[]'));
    } catch {
      // Without them sessions are listed without a name: that keeps nobody from the next one.
      return new CustomerNames(file, new Map());
    }
  }

  get(id: string): NamedSession | undefined {
    return this.#names.get(id);
  }

  set(id: string, session: NamedSession): void {
    this.#names.set(id, session);
    const [oldest = ''] = this.#names.keys();
    if (this.#names.size > MAX_NAMES) this.#names.delete(oldest);
    const content = JSON.stringify([...this.#names]);
    this.#writing = this.#writing.then(() => writeWholeFile(this.#file, content)).catch(() => undefined);
  }

  /** Resolves when all is on disk. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing;
  }
}

function readNames(json: string): Map<string, NamedSession> {
  const names = new Map<string, NamedSession>();
  for (const [id, { customer, ended }] of JSON.parse(json) as [unknown, Record<string, unknown>][]) {
    if (typeof id !== 'string' || typeof customer !== 'string') continue;
    names.set(id, { customer, ...(ended === true && { ended }) });
  }
  return names;
}
