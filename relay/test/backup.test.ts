import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, copyFile, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { ManualClock } from '@livelet/core/test-support';
import test, { type ExecutionContext } from 'ava';
import { sql } from 'kysely';
import { AuditLog } from '../src/access/audit-log.js';
import { backupStore, restoreStore } from '../src/store/backup.js';
import { openStore, type Store } from '../src/store/open-store.js';
import { sharedCluster, storePlace } from './store-fixture.js';

const ADDRESS = '2001:db8:fade::7';
const BLOB = randomBytes(100_000);

/** Rows of every kind: a chain of 20 audit entries, bytes, a connection. */
async function fill({ db }: Store): Promise<void> {
  const audit = new AuditLog(db, new ManualClock());
  for (let count = 1; count <= 20; count += 1) {
    await db
      .transaction()
      .execute((transaction) => audit.append(transaction, { actor: 'ada', action: 'x', details: { count } }));
  }
  await db
    .insertInto('operators')
    .values({
      id: 'ada',
      public_key: 'k',
      name: 'Ada “Ä” O’Hara',
      role: 'admin',
      enrolled_at: 1,
      revoked_at: null,
    })
    .execute();
  await sql`create table blobs (bytes bytea)`.execute(db);
  await sql`insert into blobs values (${BLOB})`.execute(db);
  const none = { session: null, transport: null, tls: null, reason: null };
  const bytes = { operator_to_customer: null, customer_to_operator: null };
  await db
    .insertInto('connection_log')
    .values({ time: 1, event: 'refused', source: ADDRESS, ...none, ...bytes })
    .execute();
}

async function content({ db }: Store) {
  const blobs = await sql<{ bytes: Uint8Array }>`select bytes from blobs`.execute(db);
  return {
    audit: await db.selectFrom('audit_log').selectAll().orderBy('seq').execute(),
    operators: await db.selectFrom('operators').selectAll().execute(),
    blobs: blobs.rows.map(({ bytes }) => Buffer.from(bytes).toString('base64')),
  };
}

async function isIntact(t: ExecutionContext, { db }: Store): Promise<void> {
  t.like(await new AuditLog(db, new ManualClock()).verify(), { intact: true, head: { seq: 20 } });
}

test('SQLite: a backup taken while the relay runs, restored elsewhere, is the same store without the log', async (t) => {
  const { stateDir } = await storePlace(t, 'sqlite');
  const elsewhere = await storePlace(t, 'sqlite');
  const file = join(stateDir, 'backup.db');
  await using store = await openStore({ stateDir });
  await fill(store);
  await backupStore(stateDir, file);
  t.is((await stat(file)).mode & 0o777, 0o600);
  t.deepEqual(await readdir(stateDir), ['backup.db', 'store'], 'one file');
  t.false((await readFile(file)).includes(ADDRESS));
  await restoreStore(elsewhere.stateDir, file);
  await using restored = await openStore(elsewhere);
  t.deepEqual(await content(restored), await content(store));
  await isIntact(t, restored);
  t.deepEqual(await restored.db.selectFrom('connection_log').selectAll().execute(), []);
});

test('SQLite: restoring replaces everything, also what was only in the write-ahead log', async (t) => {
  const place = await storePlace(t, 'sqlite');
  const file = join(place.stateDir, 'backup.db');
  const first = await openStore(place);
  await fill(first);
  const before = await content(first);
  await backupStore(place.stateDir, file);
  await first.db.deleteFrom('operators').execute();
  const folder = join(place.stateDir, 'store');
  for (const end of ['', '-wal'])
    await copyFile(join(folder, `relay.db${end}`), join(place.stateDir, `crashed${end}`));
  await first.close();
  // As a relay that was killed leaves it.
  for (const end of ['', '-wal'])
    await copyFile(join(place.stateDir, `crashed${end}`), join(folder, `relay.db${end}`));
  await restoreStore(place.stateDir, file);
  await using restored = await openStore(place);
  t.deepEqual(await content(restored), before);
});

test('SQLite: a store in use is not restored', async (t) => {
  const place = await storePlace(t, 'sqlite');
  const file = join(place.stateDir, 'backup.db');
  const store = await openStore(place);
  await fill(store);
  await backupStore(place.stateDir, file);
  t.like(await t.throwsAsync(restoreStore(place.stateDir, file)), { code: 'store-in-use' });
  await isIntact(t, store);
  await store.close();
  await restoreStore(place.stateDir, file);
});

test('SQLite: what isn’t a good backup is refused, and the store stays', async (t) => {
  const place = await storePlace(t, 'sqlite');
  const { stateDir } = place;
  const store = await openStore(place);
  await fill(store);
  const before = await content(store);
  const good = join(stateDir, 'good.db');
  await backupStore(stateDir, good);
  await store.close();
  const newer = join(stateDir, 'newer.db');
  await copyFile(good, newer);
  using later = new DatabaseSync(newer);
  later.exec("insert into kysely_migration values ('9999-later', '2099-01-01T00:00:00.000Z')");
  const bytes = await readFile(good);
  const flipped = Buffer.from(bytes);
  for (let at = 8192; at < 8292; at += 1) flipped[at] = (flipped[at] ?? 0) ^ 0xff;
  const files: [name: string, content: Uint8Array | undefined, code: string][] = [
    ['missing', undefined, 'backup-invalid'],
    ['empty', Buffer.alloc(0), 'backup-invalid'],
    ['text', Buffer.from('hello '.repeat(5000)), 'backup-invalid'],
    ['short', bytes.subarray(0, bytes.length / 2), 'backup-invalid'],
    ['flipped', flipped, 'backup-invalid'],
    ['newer.db', undefined, 'store-too-new'],
  ];
  for (const [name, wrong, code] of files) {
    const file = join(stateDir, name);
    if (wrong !== undefined) await writeFile(file, wrong);
    t.like(await t.throwsAsync(restoreStore(stateDir, file)), { code }, name);
  }
  await using again = await openStore(place);
  t.deepEqual(await content(again), before);
  t.deepEqual(
    (await readdir(join(stateDir, 'store'))).filter((name) => name.includes('restoring')),
    [],
  );
});

test('SQLite: a backup overwrites nothing, and needs a store', async (t) => {
  const { stateDir } = await storePlace(t, 'sqlite');
  const file = join(stateDir, 'mine');
  t.like(await t.throwsAsync(backupStore(stateDir, file)), { code: 'store-unavailable' });
  await (await openStore({ stateDir })).close();
  await writeFile(file, 'precious');
  t.like(await t.throwsAsync(backupStore(stateDir, file)), {
    code: 'backup-invalid',
    data: { file, problem: 'EEXIST' },
  });
  t.is(await readFile(file, 'utf8'), 'precious');
});

test('PostgreSQL: the documented commands make and restore a backup of the same rows without the log', async (t) => {
  const place = await storePlace(t, 'postgresql');
  const elsewhere = await storePlace(t, 'postgresql');
  const cluster = await sharedCluster();
  await using store = await openStore(place);
  await fill(store);
  const file = join(cluster.data, '..', 'relay.dump');
  const page = await readFile(new URL('../../../docs/relay-data.md', import.meta.url), 'utf8');
  const run = async (program: string, url: string | undefined): Promise<void> => {
    const [, words = ''] = new RegExp(`^ {4}${program} (.*)$`, 'm').exec(page) ?? [];
    const filled = words.replace('relay.dump', file).replace('"$DATABASE"', url ?? '');
    await cluster.program(program, ...filled.split(' '));
  };
  await run('pg_dump', place.url);
  await run('pg_restore', elsewhere.url);
  await using restored = await openStore(elsewhere);
  t.deepEqual(await content(restored), await content(store));
  await isIntact(t, restored);
  t.deepEqual(await restored.db.selectFrom('connection_log').selectAll().execute(), []);
});

/** `livelet-relay` with these words: exit status and both outputs. */
async function relayCommand(words: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const bin = fileURLToPath(new URL('../../bin/livelet-relay.js', import.meta.url));
  const child = spawn(process.execPath, [bin, ...words], {
    env: { PATH: process.env.PATH, HOME: '/nonexistent', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, errors, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { status, output, errors };
}

test('the commands say what they did, and what is wrong', async (t) => {
  const place = await storePlace(t, 'sqlite');
  const { stateDir } = place;
  const file = join(stateDir, 'relay.backup');
  const words = ['--state-dir', stateDir, '--file', file];
  const store = await openStore(place);
  await fill(store);
  t.deepEqual(await relayCommand(['backup', ...words]), {
    status: 0,
    output: `backup: ${file}\n`,
    errors: '',
  });
  const inUse = await relayCommand(['restore', ...words]);
  t.is(inUse.status, 8);
  t.is(inUse.errors, 'A relay that runs is using this database. Stop the relay, then try again.\n');
  const again = await relayCommand(['backup', ...words], { LANG: 'it_IT.UTF-8' });
  t.is(again.status, 8);
  t.is(again.errors, `Il backup ${file} non è utilizzabile: EEXIST. Scegli un altro file.\n`);
  await store.close();
  t.deepEqual(await relayCommand(['restore', ...words]), {
    status: 0,
    output: `restore: ${file}\n`,
    errors: '',
  });
  t.is((await relayCommand(['restore', '--state-dir', stateDir])).status, 2);
  const secret = 'postgres://u:tr0ub4dor@127.0.0.1/d';
  const elsewhere = await relayCommand(['backup', ...words], { LIVELET_RELAY_DATABASE_URL: secret });
  t.is(elsewhere.status, 8);
  t.regex(elsewhere.errors, /PostgreSQL/);
  const wrong = await relayCommand(['backup', ...words], {
    LIVELET_RELAY_DATABASE_URL: 'mysql://u:tr0ub4dor@h/d',
  });
  t.is(wrong.status, 2);
  t.false(`${elsewhere.errors}${wrong.errors}`.includes('tr0ub4dor'));
});

test('root restores for the user who owns the state folder', async (t) => {
  const [from, to] = [await storePlace(t, 'sqlite'), await storePlace(t, 'sqlite')];
  await using _store = await openStore(from);
  const file = join(from.stateDir, 'backup');
  await backupStore(from.stateDir, file);
  const owner = process.getuid?.() === 0 ? 65_534 : (process.getuid?.() ?? 0);
  await chown(to.stateDir, owner, (await stat(to.stateDir)).gid);
  await restoreStore(to.stateDir, file);
  const folder = join(to.stateDir, 'store');
  for (const name of ['.', ...(await readdir(folder))])
    t.is((await stat(join(folder, name))).uid, owner, name);
});

test('a file where the store’s folder should be is named, and is no fault of the program', async (t) => {
  const place = await storePlace(t, 'sqlite');
  await writeFile(join(place.stateDir, 'store'), '');
  const error = await t.throwsAsync(openStore(place), { code: 'store-unavailable' });
  t.true(error.message.includes(place.stateDir), error.message);
});
