import { type AudioMessage, decodeAudio, type MessageStream } from '@livelet/core';
import { ManualClock } from '@livelet/core/test-support';
import test from 'ava';
import { parseSources } from '../src/captures/system-sound.js';
import { PacketSender } from '../src/packet-sender.js';
import { JitterBuffer } from '../src/playing/jitter-buffer.js';

/** Arrivals of so many packets, one every 20 ms by the loudspeaker's clock; what was waited at the end, ms. */
function steady(buffer: JitterBuffer, from: number, count: number, quiet = false): number {
  for (let n = 0; n < count; n += 1) buffer.place(from + n * 20, quiet);
  return buffer.ahead;
}

test('packets that come evenly are played one after the other, 20 ms after they came', (t) => {
  const buffer = new JitterBuffer();
  const played = Array.from({ length: 5 }, (_, n) => buffer.place(1000 + n * 20, false));
  t.deepEqual(played, [1020, 1040, 1060, 1080, 1100]);
  t.is(buffer.gaps, 0);
});

test('uneven arrival within what waits is not heard', (t) => {
  const buffer = new JitterBuffer();
  const arrivals = [0, 35, 35, 60, 95, 95, 120];
  t.deepEqual(
    arrivals.map((at) => buffer.place(at, false)),
    [20, 40, 60, 80, 100, 120, 140],
  );
  t.is(buffer.gaps, 0);
});

test('after a gap more waits, and after a while without one less again', (t) => {
  const buffer = new JitterBuffer();
  buffer.place(0, false);
  t.is(buffer.place(200, false), 240);
  t.is(buffer.gaps, 1);
  t.is(steady(buffer, 220, 10), 40);
  t.is(steady(buffer, 420, 250), 20, 'one packet was left out');
  t.is(buffer.dropped, 1);
});

test('what a stall held up is left out, so that no delay stays', (t) => {
  const buffer = new JitterBuffer();
  steady(buffer, 0, 50);
  // The line stalls for a second; then fifty packets come at once.
  for (let n = 0; n < 50; n += 1) buffer.place(2000, false);
  t.true(buffer.ahead <= 150, `${buffer.ahead} ms`);
  t.true(buffer.dropped >= 40);
  t.true(steady(buffer, 2020, 10, true) <= 80, 'quiet packets are left out first');
  t.true(steady(buffer, 2220, 1500) <= 50, 'and in the end nothing is left of it');
});

test('a loudspeaker that is slower than the microphone makes no delay that grows', (t) => {
  const buffer = new JitterBuffer();
  let most = 0;
  // A thousandth: many times what real clocks differ by.
  for (let n = 0; n < 50_000; n += 1) {
    buffer.place(n * 19.98, false);
    most = Math.max(most, buffer.ahead);
  }
  t.true(most < 60, `${most} ms`);
});

/** A line that takes one message when it is told to. */
class HeldStream implements Pick<MessageStream, 'send'> {
  readonly sent: AudioMessage[] = [];
  #taken: (() => void) | undefined;

  async send(message: Uint8Array): Promise<void> {
    this.sent.push(decodeAudio(message));
    await new Promise<void>((resolve) => {
      this.#taken = resolve;
    });
  }

  async take(): Promise<void> {
    this.#taken?.();
    await new Promise(setImmediate);
  }
}

const FRAME = Uint8Array.of(0xf8, 1);
const numbers = (sent: readonly AudioMessage[]): number[] =>
  sent.flatMap((message) => (message.type === 'packet' ? [message.number] : []));

test('what waits for longer than 120 ms is never sent', async (t) => {
  const clock = new ManualClock();
  const stream = new HeldStream();
  const sender = new PacketSender(stream as unknown as MessageStream, clock);
  sender.open();
  for (let n = 0; n < 20; n += 1) {
    sender.packet(FRAME);
    await clock.advance(20);
  }
  for (let n = 0; n < 8; n += 1) await stream.take();
  t.deepEqual(numbers(stream.sent), [14, 15, 16, 17, 18, 19]);
  t.is(sender.dropped, 14);
});

test('what was not sent when the device closes isn’t sent any more', async (t) => {
  const stream = new HeldStream();
  const sender = new PacketSender(stream as unknown as MessageStream, new ManualClock());
  sender.open();
  sender.packet(FRAME);
  sender.packet(FRAME);
  sender.closed('audio-unavailable');
  for (let n = 0; n < 4; n += 1) await stream.take();
  t.deepEqual(stream.sent, [{ type: 'open' }, { type: 'closed', problem: 'audio-unavailable' }]);
});

test('the sound server’s microphones are read from what it says, and nothing else is', (t) => {
  const answer = JSON.stringify([
    { name: 'ears.monitor', description: 'Monitor of Ears' },
    { name: 'alsa_input.usb', description: 'Headset' },
    { name: 'bare' },
    { name: 7, description: 'no name' },
    { name: 'x'.repeat(300), description: 'too long' },
    null,
  ]);
  t.deepEqual(parseSources(answer), [
    { place: 'host', id: 'alsa_input.usb', label: 'Headset' },
    { place: 'host', id: 'bare', label: 'bare' },
  ]);
  for (const other of ['', '{}', 'Connection refused', '[']) t.deepEqual(parseSources(other), []);
});
