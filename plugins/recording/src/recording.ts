import {
  asLiveletError,
  type Clock,
  type ErrorCode,
  LiveletError,
  type ReceiptNotes,
  type RecordingState,
  type RecordingTold,
  recordedNote,
} from '@livelet/core';
import {
  type FilmFormat,
  type Finished,
  MAX_FRAME,
  type PictureToRecorder,
  type RecorderPhase,
} from './page-protocol.js';
import { DISK_ROOM, type DiskRoom, RecordingFile } from './recording-file.js';
import type { RecordingPermission, RecordingPermissions } from './recording-permission.js';
import { recordingName } from './recordings-folder.js';
import { SoundClock } from './sound-clock.js';
import { SoundTrack } from './sound-track.js';
import { Timeline } from './timeline.js';
import { WebmWriter } from './webm-writer.js';

/** Bytes that wait for the disk above which it is too slow for this. */
const MAX_WAITING = 64 * 1024 * 1024;

export interface RecordingOptions {
  readonly permissions: RecordingPermissions;
  readonly clock: Clock;
  readonly notes: ReceiptNotes;
  readonly folder: string;
  readonly sound: boolean;
  /** @default DISK_ROOM */
  readonly room?: DiskRoom;
}

export interface RecordingListener {
  /** Pictures are to be taken from now on: what comes of it has this number. */
  run(run: number, format: FilmFormat | undefined): void;
  pause(): void;
  /** Frames and sound up to this number are with the disk. */
  taken(number: number): void;
  /** Its phase or its file. */
  changed(): void;
}

/** One recording, from the question whether it may begin to its closed file. */
export class Recording {
  readonly sound: boolean;
  readonly #options: RecordingOptions;
  readonly #listener: RecordingListener;
  readonly #timeline: Timeline;
  readonly #ended = Promise.withResolvers<ErrorCode | undefined>();
  #phase: RecorderPhase = 'starting';
  #permission: RecordingPermission | undefined;
  /** The person paused it. */
  #held = false;
  #began = false;
  /** The last that is in the receipt. */
  #isPausedThere = false;
  /** How it ended, until it is known whether the other person's end heard that. */
  #unheard: RecordingTold | undefined;
  readonly #noted = Promise.withResolvers<void>();
  #run = 0;
  #format: FilmFormat | undefined;
  #file: RecordingFile | undefined;
  #writer: WebmWriter | undefined;
  #track: SoundTrack | undefined;
  #soundClock = new SoundClock();
  #writing: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(options: RecordingOptions, listener: RecordingListener) {
    this.#options = options;
    this.#listener = listener;
    this.sound = options.sound;
    this.#timeline = new Timeline(options.clock);
  }

  get phase(): RecorderPhase {
    return this.#phase;
  }

  /** ms */
  get length(): number {
    return this.#timeline.length;
  }

  get path(): string | undefined {
    return this.#file?.path;
  }

  /** Resolves once its end is in the receipt, if it began. */
  get noted(): Promise<void> {
    return this.#noted.promise;
  }

  /** Never rejects; what went wrong is in its result. */
  async record(): Promise<Finished> {
    const { permissions, folder, room = DISK_ROOM } = this.#options;
    try {
      await RecordingFile.prepare(folder, room);
      if (this.#phase === 'starting') {
        this.#permission = permissions.ask(this.#told('recording'), {
          shown: (state) => this.#shown(state),
          over: (code) => this.end(code),
          unheard: () => this.confirm(false),
        });
      }
    } catch (error) {
      this.end(asLiveletError(error).code);
    }
    return await this.#close(await this.#ended.promise);
  }

  /** At once: nothing that comes later is recorded. @param code why, unless the operator wants it */
  end(code?: ErrorCode): void {
    if (this.#phase === 'finishing') return;
    this.#phase = 'finishing';
    this.#timeline.pause();
    this.#listener.pause();
    this.#unheard = this.#told('ended');
    if (this.#permission?.end(this.#unheard) !== true) this.confirm(false);
    this.#ended.resolve(code);
    this.#listener.changed();
  }

  /**
   * What became of the grant tells whether the other end heard of the end before it took the grant back; both note the
   * same by that. Only the first word counts, and none before the end.
   */
  confirm(isHeard: boolean): void {
    const told = this.#unheard;
    if (told === undefined) return;
    this.#unheard = undefined;
    // It showed the recording, which was ended before that was heard of here.
    if (isHeard && !this.#began) {
      this.#began = true;
      this.#note('began');
    }
    if (this.#began) {
      const { sound, seconds } = told;
      this.#options.notes.add(recordedNote({ step: 'ended', sound, ...(isHeard && { seconds }) }));
    }
    this.#noted.resolve();
  }

  /** The person's wish. */
  setPaused(paused: boolean): void {
    if (this.#phase === 'finishing' || this.#held === paused) return;
    this.#held = paused;
    if (paused) this.#stand('paused');
    this.#permission?.tell(this.#told(paused ? 'paused' : 'recording'));
  }

  /** A page that knows nothing of it yet takes the pictures from now on. */
  restart(): void {
    if (this.#phase === 'recording') this.#go();
  }

  /** What the page took, in its order. */
  take(message: Exclude<PictureToRecorder, { type: 'failed' }>, bytes: Uint8Array): void {
    if (this.#phase !== 'recording' || message.run !== this.#run) return;
    if (bytes.length > MAX_FRAME || this.#waiting + bytes.length > MAX_WAITING) {
      this.end('recording-failed');
      return;
    }
    const at = this.#at(message);
    this.#waiting += bytes.length;
    this.#writing = this.#writing
      .then(async () => {
        if (message.type === 'frame') await this.#frame(message, at, bytes);
        else this.#track?.put(at, message.duration, bytes);
        this.#listener.taken(message.number);
      })
      .catch((error: unknown) => this.end(asLiveletError(error).code))
      .finally(() => {
        this.#waiting -= bytes.length;
      });
  }

  /** When it was, by the film's time. */
  #at(message: Exclude<PictureToRecorder, { type: 'failed' }>): number {
    if (message.type === 'frame') return this.#timeline.at(message.age);
    const { time, duration } = message;
    return this.#soundClock.at(time + duration, this.#timeline.length) - duration;
  }

  #shown(state: RecordingState | undefined): void {
    if (this.#phase === 'finishing') return;
    if (state === 'recording' && !this.#held) this.#resume();
    else if (state === undefined) this.#stand('waiting');
    else if (state === 'paused') this.#stand('paused');
  }

  #resume(): void {
    if (this.#phase === 'recording') return;
    if (!this.#began) this.#note('began');
    else if (this.#isPausedThere) this.#note('resumed');
    this.#isPausedThere = false;
    this.#began = true;
    this.#phase = 'recording';
    this.#timeline.run();
    this.#go();
    this.#listener.changed();
  }

  #stand(phase: 'paused' | 'waiting'): void {
    const next = this.#began ? phase : 'starting';
    // However often the other end says so.
    if (this.#phase === next) return;
    if (this.#phase === 'recording') {
      this.#timeline.pause();
      this.#listener.pause();
    }
    // Times without a line stand in the receipt by themselves.
    if (next === 'paused' && !this.#isPausedThere) {
      this.#isPausedThere = true;
      this.#note('paused');
    }
    this.#phase = next;
    this.#listener.changed();
  }

  #go(): void {
    this.#soundClock = new SoundClock();
    this.#run += 1;
    this.#listener.run(this.#run, this.#format);
  }

  #note(step: 'began' | 'paused' | 'resumed'): void {
    this.#options.notes.add(recordedNote({ step, sound: this.sound }));
  }

  #told(state: RecordingState): RecordingTold {
    return { state, sound: this.sound, seconds: Math.round(this.#timeline.length / 1000) };
  }

  async #frame(
    frame: Extract<PictureToRecorder, { type: 'frame' }>,
    at: number,
    bytes: Uint8Array,
  ): Promise<void> {
    const { key, codec, width, height } = frame;
    this.#format ??= { codec, width, height };
    const format = this.#format;
    if (format.codec !== codec || format.width !== width || format.height !== height) {
      throw new LiveletError('recording-failed', 'another format in the middle');
    }
    this.#writer ??= await this.#create(format);
    await this.#file?.look();
    await this.#writer.frame(at, key, bytes);
    this.#track?.follow(at);
  }

  async #create(format: FilmFormat): Promise<WebmWriter> {
    const { folder, clock, room = DISK_ROOM } = this.#options;
    this.#file = await RecordingFile.create(folder, recordingName(clock.wallTime()), clock, room);
    const writer = await WebmWriter.begin(this.#file, format, this.sound);
    if (this.sound) {
      this.#track = new SoundTrack((packet) => {
        // What can't be written is told by the next frame.
        writer.sound(packet).catch(() => undefined);
      });
    }
    this.#listener.changed();
    return writer;
  }

  async #close(code: ErrorCode | undefined): Promise<Finished> {
    await this.#writing;
    let error = code;
    let whole = false;
    try {
      this.#track?.finish(this.#timeline.length);
      await this.#writer?.finish();
      whole = this.#writer !== undefined;
    } catch (failure) {
      error ??= asLiveletError(failure).code;
    }
    let { path } = this;
    if (this.#file && !(await this.#file.isThere())) {
      path = undefined;
      whole = false;
      error ??= 'recording-unwritable';
    }
    await this.#file?.close();
    return { whole, ...(path !== undefined && { path }), ...(error !== undefined && { error }) };
  }
}
