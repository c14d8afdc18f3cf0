import { randomUUID } from 'node:crypto';
import { AUDIO_FRAME, AUDIO_RATE, type Clock, LiveletError } from '@livelet/core';
import AudioRecorder from 'node-audiorecorder';
import { SourceWatch } from './source-watch.js';

/** How long a device has until its first sound, ms. */
const FIRST_DEADLINE = 5000;
/** How long the program has to end, ms. */
const END_DEADLINE = 1500;
/** How much the sound server gathers before it gives it out, ms. */
const GATHERED = 10;
/** What SoX reads at a time, samples of all channels together. Its own choice, 8192, would be a delay of 170 ms. */
const SOX_BUFFER = 480;
const BYTES_PER_SAMPLE = 2;

/** What is recorded, and by which program. */
export interface Recording {
  readonly by: 'pulse' | 'alsa';
  /** As that calls it; undefined: its default. */
  readonly device?: string;
  readonly channels: 1 | 2;
  /** What the computer plays; otherwise a microphone. */
  readonly played: boolean;
}

/** A device that a program of the system reads, in pieces of 20 ms: 16 bit, little-endian, channels side by side. */
export class RecordedDevice implements AsyncDisposable {
  readonly #recorder: AudioRecorder;
  readonly #clock: Clock;
  readonly #over = Promise.withResolvers<void>();
  readonly #first = Promise.withResolvers<void>();
  readonly #frame: Uint8Array;
  readonly #take: (samples: Uint8Array) => void;
  readonly #watch: SourceWatch | undefined;
  #filled = 0;
  #sounds = false;
  #isOver = false;

  /**
   * Resolves once sound comes. What PulseAudio gives of another kind, because a device was unplugged, is not taken.
   * @param ended the program ended by itself, or was ended because it recorded something of another kind
   * @throws `audio-unavailable`, `cancelled`
   */
  static async open(
    recording: Recording,
    clock: Clock,
    signal: AbortSignal,
    take: (samples: Uint8Array) => void,
    ended: () => void,
  ): Promise<RecordedDevice> {
    signal.throwIfAborted();
    const device = new RecordedDevice(recording, clock, take);
    const unavailable = (): LiveletError => new LiveletError('audio-unavailable', 'nothing is recorded');
    const cancel = (): void => device.#first.reject(new LiveletError('cancelled', 'not wanted any more'));
    signal.addEventListener('abort', cancel, { once: true });
    using _ = clock.setTimer(FIRST_DEADLINE, () => device.#first.reject(unavailable()));
    void device.#over.promise.then(() => device.#first.reject(unavailable()));
    try {
      await device.#first.promise;
    } catch (error) {
      await device[Symbol.asyncDispose]();
      throw error;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
    void device.#over.promise.then(() => {
      if (!device.#isOver) ended();
    });
    return device;
  }

  private constructor(
    { by, device, channels, played }: Recording,
    clock: Clock,
    take: (samples: Uint8Array) => void,
  ) {
    this.#clock = clock;
    this.#take = take;
    this.#frame = new Uint8Array(AUDIO_FRAME * channels * BYTES_PER_SAMPLE);
    const sound = { rate: AUDIO_RATE, channels, type: 'raw', silence: 0, device: device ?? null } as const;
    const id = randomUUID();
    if (by === 'pulse') this.#watch = new SourceWatch(id, played, () => this.#recorder.stop());
    this.#recorder = withEnvironment(
      {
        ...SourceWatch.environment(id),
        PULSE_LATENCY_MSEC: String(GATHERED),
        SOX_OPTS: `--buffer ${SOX_BUFFER}`,
      },
      () =>
        by === 'pulse'
          ? new AudioRecorder({ ...sound, program: 'rec', driver: 'pulseaudio' })
          : new AudioRecorder({ ...sound, program: 'arecord' }),
    );
    this.#recorder.on('error', () => this.#over.resolve());
    this.#recorder.on('close', () => this.#over.resolve());
    const stream = this.#recorder.start().stream();
    stream?.on('data', (bytes: Uint8Array) => this.#cut(bytes));
    stream?.on('error', () => this.#over.resolve());
  }

  /** Resolves when the program has ended, and with it its hold on the device. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#watch?.[Symbol.dispose]();
      this.#recorder.stop();
    }
    using _ = this.#clock.setTimer(END_DEADLINE, () => this.#over.resolve());
    await this.#over.promise;
  }

  async #confirmSource(): Promise<void> {
    if (!this.#watch || (await this.#watch.check())) this.#first.resolve();
  }

  #cut(bytes: Uint8Array): void {
    if (this.#isOver) return;
    if (!this.#sounds) {
      this.#sounds = true;
      void this.#confirmSource();
    }
    let rest = bytes;
    while (rest.length > 0) {
      const taken = rest.subarray(0, this.#frame.length - this.#filled);
      this.#frame.set(taken, this.#filled);
      this.#filled += taken.length;
      rest = rest.subarray(taken.length);
      if (this.#filled < this.#frame.length) return;
      this.#filled = 0;
      if (this.#watch?.isRight !== false) this.#take(this.#frame.slice());
    }
  }
}

/** The package takes no environment for its program: it copies this process's, which is as before right after. */
function withEnvironment<T>(added: Readonly<Record<string, string>>, make: () => T): T {
  const before = Object.keys(added).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, added);
  try {
    return make();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}
