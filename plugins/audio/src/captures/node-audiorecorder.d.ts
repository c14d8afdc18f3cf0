declare module 'node-audiorecorder' {
  import type { EventEmitter } from 'node:events';
  import type { Readable } from 'node:stream';

  /** What version 3.0 takes; the rest has defaults that are of no use here. */
  export interface AudioRecorderOptions {
    readonly program: 'rec' | 'sox' | 'arecord';
    /** `rec` and `sox`: AUDIODEV; `arecord`: -D. */
    readonly device?: string | null;
    /** `rec` and `sox`: AUDIODRIVER. */
    readonly driver?: string | null;
    readonly bits?: number;
    readonly channels?: number;
    readonly encoding?: string;
    readonly format?: string;
    readonly rate?: number;
    readonly type?: string;
    /** s of silence after which it ends; 0: never. */
    readonly silence?: number;
  }

  /**
   * Events: `error` when the program can't be started, `close` with its exit status. The environment of the program is
   * copied from this process's when the recorder is made.
   */
  export default class AudioRecorder extends EventEmitter<{ error: [Error]; close: [number | null] }> {
    constructor(options?: AudioRecorderOptions, logger?: Pick<Console, 'log' | 'warn'>);
    start(): this;
    /** SIGTERM. */
    stop(): this;
    stream(): Readable | null;
  }
}
