import type { Kysely, Transaction } from 'kysely';
import type { Tables } from '../store/tables.js';

/** Changes to who may do what: one after the other, each with its audit entry, whole or not at all. */
export class Changes {
  readonly #db: Kysely<Tables>;
  #last: Promise<unknown> = Promise.resolve();

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** @param apply puts what was written in force, before the next change looks at it */
  make<T>(
    work: (transaction: Transaction<Tables>) => Promise<T>,
    apply: (result: T) => void = () => {},
  ): Promise<T> {
    return this.inTurn(async () => {
      const result = await this.#db.transaction().execute(work);
      apply(result);
      return result;
    });
  }

  /** Runs `work`, which makes a transaction of its own, when the changes before it are done. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const change = this.#last.then(work);
    this.#last = change.catch(() => {});
    return change;
  }
}
