import type { QualityPreset } from '@livelet/core';

/** How good the next frame may be. */
export interface FrameQuality {
  /** Of JPEG tiles, as libjpeg counts: LOWEST_JPEG to HIGHEST_JPEG. */
  readonly jpeg: number;
  /** Colours at half the resolution. */
  readonly subsampling: boolean;
  /** Bits a second that a video may take; 0: no video. */
  readonly videoBitrate: number;
  /** Frames a second that a video should have. */
  readonly frameRate: number;
  /** Nothing may be lossy. */
  readonly lossless: boolean;
  /** Bytes count more than the processor's time. */
  readonly small: boolean;
}

export const LOWEST_JPEG = 30;
export const HIGHEST_JPEG = 90;

/** How long a change may take on the line, ms, before it is shown more roughly. */
const CHANGE_TIME = 250;
/** Bytes that a pixel takes: at 80 and 60 the mean of a page of text and a photo of 1920 x 1080, the others estimated by these. */
const STEPS: readonly { readonly jpeg: number; readonly subsampling: boolean; readonly bytes: number }[] = [
  { jpeg: HIGHEST_JPEG, subsampling: false, bytes: 0.3 },
  { jpeg: 80, subsampling: false, bytes: 0.18 },
  { jpeg: 70, subsampling: true, bytes: 0.12 },
  { jpeg: 60, subsampling: true, bytes: 0.1 },
  { jpeg: 45, subsampling: true, bytes: 0.08 },
];
const ROUGHEST = { jpeg: LOWEST_JPEG, subsampling: true } as const;
/** In smooth, motion counts more than detail. */
const SMOOTH_JPEG = 50;
/** The part of the line that a video may take: what is typed meanwhile must find room. */
const VIDEO_SHARE = 0.7;
const SMOOTH_VIDEO_SHARE = 0.5;
/** Bits a second. Less than the first shows nothing, more than the second nothing more. */
const LEAST_VIDEO = 64_000;
const MOST_VIDEO = 4_500_000;
/** Bits of one frame below which fewer and better frames are seen more than many. */
const BITS_OF_FRAME = 24_000;
/** Bytes a second below which the line is what everything waits for. */
const SLOW_LINE = 400_000;
const FRAME_RATES = { least: 5, most: 30 } as const;

/**
 * @param rate of the line, bytes a second
 * @param pixels that the frame changes
 */
export function frameQuality(rate: number, pixels: number, preset: QualityPreset): FrameQuality {
  const small = rate < SLOW_LINE;
  if (preset === 'sharp') {
    return { jpeg: HIGHEST_JPEG, subsampling: false, videoBitrate: 0, frameRate: 0, lossless: true, small };
  }
  const room = (rate * CHANGE_TIME) / 1000 / Math.max(pixels, 1);
  const step = STEPS.find(({ bytes }) => bytes <= room) ?? ROUGHEST;
  const smooth = preset === 'smooth';
  const share = rate * 8 * (smooth ? SMOOTH_VIDEO_SHARE : VIDEO_SHARE);
  const videoBitrate = Math.round(clamp(share, LEAST_VIDEO, MOST_VIDEO));
  const { least, most } = FRAME_RATES;
  return {
    jpeg: smooth ? Math.min(step.jpeg, SMOOTH_JPEG) : step.jpeg,
    subsampling: smooth || step.subsampling,
    videoBitrate,
    frameRate: smooth ? most : Math.round(clamp(videoBitrate / BITS_OF_FRAME, least, most)),
    lossless: false,
    small,
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
