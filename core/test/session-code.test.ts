import test from 'ava';
import fc from 'fast-check';
import { systemRandom } from '../src/channel/crypto.js';
import { createSecret, formatSessionCode, parseSessionCode } from '../src/channel/session-code.js';
import { LiveletError } from '../src/errors.js';
import { codeOf, outcome } from './channel-fixtures.js';

const digits = (length: number): fc.Arbitrary<string> =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length })
    .map((list) => list.join(''));
const codes = fc.record({ nameplate: digits(5), secret: fc.oneof(digits(6), digits(10)) });
const separators = fc.constantFrom('', ' ', '-', '  ', '\u00a0', '\u2013', '.', '\t', '\u200b');

test('a code as it is shown', (t) => {
  t.is(formatSessionCode({ nameplate: '48291', secret: '705618' }), '482 917 056 183');
  t.is(formatSessionCode({ nameplate: '48291', secret: '7056184275' }), '4829 1705 6184 2757');
});

test('other ways to type the same code', (t) => {
  const code = { nameplate: '48291', secret: '705618' };
  for (const text of [
    '482917056183',
    '482-917-056-183',
    ' 4829 1705 6183\n',
    '482\u2011917\u2013056\u2212183',
    '482.917.056.183',
    '\uff14\uff18\uff12\u3000\uff19\uff11\uff17 \uff10\uff15\uff16 \uff11\uff18\uff13',
  ]) {
    t.deepEqual(parseSessionCode(text), code, text);
  }
});

test('what is no code is code-mistyped and says why', (t) => {
  const reasons = {
    '': 'length',
    '482 917 056 18': 'length',
    '482 917 056 1833': 'length',
    '482 917 056 183 0': 'length',
    '482 917 056 184': 'check-digit',
    '428 917 056 183': 'check-digit',
    '482 917 O56 183': 'character',
    '+482917056183': 'character',
    '\u0664\u0668\u0662917056183': 'character',
    [' '.repeat(100_000)]: 'length',
  };
  for (const [text, reason] of Object.entries(reasons)) {
    const error = t.throws(() => parseSessionCode(text), { instanceOf: LiveletError });
    t.is(error?.code, 'code-mistyped');
    t.is(error?.data.reason, reason, text.slice(0, 30));
  }
});

test('a part of another length is not formatted', (t) => {
  for (const code of [
    { nameplate: '4829', secret: '705618' },
    { nameplate: '48291', secret: '70561' },
    { nameplate: '48291', secret: '70561a' },
  ]) {
    t.is(
      codeOf(t, () => formatSessionCode(code)),
      'code-mistyped',
    );
  }
});

test('every code comes back from its text, whatever stands between the digits', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(codes, separators, (code, separator) => {
        const text = formatSessionCode(code).replaceAll(' ', separator);
        t.deepEqual(parseSessionCode(text), code);
      }),
    ),
  );
});

test('every wrong digit and every swap of neighbours is found', (t) => {
  fc.assert(
    fc.property(codes, fc.nat(), fc.integer({ min: 1, max: 9 }), (code, place, change) => {
      const list = [...formatSessionCode(code).replaceAll(' ', '')];
      const at = place % list.length;
      const slip = list.with(at, String((Number(list[at]) + change) % 10)).join('');
      t.is(
        codeOf(t, () => parseSessionCode(slip)),
        'code-mistyped',
      );
      const [left, right] = [list[at] ?? '', list[at + 1] ?? ''];
      if (right !== '' && left !== right) {
        t.is(
          codeOf(t, () =>
            parseSessionCode(
              list
                .with(at, right)
                .with(at + 1, left)
                .join(''),
            ),
          ),
          'code-mistyped',
        );
      }
    }),
  );
});

test('any text is a code or code-mistyped', (t) => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.stringMatching(/^[0-9 \uff10-\uff19-]{0,40}$/),
  );
  t.notThrows(() =>
    fc.assert(
      fc.property(texts, (text) => {
        const code = outcome(() => parseSessionCode(text));
        if (code instanceof LiveletError) return code.code === 'code-mistyped';
        return parseSessionCode(formatSessionCode(code)).secret === code.secret;
      }),
      { numRuns: 2000 },
    ),
  );
});

test('secrets have their digits, leading zeros too, and use the whole draw', (t) => {
  t.is(
    createSecret(() => new Uint8Array(16), 6),
    '000000',
  );
  const largest = 2n ** 128n - 1n;
  const ones = (length: number): Uint8Array => new Uint8Array(length).fill(255);
  t.is(createSecret(ones, 6), String(largest).slice(-6));
  t.is(createSecret(ones, 10), String(largest).slice(-10));
  const first = new Set(Array.from({ length: 500 }, () => createSecret(systemRandom, 10)));
  t.is(first.size, 500);
  for (const secret of first) t.regex(secret, /^\d{10}$/);
});
