import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { Kysely } from 'kysely';
import type { Engine } from './engine.js';
import { eraseOnPostgres, eraseOnSqlite } from './erase.js';
import { migrate } from './migrate.js';
import { postgresDialect } from './postgres-dialect.js';
import { SqliteDialect } from './sqlite-dialect.js';
import { sqliteFiles } from './sqlite-files.js';
import { storeUnavailable } from './store-error.js';
import { lockFile, lockStore } from './store-lock.js';
import type { Tables } from './tables.js';

/** Where the store is. */
export interface StorePlace {
  /** The relay's folder; an embedded database is in `store/` of it. */
  readonly stateDir: string;
  /** `postgres://user:password@host:port/database`; without it the database is embedded. */
  readonly url?: string | undefined;
  /**
   * Whether a second program that asks for it alone is refused, on the embedded database: a relay keeps in memory who
   * may come in, and wouldn't hear of another one's changes. @default false
   */
  readonly alone?: boolean;
}

/** What the relay keeps, on either engine. */
export interface Store extends AsyncDisposable {
  readonly engine: Engine;
  readonly db: Kysely<Tables>;
  /**
   * Makes the deleted rows of the connection log unreadable in the database's files too.
   * @returns what it couldn't do, in words for the operation log
   * @throws `store-unavailable`, also while somebody reads the log
   */
  eraseDeletedConnections(): Promise<string | undefined>;
  /** Resolves when everything is written and released. Idempotent. */
  close(): Promise<void>;
}

/** An engine that is ready but for its schema. */
type Opened = Pick<Store, 'engine' | 'db' | 'eraseDeletedConnections' | 'close'>;

/**
 * Opens the store and brings its schema up to this program.
 * @throws `store-unavailable`, `store-too-new`, `store-in-use` while it is being restored or another relay has it,
 * `option-invalid` for a URL that isn't one
 */
export async function openStore({ stateDir, url, alone = false }: StorePlace): Promise<Store> {
  const opened = url === undefined ? await openSqlite(stateDir, alone) : openPostgres(url);
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= opened.close();
    return closed;
  };
  try {
    await migrate(opened.db, opened.engine);
  } catch (error) {
    await close();
    throw error;
  }
  return { ...opened, close, [Symbol.asyncDispose]: close };
}

function openPostgres(url: string): Opened {
  const db = new Kysely<Tables>({ dialect: postgresDialect(url) });
  return {
    engine: 'postgresql',
    db,
    eraseDeletedConnections: () => eraseOnPostgres(url),
    close: () => db.destroy(),
  };
}

async function openSqlite(stateDir: string, alone: boolean): Promise<Opened> {
  const folder = storeFolder(stateDir);
  const files = sqliteFiles(folder);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // SQLite would make them with the process's mask; these are for the owner only.
    for (const file of [...Object.values(files), lockFile(folder)])
      await (await open(file, 'a', 0o600)).close();
  } catch (cause) {
    throw storeUnavailable(cause);
  }
  const lock = lockStore(folder, alone ? 'alone' : 'shared');
  const db = new Kysely<Tables>({ dialect: new SqliteDialect(files) });
  return {
    engine: 'sqlite',
    db,
    eraseDeletedConnections: async () => {
      await eraseOnSqlite(db);
      return undefined;
    },
    close: async () => {
      await db.destroy();
      lock[Symbol.dispose]();
    },
  };
}

/** Where the embedded database is. */
export function storeFolder(stateDir: string): string {
  return join(stateDir, 'store');
}
