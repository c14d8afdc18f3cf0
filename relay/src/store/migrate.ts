import { LiveletError } from '@livelet/core/wire';
import { type Kysely, sql } from 'kysely';
import { DEFAULT_MIGRATION_TABLE, type Migration, Migrator } from 'kysely/migration';
import type { Engine } from './engine.js';
import { connectionLogMigration, createConnectionLog } from './migrations/0001-connection-log.js';
import { accessMigration } from './migrations/0002-access.js';
import { archiveMigration } from './migrations/0003-archive.js';
import type { Tables } from './tables.js';

/**
 * Every step from an empty database to `Tables`, by name, in the order of the names. Written once for both engines:
 * types `bigint`, `integer`, `text` and `sql\`bytea\`` mean the same on both. A step that was released never changes.
 */
export function migrations(engine: Engine): Readonly<Record<string, Migration>> {
  return {
    '0001-connection-log': connectionLogMigration(engine),
    '0002-access': accessMigration,
    '0003-archive': archiveMigration,
  };
}

/**
 * Brings the database up to this program: all steps, or none. A second relay that starts on the same
 * database waits for the first one.
 * @throws `store-too-new` when a newer program has written it
 */
export async function migrate(db: Kysely<Tables>, engine: Engine): Promise<void> {
  const steps = migrations(engine);
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...steps }) } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) {
    const executed = await executedSteps(db).catch(() => []);
    const unknown = executed.find((name) => !Object.hasOwn(steps, name));
    throw unknown === undefined ? error : storeTooNew(unknown);
  }
  if (engine === 'sqlite') await createConnectionLog(db.schema.withSchema('log'));
}

/** `step` is a migration that this program doesn't have. */
export function storeTooNew(step: string): LiveletError {
  return new LiveletError('store-too-new', `unknown step ${step}`, { data: { step } });
}

async function executedSteps(db: Kysely<Tables>): Promise<readonly string[]> {
  const { rows } = await sql<{
    name: string;
  }>`select name from ${sql.table(DEFAULT_MIGRATION_TABLE)}`.execute(db);
  return rows.map(({ name }) => name);
}
