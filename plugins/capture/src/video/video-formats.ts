import type { VideoCodec } from '@livelet/core/page';

/** What `toI420` makes, for encoders to say and for decoders of codecs that can't say it (VP8). */
export const VIDEO_COLOURS = {
  primaries: 'bt709',
  transfer: 'iec61966-2-1',
  matrix: 'smpte170m',
  fullRange: false,
} as const;

/** In the order in which they are measured. */
export const MEASURED_CODECS: readonly VideoCodec[] = ['av1', 'h264', 'vp8', 'vp9'];

/** Pixels of the largest picture of each level at 30 frames a second, and the level as each codec names it. */
const LEVELS: readonly (readonly [number, { vp9: string; av1: string; h264: string }])[] = [
  // 3.1
  [1280 * 720, { vp9: '31', av1: '05', h264: '1f' }],
  // 4.0
  [2048 * 1024, { vp9: '40', av1: '08', h264: '28' }],
  // 5.0, H.264 5.1
  [4096 * 2176, { vp9: '50', av1: '12', h264: '33' }],
  // 6.0
  [Number.POSITIVE_INFINITY, { vp9: '60', av1: '16', h264: '3c' }],
];

/** The name that WebCodecs gives a codec for pictures of this size. */
export function codecName(codec: VideoCodec, width: number, height: number): string {
  const level = LEVELS.find(([pixels]) => width * height <= pixels)?.[1];
  switch (codec) {
    case 'vp8':
      return 'vp8';
    case 'vp9':
      return `vp09.00.${level?.vp9}.08`;
    case 'av1':
      return `av01.0.${level?.av1}M.08`;
    case 'h264':
      // Constrained Baseline: no frame waits for a later one.
      return `avc1.42e0${level?.h264}`;
  }
}
