import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LiveletError } from '@livelet/core/wire';
import test from 'ava';
import { Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { migrations } from '../src/store/migrate.js';
import { openStore, storeFolder } from '../src/store/open-store.js';
import { postgresDialect } from '../src/store/postgres-dialect.js';
import { SqliteDialect } from '../src/store/sqlite-dialect.js';
import { sqliteFiles } from '../src/store/sqlite-files.js';
import type { Tables } from '../src/store/tables.js';
import { forEachEngine, storePlace } from './store-fixture.js';

const ROW = {
  time: 1_790_000_000_123,
  event: 'ended',
  session: 'a1',
  source: '192.0.2.7',
  transport: null,
  tls: 'TLSv1.3',
  reason: 'peerClosed',
  operator_to_customer: 2 ** 40,
  customer_to_operator: 0,
};

forEachEngine(test, 'what is written is read back, also by the next start', async (t, store, place) => {
  await store.db.insertInto('connection_log').values(ROW).execute();
  t.deepEqual(await store.db.selectFrom('connection_log').selectAll().execute(), [ROW]);
  await store.close();
  await using again = await openStore(place);
  t.deepEqual(await again.db.selectFrom('connection_log').selectAll().execute(), [ROW]);
});

forEachEngine(test, 'bytes and counts come back as they were written', async (t, store) => {
  const { db } = store;
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  await db.schema.createTable('things').addColumn('bytes', sql`bytea`).addColumn('size', 'bigint').execute();
  await sql`insert into things values (${bytes}, ${2 ** 52})`.execute(db);
  const { rows } = await sql<{ bytes: Uint8Array; size: number }>`select * from things`.execute(db);
  t.deepEqual([...(rows[0]?.bytes ?? [])], [...bytes]);
  t.is(rows[0]?.size, 2 ** 52);
  const counted = await sql<{
    n: number;
    s: number;
  }>`select count(*) as n, sum(size) as s from things`.execute(db);
  t.deepEqual(counted.rows, [{ n: 1, s: 2 ** 52 }]);
  const { numAffectedRows } = await sql`delete from things`.execute(db);
  t.is(numAffectedRows, 1n);
});

forEachEngine(
  test,
  'a transaction is whole or didn’t happen, and others never see half of it',
  async (t, store) => {
    const { db } = store;
    const failed = db.transaction().execute(async (transaction) => {
      await transaction.insertInto('connection_log').values(ROW).execute();
      throw new LiveletError('cancelled');
    });
    const beside = db
      .insertInto('connection_log')
      .values({ ...ROW, event: 'beside' })
      .execute();
    await t.throwsAsync(failed, { code: 'cancelled' });
    await beside;
    t.deepEqual(await db.selectFrom('connection_log').select('event').execute(), [{ event: 'beside' }]);
  },
);

forEachEngine(test, 'a mistaken statement fails alone, with its own error', async (t, store) => {
  const error = await t.throwsAsync(sql`select * from nothing`.execute(store.db));
  t.false(error instanceof LiveletError);
  t.deepEqual(await store.db.selectFrom('connection_log').selectAll().execute(), []);
});

forEachEngine(test, 'five programs that start at once on an empty place', async (t, first, place) => {
  const fresh = { ...(await storePlace(t, first.engine)) };
  t.not(fresh.stateDir, place.stateDir);
  const stores = await Promise.all(Array.from({ length: 5 }, () => openStore(fresh)));
  await Promise.all(stores.map(({ db }) => db.insertInto('connection_log').values(ROW).execute()));
  const [store] = stores;
  t.is((await store?.db.selectFrom('connection_log').selectAll().execute())?.length, 5);
  await Promise.all(stores.map((each) => each.close()));
});

forEachEngine(
  test,
  'a database that a newer program wrote is refused and left alone',
  async (t, store, place) => {
    await sql`insert into kysely_migration values ('9999-later', '2099-01-01T00:00:00.000Z')`.execute(
      store.db,
    );
    const error = await t.throwsAsync(openStore(place));
    t.like(error, { code: 'store-too-new', data: { step: '9999-later' } });
    await sql`delete from kysely_migration where name = '9999-later'`.execute(store.db);
    await (await openStore(place)).close();
  },
);

test('the embedded database is its owner’s alone', async (t) => {
  const { stateDir } = await storePlace(t, 'sqlite');
  await using store = await openStore({ stateDir });
  await store.db.insertInto('connection_log').values(ROW).execute();
  const folder = join(stateDir, 'store');
  t.is((await stat(folder)).mode & 0o077, 0);
  for (const file of await readdir(folder)) {
    t.is((await stat(join(folder, file))).mode & 0o077, 0, file);
  }
});

test('a second relay on the same folder is refused, other programs aren’t', async (t) => {
  const { stateDir } = await storePlace(t, 'sqlite');
  const relay = await openStore({ stateDir, alone: true });
  t.like(await t.throwsAsync(openStore({ stateDir, alone: true })), { code: 'store-in-use' });
  await (await openStore({ stateDir })).close();
  await relay.close();
  await (await openStore({ stateDir, alone: true })).close();
});

forEachEngine(test, 'a change of the schema that fails leaves nothing', async (t, { db }) => {
  const failed = db.transaction().execute(async (transaction) => {
    await transaction.schema.createTable('half').addColumn('id', 'integer').execute();
    throw new LiveletError('cancelled');
  });
  await t.throwsAsync(failed, { code: 'cancelled' });
  const tables = await db.introspection.getTables();
  t.false(tables.some(({ name }) => name === 'half'));
});

forEachEngine(test, 'an older database is brought up to this program', async (t, { engine }) => {
  const place = await storePlace(t, engine);
  const folder = storeFolder(place.stateDir);
  await mkdir(folder);
  const dialect =
    place.url === undefined ? new SqliteDialect(sqliteFiles(folder)) : postgresDialect(place.url);
  const older = new Kysely<Tables>({ dialect });
  const [first] = Object.entries(migrations(engine));
  const provider = { getMigrations: async () => Object.fromEntries(first === undefined ? [] : [first]) };
  t.is((await new Migrator({ db: older, provider }).migrateToLatest()).error, undefined);
  await t.throwsAsync(older.selectFrom('operators').select('id').execute());
  await older.destroy();
  await using store = await openStore(place);
  t.deepEqual(await store.db.selectFrom('operators').select('id').execute(), []);
});
