import { EventEmitter, once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { inspect } from 'node:util';
import { createIdentity, relayApi, systemRandom } from '@livelet/core';
import { ManualClock } from '@livelet/core/test-support';
import { LiveletError } from '@livelet/core/wire';
import test from 'ava';
import { sql } from 'kysely';
import type { LogEntry, RelayLog } from '../src/log.js';
import { openStore } from '../src/store/open-store.js';
import { postgresCluster } from './postgres-cluster.js';
import { joinedPair, testRelay } from './relay-fixture.js';
import { storePlace } from './store-fixture.js';

test('a lost PostgreSQL is a typed error, and used again when it is back', async (t) => {
  const cluster = await postgresCluster();
  t.teardown(() => cluster.remove());
  await cluster.create('relay');
  await using store = await openStore({ stateDir: '/nonexistent', url: cluster.url('relay') });
  const read = () => store.db.selectFrom('connection_log').select('time').execute();
  t.deepEqual(await read(), []);
  await cluster.stop('SIGQUIT');
  t.like(await t.throwsAsync(read()), { code: 'store-unavailable' });
  t.like(await t.throwsAsync(store.eraseDeletedConnections()), { code: 'store-unavailable' });
  await cluster.start();
  t.deepEqual(await read(), []);
  const cut = store.db.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(transaction);
    await cluster.psql(`select pg_terminate_backend(${rows[0]?.pid})`);
    await transaction.selectFrom('connection_log').select('time').execute();
  });
  t.like(await t.throwsAsync(cut), { code: 'store-unavailable' });
  t.deepEqual(await read(), []);
});

test('an unknown database, a closed port and a file that isn’t a database are refused', async (t) => {
  const { stateDir } = await storePlace(t, 'sqlite');
  const place = await storePlace(t, 'postgresql');
  const unknown = (place.url ?? '').replace(/case_\d+/, 'nowhere');
  t.like(await t.throwsAsync(openStore({ stateDir, url: unknown })), { code: 'store-unavailable' });
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  const closed = `postgres://u@127.0.0.1:${port}/d`;
  t.like(await t.throwsAsync(openStore({ stateDir, url: closed })), { code: 'store-unavailable' });
  await mkdir(`${stateDir}/store`);
  await writeFile(`${stateDir}/store/relay.db`, 'not a database'.repeat(1000));
  t.like(await t.throwsAsync(openStore({ stateDir })), { code: 'store-unavailable' });
});

test('the password of the database is in no error', async (t) => {
  const { stateDir } = await storePlace(t, 'sqlite');
  const place = new URL((await storePlace(t, 'postgresql')).url ?? '');
  const secret = 'tr0ub4dor-and-3';
  place.password = secret;
  place.username = 'nobody';
  const urls = [
    place.href,
    `postgres://u:${secret}@127.0.0.1:1/d`,
    `postgres://u:${secret}@[broken/d`,
    `postgres://u:${secret}@127.0.0.1:99999/d`,
    `postgres://u:${secret}@127.0.0.1/d?sslrootcert=/nonexistent/${'x'}`,
  ];
  for (const url of urls) {
    const error = await t.throwsAsync(openStore({ stateDir, url }));
    t.true(error instanceof LiveletError, url);
    t.false(inspect(error, { depth: 10, showHidden: true }).includes(secret), url);
  }
});

test('a relay whose PostgreSQL is gone joins ends, and writes down what happened when it is back', async (t) => {
  const cluster = await postgresCluster();
  t.teardown(() => cluster.remove());
  await cluster.create('relay');
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  const log = new AwaitedLog();
  const databaseUrl = cluster.url('relay');
  const relay = await testRelay(t, { databaseUrl, clock, log });
  await cluster.stop('SIGQUIT');
  const { operator, customer } = await joinedPair(relay);
  const lost = log.next('store-lost');
  await clock.advance(1000);
  await lost;
  const said = once(customer, 'message');
  operator.send(Buffer.from('hello'));
  t.is(String((await said)[0]), 'hello');
  const stranger = createIdentity(systemRandom);
  const enrol = relayApi({ deployment: relay.deployment, identity: stranger, clock }).call('POST', '/enrol', {
    token: 'x',
  });
  await t.throwsAsync(enrol, { code: 'store-unavailable' });
  await cluster.start();
  const back = log.next('store-back');
  await clock.advance(5000);
  await back;
  await relay.close();
  await using store = await openStore({ stateDir: '/nonexistent', url: databaseUrl });
  const rows = await store.db.selectFrom('connection_log').select('event').orderBy('time').execute();
  t.deepEqual(
    rows.map(({ event }) => event),
    ['allocated', 'joined', 'ended'],
  );
});

/** A log that can be waited for. */
class AwaitedLog implements RelayLog {
  readonly #heard = new EventEmitter();

  write({ event }: LogEntry): void {
    this.#heard.emit(event);
  }

  async next(event: LogEntry['event']): Promise<void> {
    await once(this.#heard, event, { signal: AbortSignal.timeout(30_000) });
  }
}
