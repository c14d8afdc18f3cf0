import { DatabaseSync, type SQLInputValue, type SQLOutputValue } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { BUSY_TIMEOUT, type SqliteFiles } from './sqlite-files.js';

/** A statement with its values; `undefined` ends the thread. */
export type SqliteRequest =
  | { readonly sql: string; readonly parameters: readonly SQLInputValue[] }
  | undefined;

/** The answers come in the order of the requests. */
export type SqliteReply =
  | { readonly rows: readonly Record<string, SQLOutputValue>[] }
  | { readonly changes: bigint; readonly insertId: bigint }
  | { readonly error: { readonly message: string; readonly errcode: number } };

/** Deleted content is overwritten at once; a commit is on the disk when it is answered. */
const SETTINGS = ['journal_mode = wal', 'synchronous = full', 'secure_delete = on'];

function open({ main, log }: SqliteFiles): DatabaseSync {
  const db = new DatabaseSync(main, { enableForeignKeyConstraints: true, timeout: BUSY_TIMEOUT });
  db.prepare('attach ? as log').run(log);
  for (const schema of ['main', 'log']) {
    for (const setting of SETTINGS) db.exec(`pragma ${schema}.${setting}`);
  }
  return db;
}

function answer(db: DatabaseSync, sql: string, parameters: readonly SQLInputValue[]): SqliteReply {
  try {
    const statement = db.prepare(sql);
    if (statement.columns().length > 0) return { rows: statement.all(...parameters) };
    const { changes, lastInsertRowid } = statement.run(...parameters);
    return { changes: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  } catch (error) {
    const { message, errcode = 0 } = error as Error & { errcode?: number };
    return { error: { message, errcode } };
  }
}

const port = parentPort;
if (port !== null) {
  const db = open(workerData as SqliteFiles);
  port.on('message', (request: SqliteRequest) => {
    if (request !== undefined) {
      port.postMessage(answer(db, request.sql, request.parameters));
      return;
    }
    db.close();
    port.close();
  });
}
