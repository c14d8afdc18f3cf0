import type { ServicePath } from '../channel/streams.js';
import type { ErrorCode } from '../errors.js';

/** What can be heard, each with a path and a consent of its own; named as the capability that lets it. */
export const AUDIO_TRACKS = ['hear', 'hear-computer', 'speak'] as const;
export type AudioTrack = (typeof AUDIO_TRACKS)[number];

/**
 * Where the customer's half serves each, for the operator's half to open while it is allowed. Sound flows to the
 * operator through the first two, and to the customer through the last.
 */
export const AUDIO_PATHS = {
  hear: '/livelet/hear/1',
  'hear-computer': '/livelet/hear-computer/1',
  speak: '/livelet/speak/1',
} as const satisfies Record<AudioTrack, ServicePath>;

/** Samples a second of each channel, as Opus has it (RFC 6716, 2). */
export const AUDIO_RATE = 48_000;
/** Samples of each channel in one packet, and its time in ms: what RFC 7587, 3.3 recommends. */
export const AUDIO_FRAME = 960;
export const AUDIO_FRAME_TIME = 20;
/** Bytes of one packet: what Opus has at most in one frame (RFC 6716, 3.2.1). */
export const MAX_AUDIO_PACKET = 1275;
/** A packet that waits for longer than this at the side that sends it is worth nothing any more, ms. */
export const MAX_AUDIO_AGE = 120;

/** How each is encoded. */
export const AUDIO_FORMATS: Readonly<Record<AudioTrack, AudioFormat>> = {
  hear: { channels: 1, bitrate: 48_000, use: 'lowdelay' },
  'hear-computer': { channels: 2, bitrate: 96_000, use: 'audio' },
  speak: { channels: 1, bitrate: 48_000, use: 'lowdelay' },
};
export interface AudioFormat {
  readonly channels: 1 | 2;
  /** bit/s */
  readonly bitrate: number;
  /** What Opus calls its application: the one without delay looks 2.5 ms ahead, the others 6.5 ms. */
  readonly use: 'lowdelay' | 'audio';
}

/** Where a device is reached: through the browser's page, or by a program beside it. */
export type AudioPlace = 'page' | 'host';

export interface AudioDevice {
  readonly place: AudioPlace;
  /** Unique at its place; at most 256 UTF-16 units. */
  readonly id: string;
  /** For people; at most 128 UTF-16 units. */
  readonly label: string;
}

/** Why nothing is captured, told to both people. */
export const AUDIO_PROBLEMS = [
  'audio-unavailable',
  'audio-refused',
  'audio-unplugged',
] as const satisfies readonly ErrorCode[];
export type AudioProblem = (typeof AUDIO_PROBLEMS)[number];

export function isAudioProblem(value: unknown): value is AudioProblem {
  return (AUDIO_PROBLEMS as readonly unknown[]).includes(value);
}

/** What a capture tells while it runs. */
export interface CaptureListener {
  /**
   * The next 20 ms.
   * @param packet one Opus frame, 1 to MAX_AUDIO_PACKET bytes; stays as it is
   * @param level the loudest sample in it, 0 to 1
   */
  packet(packet: Uint8Array, level: number): void;
  /** Nothing comes any more: the device went away. Not called after dispose. */
  ended(problem: AudioProblem): void;
}

/** A way to the sound of a device of this computer, such as a microphone. */
export interface AudioCapture {
  /** The devices it can open now; empty where it works but can't tell them apart, or doesn't work. */
  devices(): Promise<readonly AudioDevice[]>;
  /**
   * Opens a device; resolves once sound comes. Disposing closes the device: nothing listens any more then.
   * @param device its id; undefined: the one that the system prefers
   * @throws `audio-unavailable` (there is none, or it gives nothing), `audio-refused` (the person or the browser),
   *   `cancelled`
   */
  open(
    track: AudioTrack,
    device: string | undefined,
    listener: CaptureListener,
    signal: AbortSignal,
  ): Promise<AsyncDisposable>;
}
