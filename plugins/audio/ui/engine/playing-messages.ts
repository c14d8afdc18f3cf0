import type { AudioFormat } from '@livelet/core/page';

/** What passes between the engine, the worker that decodes and the worklet that plays, for one track. */

/** Engine to worker: a track begins. Ports: packets come in by the one, and go out by the other as sound. */
export interface DecodeOrder {
  readonly channels: 1 | 2;
  readonly packets: MessagePort;
  readonly sound: MessagePort;
}

/** Engine to worker, by the track's port; undefined: nothing more comes. */
export interface NumberedPacket {
  readonly number: number;
  readonly packet: Uint8Array;
}

/** Worker to worklet: 20 ms. */
export interface DecodedPacket {
  /** One array for each channel, 48,000 samples a second. */
  readonly channels: readonly Float32Array[];
  /** Whether it is right after the one before. */
  readonly follows: boolean;
}

/** What the worklet's processor is called, and its options. */
export const PLAYER = 'livelet-player';
export type PlayerOptions = AudioFormat;

/** Worklet to engine, five times a second while it runs, and at once when it gets loud: the loudest sample since, 0 to 1. */
export interface PlayerReport {
  readonly level: number;
}
/** ms between two reports. */
export const REPORT_TIME = 200;
