import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Engine } from '../engine.js';

/** The one table with a schema that depends on the engine: on SQLite it is in a file of its own, see `openStore`. */
export function connectionLogMigration(engine: Engine): Migration {
  return {
    up: async (db: Kysely<unknown>) => {
      const schema = engine === 'sqlite' ? db.schema.withSchema('log') : db.schema;
      // No key and no index: it is written always and read seldom, and an index would hold copies to purge.
      await schema
        .createTable('connection_log')
        // On SQLite a crash can leave the table without the note that this migration ran: they are in two files.
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
      if (engine === 'sqlite') return;
      // PostgreSQL's planner keeps frequent values, and they would outlive their rows.
      for (const column of ['session', 'source']) {
        await sql`alter table connection_log alter column ${sql.ref(column)} set statistics 0`.execute(db);
      }
    },
  };
}
