/** What the source's half in the host and its video encoder in the Livelet's page say to each other. */
import type { VideoCodec } from '@livelet/core/page';

/** Contribution of the manifest. */
export const ENCODER_PIECE = 'video-encoder';

/** The measured codec's work on a picture of 1280 x 720. */
export interface CodecTrial {
  readonly codec: VideoCodec;
  /** Of one frame that follows others, ms. */
  readonly encodeTime: number;
  readonly decodeTime: number;
  /** Bytes of one frame that follows others. */
  readonly bytes: number;
}

export type TrackToEncoder =
  /** Answered with `measured`. */
  | { readonly type: 'measure'; readonly codecs: readonly VideoCodec[] }
  /** No more is to be encoded for now: nothing of the last picture is kept. */
  | { readonly type: 'rest' }
  /** Beside it the pixels, I420 without gaps; answered with `chunk` or `failed`. */
  | {
      readonly type: 'encode';
      readonly id: number;
      readonly codec: VideoCodec;
      readonly width: number;
      readonly height: number;
      /** bit/s */
      readonly bitrate: number;
      readonly key: boolean;
    };

export type EncoderToTrack =
  | { readonly type: 'measured'; readonly trials: readonly CodecTrial[] }
  /** Beside it the bytes. */
  | { readonly type: 'chunk'; readonly id: number; readonly key: boolean; readonly encodeTime: number }
  | { readonly type: 'failed'; readonly id: number };
