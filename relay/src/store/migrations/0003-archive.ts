import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { SealedUsageTable } from '../../archive/sealed-tables.js';

/** Kept chats and problem reports, sealed. */
export const archiveMigration: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .createTable('sealed_items')
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('number', 'bigint', (column) => column.notNull())
      .addColumn('owner', 'text', (column) => column.notNull())
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('operator', 'text', (column) => column.notNull())
      .addColumn('received_at', 'bigint', (column) => column.notNull())
      .addColumn('size', 'bigint', (column) => column.notNull())
      .addColumn('envelope', sql`bytea`, (column) => column.notNull())
      .addPrimaryKeyConstraint('sealed_items_key', ['kind', 'number'])
      .addUniqueConstraint('sealed_items_once', ['kind', 'owner', 'id'])
      .execute();
    await db.schema
      .createTable('sealed_usage')
      .addColumn('kind', 'text', (column) => column.primaryKey())
      .addColumn('last', 'bigint', (column) => column.notNull())
      .addColumn('items', 'bigint', (column) => column.notNull())
      .addColumn('bytes', 'bigint', (column) => column.notNull())
      .execute();
    const tables = db as Kysely<{ sealed_usage: SealedUsageTable }>;
    const empty = { last: 0, items: 0, bytes: 0 };
    await tables
      .insertInto('sealed_usage')
      .values([
        { kind: 'chat', ...empty },
        { kind: 'report', ...empty },
      ])
      .execute();
  },
};
