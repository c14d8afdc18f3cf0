import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The organisation, its operators, their invitations and sessions, and what administrators did. */
export const accessMigration: Migration = {
  up: async ({ schema }: Kysely<unknown>) => {
    await schema
      .createTable('organisation')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .execute();
    await schema
      .createTable('operators')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('public_key', 'text', (column) => column.notNull().unique())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('role', 'text', (column) => column.notNull())
      .addColumn('enrolled_at', 'bigint', (column) => column.notNull())
      .addColumn('revoked_at', 'bigint')
      .execute();
    await schema
      .createTable('invitations')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('token_hash', 'text', (column) => column.notNull().unique())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('role', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .addColumn('used_at', 'bigint')
      .execute();
    await schema
      .createTable('audit_log')
      .addColumn('seq', 'bigint', (column) => column.primaryKey())
      .addColumn('time', 'bigint', (column) => column.notNull())
      .addColumn('actor', 'text', (column) => column.notNull())
      .addColumn('action', 'text', (column) => column.notNull())
      .addColumn('details', 'text', (column) => column.notNull())
      .addColumn('previous', 'text', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull())
      .execute();
    await schema
      .createTable('session_history')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('operator', 'text', (column) => column.notNull().references('operators.id'))
      .addColumn('started', 'bigint', (column) => column.notNull())
      .addColumn('ended', 'bigint')
      .addColumn('note', 'text', (column) => column.notNull())
      .execute();
    await schema
      .createIndex('session_history_by_operator')
      .on('session_history')
      .columns(['operator', 'started'])
      .execute();
    await schema.createIndex('session_history_by_time').on('session_history').columns(['started']).execute();
  },
};
