import { type Clock, LiveletError, type SealedPurpose } from '@livelet/core/wire';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Tables } from '../store/tables.js';

/** Entries of one page. */
export const SEALED_PAGE = 200;
/** Bytes of envelopes in one page, unless one alone has more. */
const PAGE_BYTES = 4 * 1024 * 1024;

/** Something sealed that arrives. */
export interface SealedArrival {
  /** Whose `id` it is. */
  readonly owner: string;
  /** The same when it is sent again. */
  readonly id: string;
  /** Id of the operator who sent it or vouched for who did. */
  readonly operator: string;
  readonly envelope: Uint8Array;
}

/** How much may be kept. */
export interface SealedRoom {
  readonly items: number;
  readonly bytes: number;
  /** Of the arrival's owner. @default as many as of all */
  readonly ownerBytes?: number;
}

/** What can be told of something sealed without its key. */
export interface SealedEntry {
  readonly number: number;
  readonly owner: string;
  readonly id: string;
  readonly operator: string;
  /** ms since 1970 */
  readonly receivedAt: number;
  readonly size: number;
}

/** One kind of sealed things in the store: chats or reports. */
export class SealedStore {
  readonly #db: Kysely<Tables>;
  readonly #clock: Clock;
  readonly #kind: SealedPurpose;

  constructor(db: Kysely<Tables>, clock: Clock, kind: SealedPurpose) {
    this.#db = db;
    this.#clock = clock;
    this.#kind = kind;
  }

  /**
   * Keeps an arrival, unless one of its owner with its id is there: then that one stays.
   * @returns whether it is new
   * @throws `storage-full`, `archive-grant-refused` when the owner has no bytes left
   */
  async put(arrival: SealedArrival, room: SealedRoom): Promise<boolean> {
    try {
      await this.#db.transaction().execute((transaction) => this.#insert(transaction, arrival, room));
      return true;
    } catch (error) {
      if (error instanceof AlreadyKept) return false;
      throw error;
    }
  }

  /** In the order of arrival, at most SEALED_PAGE. */
  async list(after: number): Promise<readonly SealedEntry[]> {
    const rows = await this.#db
      .selectFrom('sealed_items')
      .select(['number', 'owner', 'id', 'operator', 'received_at', 'size'])
      .where('kind', '=', this.#kind)
      .where('number', '>', after)
      .orderBy('number')
      .limit(SEALED_PAGE)
      .execute();
    return rows.map(({ received_at: receivedAt, ...entry }) => ({ ...entry, receivedAt }));
  }

  /** The same with the envelopes: fewer when they are large. A page that isn't empty has an entry at least. */
  async listWhole(after: number): Promise<readonly (SealedEntry & { readonly envelope: Uint8Array })[]> {
    const page: (SealedEntry & { readonly envelope: Uint8Array })[] = [];
    let bytes = 0;
    for (const entry of await this.list(after)) {
      bytes += entry.size;
      if (page.length > 0 && bytes > PAGE_BYTES) break;
      const envelope = await this.read(entry.number);
      // Deleted meanwhile.
      if (envelope !== undefined) page.push({ ...entry, envelope });
    }
    return page;
  }

  async read(number: number): Promise<Uint8Array | undefined> {
    const row = await this.#db
      .selectFrom('sealed_items')
      .select('envelope')
      .where('kind', '=', this.#kind)
      .where('number', '=', number)
      .executeTakeFirst();
    return row?.envelope;
  }

  /** @throws `entry-unknown` */
  async delete(transaction: Transaction<Tables>, number: number): Promise<void> {
    const row = await transaction
      .deleteFrom('sealed_items')
      .where('kind', '=', this.#kind)
      .where('number', '=', number)
      .returning('size')
      .executeTakeFirst();
    if (row === undefined) throw new LiveletError('entry-unknown');
    await transaction
      .updateTable('sealed_usage')
      .set({ items: sql`items - 1`, bytes: sql`bytes - ${row.size}` })
      .where('kind', '=', this.#kind)
      .execute();
  }

  async usage(): Promise<{ items: number; bytes: number }> {
    return await this.#db
      .selectFrom('sealed_usage')
      .select(['items', 'bytes'])
      .where('kind', '=', this.#kind)
      .executeTakeFirstOrThrow();
  }

  async #insert(transaction: Transaction<Tables>, arrival: SealedArrival, room: SealedRoom): Promise<void> {
    const { owner, id, operator, envelope } = arrival;
    const kind = this.#kind;
    const size = envelope.length;
    await this.#refuseKnown(transaction, owner, id);
    // From here on arrivals of this kind go one by one: this row is locked.
    const usage = await transaction
      .updateTable('sealed_usage')
      .set({ last: sql`last + 1`, items: sql`items + 1`, bytes: sql`bytes + ${size}` })
      .where('kind', '=', kind)
      .where('items', '<', room.items)
      .where('bytes', '<=', room.bytes - size)
      .returning('last')
      .executeTakeFirst();
    // While this one waited, the same may have come by another way.
    await this.#refuseKnown(transaction, owner, id);
    if (usage === undefined) throw new LiveletError('storage-full');
    if (room.ownerBytes !== undefined) await this.#checkOwner(transaction, owner, room.ownerBytes - size);
    const receivedAt = Math.floor(this.#clock.wallTime());
    const row = { kind, number: usage.last, owner, id, operator, received_at: receivedAt, size, envelope };
    await transaction.insertInto('sealed_items').values(row).execute();
  }

  async #checkOwner(transaction: Transaction<Tables>, owner: string, most: number): Promise<void> {
    const { bytes } = await transaction
      .selectFrom('sealed_items')
      .select(({ fn }) => fn.coalesce(fn.sum<number>('size'), sql<number>`0`).as('bytes'))
      .where('kind', '=', this.#kind)
      .where('owner', '=', owner)
      .executeTakeFirstOrThrow();
    if (bytes > most) throw new LiveletError('archive-grant-refused', 'used up');
  }

  async #refuseKnown(transaction: Transaction<Tables>, owner: string, id: string): Promise<void> {
    const known = await transaction
      .selectFrom('sealed_items')
      .select('number')
      .where('kind', '=', this.#kind)
      .where('owner', '=', owner)
      .where('id', '=', id)
      .executeTakeFirst();
    if (known !== undefined) throw new AlreadyKept();
  }
}

/** Takes the transaction back. */
class AlreadyKept extends Error {}
