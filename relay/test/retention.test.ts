import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ManualClock } from '@livelet/core/test-support';
import test, { type ExecutionContext } from 'ava';
import { sql } from 'kysely';
import { ConnectionLog } from '../src/connection-log/connection-log.js';
import { CONNECTION_LOG_LIFE, Retention } from '../src/connection-log/retention.js';
import type { LogEntry } from '../src/log.js';
import { openStore, type Store, type StorePlace } from '../src/store/open-store.js';
import { filesHolding } from './byte-search.js';
import { postgresCluster } from './postgres-cluster.js';
import { forEachEngine, sharedCluster, storePlace } from './store-fixture.js';

const HOUR = 60 * 60 * 1000;

interface Canaries {
  readonly entries: readonly { readonly source: string; readonly session: string }[];
  /** What every address, and every session, begins with, and nothing else on this machine. */
  readonly texts: readonly string[];
}

function canaries(count: number): Canaries {
  const group = randomBytes(4).toString('hex');
  const texts = [`2001:db8:${group.slice(0, 4)}:${group.slice(4)}:`, randomBytes(5).toString('hex')];
  const entries = Array.from({ length: count }, (_, index) => {
    const end = index.toString(16).padStart(6, '0');
    return { source: `${texts[0]}${end.slice(0, 2)}:${end.slice(2)}`, session: `${texts[1]}${end}` };
  });
  return { entries, texts };
}

interface Kept {
  readonly clock: ManualClock;
  readonly retention: Retention;
  readonly operations: LogEntry[];
  readonly old: readonly string[];
  readonly live: readonly string[];
}

/** A log with entries of 30 days ago and of the hour after, and the clock at 30 days. */
async function thirtyDays(t: ExecutionContext, store: Store): Promise<Kept> {
  const clock = new ManualClock();
  const operations: LogEntry[] = [];
  const parts = { store, clock, operations: { write: (entry: LogEntry) => void operations.push(entry) } };
  const retention = new Retention(parts);
  t.teardown(() => retention[Symbol.asyncDispose]());
  await using log = new ConnectionLog(parts);
  const [old, live] = [canaries(300), canaries(300)];
  for (const canary of old.entries)
    log.write({ event: 'joined', transport: 'tls-tcp', tls: 'TLSv1.3', ...canary });
  await log.flush();
  await clock.advance(2 * HOUR);
  for (const canary of live.entries) log.write({ event: 'refused', reason: 'protocol', ...canary });
  await log.flush();
  await clock.advance(CONNECTION_LOG_LIFE - 2 * HOUR);
  return { clock, retention, operations, old: old.texts, live: live.texts };
}

async function anHourLater({ clock, retention }: Kept): Promise<void> {
  await clock.advance(HOUR);
  await retention.start();
}

forEachEngine(test, 'after 30 days and an hour the rows are gone, later ones stay', async (t, store) => {
  const { clock, retention } = await thirtyDays(t, store);
  const count = async (): Promise<number> =>
    (await store.db.selectFrom('connection_log').select('time').execute()).length;
  await retention.start();
  t.is(await count(), 600, 'at 30 days');
  await clock.advance(HOUR);
  // Waits for what the clock started.
  await retention[Symbol.asyncDispose]();
  t.is(await count(), 300, 'an hour later');
  t.is(clock.pending, 0);
});

/** A store with nothing to delete, and what becomes of erasing. */
function erasing(...outcomes: readonly (() => Promise<string | undefined>)[]) {
  let calls = 0;
  const deleting = { where: () => deleting, executeTakeFirst: async () => ({ numDeletedRows: 0n }) };
  const eraseDeletedConnections = (): Promise<string | undefined> => {
    calls += 1;
    return outcomes[calls - 1]?.() ?? Promise.resolve(undefined);
  };
  const store = { db: { deleteFrom: () => deleting }, eraseDeletedConnections } as unknown as Store;
  return { store, calls: () => calls };
}

test('a purge that failed is tried again after a minute, and then not before an hour', async (t) => {
  const clock = new ManualClock();
  const operations: LogEntry[] = [];
  const fail = (): Promise<never> => Promise.reject(new Error('busy'));
  const { store, calls } = erasing(fail, fail);
  const log = { write: (entry: LogEntry) => void operations.push(entry) };
  await using retention = new Retention({ store, clock, operations: log });
  await retention.start();
  await clock.advance(59_999);
  t.is(calls(), 1);
  await clock.advance(60_001);
  t.is(calls(), 3);
  t.deepEqual(operations, Array(2).fill({ event: 'purge-failed', problem: 'busy' }));
  await clock.advance(HOUR);
  t.is(calls(), 3, 'nothing was deleted since');
  t.is(clock.pending, 1);
});

test('a relay that stops gives a purge 3 s', async (t) => {
  const clock = new ManualClock();
  const { store } = erasing(() => new Promise(() => {}));
  const retention = new Retention({ store, clock, operations: { write: () => {} } });
  void retention.start();
  const stopped = retention[Symbol.asyncDispose]();
  await clock.advance(3000);
  await t.notThrowsAsync(stopped);
  t.is(clock.pending, 0);
});

test('SQLite: after 30 days and an hour no file holds an address or session', async (t) => {
  const place = await storePlace(t, 'sqlite');
  await using store = await openStore(place);
  const kept = await thirtyDays(t, store);
  t.true((await filesHolding(place.stateDir, kept.old)).length > 0, 'before');
  await anHourLater(kept);
  t.deepEqual(await filesHolding(place.stateDir, kept.old), []);
  t.deepEqual(await filesHolding(place.stateDir, kept.live), ['store/connections.db']);
  t.deepEqual(kept.operations, []);
});

test('SQLite: what an earlier run deleted and didn’t erase is erased at the next start', async (t) => {
  const place = await storePlace(t, 'sqlite');
  const [store, reader] = [await openStore(place), await openStore(place)];
  const kept = await thirtyDays(t, store);
  // A reader in another program holds the write-ahead log.
  const { promise: release, resolve } = Promise.withResolvers<void>();
  const { promise: reading, resolve: reads } = Promise.withResolvers<void>();
  const transaction = reader.db.connection().execute(async (connection) => {
    await sql`begin`.execute(connection);
    await connection.selectFrom('connection_log').select('time').execute();
    reads();
    await release;
    await sql`commit`.execute(connection);
  });
  await reading;
  await anHourLater(kept);
  t.like(kept.operations, [{ event: 'purge-failed' }]);
  resolve();
  await transaction;
  await reader.close();
  await kept.retention[Symbol.asyncDispose]();
  await store.close();
  await using again = await openStore(place);
  await using next = new Retention({ store: again, clock: kept.clock, operations: { write: () => {} } });
  await next.start();
  t.deepEqual(await filesHolding(place.stateDir, kept.old), []);
});

/** The cluster's own database, filled, with everything in files and the planner's figures made. */
async function filled(t: ExecutionContext, place: StorePlace, psql: (sql: string) => Promise<string>) {
  const store = await openStore(place);
  t.teardown(() => store.close());
  const kept = await thirtyDays(t, store);
  await psql('analyze connection_log');
  await psql('checkpoint');
  return kept;
}

test('PostgreSQL: with the documented rights no file of the server holds an address or session', async (t) => {
  const cluster = await postgresCluster(['wal_recycle=off']);
  t.teardown(() => cluster.remove());
  await cluster.create('relay');
  await cluster.psql('grant pg_checkpoint to livelet');
  await cluster.psql('grant execute on function pg_switch_wal() to livelet', 'relay');
  const place = { stateDir: '/nonexistent', url: cluster.url('relay') };
  const kept = await filled(t, place, (sql) => cluster.psql(sql, 'relay'));
  const before = await filesHolding(cluster.data, kept.old);
  t.true(
    before.some((file) => file.startsWith('base/')),
    'before: in the table',
  );
  t.true(
    before.some((file) => file.startsWith('pg_wal/')),
    'before: in the write-ahead log',
  );
  await anHourLater(kept);
  t.deepEqual(await filesHolding(cluster.data, kept.old), []);
  t.true((await filesHolding(cluster.data, kept.live)).length > 0);
  t.deepEqual(kept.operations, []);
});

test('PostgreSQL: without them only the write-ahead log holds any, and the relay says so once', async (t) => {
  const place = await storePlace(t, 'postgresql');
  const cluster = await sharedCluster();
  const database = new URL(place.url ?? '').pathname.slice(1);
  const kept = await filled(t, place, (sql) => cluster.psql(sql, database));
  await anHourLater(kept);
  const left = await filesHolding(cluster.data, kept.old);
  t.deepEqual(
    left.filter((file) => !file.startsWith('pg_wal/')),
    [],
  );
  t.true(left.length > 0);
  await anHourLater(kept);
  const problem = 'the database role may not: select pg_switch_wal(), checkpoint';
  t.deepEqual(kept.operations, [{ event: 'purge-incomplete', problem }]);
});

test('PostgreSQL: a transaction that is open all the time keeps no deleted row', async (t) => {
  const place = await storePlace(t, 'postgresql');
  const cluster = await sharedCluster();
  const database = new URL(place.url ?? '').pathname.slice(1);
  const kept = await filled(t, place, (statement) => cluster.psql(statement, database));
  await using other = await openStore(place);
  await other.db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (transaction) => {
      await transaction.selectFrom('operators').select('id').execute();
      await anHourLater(kept);
      await cluster.psql('checkpoint');
      const left = await filesHolding(join(cluster.data, 'base'), kept.old);
      t.deepEqual(left, []);
    });
  t.true((await filesHolding(join(cluster.data, 'base'), kept.live)).length > 0);
});
