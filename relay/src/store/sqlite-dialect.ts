import { Worker } from 'node:worker_threads';
import type { LiveletError } from '@livelet/core/wire';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { SqliteFiles } from './sqlite-files.js';
import type { SqliteReply, SqliteRequest } from './sqlite-worker.js';
import { storeUnavailable } from './store-error.js';

/**
 * Result codes of SQLite that say that its file can't be used, not that a statement is wrong: BUSY, LOCKED, NOMEM,
 * READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB.
 */
const UNAVAILABLE: ReadonlySet<number> = new Set([5, 6, 7, 8, 10, 11, 13, 14, 26]);

/**
 * SQLite in a thread of its own. node:sqlite is synchronous, and a commit waits for the disk (500 rows: 4 ms, with 56 ms
 * now and then): on the main thread it would hold up every session that passes through this process.
 */
export class SqliteDialect implements Dialect {
  readonly #files: SqliteFiles;

  constructor(files: SqliteFiles) {
    this.#files = files;
  }

  createDriver(): Driver {
    return new SqliteThread(this.#files);
  }

  createAdapter(): SqliteAdapter {
    return new TransactionalAdapter();
  }

  createIntrospector(db: Kysely<unknown>): SqliteIntrospector {
    return new SqliteIntrospector(db);
  }

  createQueryCompiler(): SqliteQueryCompiler {
    return new SqliteQueryCompiler();
  }
}

/** SQLite can take back changes of a schema, so that a migration is whole or didn't happen. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

interface Waiting {
  resolve(reply: SqliteReply): void;
  reject(error: unknown): void;
}

/** kysely gives its one connection to one user at a time, so that transactions don't mix. */
class SqliteThread implements Driver, DatabaseConnection {
  readonly #files: SqliteFiles;
  readonly #waiting: Waiting[] = [];
  #worker: Worker | undefined;
  #ended: Promise<void> | undefined;
  #problem: unknown;

  constructor(files: SqliteFiles) {
    this.#files = files;
  }

  async init(): Promise<void> {
    const worker = new Worker(new URL('./sqlite-worker.js', import.meta.url), { workerData: this.#files });
    worker.on('message', (reply: SqliteReply) => this.#waiting.shift()?.resolve(reply));
    worker.on('error', (error) => {
      this.#problem = error;
    });
    this.#ended = new Promise((resolve) => {
      worker.on('exit', () => {
        this.#worker = undefined;
        for (const { reject } of this.#waiting.splice(0)) reject(this.#unavailable());
        resolve();
      });
    });
    this.#worker = worker;
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    return this;
  }

  async beginTransaction(): Promise<void> {
    // A deferred one that reads first can't wait for another process when it comes to write.
    await this.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  async commitTransaction(): Promise<void> {
    await this.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(): Promise<void> {
    await this.executeQuery(CompiledQuery.raw('rollback'));
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {
    const end: SqliteRequest = undefined;
    this.#worker?.postMessage(end);
    await this.#ended;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const worker = this.#worker;
    if (worker === undefined) throw this.#unavailable();
    const reply = await new Promise<SqliteReply>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      worker.postMessage({ sql, parameters });
    });
    if ('rows' in reply) return { rows: reply.rows as R[] };
    if ('changes' in reply) return { rows: [], numAffectedRows: reply.changes, insertId: reply.insertId };
    const error = new Error(reply.error.message);
    // The low byte is the primary result code.
    throw UNAVAILABLE.has(reply.error.errcode & 0xff) ? storeUnavailable(error) : error;
  }

  // biome-ignore lint/correctness/useYield: the interface asks for a generator.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('read in pages');
  }

  #unavailable(): LiveletError {
    return storeUnavailable(this.#problem);
  }
}
