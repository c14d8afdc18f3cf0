import test from 'ava';
import fc from 'fast-check';
import {
  checkFileName,
  decodeFileMessage,
  encodeFileMessage,
  type FileMessage,
  LiveletError,
  MAX_FILE_NAME,
  numberedFileName,
  safeFileName,
} from '../src/index.js';

const HASH = new Uint8Array(32).fill(7);

test('names that lead somewhere are refused', (t) => {
  for (const name of [
    '',
    '.',
    '..',
    '../x',
    '..\\x',
    '/etc',
    'C:\\x',
    '\\\\host\\x',
    'a\0b',
    'a\nb',
    'a\ud800',
  ]) {
    t.throws(() => checkFileName(name), { code: 'file-name-refused' }, JSON.stringify(name));
  }
});

test('names that mean something else elsewhere are mended', (t) => {
  const MENDED: readonly (readonly [string, string])[] = [
    ['report.pdf', 'report.pdf'],
    ['.profile', '.profile'],
    ['漢字 שלום.txt', '漢字 שלום.txt'],
    ['e\u0301', 'é'],
    ['C:x', 'C_x'],
    ['a:b', 'a_b'],
    ['CON', '_CON'],
    ['con.txt', '_con.txt'],
    ['con .txt', '_con .txt'],
    ['COM1', '_COM1'],
    ['constant', 'constant'],
    ['end.', 'end_'],
    ['end ', 'end_'],
    ['...', '___'],
    [' ', '_'],
    ['\u202e', '_'],
    ['safe\u202egpj.exe', 'safegpj.exe'],
    ['a?b*c|d', 'a_b_c_d'],
    [`${'x'.repeat(300)}.txt`, `${'x'.repeat(MAX_FILE_NAME - 4)}.txt`],
  ];
  for (const [name, safe] of MENDED) t.is(safeFileName(name), safe, JSON.stringify(name));
});

test('what comes out is a safe name, and stays as it is', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
        let safe: string;
        try {
          safe = safeFileName(name);
        } catch (error) {
          return error instanceof LiveletError && error.code === 'file-name-refused';
        }
        const bytes = new TextEncoder().encode(safe).length;
        return (
          bytes > 0 &&
          bytes <= MAX_FILE_NAME &&
          !/[/\\:\0]|^\.+$|[. ]$/.test(safe) &&
          safeFileName(safe) === safe
        );
      }),
      { numRuns: 2_000 },
    ),
  );
});

test('a second file of a name keeps its ending', (t) => {
  t.is(numberedFileName('report.pdf', 2), 'report (2).pdf');
  t.is(numberedFileName('.profile', 3), '.profile (3)');
});

test('each message comes back as it was', (t) => {
  const MESSAGES: readonly FileMessage[] = [
    { type: 'transfer', items: 3, bytes: 2 ** 40 + 5, title: 'one è' },
    {
      type: 'item',
      index: 1,
      item: { kind: 'file', size: 2 ** 33 + 1, modified: 1_700_000_000_123, path: ['a', 'b è'] },
    },
    { type: 'item', index: 2, item: { kind: 'folder', size: 0, modified: 0, path: ['a'] } },
    { type: 'data', index: 1, offset: 2 ** 33, bytes: Uint8Array.of(1, 2) },
    { type: 'end', index: 1, hash: HASH },
    { type: 'given-up', index: 1, reason: 'file-changed' },
    { type: 'pause', paused: true },
    { type: 'want', index: 1, offset: 5, hash: HASH },
    { type: 'skip', index: 1 },
    { type: 'done', index: 1, name: 'b (2)' },
    { type: 'failed', index: 1, reason: 'file-disk-full' },
    { type: 'kept-in', name: 'Livelet è' },
  ];
  for (const message of MESSAGES) t.deepEqual(decodeFileMessage(encodeFileMessage(message)), message);
});

test('bytes that are no message are refused, whatever they are', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeFileMessage(bytes);
          return true;
        } catch (error) {
          return error instanceof LiveletError && error.code === 'message-malformed';
        }
      }),
      { numRuns: 5_000 },
    ),
  );
});
