/** What both halves say to their pieces in the pages, and hear. Safe for page code. */

/** Contributions of the manifest, the same in both roles. */
export const LENS_PIECE = 'lens';
export const OWN_PIECE = 'own-camera';
export const THEIR_PIECE = 'their-camera';

/** Pixels, and the most frames and bits a second, that a camera is asked and encoded for. */
export const CAMERA_FORMAT = { width: 640, height: 480, rate: 15, bitrate: 600_000 } as const;

/** How much of a camera is encoded at the moment. */
export interface Pace {
  /** Bits a second. */
  readonly bitrate: number;
  /** Frames a second. */
  readonly rate: number;
  /** None at all until another pace is told. */
  readonly held: boolean;
}

/** Nothing is encoded: nobody looks. */
export const HELD: Pace = { bitrate: CAMERA_FORMAT.bitrate, rate: CAMERA_FORMAT.rate, held: true };

/** A camera of this computer. */
export interface Device {
  readonly id: string;
  /** As the system calls it; empty until the browser was allowed to tell. */
  readonly label: string;
}

/**
 * Whether this computer's camera is open: no, the browser is being asked, yes; or why it isn't: the person or the
 * browser refused, there is none, or it failed.
 */
export type LensState = 'off' | 'opening' | 'on' | 'refused' | 'missing' | 'failed';

/** `waiting`: wanted, and closed until the other end takes it, such as while the line is lost. */
export type OwnState = LensState | 'waiting';

/** To the piece that opens the camera. `id` counts openings. */
export type HostToLens =
  /** Opens it; another one that is open is closed first. */
  | { readonly type: 'open'; readonly id: number; readonly device?: string }
  /** Stops it. */
  | { readonly type: 'close' }
  /** The next frame can be decoded without those before it. */
  | { readonly type: 'key' }
  /** After an opening too; nothing is encoded before. */
  | ({ readonly type: 'pace' } & Pace);

/** From it; what is about another opening than the last is not looked at. */
export type LensToHost =
  | {
      readonly type: 'opened';
      readonly id: number;
      readonly device: string;
      readonly devices: readonly Device[];
    }
  /** VP8 beside it. */
  | {
      readonly type: 'frame';
      readonly id: number;
      readonly key: boolean;
      readonly width: number;
      readonly height: number;
    }
  | { readonly type: 'closed'; readonly id: number; readonly why: 'refused' | 'missing' | 'failed' };

/** To the piece with which the person rules their own camera. */
export interface HostToOwn {
  readonly state: OwnState;
  /** Whether what it sees goes to the other person, or would if it were open. */
  readonly allowed: boolean;
  /** The other person has been asked for it and hasn't answered. */
  readonly asked: boolean;
  readonly peerName: string;
  readonly device: string;
  readonly devices: readonly Device[];
  /** The other person has closed it. */
  readonly closed: boolean;
}

/** From it. */
export type OwnToHost =
  | { readonly type: 'on' }
  | { readonly type: 'off' }
  | { readonly type: 'device'; readonly device: string };

/** Of the other person's camera: nothing comes, its person hasn't opened it or has closed it, its frames come. */
export type TheirState = 'none' | 'waiting' | 'shown';

/** To the piece that shows it. */
export type HostToTheir =
  | { readonly type: 'state'; readonly state: TheirState; readonly peerName: string }
  /** VP8 beside it. */
  | {
      readonly type: 'frame';
      readonly number: number;
      readonly key: boolean;
      readonly width: number;
      readonly height: number;
    };

/** From it. */
export type TheirToHost =
  /** This frame, and all before it, are drawn or given up. */
  | { readonly type: 'done'; readonly number: number }
  /** Nothing can be drawn before the next key frame. */
  | { readonly type: 'key' }
  /** The person wants to see it no more. */
  | { readonly type: 'close' };
