import type { AudioDevice, AudioProblem, AudioTrack } from '@livelet/core';

/** Contributions of the manifest. */
export const ENGINE_PIECE = 'engine';
export const PANEL_PIECE = 'sound';

/** What the half has the engine do: the part of the page that has the browser's microphone, codec and loudspeaker. */
export type HalfToEngine =
  /** Opens a microphone; its packets come under this number. */
  | { readonly type: 'open'; readonly id: number; readonly track: AudioTrack; readonly device?: string }
  /** 20 ms of a device that the half records: 16 bit, little-endian, channels side by side, beside it. */
  | { readonly type: 'encode'; readonly id: number; readonly track: AudioTrack }
  /** Closes the microphone, or lets the encoder go; nothing comes from it any more. */
  | { readonly type: 'close'; readonly id: number }
  /** What the other side sent, one packet beside it. */
  | { readonly type: 'play'; readonly track: AudioTrack; readonly number: number }
  /** Nothing more of it comes for now. */
  | { readonly type: 'hush'; readonly track: AudioTrack }
  /** Where it is played; without a device: where the system wants it. */
  | { readonly type: 'output'; readonly device?: string }
  | { readonly type: 'list' };

export type EngineToHalf =
  /** Sound comes from now on. */
  | { readonly type: 'opened'; readonly id: number }
  /** Could not be opened, or went away. */
  | { readonly type: 'ended'; readonly id: number; readonly problem: AudioProblem }
  /** It is closed, as told. */
  | { readonly type: 'closed'; readonly id: number }
  /** 20 ms, encoded, beside it. */
  | { readonly type: 'packet'; readonly id: number; readonly level: number }
  | {
      readonly type: 'devices';
      readonly inputs: readonly EngineDevice[];
      readonly outputs: readonly EngineDevice[];
    }
  | ({ readonly type: 'heard' } & Heard)
  /** Whether the browser lets the page play nothing until the person presses something. */
  | { readonly type: 'blocked'; readonly blocked: boolean };

export type EngineDevice = Pick<AudioDevice, 'id' | 'label'>;

/** How playing goes, told five times a second. */
export interface Heard {
  readonly track: AudioTrack;
  /** The loudest sample since, 0 to 1. */
  readonly level: number;
}

/** Where one track stands, for the panel. */
export interface TrackShown {
  /** Whether the customer allows it now. */
  readonly allowed: boolean;
  /** Whether the person here has switched it off. */
  readonly muted: boolean;
  /** Whether its device is open, here or at the other side. */
  readonly live: boolean;
  readonly problem?: AudioProblem;
}

export interface SoundState {
  readonly type: 'state';
  readonly role: 'answerer' | 'caller';
  readonly peerName: string;
  readonly tracks: Readonly<Record<AudioTrack, TrackShown>>;
  /** Microphones that can be chosen. */
  readonly inputs: readonly AudioDevice[];
  readonly outputs: readonly AudioDevice[];
  /** Key of the chosen ones; empty: the system's. */
  readonly input: string;
  readonly output: string;
  readonly blocked: boolean;
}

export type HalfToPanel =
  | SoundState
  | { readonly type: 'level'; readonly track: AudioTrack; readonly level: number };

export type PanelToHalf =
  | { readonly type: 'mute'; readonly track: AudioTrack; readonly muted: boolean }
  | { readonly type: 'input' | 'output'; readonly device: string }
  | { readonly type: 'list' };

/** Names a device of any place. */
export function deviceKey({ place, id }: AudioDevice): string {
  return `${place}:${id}`;
}
