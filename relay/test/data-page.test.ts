import { readFile } from 'node:fs/promises';
import test from 'ava';
import { sql } from 'kysely';
import { OPERATION_EVENTS } from '../src/log.js';
import type { Store } from '../src/store/open-store.js';
import { forEachEngine } from './store-fixture.js';

type Schema = Readonly<Record<string, readonly string[]>>;

async function page(): Promise<Schema> {
  const text = await readFile(new URL('../../../docs/relay-data.md', import.meta.url), 'utf8');
  const [, tables = ''] = text.split('## Tables');
  const sections = (tables.split('\n## ')[0] ?? '').split('\n### ').slice(1);
  return Object.fromEntries(
    sections.map((section) => {
      const name = /^`(\w+)`/.exec(section)?.[1] ?? section;
      return [
        name,
        [...section.matchAll(/^\| `(\w+)` \| .+ \|$/gm)].map(([, column]) => column ?? '').sort(),
      ];
    }),
  );
}

async function schema({ db, engine }: Store): Promise<Schema> {
  const tables = await db.introspection.getTables();
  const columns = Object.fromEntries(
    tables.map((table) => [table.name, table.columns.map(({ name }) => name).sort()]),
  );
  if (engine === 'postgresql') return columns;
  const log = await sql<{
    name: string;
  }>`select name from pragma_table_info('connection_log', 'log')`.execute(db);
  return { ...columns, connection_log: log.rows.map(({ name }) => name).sort() };
}

forEachEngine(
  test,
  'docs/relay-data.md names every table and column of the store, and no other',
  async (t, store) => {
    t.deepEqual(await page(), await schema(store));
  },
);

test('it names only tests that are there', async (t) => {
  const text = await readFile(new URL('../../../docs/relay-data.md', import.meta.url), 'utf8');
  const named = [...text.matchAll(/relay\/test\/([a-z-]+)\.test\.ts/g)].map(([, name]) => name);
  t.true(named.length > 3);
  for (const name of named)
    await t.notThrowsAsync(readFile(new URL(`${name}.test.js`, import.meta.url)), name);
});

test('it explains every event of the operational log, and no other', async (t) => {
  const text = await readFile(new URL('../../../docs/relay-data.md', import.meta.url), 'utf8');
  const [, section = ''] = text.split('## The operational log');
  const rows = (section.split('\n## ')[0] ?? '').matchAll(/^\| `([a-z-]+)` \| .+ \|$/gm);
  t.deepEqual(
    [...rows].map(([, event]) => event),
    [...OPERATION_EVENTS],
  );
});
