import type { Rectangle } from '@livelet/core';
import type { Picture } from './picture.js';

/** How a video is coded. */
export type TrackCodec = 'vp8' | 'vp9' | 'av1' | 'h264';

/** What the viewer's page can decode. */
export interface DecodeAbility {
  readonly codec: TrackCodec;
  /** Of a 1280 x 720 frame, ms. */
  readonly decodeTime: number;
}

/** One frame of a video. */
export interface EncodedVideo {
  readonly codec: TrackCodec;
  /** It begins a video; the others need all from there on. */
  readonly key: boolean;
  readonly chunk: Uint8Array;
}

/** Encodes a part of the picture that keeps changing. */
export interface VideoTrack {
  /**
   * What the viewer decodes, as it said on this stream; empty: no video. Begins to choose the codec, in the
   * background.
   */
  setAbilities(abilities: readonly DecodeAbility[]): void;
  /** Whether `encode` is worth calling: a page is there, the codec is chosen, and nothing has failed. */
  readonly ready: boolean;
  /**
   * Encodes one frame; one at a time. The pixels are copied before it returns its promise. Another area than the one
   * before, or `key`, begins a new video. The sides of `area` are even.
   *
   * @param bitrate bit/s
   * @returns undefined when it can't be had, soon enough at least: the area goes as tiles, and the next frame that is
   *   encoded begins a new video. Never rejects.
   */
  encode(picture: Picture, area: Rectangle, bitrate: number, key: boolean): Promise<EncodedVideo | undefined>;
  /** The motion is over: the encoder is let go after a while. */
  rest(): void;
}
