import test from 'ava';
import { ReceiveWindow } from '../src/channel/receive-window.js';
import { settled } from '../test-support/index.js';
import { ManualClock } from '../test-support/manual-clock.js';
import { SimulatedNetwork } from '../test-support/simulated-network.js';
import { FILES, streams } from './streams-fixture.js';

const KIB = 1024;

/** The window after `seconds` in which a line of `rate` bytes a second and `rtt` ms carries what the window lets it. */
function after(seconds: number, rate: number, rtt: number, queued = 0): number {
  const window = new ReceiveWindow(384 * KIB, 3072 * KIB);
  const step = 10;
  for (let now = 0; now < seconds * 1000; now += step) {
    const carried = Math.min(rate, (window.size / (rtt + queued)) * 1000);
    window.arrived((carried * step) / 1000, now, rtt);
  }
  return window.size;
}

test('the window grows where a line is long and fast, and stays where it isn’t', (t) => {
  t.is(after(5, 100e6, 50), 3072 * KIB);
  t.is(after(5, 1000e6, 9), 384 * KIB, 'short');
  t.is(after(60, 2e6, 50), 384 * KIB, 'slow');
  t.is(after(60, 100e6, 50, 200), 384 * KIB, 'something else makes it wait');
  const middle = after(60, 20e6, 50);
  t.true(middle > 1_900_000 && middle < 2_100_000, `${middle}: twice what is on its way`);
});

test('without a round trip nothing grows, and a burst after silence is no rate', (t) => {
  const window = new ReceiveWindow(384 * KIB, 3072 * KIB);
  window.arrived(1e9, 0, undefined);
  window.arrived(1e9, 10_000, undefined);
  t.is(window.size, 384 * KIB);
  for (let at = 0; at < 100; at += 1) window.arrived(300 * KIB, at * 10_000, 50);
  t.is(window.size, 384 * KIB);
});

test('over a line of 50 ms a file’s stream carries more than its first window in each round trip', async (t) => {
  const clock = new ManualClock();
  const network = new SimulatedNetwork({ clock, delay: { min: 25, max: 25 } });
  const opening = streams({ clock, link: network.connect() }).then(async (pair) => await pair.open(FILES));
  let isOpen = false;
  void opening.then(() => {
    isOpen = true;
  });
  while (!isOpen) await clock.advance(25);
  const { near, far } = await opening;
  let arrived = 0;
  const reading = (async () => {
    for await (const chunk of far) arrived += chunk.length;
  })().catch(() => undefined);
  const block = new Uint8Array(256 * KIB);
  const writing = (async () => {
    for (;;) await near.write(block);
  })().catch(() => undefined);
  const inTime = async (ms: number): Promise<number> => {
    const before = arrived;
    for (let passed = 0; passed < ms; passed += 5) await clock.advance(5);
    await settled();
    return arrived - before;
  };
  const first = await inTime(500);
  // The second measurement of the round trip comes 5 s after the first.
  await inTime(8_000);
  const later = await inTime(500);
  near.reset('cancelled');
  await clock.advance(100);
  await Promise.all([reading, writing]);
  t.true(later > 4 * first, `${first} bytes, later ${later}`);
});
