import { identityFromSeed, joinNameplate, relayApi } from '@livelet/core';
import { ManualClock } from '@livelet/core/test-support';
import { LiveletError } from '@livelet/core/wire';
import test, { type ExecutionContext } from 'ava';
import { AuditLog } from '../src/access/audit-log.js';
import { Changes } from '../src/access/changes.js';
import type { ApiCall } from '../src/api/route.js';
import { ConnectionLog } from '../src/connection-log/connection-log.js';
import { connectionLogRoutes } from '../src/connection-log/connection-log-routes.js';
import {
  type ConnectionLogEntry,
  type ConnectionLogReading,
  readConnectionLog,
} from '../src/connection-log/read-connection-log.js';
import { startRelay } from '../src/index.js';
import { fanOut, type LogEntry, type RelayLog } from '../src/log.js';
import { openStore, type Store } from '../src/store/open-store.js';
import { OPERATOR, temporaryFolder } from './relay-fixture.js';
import { seedOperators } from './seed-operators.js';
import { forEachEngine, storePlace } from './store-fixture.js';

const START = Date.UTC(2026, 0, 1);
const END: LogEntry = {
  event: 'ended',
  session: 'a1',
  reason: 'peerClosed',
  operatorToCustomer: 7,
  customerToOperator: 2 ** 40,
};

function heard(): { operations: RelayLog; lines: LogEntry[] } {
  const lines: LogEntry[] = [];
  return { lines, operations: { write: (entry) => void lines.push(entry) } };
}

const everything = (store: Store) =>
  store.db.selectFrom('connection_log').selectAll().orderBy('time').execute();

forEachEngine(test, 'an entry becomes a row of the allowed columns', async (t, store) => {
  const clock = new ManualClock(START);
  const log = new ConnectionLog({ store, clock, operations: heard().operations });
  const secret = { nameplate: '48291', problem: 'x', count: 3 };
  log.write({
    event: 'joined',
    session: 'a1',
    source: '192.0.2.7',
    transport: 'tls-tcp',
    tls: 'TLSv1.3',
    ...secret,
  });
  await clock.advance(500);
  log.write(END);
  await log.close();
  const none = { source: null, transport: null, tls: null, reason: null };
  t.deepEqual(await everything(store), [
    {
      ...none,
      time: START,
      event: 'joined',
      session: 'a1',
      source: '192.0.2.7',
      transport: 'tls-tcp',
      tls: 'TLSv1.3',
      operator_to_customer: null,
      customer_to_operator: null,
    },
    {
      ...none,
      time: START + 500,
      event: 'ended',
      session: 'a1',
      reason: 'peerClosed',
      operator_to_customer: 7,
      customer_to_operator: 2 ** 40,
    },
  ]);
});

test('only what happens to connections is kept, and no address that is too long to be one', async (t) => {
  await using store = await openStore(await storePlace(t, 'sqlite'));
  const log = new ConnectionLog({ store, clock: new ManualClock(START), operations: heard().operations });
  for (const event of ['dropped', 'started', 'stopped', 'store-lost'] as const)
    log.write({ event, source: '192.0.2.7' });
  log.write({ event: 'refused', source: 'x'.repeat(10_000) });
  await log.close();
  const rows = await everything(store);
  t.deepEqual(
    rows.map(({ event, source }) => [event, source?.length]),
    [['refused', 64]],
  );
});

/** A store that counts statements and can be lost. */
function fakeStore(): { store: Pick<Store, 'db'>; statements: number[]; lose(error?: unknown): void } {
  const statements: number[] = [];
  let failure: unknown;
  const insert = {
    values: (rows: readonly unknown[]) => ({
      execute: async () => {
        if (failure !== undefined) throw failure;
        statements.push(rows.length);
      },
    }),
  };
  const db = { insertInto: () => insert } as unknown as Store['db'];
  return {
    store: { db },
    statements,
    lose: (error) => {
      failure = error;
    },
  };
}

test('entries are written in batches, a second after the first one', async (t) => {
  const { store, statements } = fakeStore();
  const clock = new ManualClock();
  const log = new ConnectionLog({ store, clock, operations: heard().operations });
  for (let count = 0; count < 1200; count += 1) log.write(END);
  await clock.advance(999);
  t.deepEqual(statements, []);
  await clock.advance(1);
  t.deepEqual(statements, [500, 500, 200]);
  t.is(log.waiting, 0);
  t.is(clock.pending, 0);
});

test('a lost store is said once and tried again; entries beyond 20,000 are counted, not kept', async (t) => {
  const { store, statements, lose } = fakeStore();
  const { operations, lines } = heard();
  const clock = new ManualClock();
  const log = new ConnectionLog({ store, clock, operations });
  lose(new LiveletError('store-unavailable', 'gone'));
  for (let count = 0; count < 20_007; count += 1) log.write(END);
  await clock.advance(60_000);
  t.is(log.waiting, 20_000);
  t.is(log.lost, 7);
  t.deepEqual(lines, [{ event: 'store-lost', problem: 'gone' }]);
  lose(undefined);
  await clock.advance(5000);
  t.is(statements.length, 40);
  t.deepEqual(lines.slice(1), [{ event: 'store-back' }, { event: 'log-lost', count: 7 }]);
});

test('of refused ends 5,000 an hour are kept, whatever strangers do; sessions always', async (t) => {
  const { store, statements } = fakeStore();
  const clock = new ManualClock();
  const log = new ConnectionLog({ store, clock, operations: heard().operations });
  for (const event of ['missed', 'refused'] as const) {
    for (let count = 0; count < 3000; count += 1) log.write({ event, source: '192.0.2.1' });
  }
  log.write(END);
  t.is(log.waiting, 5001);
  t.is(log.lost, 1000);
  await clock.advance(3_600_000);
  log.write({ event: 'missed', source: '192.0.2.1' });
  await clock.advance(1000);
  t.is(statements.at(-1), 1);
});

test('rows that the store can’t take are lost, the next ones are written', async (t) => {
  const { store, statements, lose } = fakeStore();
  const { operations, lines } = heard();
  const clock = new ManualClock();
  const log = new ConnectionLog({ store, clock, operations });
  lose(new Error('no such column'));
  log.write(END);
  await clock.advance(1000);
  t.deepEqual(lines, [{ event: 'log-lost', count: 1 }]);
  lose(undefined);
  log.write(END);
  await clock.advance(1000);
  t.deepEqual(statements, [1]);
});

test('a relay that stops waits 3 s for the store, then counts what is lost', async (t) => {
  const { operations, lines } = heard();
  const clock = new ManualClock();
  const never = { values: () => ({ execute: () => new Promise(() => {}) }) };
  const db = { insertInto: () => never } as unknown as Store['db'];
  const log = new ConnectionLog({ store: { db }, clock, operations });
  log.write(END);
  const closed = log.close();
  await clock.advance(3000);
  await closed;
  log.write(END);
  t.deepEqual(lines, [{ event: 'log-lost', count: 1 }]);
  t.is(log.lost, 2);
  t.is(clock.pending, 0);
});

test('each sink of a fan-out hears everything', (t) => {
  const [one, two] = [heard(), heard()];
  fanOut(one.operations, two.operations).write(END);
  t.deepEqual([one.lines, two.lines], [[END], [END]]);
});

async function filledLog(store: Store): Promise<void> {
  const clock = new ManualClock(START);
  await using log = new ConnectionLog({ store, clock, operations: heard().operations });
  for (let count = 0; count < 5; count += 1) {
    log.write({ event: 'joined', session: `s${count}`, source: `192.0.2.${count % 2}` });
    await clock.advance(1);
  }
}

function reading(store: Store, more: Partial<ConnectionLogReading> = {}): ConnectionLogReading {
  return { store, admin: 'ada', reason: 'ticket 7', onRead: async () => {}, ...more };
}

forEachEngine(
  test,
  'reading filters by time, session and source, in pages, newest first',
  async (t, store) => {
    await filledLog(store);
    const sessions = async (more: Partial<ConnectionLogReading>): Promise<string> =>
      (await readConnectionLog(reading(store, more))).map(({ session }) => session).join(' ');
    const cases: [Partial<ConnectionLogReading>, string][] = [
      [{}, 's4 s3 s2 s1 s0'],
      [{ from: START + 3 }, 's4 s3'],
      [{ until: START + 2 }, 's1 s0'],
      [{ session: 's2' }, 's2'],
      [{ source: '192.0.2.1' }, 's3 s1'],
      [{ source: '192.0.2.1', until: START + 2 }, 's1'],
      [{ limit: 2 }, 's4 s3'],
      [{ limit: 2, offset: 4 }, 's0'],
      [{ session: "' or 1=1 --" }, ''],
    ];
    for (const [more, expected] of cases) t.is(await sessions(more), expected, JSON.stringify(more));
    const [entry] = await readConnectionLog(reading(store, { limit: 1 }));
    t.like(entry, { time: START + 4, event: 'joined', source: '192.0.2.0', tls: undefined });
  },
);

test('a reading without a reason, or out of bounds, is refused before anything is read', async (t) => {
  await using store = await openStore(await storePlace(t, 'sqlite'));
  await filledLog(store);
  const cases: Partial<ConnectionLogReading>[] = [
    { reason: '' },
    { reason: ' \n' },
    { reason: 'x'.repeat(501) },
    { admin: '' },
    { limit: 0 },
    { limit: 1001 },
    { limit: 1.5 },
    { offset: -1 },
    { offset: 1e9 },
    { from: Number.NaN },
    { source: 'x'.repeat(65) },
    { session: '' },
  ];
  for (const more of cases) {
    const onRead = async (): Promise<void> => t.fail('read');
    const error = await t.throwsAsync(readConnectionLog(reading(store, { ...more, onRead })));
    t.like(error, { code: 'request-invalid', data: { field: Object.keys(more)[0] } });
  }
});

/** The route, called as an admin. */
function caller(t: ExecutionContext, store: Store, audit: AuditLog) {
  const [route] = connectionLogRoutes({ store, audit, changes: new Changes(store.db) });
  t.is(route?.who, 'admin');
  return async (asked: unknown) => {
    const body = Buffer.from(JSON.stringify(asked));
    const call = { body, caller: { operator: 'ada', name: 'Ada', role: 'admin' } };
    const answer = await route?.handle(call as unknown as ApiCall);
    return answer?.json as { entries: unknown[] };
  };
}

forEachEngine(
  test,
  'each reading is in the audit log, without the address it asked for',
  async (t, store) => {
    await filledLog(store);
    const audit = new AuditLog(store.db, new ManualClock(START));
    const call = caller(t, store, audit);
    const both = [call({ reason: ' ticket 7 ', source: '192.0.2.1' }), call({ reason: 'ticket 8' })];
    const [one, two] = await Promise.all(both);
    t.is(one?.entries.length, 2);
    t.is(two?.entries.length, 5);
    const written = (await audit.list()).map(({ actor, action, details }) => ({ actor, action, ...details }));
    t.deepEqual(written, [
      { actor: 'ada', action: 'connection-log.read', reason: 'ticket 8', filters: '', rows: 5 },
      { actor: 'ada', action: 'connection-log.read', reason: 'ticket 7', filters: 'source', rows: 2 },
    ]);
    t.like(await audit.verify(), { intact: true });
    for (const asked of [{}, { reason: 7 }, { reason: 'x', limit: '5' }, []]) {
      await t.throwsAsync(call(asked), { code: 'request-invalid' });
    }
  },
);

test('no row is given out when the reading can’t be written down', async (t) => {
  await using store = await openStore(await storePlace(t, 'sqlite'));
  await filledLog(store);
  const onRead = async (): Promise<void> => {
    throw new LiveletError('store-unavailable');
  };
  await t.throwsAsync(readConnectionLog(reading(store, { onRead })), { code: 'store-unavailable' });
});

test('at a running relay an administrator reads it with a reason, an operator doesn’t', async (t) => {
  const clock = new ManualClock(START);
  const stateDir = await temporaryFolder(t);
  const operator = identityFromSeed(new Uint8Array(32).fill(9));
  await seedOperators({ stateDir }, { ...OPERATOR, role: 'admin' }, { ...operator, role: 'operator' });
  const relay = await startRelay({ host: '127.0.0.1', port: 0, stateDir, clock });
  t.teardown(() => relay.close());
  const { deployment } = relay;
  const refused = joinNameplate({ deployment, nameplate: '00000' });
  t.like(await t.throwsAsync(refused), { code: 'code-not-valid' });
  const admin = relayApi({ deployment, identity: OPERATOR, clock });
  const entries = async (): Promise<readonly ConnectionLogEntry[]> =>
    (
      (await admin.call('POST', '/connection-log', { reason: 'ticket 7' })) as {
        entries: ConnectionLogEntry[];
      }
    ).entries;
  t.deepEqual(await entries(), [], 'not written yet');
  await clock.advance(1000);
  const [entry] = await entries();
  t.like(entry, {
    time: START,
    event: 'missed',
    transport: 'tls-tcp',
    tls: 'TLSv1.3',
    source: '127.0.0.1',
    reason: 'codeNotValid',
  });
  t.like(await t.throwsAsync(admin.call('POST', '/connection-log', {})), { code: 'request-invalid' });
  const other = relayApi({ deployment, identity: operator, clock });
  t.like(await t.throwsAsync(other.call('POST', '/connection-log', { reason: 'me' })), {
    code: 'admin-required',
  });
});
