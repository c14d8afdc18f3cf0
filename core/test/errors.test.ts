import { readFile } from 'node:fs/promises';
import test from 'ava';
import { asLiveletError, ERROR_CODES, errorCodeFromNumber, LiveletError } from '../src/errors.js';

test('docs/errors.md lists every code with its number, and no other', async (t) => {
  const page = await readFile(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
  const documented = [...page.matchAll(/^\| `([a-z-]+)` \| (\d+) \| \S.*\|$/gm)].map(([, code, number]) => [
    code,
    Number(number),
  ]);
  t.deepEqual(documented, Object.entries(ERROR_CODES));
});

test('each number stands for one code and comes back as it', (t) => {
  const codes = Object.entries(ERROR_CODES);
  t.is(new Set(Object.values(ERROR_CODES)).size, codes.length);
  for (const [code, number] of codes) t.is(errorCodeFromNumber(number), code as keyof typeof ERROR_CODES);
  t.is(errorCodeFromNumber(65_535), 'internal');
});

test('numbers fit the u16 that carries them', (t) => {
  t.true(Object.values(ERROR_CODES).every((number) => number > 0 && number <= 0xffff));
});

test('a foreign error is wrapped with its cause, our own is passed on', (t) => {
  const own = new LiveletError('revoked');
  t.is(asLiveletError(own, 'call-failed'), own);
  const foreign = new TypeError('x');
  const wrapped = asLiveletError(foreign, 'call-failed');
  t.is(wrapped.code, 'call-failed');
  t.is(wrapped.cause, foreign);
});
