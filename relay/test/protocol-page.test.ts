import { readFile } from 'node:fs/promises';
import { CloseReason, RELAY_CUSTOMER_PATH, RELAY_OPERATOR_PATH } from '@livelet/core/wire';
import test from 'ava';
import { DEFAULT_SETTINGS } from '../src/index.js';

const page = await readFile(new URL('../../PROTOCOL.md', import.meta.url), 'utf8');

/** The rows of the table below `heading`, cells without code marks. */
function table(heading: string): string[][] {
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

test('the page lists exactly the close reasons of the code', (t) => {
  const listed = table('Close reasons').map(([code, name]) => [name, Number(code)]);
  t.deepEqual(Object.fromEntries(listed), { ...CloseReason });
  t.is(listed.length, Object.keys(CloseReason).length);
});

test('the page lists exactly the settings of the code, with their defaults', (t) => {
  const listed = table('Limits').map(([name, value]) => [name, Number(value?.replaceAll(',', ''))]);
  t.deepEqual(Object.fromEntries(listed), { ...DEFAULT_SETTINGS });
});

test('the page names the paths', (t) => {
  t.true(page.includes(RELAY_OPERATOR_PATH));
  t.true(page.includes(RELAY_CUSTOMER_PATH));
});
