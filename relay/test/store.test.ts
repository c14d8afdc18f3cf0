import test from 'ava';
import { openStore } from '../src/store/open-store.js';
import { forEachEngine } from './store-fixture.js';

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
