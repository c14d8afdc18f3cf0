import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ava, { type ExecutionContext, type TestFn } from 'ava';
import { openStore, type Store, type StorePlace } from '../src/store/open-store.js';
import { type PostgresCluster, postgresCluster } from './postgres-cluster.js';

/** The process's PostgreSQL, started by the first case that needs it. */
let cluster: Promise<PostgresCluster> | undefined;
let databases = 0;

ava.after.always(async () => (await cluster)?.remove());

/** One server for all tests of this process, removed after the last one, also when one fails. */
export function sharedCluster(): Promise<PostgresCluster> {
  cluster ??= postgresCluster();
  return cluster;
}

/** An own, empty database on each engine. Declares two tests, so it is called at the top of a test file. */
export function forEachEngine(
  test: TestFn,
  name: string,
  body: (t: ExecutionContext, store: Store, place: StorePlace) => Promise<void>,
): void {
  for (const engine of ['sqlite', 'postgresql'] as const) {
    test(`${name} (${engine})`, async (t) => {
      const place = await storePlace(t, engine);
      await using store = await openStore(place);
      await body(t, store, place);
    });
  }
}

/** A place where nothing is yet; removed with the test. */
export async function storePlace(t: ExecutionContext, engine: Store['engine']): Promise<StorePlace> {
  const stateDir = await mkdtemp(join(tmpdir(), 'livelet-store-test-'));
  t.teardown(() => rm(stateDir, { recursive: true, force: true }));
  if (engine === 'sqlite') return { stateDir };
  const { create, url } = await sharedCluster();
  databases += 1;
  const database = `case_${databases}`;
  await create(database);
  return { stateDir, url: url(database) };
}
