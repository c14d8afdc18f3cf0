import type { Rectangle, VideoAbility, VideoOperation } from '@livelet/core';
import type { ServiceIdentifier } from 'inversify';
import type { Picture } from '../picture/picture.js';

/** One frame of a video: what a VideoOperation has beside its place. */
export type EncodedVideo = Pick<VideoOperation, 'codec' | 'key' | 'chunk'>;

/** Encodes a part of the picture that keeps changing. */
export interface VideoTrack {
  /** What the viewer decodes, as it said on this stream; empty: no video, and nothing of the last one is kept. The codec is
   * chosen in the background. */
  setAbilities(videos: readonly VideoAbility[]): void;
  /** Whether `encode` is worth calling: there is an encoder, the codec is chosen, and nothing has failed. */
  readonly ready: boolean;
  /**
   * Encodes one frame; one at a time. The pixels are copied before it returns its promise. Another area than the one
   * before, or `key`, begins a new video; so does a pause.
   *
   * @param area even sides, inside the picture
   * @param bitrate bit/s
   * @returns undefined when it can't be had, soon enough at least: the area goes as tiles, and the next frame that is
   *   encoded begins a new video. Never rejects.
   */
  encode(picture: Picture, area: Rectangle, bitrate: number, key: boolean): Promise<EncodedVideo | undefined>;
}
export const VideoTrack: ServiceIdentifier<VideoTrack> = Symbol.for('@livelet/plugin-capture/VideoTrack');
