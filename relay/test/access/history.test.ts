import test from 'ava';
import { toCsv } from '../../src/access/history-export.js';
import { HISTORY_PAGE, SessionHistory } from '../../src/access/session-history.js';
import { forEachEngine } from '../store-fixture.js';
import { startApi } from './api-fixture.js';

const START = Date.UTC(2026, 0, 1);

forEachEngine(
  test,
  'operators see their own sessions and write notes, administrators see all',
  async (t, store, place) => {
    const api = await startApi(t, store, place);
    const { history } = api.access;
    const maria = await api.enrol('Maria', 'operator');
    const luca = await api.enrol('Luca', 'operator');
    for (const operator of [maria, luca, maria]) {
      const session = history.begin(operator.id);
      await api.clock.advance(90_500);
      session.end();
    }
    history.begin(luca.id);
    const own = (await api.ask(maria, 'GET', '/history')).json.sessions;
    t.like(own, [
      {
        operator: maria.id,
        operatorName: 'Maria',
        started: START + 181_000,
        ended: START + 271_500,
        durationMs: 90_500,
        note: '',
      },
      { operator: maria.id, started: START, ended: START + 90_500 },
    ]);
    const running = (await api.ask(luca, 'GET', '/history')).json.sessions;
    t.is(running.length, 2);
    t.false('ended' in running[0]);
    t.true(running[0].running);
    t.is((await api.ask(api.admin, 'GET', '/history')).json.sessions.length, 4);
    t.is((await api.ask(api.admin, 'GET', `/history?operator=${luca.id}`)).json.sessions.length, 2);
    t.is(
      (await api.ask(maria, 'GET', `/history?operator=${luca.id}`)).json.sessions.length,
      2,
      'her own two',
    );
    t.is((await api.ask(maria, 'GET', `/history?from=${START + 1}`)).json.sessions.length, 1);
    t.is((await api.ask(maria, 'GET', `/history?to=${START + 1}`)).json.sessions.length, 1);
    t.is((await api.ask(maria, 'GET', '/history?from=x')).status, 400);

    const note = `/history/${own[0].id}/note`;
    t.is((await api.ask(maria, 'PUT', note, { body: { note: 'Bianchi srl, “printer”' } })).status, 204);
    t.is((await api.ask(maria, 'GET', '/history')).json.sessions[0].note, 'Bianchi srl, “printer”');
    t.is((await api.ask(luca, 'PUT', note, { body: { note: 'x' } })).json.error, 'entry-unknown');
    t.is(
      (await api.ask(maria, 'PUT', '/history/none/note', { body: { note: 'x' } })).json.error,
      'entry-unknown',
    );
    t.is((await api.ask(maria, 'PUT', note, { body: { note: '\u{1f600}'.repeat(251) } })).status, 400);
    t.is((await api.ask(maria, 'PUT', note, { body: { note: '\u{1f600}'.repeat(250) } })).status, 204);
  },
);

forEachEngine(test, 'a session that was cut and comes back is one session', async (t, store, place) => {
  const api = await startApi(t, store, place);
  const { history } = api.access;
  const first = history.begin(api.admin.id);
  await api.clock.advance(10_000);
  first.end();
  await api.clock.advance(100_000);
  const second = history.begin(api.admin.id, true);
  await api.clock.advance(50_000);
  second.end();
  await api.clock.advance(131_000);
  history.begin(api.admin.id, true).end();
  const { sessions } = (await api.ask(api.admin, 'GET', '/history')).json;
  t.deepEqual(
    sessions.map(({ durationMs }: { durationMs: number }) => durationMs),
    [0, 160_000],
  );
});

forEachEngine(test, 'a session that a killed relay left without an end goes on', async (t, store, place) => {
  const api = await startApi(t, store, place);
  api.access.history.begin(api.admin.id);
  await api.ask(api.admin, 'GET', '/history');
  const onFailure = (): void => t.fail();
  await using again = new SessionHistory(store.db, api.clock, onFailure);
  const [left] = await again.list({});
  t.is(left?.ended, undefined);
  t.is(left?.running, undefined);
  const resumed = again.begin(api.admin.id, true);
  await api.clock.advance(30_000);
  resumed.end();
  const entries = await again.list({});
  t.is(entries.length, 1);
  t.is(entries[0]?.durationMs, 30_000);
});

forEachEngine(test, 'pages and exports hold each session once', async (t, store, place) => {
  const api = await startApi(t, store, place);
  const { history } = api.access;
  const total = HISTORY_PAGE + 50;
  for (let count = 0; count < total; count += 1) {
    // Several begin in the same millisecond.
    if (count % 7 === 0) await api.clock.advance(1000);
    history.begin(api.admin.id).end();
  }
  const first = (await api.ask(api.admin, 'GET', '/history')).json.sessions;
  t.is(first.length, HISTORY_PAGE);
  const rest = (await api.ask(api.admin, 'GET', `/history?after=${first.at(-1).id}`)).json.sessions;
  const ids = [...first, ...rest].map(({ id }: { id: string }) => id);
  t.is(new Set(ids).size, total);
  const exported = (await api.ask(api.admin, 'GET', '/history/export?format=json')).json.sessions;
  t.deepEqual(exported, [...first, ...rest]);
  const csv = await api.ask(api.admin, 'GET', '/history/export?format=csv');
  t.is(csv.text.split('\r\n').length, total + 2);
});

test('an export is RFC 4180, in UTC, in whole seconds begun', (t) => {
  const session = {
    id: 's1',
    operator: 'o1',
    operatorName: 'Maria "M" Rossi',
    started: START,
    note: 'a, b\nc',
  };
  t.is(
    toCsv([
      { ...session, ended: START + 90_001, durationMs: 90_001 },
      { ...session, note: '' },
    ]),
    'session,operator,operator_name,started,ended,duration_seconds,note\r\n' +
      's1,o1,"Maria ""M"" Rossi",2026-01-01T00:00:00.000Z,2026-01-01T00:01:30.001Z,91,"a, b\nc"\r\n' +
      's1,o1,"Maria ""M"" Rossi",2026-01-01T00:00:00.000Z,,,\r\n',
  );
});

for (const note of [
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '  =1',
  '\uFF1D1',
  '=cmd|" /C calc"!A0',
]) {
  test(`no spreadsheet takes ${JSON.stringify(note)} for a formula`, (t) => {
    const session = { id: 's', operator: 'o', operatorName: note, started: START, note };
    const [, , name, , , , ...rest] = toCsv([session]).slice(toCsv([]).length).split(',');
    t.regex(name ?? '', /^"?'/);
    t.regex(rest.join(','), /^"?'/);
  });
}
