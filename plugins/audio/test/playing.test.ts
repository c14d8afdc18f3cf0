import { type AudioMessage, decodeAudio, type MessageStream } from '@livelet/core';
import { ManualClock } from '@livelet/core/test-support';
import test from 'ava';
import { parseSources, systemSound } from '../src/captures/system-sound.js';
import { PacketSender } from '../src/packet-sender.js';
import { Playout } from '../src/playing/playout.js';

/** Samples that a loudspeaker takes at a time. */
const QUANTUM = 128;
const FRAME_LENGTH = 960;
const TONE = 440;

/** A tone in packets of 20 ms, each once it is asked for. */
class Speaker {
  #said = 0;

  packet(amplitude = 0.5): Float32Array[] {
    const sound = Float32Array.from({ length: FRAME_LENGTH }, (_, n) => {
      return amplitude * Math.sin((2 * Math.PI * TONE * (this.#said + n)) / 48_000);
    });
    this.#said += FRAME_LENGTH;
    return [sound];
  }
}

/** What was heard from a buffer, and how much of it never waits. */
class Ear {
  readonly heard: number[] = [];
  /** Whether what was heard is kept: minutes of it are too much. */
  keeps = true;
  readonly playout: Playout;
  readonly #speaker = new Speaker();
  #owed = 0;
  #number = 0;
  #next = 0;

  constructor(use: 'lowdelay' | 'audio' = 'lowdelay') {
    this.playout = new Playout({ channels: 1, use });
  }

  /** The next packet comes. */
  come(amplitude?: number): void {
    this.playout.add(this.#speaker.packet(amplitude), this.#number === this.#next);
    this.#number += 1;
    this.#next = this.#number;
  }

  /** The next packet never comes. */
  lose(): void {
    this.#speaker.packet();
    this.#number += 1;
  }

  /** So much time passes, ms. */
  pass(milliseconds: number): void {
    this.#owed += milliseconds * 48;
    const samples = new Float32Array(QUANTUM);
    for (; this.#owed >= QUANTUM; this.#owed -= QUANTUM) {
      this.playout.take([samples]);
      if (this.keeps) this.heard.push(...samples);
    }
  }

  /** Packets come evenly for so long, ms. */
  steady(milliseconds: number, amplitude?: number): void {
    for (let at = 0; at < milliseconds; at += 20) {
      this.come(amplitude);
      this.pass(20);
    }
  }

  /** The most that one sample differed from the one before since the sample `from`: what a click is. */
  steepest(from = 0): number {
    let most = 0;
    for (let n = from + 1; n < this.heard.length; n += 1)
      most = Math.max(most, Math.abs((this.heard[n] as number) - (this.heard[n - 1] as number)));
    return most;
  }

  /** The longest time without sound since the sample `from`, ms. */
  longestSilence(from: number): number {
    let [most, now] = [0, 0];
    for (const sample of this.heard.slice(from)) {
      now = Math.abs(sample) < 0.02 ? now + 1 : 0;
      most = Math.max(most, now);
    }
    return most / 48;
  }

  get waiting(): number {
    return this.playout.waiting / 48;
  }
}

/** Of the tone itself. */
const STEEPEST = 0.5 * ((2 * Math.PI * TONE) / 48_000) * 1.05;

test('packets that come evenly are played as they are, 20 ms after they came', (t) => {
  const ear = new Ear();
  ear.steady(1000);
  const begun = ear.heard.findIndex((sample) => sample !== 0);
  t.true(begun > FRAME_LENGTH - QUANTUM && begun < FRAME_LENGTH + QUANTUM, `${begun}`);
  t.true(ear.steepest() <= STEEPEST, 'without a click');
  t.is(ear.playout.gaps, 0);
});

test('what was never needed is left out after a while, unheard', (t) => {
  const ear = new Ear();
  for (let n = 0; n < 8; n += 1) ear.come();
  ear.steady(5000);
  t.true(ear.waiting < 15, `${ear.waiting} ms`);
  t.true(ear.steepest() <= STEEPEST);
  t.true(ear.longestSilence(FRAME_LENGTH) < 2);
  t.is(ear.playout.gaps, 0);
});

test('what comes late is bridged, and then more waits', (t) => {
  const ear = new Ear();
  ear.steady(5000);
  const before = ear.heard.length;
  ear.pass(40);
  for (let n = 0; n < 3; n += 1) ear.come();
  ear.pass(20);
  t.is(ear.playout.gaps, 1);
  t.true(ear.waiting > 25, `${ear.waiting} ms`);
  // Every later packet may be as late from now on.
  for (let n = 0; n < 20; n += 1) {
    ear.steady(60);
    ear.pass(35);
    for (let late = 0; late < 2; late += 1) ear.come();
    ear.pass(5);
  }
  t.true(ear.playout.gaps <= 5, `${ear.playout.gaps} gaps`);
  t.true(ear.longestSilence(before) < 2, `${ear.longestSilence(before)} ms`);
  t.true(ear.steepest(before) <= 2 * STEEPEST);
});

test('what only is listened to waits longer, and is whole', (t) => {
  const ear = new Ear('audio');
  ear.steady(3000);
  t.true(ear.waiting > 50, `${ear.waiting} ms`);
  const before = ear.heard.length;
  for (let n = 0; n < 50; n += 1) {
    ear.pass(55);
    for (let late = 0; late < 3; late += 1) ear.come();
    ear.pass(5);
  }
  t.is(ear.playout.gaps, 0);
  t.true(ear.waiting > 70, `${ear.waiting} ms: a margin again`);
  t.true(ear.steepest(before) <= 1.2 * STEEPEST);
});

test('what only is listened to begins with as much as a late packet needs, and keeps it for minutes', (t) => {
  const ear = new Ear('audio');
  ear.keeps = false;
  ear.steady(1000);
  t.true(ear.waiting > 70 && ear.waiting < 120, `${ear.waiting} ms`);
  for (let minute = 0; minute < 3; minute += 1) {
    for (let second = 0; second < 20; second += 1) ear.steady(1000);
    ear.pass(60);
    for (let late = 0; late < 3; late += 1) ear.come();
  }
  t.is(ear.playout.gaps, 0);
  t.true(ear.waiting > 70 && ear.waiting < 120, `${ear.waiting} ms`);
});

test('what only is listened to waits for the worst of the last minutes, and no longer', (t) => {
  const ear = new Ear('audio');
  ear.keeps = false;
  ear.steady(2000);
  ear.pass(110);
  for (let late = 0; late < 6; late += 1) ear.come();
  const gaps = ear.playout.gaps;
  for (let n = 0; n < 4; n += 1) {
    ear.steady(40_000);
    t.true(ear.waiting > 85, `${ear.waiting} ms`);
    ear.pass(80);
    for (let late = 0; late < 4; late += 1) ear.come();
  }
  t.is(ear.playout.gaps, gaps);
  ear.steady(320_000);
  t.true(ear.waiting < 60, `${ear.waiting} ms`);
});

test('what only is listened to is never far behind its picture, however late packets are', (t) => {
  const ear = new Ear('audio');
  let most = 0;
  for (let n = 0; n < 20; n += 1) {
    ear.pass(300);
    for (let late = 0; late < 15; late += 1) ear.come();
    ear.steady(1000);
    most = Math.max(most, ear.waiting);
  }
  t.true(most < 150, `${most} ms`);
  // What was once paused goes on as before.
  ear.pass(2000);
  ear.steady(10_000);
  t.true(ear.waiting > 70 && ear.waiting < 200, `${ear.waiting} ms`);
});

test('a packet that is lost is gone over from the one before to the one after', (t) => {
  const ear = new Ear();
  ear.steady(1000);
  const before = ear.heard.length;
  ear.lose();
  ear.come();
  ear.pass(20);
  ear.steady(1000);
  t.true(ear.steepest(before) <= 1.2 * STEEPEST);
  t.true(ear.longestSilence(before) < 2);
});

test('a stall gets silent softly, and no delay stays of it', (t) => {
  const ear = new Ear();
  ear.steady(1000);
  ear.pass(1000);
  t.true(
    ear.heard.slice(-24_000).every((sample) => sample === 0),
    'silent in the end',
  );
  for (let n = 0; n < 50; n += 1) ear.come();
  t.true(ear.waiting <= 320, `${ear.waiting} ms`);
  ear.steady(12_000);
  t.true(ear.waiting < 40, `${ear.waiting} ms`);
  t.true(ear.steepest() <= 2 * STEEPEST);
});

test('a loudspeaker that is slower than the microphone makes no delay that grows, nor one that is faster gaps that are heard', (t) => {
  for (const pace of [0.999, 1.001]) {
    const ear = new Ear();
    ear.steady(1000);
    const from = ear.heard.length;
    let most = 0;
    // A thousandth: many times what real clocks differ by.
    for (let n = 0; n < 2000; n += 1) {
      ear.come();
      ear.pass(20 * pace);
      most = Math.max(most, ear.waiting);
    }
    t.true(most < 80, `${most} ms`);
    t.true(ear.longestSilence(from) < 2);
  }
});

test('sound of any length and kind is played or left out, and never throws', (t) => {
  const playout = new Playout({ channels: 2, use: 'audio' });
  const heard = [new Float32Array(QUANTUM), new Float32Array(QUANTUM)];
  for (const length of [0, 1, 239, 240, 961, 5760, 12_000, 48_000, 1_000_000]) {
    for (let n = 0; n < 20; n += 1) {
      const sound = Float32Array.from({ length }, () => Math.random() * 2 - 1);
      playout.add([sound, sound], n % 3 === 0);
      playout.take(heard);
      t.true(playout.waiting <= 15_360 + 12_000);
    }
  }
  playout.add([new Float32Array(960).fill(Number.NaN), new Float32Array(960)], false);
  for (let n = 0; n < 1000; n += 1) playout.take(heard);
  t.true(playout.waiting <= 15_360 + 12_000);
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

test('where no program records, there is none', async (t) => {
  t.is(await systemSound({ PATH: '/nowhere' }), 'none');
  t.is(await systemSound({}), 'none');
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
