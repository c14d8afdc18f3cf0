import test from 'ava';
import { MuxStream } from '../src/channel/byte-stream.js';
import { ReceiveWindow } from '../src/channel/receive-window.js';
import { settled } from '../test-support/index.js';
import { ManualClock } from '../test-support/manual-clock.js';
import { SimulatedNetwork } from '../test-support/simulated-network.js';
import { FILES, streams } from './streams-fixture.js';

const KIB = 1024;

const newWindow = (): ReceiveWindow => new ReceiveWindow(384 * KIB, 3072 * KIB);

/** The window after `seconds` in which a line of `rate` bytes a second and `rtt` ms carries what the window lets it. */
function after(
  seconds: number,
  rate: number,
  rtt: number,
  { queued = 0, window = newWindow(), from = 0 } = {},
): number {
  const step = 10;
  for (let now = from; now < from + seconds * 1000; now += step) {
    const carried = Math.min(rate, (window.size / (rtt + queued)) * 1000);
    window.arrived((carried * step) / 1000, now, rtt);
  }
  return window.size;
}

test('the window grows where a line is long and fast, and stays where it isn’t', (t) => {
  t.is(after(5, 100e6, 50), 3072 * KIB);
  t.is(after(5, 1000e6, 9), 384 * KIB, 'short');
  t.is(after(60, 2e6, 50), 384 * KIB, 'slow');
  t.is(after(60, 100e6, 50, { queued: 200 }), 384 * KIB, 'something else makes it wait');
  const middle = after(60, 20e6, 50);
  t.true(middle > 1_900_000 && middle < 2_100_000, `${middle}: twice what is on its way`);
});

test('without a round trip nothing grows, and a burst after silence is no rate', (t) => {
  const window = newWindow();
  window.arrived(1e9, 0, undefined);
  window.arrived(1e9, 10_000, undefined);
  t.is(window.size, 384 * KIB);
  for (let at = 0; at < 100; at += 1) window.arrived(300 * KIB, at * 10_000, 50);
  t.is(window.size, 384 * KIB);
});

test('where a line carries less than before, the window becomes smaller again, and grows with it', (t) => {
  const window = newWindow();
  t.is(after(5, 100e6, 50, { window }), 3072 * KIB);
  t.is(after(5, 0.25e6, 50, { window, from: 5_000 }), 384 * KIB, 'what is typed waits for no more of it');
  t.is(after(5, 100e6, 50, { window, from: 10_000 }), 3072 * KIB);
  window.restart();
  t.is(window.size, 384 * KIB, 'another line: nothing is known of it');
});

test('on another line a stream’s peer gets no more than its first window, and goes on', async (t) => {
  let [now, wanted, leastRttMs]: [number, boolean, number | undefined] = [0, false, 50];
  const stream = new MuxStream({
    id: 1,
    path: FILES.path,
    priority: 'files',
    credit: 0,
    owner: {
      sendable: () => t.fail(),
      dropped: () => t.fail(),
      over: () => t.fail(),
      creditDue: () => {
        wanted = true;
      },
      now: () => now,
      get leastRttMs() {
        return leastRttMs;
      },
    },
  });
  const reading = stream[Symbol.asyncIterator]();
  let credit = stream.takeCredit();
  /** The peer sends all that it may, and it is read. */
  const carry = async (): Promise<void> => {
    now += 10;
    const chunk = new Uint8Array(Math.min(credit, 256 * KIB));
    credit -= chunk.length;
    stream.receiveData(chunk);
    t.is((await reading.next()).value?.length, chunk.length);
    if (!wanted) return;
    wanted = false;
    const more = stream.takeCredit();
    t.true(more > 0, 'a credit of nothing is refused');
    credit += more;
  };
  for (let turn = 0; turn < 500; turn += 1) await carry();
  t.true(credit > 2_500 * KIB, `${credit}`);
  leastRttMs = undefined;
  stream.lineChanged();
  t.is(stream.takeCredit(), 0, 'what was due before is not any more');
  for (let turn = 0; turn < 500; turn += 1) {
    await carry();
    if (turn >= 20) t.true(credit > 0 && credit <= 384 * KIB, `${credit}`);
  }
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
