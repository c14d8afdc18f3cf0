import test from 'ava';
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
