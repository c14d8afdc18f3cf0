import { chmod, chown, copyFile, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { LiveletError } from '@livelet/core/wire';
import { DEFAULT_MIGRATION_TABLE } from 'kysely/migration';
import { migrations, storeTooNew } from './migrate.js';
import { storeFolder } from './open-store.js';
import { sqliteFiles } from './sqlite-files.js';
import { lockFile, lockStore } from './store-lock.js';

/**
 * Copies the embedded database into a new file for its owner only, also while the relay runs. The connection log isn't
 * in it: it would outlive its 30 days there.
 * @throws `backup-invalid` (data: file, problem) when the file exists or can't be written, `store-unavailable`
 */
export async function backupStore(stateDir: string, file: string): Promise<void> {
  const folder = storeFolder(stateDir);
  const { main } = sqliteFiles(folder);
  await exists(main);
  using _lock = lockStore(folder, 'shared');
  await reserve(file);
  try {
    using source = new DatabaseSync(main, { readOnly: true });
    // One snapshot, however long it takes; SQLite's online backup starts again whenever the relay writes.
    source.prepare('vacuum into ?').run(file);
    check(file, file);
    await sync(file);
  } catch (error) {
    await rm(file, { force: true });
    throw asBackupError(file, error);
  }
}

/**
 * Puts a backup in the embedded database's place, whole or not at all.
 * @throws `store-in-use` while a program uses the store, `backup-invalid` (data: file, problem) for a file that is
 * damaged or something else, `store-too-new`
 */
export async function restoreStore(stateDir: string, file: string): Promise<void> {
  const folder = storeFolder(stateDir);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await giveTo(stateDir, folder);
  using _lock = lockStore(folder, 'exclusive');
  await giveTo(stateDir, lockFile(folder));
  const { main } = sqliteFiles(folder);
  const copy = `${main}.restoring`;
  try {
    await rm(copy, { force: true });
    await copyFile(file, copy);
    // What is checked is what is used, whatever happens to the file meanwhile.
    check(copy, file);
    await chmod(copy, 0o600);
    await giveTo(stateDir, copy);
    await sync(copy);
  } catch (error) {
    await rm(copy, { force: true });
    throw asBackupError(file, error);
  }
  settle(main);
  for (const end of ['-wal', '-shm']) await rm(`${main}${end}`, { force: true });
  await rename(copy, main);
  await sync(folder);
}

/** Root restores for whoever owns the state folder: the relay runs as them. */
async function giveTo(stateDir: string, path: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(stateDir);
  await chown(path, uid, gid);
}

/** Onto the disk. */
async function sync(path: string): Promise<void> {
  await using handle = await open(path, 'r');
  await handle.sync();
}

/** Takes the write-ahead log into the database that is replaced: it must not be taken into the new one. */
function settle(main: string): void {
  try {
    using db = new DatabaseSync(main);
    db.exec('pragma wal_checkpoint(truncate)');
  } catch {
    // A damaged one is why people restore.
  }
}

/** @param name of the file in an error */
function check(file: string, name: string): void {
  using db = new DatabaseSync(file);
  // A file of its own, without a write-ahead log beside it.
  db.exec('pragma journal_mode = delete');
  const [verdict] = db.prepare('pragma integrity_check(1)').all();
  if (verdict?.integrity_check !== 'ok') throw backupInvalid(name, 'damaged');
  if (db.prepare('pragma foreign_key_check').all().length > 0) throw backupInvalid(name, 'damaged');
  const steps = db.prepare(`select name from ${DEFAULT_MIGRATION_TABLE}`).all();
  const known = migrations('sqlite');
  if (steps.length === 0) throw backupInvalid(name, 'empty');
  for (const { name: step } of steps) {
    if (!Object.hasOwn(known, String(step))) throw storeTooNew(String(step));
  }
}

/** Makes the file, so that no other one is overwritten and only its owner can read it. */
async function reserve(file: string): Promise<void> {
  try {
    await (await open(file, 'wx', 0o600)).close();
  } catch (error) {
    throw asBackupError(file, error);
  }
}

async function exists(main: string): Promise<void> {
  try {
    await (await open(main, 'r')).close();
  } catch (cause) {
    const problem = (cause as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new LiveletError('store-unavailable', problem, { cause, data: { problem: `${main}: ${problem}` } });
  }
}

function asBackupError(file: string, cause: unknown): LiveletError {
  if (cause instanceof LiveletError) return cause;
  const { code, message } = cause as NodeJS.ErrnoException;
  // SQLite's own code says nothing; its message does.
  return backupInvalid(file, code === undefined || code === 'ERR_SQLITE_ERROR' ? message : code, cause);
}

function backupInvalid(file: string, problem: string, cause?: unknown): LiveletError {
  return new LiveletError('backup-invalid', `${file}: ${problem}`, { cause, data: { file, problem } });
}
