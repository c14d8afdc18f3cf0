import type { Kysely, Transaction } from 'kysely';
import type { Tables } from '../store/tables.js';

/** Whose relay this is. */
export class Organisation {
  #name: string;

  private constructor(name: string) {
    this.#name = name;
  }

  static async load(db: Kysely<Tables>): Promise<Organisation> {
    const row = await db.selectFrom('organisation').select('name').executeTakeFirst();
    return new Organisation(row?.name ?? '');
  }

  /** Empty until an administrator gives one. */
  get name(): string {
    return this.#name;
  }

  async rename(transaction: Transaction<Tables>, name: string): Promise<void> {
    await transaction
      .insertInto('organisation')
      .values({ id: 1, name })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ name }))
      .execute();
  }

  /** Puts what a transaction wrote in force, once it is committed. */
  apply(name: string): void {
    this.#name = name;
  }
}
