import type { ErrorCode, GrantState } from '@livelet/core';

/** Contributions of the manifest. */
export const MENU_PIECE = 'record';
export const PICTURE_PIECE = 'picture';
export const RECORDED_PIECE = 'recorded';

/** What the operator's menu says. */
export type MenuToRecorder =
  | { readonly type: 'start'; readonly sound: boolean }
  /** `show`: the last one in its folder, in the computer's own way. */
  | { readonly type: 'pause' | 'resume' | 'stop' | 'show' };

/** `starting`: until the customer can see it. `waiting`: the line is lost. `finishing`: the file is being closed. */
export type RecorderPhase = 'idle' | 'starting' | 'recording' | 'paused' | 'waiting' | 'finishing';

/** A recording that is over. */
export interface Finished {
  /** Whole path; absent: nothing was recorded. */
  readonly path?: string;
  /** Why it ended, if not because the operator stopped it. */
  readonly error?: ErrorCode;
  /** With `revoked`: nobody took the permission back, its time was over. */
  readonly ranOut?: true;
  /** It has its index and its length; else players find their way with more work. */
  readonly whole: boolean;
}

/** To the operator's menu. */
export interface RecorderToMenu {
  readonly phase: RecorderPhase;
  /** Whether the customer allows it. */
  readonly grant: GrantState;
  readonly sound: boolean;
  /** Whether any sound may be heard or made in the session now. */
  readonly soundAllowed: boolean;
  /** ms that are recorded so far; it goes on from there while `recording`. */
  readonly recordedMs: number;
  /** Where recordings go. */
  readonly folder: string;
  /** Whether this end can show a file in its folder. */
  readonly canShow: boolean;
  /** The file that is being written. */
  readonly path?: string;
  readonly last?: Finished;
}

/** Pixels of the film. */
export interface FilmSize {
  readonly width: number;
  readonly height: number;
}

/** How the picture is encoded; the same for the whole file. */
export interface FilmFormat extends FilmSize {
  readonly codec: FilmCodec;
}
/** The first that the browser has: VP8 takes about half of VP9's time to encode, for films of about the same size. */
export const FILM_CODECS = ['vp8', 'vp9'] as const;
export type FilmCodec = (typeof FILM_CODECS)[number];

/** To the piece on the stage, which takes and encodes pictures while it is told to. */
export type RecorderToPicture =
  /** Begins, with a key frame. `run` is told with whatever comes of it. */
  | { readonly type: 'run'; readonly run: number; readonly sound: boolean; readonly format?: FilmFormat }
  | { readonly type: 'pause' }
  /** Frames and packets of sound up to this number are on their way to the disk. */
  | { readonly type: 'taken'; readonly number: number };

/** From the piece on the stage. Frames and sound have their bytes beside them. */
export type PictureToRecorder =
  | ({
      readonly type: 'frame';
      readonly run: number;
      readonly number: number;
      readonly key: boolean;
      /** Since the picture was taken, ms. */
      readonly age: number;
    } & FilmFormat)
  | {
      readonly type: 'sound';
      readonly run: number;
      readonly number: number;
      /** When it begins, by the clock of the sound, ms. */
      readonly time: number;
      /** ms */
      readonly duration: number;
    }
  /** This browser can't encode it. */
  | { readonly type: 'failed' };

/** Frames and packets of sound on their way to the disk above which the page leaves some out. */
export const MAX_FRAMES_AHEAD = 8;
export const MAX_SOUND_AHEAD = 100;
/** Bytes of one frame. A key frame of a whole screen is below 1 MB. */
export const MAX_FRAME = 8 * 1024 * 1024;

/** To the customer's panel. */
export interface RecordedToPage {
  /** Told again by the page as RecordedShown. */
  readonly number: number;
  readonly state: 'off' | 'recording' | 'paused';
  readonly sound: boolean;
  readonly helper: string;
}

/** From the customer's panel: it shows this now. */
export interface RecordedShown {
  readonly shown: number;
}
