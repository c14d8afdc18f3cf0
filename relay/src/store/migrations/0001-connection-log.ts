import { type Kysely, type SchemaModule, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Engine } from '../engine.js';

/**
 * Makes the connection log. No key and no index: it is written always and read seldom, and an index would hold copies
 * to purge.
 */
export async function createConnectionLog(schema: SchemaModule): Promise<void> {
  await schema
    .createTable('connection_log')
    .ifNotExists()
    .addColumn('time', 'bigint', (column) => column.notNull())
    .addColumn('event', 'text', (column) => column.notNull())
    .addColumn('session', 'text')
    .addColumn('source', 'text')
    .addColumn('transport', 'text')
    .addColumn('tls', 'text')
    .addColumn('reason', 'text')
    .addColumn('operator_to_customer', 'bigint')
    .addColumn('customer_to_operator', 'bigint')
    .execute();
}

/**
 * On SQLite the log is in a file of its own, which a restored backup doesn't bring along: it is made whenever it is
 * missing, see `openStore`. A later step that changes the table has to look at that file's columns.
 */
export function connectionLogMigration(engine: Engine): Migration {
  return {
    up: async (db: Kysely<unknown>) => {
      if (engine === 'sqlite') return;
      await createConnectionLog(db.schema);
      // The planner keeps frequent values, and they would outlive their rows.
      for (const column of ['session', 'source']) {
        await sql`alter table connection_log alter column ${sql.ref(column)} set statistics 0`.execute(db);
      }
    },
  };
}
