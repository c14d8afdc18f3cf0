import { ManualClock } from '@livelet/core/test-support';
import test from 'ava';
import { AuditLog } from '../../src/access/audit-log.js';
import { Changes } from '../../src/access/changes.js';
import { forEachEngine } from '../store-fixture.js';
import { startApi } from './api-fixture.js';

const ENTRIES = 12;

forEachEngine(
  test,
  'every change of every stored field, every deletion and every swap is found',
  async (t, store) => {
    const { db } = store;
    const clock = new ManualClock();
    const audit = new AuditLog(db, clock);
    const changes = new Changes(db);
    for (let count = 1; count <= ENTRIES; count += 1) {
      await clock.advance(1000);
      const details = { b: count, a: 'x', c: count % 2 === 0 };
      await changes.make((trx) => audit.append(trx, { actor: `op${count}`, action: 'test.done', details }));
    }
    const head = await audit.head();
    t.deepEqual(await audit.verify(), { intact: true, head });
    t.is(head.seq, ENTRIES);
    const rows = await db.selectFrom('audit_log').selectAll().orderBy('seq').execute();
    t.is(rows[0]?.details, '{"a":"x","b":1,"c":false}');

    const restore = async (): Promise<void> => {
      await db.deleteFrom('audit_log').execute();
      await db.insertInto('audit_log').values(rows).execute();
    };
    const found = async (seq: number, what: string): Promise<void> => {
      t.deepEqual(await audit.verify(head), { intact: false, seq }, what);
      await restore();
    };
    for (const row of rows) {
      const others = {
        time: row.time + 1,
        actor: `${row.actor} `,
        action: 'test.undone',
        details: row.details.replace('x', 'y'),
        previous: 'f'.repeat(64),
        hash: 'e'.repeat(64),
      };
      for (const [field, value] of Object.entries(others)) {
        await db
          .updateTable('audit_log')
          .set({ [field]: value })
          .where('seq', '=', row.seq)
          .execute();
        await found(row.seq, `${field} of ${row.seq}`);
      }
      await db
        .updateTable('audit_log')
        .set({ seq: row.seq + 100 })
        .where('seq', '=', row.seq)
        .execute();
      await found(row.seq, `seq of ${row.seq}`);
      await db.deleteFrom('audit_log').where('seq', '=', row.seq).execute();
      await found(row.seq, `deletion of ${row.seq}`);
      await db.deleteFrom('audit_log').where('seq', '>=', row.seq).execute();
      await found(row.seq, `truncation from ${row.seq}`);
      const next = rows[row.seq];
      if (next === undefined) continue;
      await db.deleteFrom('audit_log').where('seq', 'in', [row.seq, next.seq]).execute();
      const swapped = [
        { ...next, seq: row.seq },
        { ...row, seq: next.seq },
      ];
      await db.insertInto('audit_log').values(swapped).execute();
      await found(row.seq, `swap of ${row.seq}`);
    }
    t.deepEqual(await audit.verify(head), { intact: true, head });
  },
);

forEachEngine(test, 'a chain made anew is found by a head that was noted', async (t, store) => {
  const audit = new AuditLog(store.db, new ManualClock());
  const changes = new Changes(store.db);
  const append = (action: string): Promise<void> =>
    changes.make((trx) => audit.append(trx, { actor: 'relay', action, details: {} }));
  for (const action of ['a', 'b', 'c']) await append(action);
  const noted = await audit.head();
  await store.db.deleteFrom('audit_log').execute();
  for (const action of ['a', 'x', 'c', 'd']) await append(action);
  t.like(await audit.verify(), { intact: true });
  t.deepEqual(await audit.verify(noted), { intact: false, seq: 3 });
});

forEachEngine(test, 'entries asked for at once form one chain', async (t, store) => {
  const audit = new AuditLog(store.db, new ManualClock());
  const changes = new Changes(store.db);
  await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      changes.make((trx) => audit.append(trx, { actor: 'relay', action: `test.${index}`, details: {} })),
    ),
  );
  t.like(await audit.verify(), { intact: true, head: { seq: 20 } });
});

forEachEngine(test, 'what administrators do stands in the log, with who did it', async (t, store, place) => {
  const api = await startApi(t, store, place);
  const maria = await api.enrol('Maria', 'operator');
  await api.ask(api.admin, 'PUT', `/operators/${maria.id}/role`, { body: { role: 'admin' } });
  await api.ask(maria, 'POST', `/operators/${api.admin.id}/revoke`);
  await api.ask(maria, 'PUT', '/organisation', { body: { name: 'Bianchi' } });
  const { json } = await api.ask(maria, 'GET', '/audit');
  t.deepEqual(
    json.entries.map(({ seq, actor, action }: Record<string, unknown>) => [seq, actor, action]),
    [
      [7, maria.id, 'organisation.renamed'],
      [6, maria.id, 'operator.revoked'],
      [5, api.admin.id, 'operator.role'],
      [4, maria.id, 'operator.enrolled'],
      [3, api.admin.id, 'invitation.created'],
      [2, api.admin.id, 'operator.enrolled'],
      [1, 'relay', 'invitation.created'],
    ],
  );
  const page = await api.ask(maria, 'GET', '/audit?before=4&limit=2');
  t.deepEqual(
    page.json.entries.map(({ seq }: { seq: number }) => seq),
    [3, 2],
  );
  const verdict = await api.ask(maria, 'GET', '/audit/verify');
  t.is(verdict.json.head.seq, 7);
  const { seq, hash } = verdict.json.head;
  t.true((await api.ask(maria, 'GET', `/audit/verify?seq=${seq}&hash=${hash}`)).json.intact);
  const other = hash.replace(/^./, (digit: string) => (digit === '0' ? '1' : '0'));
  t.false((await api.ask(maria, 'GET', `/audit/verify?seq=${seq}&hash=${other}`)).json.intact);
});

forEachEngine(test, 'a change that fails leaves no entry', async (t, store, place) => {
  const api = await startApi(t, store, place);
  const before = await api.access.audit.head();
  await api.ask(api.admin, 'POST', `/operators/${api.admin.id}/revoke`);
  await api.ask(api.admin, 'DELETE', '/invitations/nothing');
  t.deepEqual(await api.access.audit.head(), before);
});
