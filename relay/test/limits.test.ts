import { ManualClock } from '@livelet/core/test-support';
import test from 'ava';
import { sourceKey, TrustedProxies } from '../src/entrance/source.js';
import { SlidingWindow } from '../src/limits/sliding-window.js';
import { SourceLimits } from '../src/limits/source-limits.js';
import { DEFAULT_SETTINGS } from '../src/settings.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function limitsOf(settings = {}): { clock: ManualClock; limits: SourceLimits } {
  const clock = new ManualClock();
  return { clock, limits: new SourceLimits(clock, { ...DEFAULT_SETTINGS, ...settings }) };
}

test('a window counts exactly what happened within it', (t) => {
  const window = new SlidingWindow(1000, 3);
  for (const time of [0, 400, 800]) window.add(time);
  t.is(window.count(999), 3);
  t.is(window.count(1000), 2);
  t.is(window.count(1799), 1);
  t.is(window.count(1800), 0);
  for (let time = 2000; time < 2010; time += 1) window.add(time);
  t.is(window.count(2010, 9), 1, 'a part of the window');
  t.is(window.count(2010), 3, 'what is above the highest count that matters is not kept');
});

test('20 new sockets a minute, then refusals, then no answer', async (t) => {
  const { clock, limits } = limitsOf({ unattachedPerSource: 1000 });
  const admissions = Array.from({ length: 45 }, () => limits.arrive('a').admission);
  t.deepEqual(admissions.slice(0, 20), Array(20).fill('admitted'));
  t.deepEqual(admissions.slice(20, 40), Array(20).fill('refused'));
  t.deepEqual(admissions.slice(40), Array(5).fill('dropped'));
  t.is(limits.arrive('b').admission, 'admitted', 'another source');
  await clock.advance(MINUTE);
  t.is(limits.arrive('a').admission, 'admitted');
});

test('10 sockets without a place', (t) => {
  const { limits } = limitsOf({ socketsPerMinute: 1000 });
  const arrivals = Array.from({ length: 21 }, () => limits.arrive('a'));
  t.is(arrivals[9]?.admission, 'admitted');
  t.is(arrivals[10]?.admission, 'refused');
  t.is(arrivals[20]?.admission, 'dropped');
  for (const arrival of arrivals.slice(0, 10)) {
    arrival.settle();
    arrival.settle();
  }
  const eleventh = limits.arrive('a');
  t.is(eleventh.admission, 'refused', '10 of 20 are still there');
  eleventh.settle();
  arrivals[10]?.settle();
  t.is(limits.arrive('a').admission, 'admitted');
});

test('10 tries a minute, misses count twice, and a ban after that', async (t) => {
  const { clock, limits } = limitsOf();
  for (let tries = 0; tries < 10; tries += 1) t.true(limits.claim('hit'));
  t.false(limits.claim('hit'));
  for (let tries = 0; tries < 5; tries += 1) {
    t.true(limits.claim('miss'));
    limits.missed('miss');
  }
  t.false(limits.claim('miss'));
  t.true(limits.claim('other'));
  await clock.advance(MINUTE - 1);
  t.false(limits.claim('miss'));
  await clock.advance(1);
  t.true(limits.claim('miss'));
});

test('a ban doubles up to 10 minutes, and is forgiven after an hour', async (t) => {
  const { clock, limits } = limitsOf({ claimsPerMinute: 1, claimsPerHour: 1000 });
  const banned = async (): Promise<number> => {
    while (limits.claim('a'));
    let minutes = 0;
    while (!limits.claim('a')) {
      await clock.advance(MINUTE);
      minutes += 1;
    }
    return minutes;
  };
  const bans: number[] = [];
  for (let times = 0; times < 6; times += 1) bans.push(await banned());
  t.deepEqual(bans, [1, 2, 4, 8, 10, 10]);
  await clock.advance(HOUR + 1);
  t.is(await banned(), 1);
});

test('60 tries an hour', async (t) => {
  const { clock, limits } = limitsOf();
  for (let tries = 0; tries < 60; tries += 1) {
    t.true(limits.claim('a'));
    await clock.advance(10_000);
  }
  t.false(limits.claim('a'));
});

test('of too many sources the quiet ones are forgotten, those who wait or are banned last', (t) => {
  const { limits } = limitsOf({ sources: 3, socketsPerMinute: 1, claimsPerMinute: 1 });
  limits.arrive('waits');
  t.true(limits.claim('banned'));
  t.false(limits.claim('banned'));
  for (let stranger = 0; stranger < 1000; stranger += 1) {
    const arrival = limits.arrive(`stranger ${stranger}`);
    t.is(arrival.admission, 'admitted');
    arrival.settle();
    t.true(limits.size <= 3);
  }
  t.is(limits.arrive('waits').admission, 'refused', 'its first socket is still counted');
  t.false(limits.claim('banned'));
  t.is(limits.arrive('stranger 999').admission, 'refused');
  t.is(limits.arrive('stranger 998').admission, 'admitted', 'forgotten');
});

test('when all sources wait or are banned, a stranger is let in all the same', (t) => {
  const { limits } = limitsOf({ sources: 100 });
  for (let source = 0; source < 100; source += 1) limits.arrive(`waits ${source}`);
  t.is(limits.arrive('stranger').admission, 'admitted');
  t.is(limits.size, 100);
});

test('an IPv6 /48 may do eight times as much as one source', (t) => {
  const { limits } = limitsOf({ socketsPerMinute: 5, claimsPerMinute: 2, unattachedPerSource: 1000 });
  const source = (site: number, index: number): string =>
    sourceKey(`2001:db8:${site}:${index.toString(16)}::1`);
  const admissions = Array.from({ length: 81 }, (_, index) => limits.arrive(source(1, index)).admission);
  t.deepEqual(new Set(admissions.slice(0, 40)), new Set(['admitted']));
  t.deepEqual(new Set(admissions.slice(40, 80)), new Set(['refused']));
  t.is(admissions[80], 'dropped');
  t.is(limits.arrive(source(2, 0)).admission, 'admitted', 'another site');
  for (let tries = 0; tries < 16; tries += 1) t.true(limits.claim(source(3, tries)));
  t.false(limits.claim(source(3, 16)));
});

test('a source has so many ends that wait after a drop, and each gives its place back once', (t) => {
  const { limits } = limitsOf({ resumesPerSource: 2 });
  const [first, second] = [limits.wait('a'), limits.wait('a')];
  t.is(limits.wait('a'), undefined);
  t.not(limits.wait('b'), undefined);
  first?.[Symbol.dispose]();
  first?.[Symbol.dispose]();
  t.not(limits.wait('a'), undefined);
  t.is(limits.wait('a'), undefined);
  second?.[Symbol.dispose]();
});

test('a source is an IPv4 address or an IPv6 /64', (t) => {
  t.is(sourceKey('192.0.2.7'), '192.0.2.7');
  t.is(sourceKey('::ffff:192.0.2.7'), '192.0.2.7');
  t.is(sourceKey('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2::/64');
  t.is(sourceKey('2001:DB8:1:2::1'), '2001:db8:1:2::/64');
  t.is(sourceKey('2001:db8::1'), '2001:db8:0:0::/64');
  t.is(sourceKey('::1'), '0:0:0:0::/64');
  t.is(sourceKey('fe80::1%eth0'), 'fe80:0:0:0::/64');
  t.not(sourceKey('2001:db8:0:1::1'), sourceKey('2001:db8:0:2::1'));
});

test('X-Forwarded-For is believed only from trusted proxies, from the right', (t) => {
  const proxies = new TrustedProxies(['10.0.0.0/8', 'fd00::/8', '192.0.2.1']);
  t.is(proxies.origin('203.0.113.9', '198.51.100.1'), '203.0.113.9', 'not a proxy');
  t.is(proxies.origin('10.1.2.3', undefined), '10.1.2.3');
  t.is(proxies.origin('10.1.2.3', '198.51.100.1'), '198.51.100.1');
  t.is(proxies.origin('::ffff:10.1.2.3', '198.51.100.1'), '198.51.100.1');
  t.is(
    proxies.origin('fd00::1', '1.1.1.1, 198.51.100.1, 192.0.2.1'),
    '198.51.100.1',
    'forged part on the left',
  );
  t.is(proxies.origin('10.1.2.3', 'unknown'), '10.1.2.3');
  t.is(proxies.origin('10.1.2.3', '9'.repeat(2000)), '10.1.2.3');
  t.is(
    proxies.origin('10.1.2.3', `${'9'.repeat(2000)}, 198.51.100.1`),
    '198.51.100.1',
    'what the proxy added',
  );
  for (const entry of ['nonsense', '10.0.0.0/33', '10.0.0.0/x', '']) {
    t.is(t.throws(() => new TrustedProxies([entry]), undefined, entry)?.message.slice(0, 6), 'not an');
  }
});
