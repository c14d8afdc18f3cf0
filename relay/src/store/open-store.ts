import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { Kysely } from 'kysely';
import type { Engine } from './engine.js';
import { migrate } from './migrate.js';
import { postgresDialect } from './postgres-dialect.js';
import { SqliteDialect } from './sqlite-dialect.js';
import { sqliteFiles } from './sqlite-files.js';
import type { Tables } from './tables.js';

/** Where the store is. */
export interface StorePlace {
  /** The relay's folder; an embedded database is in `store/` of it. */
  readonly stateDir: string;
  /** `postgres://user:password@host:port/database`; without it the database is embedded. */
  readonly url?: string | undefined;
}

/** What the relay keeps, on either engine. */
export interface Store extends AsyncDisposable {
  readonly engine: Engine;
  readonly db: Kysely<Tables>;
  /** Resolves when everything is written and released. Idempotent. */
  close(): Promise<void>;
}

/**
 * Opens the store and brings its schema up to this program.
 * @throws `store-unavailable`, `store-too-new`, `option-invalid` for a URL that isn't one
 */
export async function openStore({ stateDir, url }: StorePlace): Promise<Store> {
  const engine = url === undefined ? 'sqlite' : 'postgresql';
  const db = new Kysely<Tables>({
    dialect: url === undefined ? await sqlite(stateDir) : postgresDialect(url),
  });
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= db.destroy();
    return closed;
  };
  try {
    await migrate(db, engine);
  } catch (error) {
    await close();
    throw error;
  }
  return { engine, db, close, [Symbol.asyncDispose]: close };
}

/** The thread makes files with the process's mask, so they are made here first: for the owner only. */
async function sqlite(stateDir: string): Promise<SqliteDialect> {
  const folder = join(stateDir, 'store');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const files = sqliteFiles(folder);
  for (const file of Object.values(files)) await (await open(file, 'a', 0o600)).close();
  return new SqliteDialect(files);
}
