import {
  AUDIO_FRAME_TIME,
  type AudioCapture,
  type AudioProblem,
  type AudioTrack,
  type ErrorCode,
  encodeAudio,
  isAudioFrame,
  LiveletError,
  MAX_AUDIO_PACKET,
} from '@livelet/core';
import type { TestFunction } from './test-function.js';

/** A half that plays what its peer says, as the peer reaches it. */
export interface AudioListenerUnderTest extends AsyncDisposable {
  /** Sends messages over one stream, in order, and half-closes it; resolves with the code of a reset, if there is one. */
  exchange(messages: readonly Uint8Array[]): Promise<ErrorCode | undefined>;
  /** The numbers of the packets that were given to be played. */
  played(): Promise<readonly number[]>;
}

/** A way to the sound of a device on which a tone is, or comes again and again. */
export interface AudioCaptureUnderTest extends AsyncDisposable {
  readonly capture: AudioCapture;
  readonly track: AudioTrack;
  /** Resolves once it is so whether anything listens to the device; rejects when it doesn't become so. */
  listens(listens: boolean): Promise<void>;
}

/** One Opus frame of 20 ms, by its first byte: configuration 31 (CELT, full band), one channel, one frame. */
const FRAME = Uint8Array.of(0xf8, 0xff, 0xfe);
const OPEN = encodeAudio({ type: 'open' });
const CLOSED = encodeAudio({ type: 'closed' });
const packet = (number: number, bytes = FRAME): Uint8Array =>
  encodeAudio({ type: 'packet', number, packet: bytes });

export const AUDIO_CASES: readonly {
  readonly title: string;
  readonly messages: readonly Uint8Array[];
  readonly played: readonly number[];
}[] = [
  { title: 'packets in their order', messages: [OPEN, packet(0), packet(1), packet(2)], played: [0, 1, 2] },
  {
    title: 'packets after some that were left out',
    messages: [OPEN, packet(4), packet(900)],
    played: [4, 900],
  },
  {
    title: 'a device that is opened again',
    messages: [OPEN, packet(7), CLOSED, OPEN, packet(0)],
    played: [7, 0],
  },
  {
    title: 'a device that can’t be opened, and then can',
    messages: [encodeAudio({ type: 'closed', problem: 'audio-refused' }), OPEN, packet(0)],
    played: [0],
  },
  {
    title: 'the largest packet',
    messages: [OPEN, packet(0, new Uint8Array(MAX_AUDIO_PACKET).fill(0xf8, 0, 1))],
    played: [0],
  },
];

/** What no honest end sends, and the code that the stream is reset with. */
export const AUDIO_ATTACKS: readonly {
  readonly title: string;
  readonly messages: readonly Uint8Array[];
  readonly reset: ErrorCode;
  /** How many packets are played at most: nothing that comes after the fault. @default 1 */
  readonly most?: number;
}[] = [
  { title: 'an unknown message', messages: [Uint8Array.of(9)], reset: 'audio-malformed' },
  { title: 'an empty message', messages: [new Uint8Array()], reset: 'audio-malformed' },
  { title: 'a packet before its device is open', messages: [packet(0)], reset: 'audio-malformed' },
  {
    title: 'a packet after its device was closed',
    messages: [OPEN, CLOSED, packet(0)],
    reset: 'audio-malformed',
  },
  { title: 'an open device that is opened', messages: [OPEN, OPEN], reset: 'audio-malformed' },
  { title: 'a packet twice', messages: [OPEN, packet(3), packet(3)], reset: 'audio-malformed' },
  { title: 'a packet of before', messages: [OPEN, packet(3), packet(2)], reset: 'audio-malformed' },
  {
    title: 'a packet without bytes',
    messages: [OPEN, Uint8Array.of(2, 0, 0, 0, 0)],
    reset: 'audio-malformed',
  },
  {
    title: 'a frame of 60 ms',
    messages: [OPEN, packet(0, Uint8Array.of(0x18, 1))],
    reset: 'audio-malformed',
  },
  {
    title: 'many frames in one packet',
    messages: [OPEN, packet(0, Uint8Array.of(0xfb, 48))],
    reset: 'audio-malformed',
  },
  { title: 'bytes after an open', messages: [Uint8Array.of(1, 0)], reset: 'audio-malformed' },
  { title: 'an unknown reason', messages: [Uint8Array.of(3, 0, 100)], reset: 'audio-malformed' },
  {
    title: 'a packet over the limit',
    messages: [OPEN, packet(0, new Uint8Array(MAX_AUDIO_PACKET + 1).fill(0xf8, 0, 1))],
    reset: 'message-too-large',
  },
  {
    title: 'a fault among packets',
    messages: [OPEN, packet(0), OPEN, packet(1), packet(2)],
    reset: 'audio-malformed',
  },
  {
    title: 'more than sound has',
    messages: [OPEN, ...Array.from({ length: 3000 }, (_, number) => packet(number))],
    reset: 'request-too-soon',
    most: 2000,
  },
  {
    title: 'a device that is opened again and again',
    messages: Array.from({ length: 100 }, () => [OPEN, packet(0), CLOSED]).flat(),
    reset: 'request-too-soon',
    most: 20,
  },
];

/**
 * Runs all cases of the audio contract against a half that plays.
 *
 * @param open a fresh one for each case, with the capability granted
 */
export function testAudioListener(test: TestFunction, open: () => Promise<AudioListenerUnderTest>): void {
  for (const { title, messages, played } of AUDIO_CASES) {
    test(`audio: plays ${title}`, async (t) => {
      await using listener = await open();
      t.is<unknown>(await listener.exchange(messages), undefined);
      t.deepEqual<unknown>(await listener.played(), played);
    });
  }
  for (const { title, messages, reset, most = 1 } of AUDIO_ATTACKS) {
    test(`audio: resets on ${title}`, async (t) => {
      await using listener = await open();
      t.is<unknown>(await listener.exchange(messages), reset);
      t.true((await listener.played()).length <= most);
    });
  }
}

/** Packets that are looked at: a second. */
const LOOKED_AT = 1000 / AUDIO_FRAME_TIME;

/**
 * Runs all cases of the contract against a way to a device.
 *
 * @param open a fresh one for each case
 */
export function testAudioCapture(
  name: string,
  test: TestFunction,
  open: () => Promise<AudioCaptureUnderTest>,
): void {
  test(`${name}: gives frames of 20 ms as long as it is open, and closes its device`, async (t) => {
    await using under = await open();
    await under.listens(false);
    const heard = new Heard();
    const device = await under.capture.open(under.track, undefined, heard, new AbortController().signal);
    await heard.until(LOOKED_AT);
    await under.listens(true);
    await device[Symbol.asyncDispose]();
    await under.listens(false);
    const { length } = heard.packets;
    t.true(heard.packets.every((bytes) => isAudioFrame(bytes) && bytes.length <= MAX_AUDIO_PACKET));
    t.true(heard.loudest > 0.05 && heard.loudest <= 1, `loudest: ${heard.loudest}`);
    await under.listens(false);
    t.is(heard.packets.length, length, 'nothing after it');
    t.deepEqual<unknown>(heard.problems, [], 'what is closed doesn’t end');
  });

  test(`${name}: opens again after it was closed`, async (t) => {
    await using under = await open();
    for (let time = 0; time < 2; time += 1) {
      const heard = new Heard();
      await using _ = await under.capture.open(under.track, undefined, heard, new AbortController().signal);
      await heard.until(5);
      t.true(heard.packets.length >= 5);
    }
    await under.listens(false);
  });

  test(`${name}: nothing is open when it isn’t wanted any more`, async (t) => {
    await using under = await open();
    const wanted = new AbortController();
    const opening = under.capture.open(under.track, undefined, new Heard(), wanted.signal);
    wanted.abort(new LiveletError('cancelled'));
    const code = await opening.then(
      () => 'opened',
      (error: unknown) => (error instanceof LiveletError ? error.code : String(error)),
    );
    t.is<unknown>(code, 'cancelled');
    await under.listens(false);
  });
}

/** Collects what a capture tells. */
class Heard {
  readonly packets: Uint8Array[] = [];
  readonly problems: AudioProblem[] = [];
  loudest = 0;
  #wanted = Number.POSITIVE_INFINITY;
  #there: () => void = () => undefined;

  packet(bytes: Uint8Array, level: number): void {
    this.packets.push(bytes);
    this.loudest = Math.max(this.loudest, level);
    if (this.packets.length >= this.#wanted) this.#there();
  }

  ended(problem: AudioProblem): void {
    this.problems.push(problem);
  }

  async until(count: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#wanted = count;
    this.#there = resolve;
    if (this.packets.length >= count) resolve();
    const timer = setTimeout(() => reject(new Error(`${this.packets.length} packets of ${count}`)), 20_000);
    await promise.finally(() => clearTimeout(timer));
  }
}
