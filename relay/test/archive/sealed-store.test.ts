import { ManualClock } from '@livelet/core/test-support';
import test from 'ava';
import { SEALED_PAGE, type SealedArrival, SealedStore } from '../../src/archive/sealed-store.js';
import type { Store } from '../../src/store/open-store.js';
import { forEachEngine } from '../store-fixture.js';

const NOW = Date.UTC(2026, 0, 1);
const ROOM = { items: 1000, bytes: 1_000_000 };
const arrival = (id: string, size = 10, more: Partial<SealedArrival> = {}): SealedArrival => ({
  owner: 'operator:anna',
  id,
  operator: 'anna',
  envelope: new Uint8Array(size).fill(size),
  ...more,
});
const open = ({ db }: Store, kind: 'chat' | 'report' = 'chat'): SealedStore =>
  new SealedStore(db, new ManualClock(NOW), kind);

forEachEngine(test, 'what arrives is listed without its content, and read back', async (t, store) => {
  const chats = open(store);
  t.true(await chats.put(arrival('a'), ROOM));
  t.true(await chats.put(arrival('b', 20, { owner: 'session:1' }), ROOM));
  t.deepEqual(await chats.list(0), [
    { number: 1, owner: 'operator:anna', id: 'a', operator: 'anna', receivedAt: NOW, size: 10 },
    { number: 2, owner: 'session:1', id: 'b', operator: 'anna', receivedAt: NOW, size: 20 },
  ]);
  t.deepEqual([...((await chats.read(2)) ?? [])], [...arrival('b', 20).envelope]);
  t.is(await chats.read(3), undefined);
  t.deepEqual(await chats.usage(), { items: 2, bytes: 30 });
  t.deepEqual(await open(store, 'report').list(0), []);
  t.is(await open(store, 'report').read(1), undefined);
});

forEachEngine(test, 'the same id of the same owner is kept once, as it came first', async (t, store) => {
  const chats = open(store);
  const sizes = [10, 11, 12, 13, 14, 15];
  const results = await Promise.all(sizes.map((size) => chats.put(arrival('a', size), ROOM)));
  t.is(results.filter(Boolean).length, 1);
  t.false(await chats.put(arrival('a'), { items: 0, bytes: 0 }));
  t.true(await chats.put(arrival('a', 9, { owner: 'session:1' }), ROOM));
  const entries = await chats.list(0);
  t.is(entries.length, 2);
  t.deepEqual(await chats.usage(), { items: 2, bytes: entries.reduce((sum, { size }) => sum + size, 0) });
});

forEachEngine(test, 'no more is kept than there is room for, whoever comes at once', async (t, store) => {
  const chats = open(store);
  const put = async (room: { items: number; bytes: number; ownerBytes?: number }, ids: string[]) => {
    const results = await Promise.allSettled(ids.map((id) => chats.put(arrival(id), room)));
    return results.map((result) => (result.status === 'fulfilled' ? 'kept' : result.reason.code)).sort();
  };
  const [kept, full] = ['kept', 'storage-full'];
  t.deepEqual(await put({ items: 3, bytes: 1000 }, ['a', 'b', 'c', 'd', 'e']), [
    kept,
    kept,
    kept,
    full,
    full,
  ]);
  t.deepEqual(await put({ items: 100, bytes: 50 }, ['f', 'g', 'h']), [kept, kept, full]);
  t.deepEqual(await put({ items: 100, bytes: 1000, ownerBytes: 60 }, ['i', 'j']), [
    'archive-grant-refused',
    kept,
  ]);
  t.deepEqual(await chats.usage(), { items: 6, bytes: 60 });
});

forEachEngine(
  test,
  'what is deleted is gone and makes room; its number is not given again',
  async (t, store) => {
    const chats = open(store);
    for (const id of ['a', 'b']) await chats.put(arrival(id), ROOM);
    await store.db.transaction().execute((transaction) => chats.delete(transaction, 2));
    t.deepEqual(await chats.usage(), { items: 1, bytes: 10 });
    t.is(await chats.read(2), undefined);
    const again = store.db.transaction().execute((transaction) => chats.delete(transaction, 2));
    await t.throwsAsync(again, { code: 'entry-unknown' });
    t.true(await chats.put(arrival('c'), { items: 2, bytes: 20 }));
    t.deepEqual(
      (await chats.list(0)).map(({ number }) => number),
      [1, 3],
    );
  },
);

forEachEngine(test, 'the list comes in pages', async (t, store) => {
  const chats = open(store);
  for (let n = 1; n <= SEALED_PAGE + 1; n += 1) await chats.put(arrival(`${n}`), ROOM);
  const page = await chats.list(0);
  t.is(page.length, SEALED_PAGE);
  t.deepEqual(
    (await chats.list(page.at(-1)?.number ?? 0)).map(({ id }) => id),
    [`${SEALED_PAGE + 1}`],
  );
});

forEachEngine(test, 'a report of 8 MiB is kept whole', async (t, store) => {
  const reports = open(store, 'report');
  const envelope = new Uint8Array(8 * 1024 * 1024).map((_, at) => at % 251);
  await reports.put(arrival('a', 0, { envelope }), { items: 1, bytes: envelope.length });
  const read = await reports.read(1);
  t.true(Buffer.from(read ?? []).equals(envelope));
});
