import { readFile } from 'node:fs/promises';
import { CloseReason, FrameKind, RELAY_ALPN, RELAY_PATH } from '@livelet/core/wire';
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

test('the page lists exactly the kinds of frames of the code', (t) => {
  const listed = table('TLS-TCP').map(([kind, name]) => [name, Number(kind)]);
  t.deepEqual(Object.fromEntries(listed), { ...FrameKind });
});

test('the page names the path and the protocol', (t) => {
  t.true(page.includes(`GET ${RELAY_PATH}\n`));
  t.true(page.includes(`ALPN name is \`${RELAY_ALPN}\``));
});
