import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LiveletError } from '@livelet/core/wire';

/** Another process may be in the middle of taking or giving back the lock, ms. */
const WAIT = 1000;

/**
 * `shared`: beside others. `alone`: the one relay, beside those that share. `exclusive`: beside nobody, to replace the
 * database.
 */
export type LockKind = 'shared' | 'alone' | 'exclusive';

const BEGIN: Readonly<Record<LockKind, string>> = {
  shared: 'begin',
  alone: 'begin immediate',
  exclusive: 'begin exclusive',
};

/**
 * Holds the embedded database's folder. The lock is SQLite's on an empty database beside it, so the system releases it
 * whenever and however the process ends.
 * @throws `store-in-use`
 */
export function lockStore(folder: string, kind: LockKind): Disposable {
  const db = new DatabaseSync(lockFile(folder), { timeout: WAIT });
  try {
    db.exec(BEGIN[kind]);
    // SQLite takes a shared lock at the first reading.
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
