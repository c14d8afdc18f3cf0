import test from 'ava';
import { timerText } from '../src/duration-text.js';
import { timeOfDay } from '../src/time-of-day.js';

test('hours go from 00 to 23 in every language', (t) => {
  const night = new Date(2026, 10, 22, 0, 5, 7).getTime();
  const evening = new Date(2026, 10, 22, 21, 45, 7).getTime();
  for (const locale of ['en', 'it'] as const) {
    t.is(timeOfDay(night, locale), '00:05');
    t.is(timeOfDay(night, locale, true), '00:05:07');
    t.is(timeOfDay(evening, locale), '21:45');
  }
});

test('what goes on is timed to the second, whole ones', (t) => {
  const times = [-1, 999, 59_999, 252_000, 3_599_999, 3_852_000, 36_000_000];
  t.deepEqual(times.map(timerText), ['0:00', '0:00', '0:59', '4:12', '59:59', '1:04:12', '10:00:00']);
});
