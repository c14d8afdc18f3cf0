import { FILM_CODECS, type FilmCodec, type FilmFormat } from '../src/page-protocol.js';

/** A film is no larger, pixels; larger screens are shown smaller in it. */
const MAX_WIDTH = 3840;
const MAX_HEIGHT = 2160;
/** Profile 0, level 5.1, 8 bits: up to 4096 x 2176. */
const CODEC_STRINGS: Readonly<Record<FilmCodec, string>> = { vp9: 'vp09.00.51.08', vp8: 'vp8' };
/** Of a film in which everything moves; a still one takes almost nothing. Bits for each pixel and second. */
const BITS_PER_PIXEL = 1.5;

/**
 * How a stage of this size is encoded here.
 * @throws Error where the browser encodes none of the film's codecs
 */
export async function supportedFormat(width: number, height: number): Promise<FilmFormat> {
  const size = filmSize(width, height);
  for (const codec of FILM_CODECS) {
    const format = { ...size, codec };
    const { supported } = await VideoEncoder.isConfigSupported(encoderConfig(format));
    if (supported) return format;
  }
  throw new Error('no codec of the film');
}

export function encoderConfig({ codec, width, height }: FilmFormat): VideoEncoderConfig {
  return {
    codec: CODEC_STRINGS[codec],
    width,
    height,
    bitrate: Math.round(width * height * BITS_PER_PIXEL),
    framerate: 15,
    // One frame in, one out: nothing is held back that a crash would lose.
    latencyMode: 'realtime',
    contentHint: 'text',
  };
}

/** Even, as encoders need it; never more than a film has. */
function filmSize(width: number, height: number): { readonly width: number; readonly height: number } {
  const scale = Math.min(1, MAX_WIDTH / width, MAX_HEIGHT / height);
  const even = (length: number): number => Math.max(2, 2 * Math.ceil((length * scale) / 2));
  return { width: even(width), height: even(height) };
}
