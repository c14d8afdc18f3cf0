import { ManualClock } from '@livelet/core/test-support';
import test from 'ava';
import { ReportArrivals } from '../src/reports/report-arrivals.js';

const settings = { reportsPerHour: 2, networkTimes: 2, sources: 100 };

/** Hands in `count` reports from there, one after the other. @returns how many were let in */
function handIn(arrivals: ReportArrivals, source: string, count: number): number {
  let entered = 0;
  for (let index = 0; index < count; index += 1) {
    try {
      arrivals.enter(source, () => undefined)[Symbol.dispose]();
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

test('one of a source is on its way at once, and as many of an IPv6 site as it has times', (t) => {
  const arrivals = new ReportArrivals({
    clock: new ManualClock(),
    settings: { ...settings, reportsPerHour: 9 },
  });
  const never = (): void => t.fail('turned away');
  const first = arrivals.enter('192.0.2.1', never);
  t.throws(() => arrivals.enter('192.0.2.1', never), { code: 'relay-full' });
  first[Symbol.dispose]();
  t.notThrows(() => arrivals.enter('192.0.2.1', never));
  for (const net of [1, 2]) arrivals.enter(`2001:db8:1:${net}::/64`, never);
  t.throws(() => arrivals.enter('2001:db8:1:3::/64', never), { code: 'relay-full' });
  t.notThrows(() => arrivals.enter('2001:db8:2:1::/64', never));
});

const MIB = 1024 * 1024;

/** Reports on their way in from sources of their own, and which of them were turned away, in that order. */
function crowd() {
  const arrivals = new ReportArrivals({ clock: new ManualClock(), settings: { ...settings, sources: 9999 } });
  const refused: string[] = [];
  const enter = (source: string) =>
    arrivals.enter(source, ({ code }) => void refused.push(code === 'relay-full' ? source : code));
  return { enter, refused };
}

test('where there is no room for more, the largest that is not whole makes it', (t) => {
  const { enter, refused } = crowd();
  const whole = enter('whole');
  whole.came(8 * MIB);
  whole.complete();
  const sizes = { large: 7.5, other: 7, small: 0.25, largest: 8 };
  for (const [source, size] of Object.entries(sizes)) enter(source).came(size * MIB);
  t.deepEqual(refused, []);
  enter('next').came(2 * MIB);
  t.deepEqual(refused, ['largest']);
  const again = enter('again');
  again.came(8 * MIB);
  t.deepEqual(refused, ['largest', 'again'], 'it may be who asks for it');
  again.came(8 * MIB);
  again[Symbol.dispose]();
  whole[Symbol.dispose]();
  enter('last').came(8 * MIB);
  t.deepEqual(refused, ['largest', 'again'], 'what was given back is there for others');
});

test('one that sends nothing takes room too: of very many the first goes', (t) => {
  const { enter, refused } = crowd();
  const honest = enter('honest');
  for (let index = 0; index < 511; index += 1) enter(`idle ${index}`);
  t.deepEqual(refused, []);
  enter('one more');
  t.deepEqual(refused, ['honest']);
  honest[Symbol.dispose]();
  enter('another');
  t.is(refused.length, 2);
});
