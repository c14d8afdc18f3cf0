import test from 'ava';
import { drawMark, MARK, readMark } from './mark.js';

test('every number is read as it was drawn', (t) => {
  for (let number = 0; number <= MARK.largest; number += 1) t.is(readMark(drawMark(number)), number);
});

test('a number is read off a picture that lost half its contrast', (t) => {
  const faint = drawMark(1234).map((value) => 64 + value / 2);
  t.is(readMark(faint), 1234);
});

test('rows of one colour are no number', (t) => {
  const bytes = MARK.width * MARK.height * 4;
  for (const value of [0, 128, 255]) t.is(readMark(new Uint8Array(bytes).fill(value)), undefined);
});

test('a row whose one block is wrong is no number', (t) => {
  const row = drawMark(77);
  for (let y = 0; y < MARK.height; y += 1) {
    const at = y * MARK.width * 4;
    for (let byte = 0; byte < 32; byte += 1) row[at + byte] = 255 - (row[at + byte] ?? 0);
  }
  t.is(readMark(row), undefined);
});

test('numbers that a row can’t hold are refused', (t) => {
  for (const number of [-1, 1.5, MARK.largest + 1]) t.throws(() => drawMark(number));
});
