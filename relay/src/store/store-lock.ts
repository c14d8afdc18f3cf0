import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LiveletError } from '@livelet/core/wire';

/** Another process may be in the middle of taking or giving back the lock, ms. */
const WAIT = 1000;

/**
 * Holds the embedded database's folder: `shared` for programs that use it, `exclusive` to replace it. The lock is
 * SQLite's on an empty database beside it, so the system releases it whenever and however the process ends.
 * @throws `store-in-use`, `store-unavailable`
 */
export function lockStore(folder: string, kind: 'shared' | 'exclusive'): Disposable {
  const db = new DatabaseSync(lockFile(folder), { timeout: WAIT });
  try {
    db.exec(kind === 'shared' ? 'begin' : 'begin exclusive');
    if (kind === 'shared') db.prepare('select count(*) from sqlite_schema').get();
  } catch (cause) {
    db.close();
    throw new LiveletError('store-in-use', folder, { cause, data: { folder } });
  }
  return { [Symbol.dispose]: () => db.close() };
}

export function lockFile(folder: string): string {
  return join(folder, 'lock');
}
