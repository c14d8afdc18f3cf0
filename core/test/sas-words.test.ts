import test from 'ava';
import { utf8 } from '../src/channel/bytes.js';
import { sha256 } from '../src/channel/crypto.js';
import { SAS_WORDS, sasWords } from '../src/channel/sas-words.js';
import { hex } from './channel-fixtures.js';

/** Levenshtein's distance. */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...left].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...right].entries()) {
      const change = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}

/** Spellings that English or Italian speakers may hear as one. */
function asHeard(word: string): string {
  return word
    .replace(/ph/g, 'f')
    .replace(/ch|ck|k|q/g, 'c')
    .replace(/gh/g, 'g')
    .replace(/[yj]/g, 'i')
    .replace(/w/g, 'v')
    .replace(/z/g, 's')
    .replace(/x/g, 'cs')
    .replace(/h/g, '')
    .replace(/(.)\1/g, '$1');
}

test('256 short words of plain letters, in alphabetical order', (t) => {
  t.is(SAS_WORDS.length, 256);
  t.deepEqual(SAS_WORDS, [...new Set(SAS_WORDS)].sort());
  for (const word of SAS_WORDS) t.regex(word, /^[a-z]{4,11}$/);
});

test('no two words are easily taken for each other', (t) => {
  for (const [index, word] of SAS_WORDS.entries()) {
    for (const other of SAS_WORDS.slice(index + 1)) {
      if (distance(word, other) < 3 || distance(asHeard(word), asHeard(other)) < 3)
        t.fail(`${word} ${other}`);
    }
  }
  t.is(distance('kitten', 'sitting'), 3);
});

test('no word is rude, hurts or sounds like one that does, in English or Italian', (t) => {
  // "casino" is a brothel or a mess in Italian, "geyser" sounds like "geezer".
  for (const word of ['casino', 'fiasco', 'geyser', 'gorilla']) t.false(SAS_WORDS.includes(word), word);
});

test('four bytes are four words', (t) => {
  t.deepEqual(sasWords(Uint8Array.of(0, 255, 1, 128)), ['acacia', 'zucchini', 'agave', SAS_WORDS[128] ?? '']);
});

test('the list never changes', (t) => {
  t.is(
    hex(sha256(utf8(SAS_WORDS.join(' ')))),
    'cd3c950f3219dc261fd954ce066fbb55b158d07450fd8ce16303c5dc3f32f99f',
  );
});
