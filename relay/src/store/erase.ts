import { type Kysely, sql } from 'kysely';
import pg from 'pg';
import { connectionConfig } from './postgres-dialect.js';
import { BUSY_TIMEOUT } from './sqlite-files.js';
import { storeUnavailable } from './store-error.js';
import type { Tables } from './tables.js';

/** For the whole rewriting at the database, ms. */
const REWRITE_LIMIT = 10 * 60 * 1000;
/** Writers wait behind a rewriting that waits for readers, so it doesn't wait long, ms. */
const LOCK_LIMIT = 5000;
const INSUFFICIENT_PRIVILEGE = '42501';
/** VACUUM FULL would carry deleted rows over as long as any older transaction is open, whatever it reads. */
const REWRITE = `
  begin;
  lock table connection_log in access exclusive mode;
  create temporary table kept on commit drop as select * from connection_log;
  truncate connection_log;
  insert into connection_log select * from kept;
  commit`;

/** Rewrites the log's file and empties its write-ahead log. */
export async function eraseOnSqlite(db: Kysely<Tables>): Promise<void> {
  await db.connection().execute(async (connection) => {
    const waitFor = (limit: number): Promise<unknown> =>
      sql`pragma busy_timeout = ${sql.lit(limit)}`.execute(connection);
    await sql`vacuum log`.execute(connection);
    // It would wait for readers, and everybody else for it.
    await waitFor(0);
    const { rows } = await sql<{ busy: number }>`pragma log.wal_checkpoint(truncate)`.execute(connection);
    await waitFor(BUSY_TIMEOUT);
    if (rows[0]?.busy !== 0) throw storeUnavailable(new Error('another program reads the connection log'));
  });
}

/**
 * Rewrites the log's table into a new file, and where the role may, closes the write-ahead log's current file and lets
 * PostgreSQL discard the older ones.
 * @returns what the role may not, as words for the operation log
 */
export async function eraseOnPostgres(url: string): Promise<string | undefined> {
  const client = new pg.Client({
    ...connectionConfig(url),
    statement_timeout: REWRITE_LIMIT,
    query_timeout: REWRITE_LIMIT,
    lock_timeout: LOCK_LIMIT,
  });
  // What breaks between two statements shows at the next one.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(REWRITE);
    const refused: string[] = [];
    for (const statement of ['select pg_switch_wal()', 'checkpoint']) {
      await client.query(statement).catch((error: { code?: string }) => {
        if (error.code !== INSUFFICIENT_PRIVILEGE) throw error;
        refused.push(statement);
      });
    }
    return refused.length === 0 ? undefined : `the database role may not: ${refused.join(', ')}`;
  } catch (error) {
    throw storeUnavailable(error);
  } finally {
    await client.end().catch(() => {});
  }
}
