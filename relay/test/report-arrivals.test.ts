import { ManualClock } from '@livelet/core/test-support';
import test from 'ava';
import { ReportArrivals } from '../src/reports/report-arrivals.js';

const settings = { reportsPerHour: 2, networkTimes: 2, sources: 100 };

/** Hands in `count` reports from there, one after the other. @returns how many were let in */
function handIn(arrivals: ReportArrivals, source: string, count: number): number {
  let entered = 0;
  for (let index = 0; index < count; index += 1) {
    try {
      arrivals.enter(source)[Symbol.dispose]();
      entered += 1;
    } catch (error) {
      if ((error as { code?: string }).code !== 'relay-too-many-requests') throw error;
    }
  }
  return entered;
}

test('a source may hand in some reports an hour', async (t) => {
  const clock = new ManualClock();
  const arrivals = new ReportArrivals({ clock, settings });
  t.is(handIn(arrivals, '192.0.2.1', 5), 2);
  t.is(handIn(arrivals, '192.0.2.2', 5), 2);
  await clock.advance(3_600_001);
  t.is(handIn(arrivals, '192.0.2.1', 5), 2);
});

test('many networks of one IPv6 site may hand in some times as many together', (t) => {
  const arrivals = new ReportArrivals({ clock: new ManualClock(), settings });
  const sites = ['2001:db8:1:1::/64', '2001:db8:1:2::/64', '2001:db8:1:3::/64'];
  t.deepEqual(
    sites.map((source) => handIn(arrivals, source, 2)),
    [2, 2, 0],
  );
  t.is(handIn(arrivals, '2001:db8:2:1::/64', 2), 2);
});

test('few are on their way in at once, and one of a source', (t) => {
  const arrivals = new ReportArrivals({
    clock: new ManualClock(),
    settings: { ...settings, reportsPerHour: 9 },
  });
  const first = arrivals.enter('192.0.2.1');
  for (let index = 0; index < 3; index += 1) {
    t.throws(() => arrivals.enter('192.0.2.1'), { code: 'relay-full' });
    arrivals.enter(`192.0.2.${index + 2}`);
  }
  t.throws(() => arrivals.enter('192.0.2.5'), { code: 'relay-full' });
  first[Symbol.dispose]();
  t.notThrows(() => arrivals.enter('192.0.2.1'));
});
