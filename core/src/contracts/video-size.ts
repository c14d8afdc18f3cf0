import { BitReader } from './bit-reader.js';
import type { VideoCodec } from './capture-operations.js';
import type { ImageSize } from './image-size.js';

/**
 * The size that a key chunk's own header says, read before anything decodes it: a few bytes can claim a picture that
 * no memory holds. Undefined for what isn't a key chunk of this codec. For H.264 that of all its blocks, before they
 * are cropped; for AV1 the largest of the video.
 */
export function videoSize(codec: VideoCodec, chunk: Uint8Array): ImageSize | undefined {
  try {
    switch (codec) {
      case 'vp8':
        return vp8Size(chunk);
      case 'vp9':
        return vp9Size(new BitReader(chunk));
      case 'av1':
        return av1Size(chunk);
      case 'h264':
        return h264Size(chunk);
    }
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** `tag u24 LE (bit 0: not a key) | 9D 01 2A | width u14 LE, scale u2 | height u14 LE, scale u2`: RFC 6386, 9.1. */
function vp8Size(chunk: Uint8Array): ImageSize | undefined {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  if (view.getUint8(0) & 1 || view.getUint16(3) !== 0x9d01 || view.getUint8(5) !== 0x2a) return undefined;
  return { width: view.getUint16(6, true) & 0x3fff, height: view.getUint16(8, true) & 0x3fff };
}

/** VP9 bitstream specification, 6.2 and 7.2. */
function vp9Size(reader: BitReader): ImageSize | undefined {
  if (reader.bits(2) !== 2) return undefined;
  const profile = reader.bits(1) + 2 * reader.bits(1);
  if (profile === 3) reader.skip(1);
  const existing = reader.flag();
  const inter = reader.flag();
  reader.skip(2);
  if (existing || inter || reader.bits(24) !== 0x498342) return undefined;
  if (profile >= 2) reader.skip(1);
  const rgb = reader.bits(3) === 7;
  if (!rgb) reader.skip(1);
  if (profile & 1) reader.skip(rgb ? 1 : 3);
  return { width: reader.bits(16) + 1, height: reader.bits(16) + 1 };
}

/** The sequence header among the open bitstream units of the chunk: AV1 specification, 5.3 to 5.5. */
function av1Size(chunk: Uint8Array): ImageSize | undefined {
  let at = 0;
  while (at < chunk.length) {
    const header = chunk[at++] ?? 0;
    if (header & 0x04) at++;
    let size = chunk.length - at;
    if (header & 0x02) {
      size = 0;
      for (let shift = 0; shift < 35; shift += 7) {
        const byte = chunk[at++] ?? 0;
        size += (byte & 0x7f) * 2 ** shift;
        if (byte < 0x80) break;
      }
    }
    if (((header >>> 3) & 0x0f) === 1) return sequenceSize(new BitReader(chunk.subarray(at, at + size)));
    at += size;
  }
  return undefined;
}

/** AV1 specification, 5.5.1: `sequence_header_obu`. */
function sequenceSize(reader: BitReader): ImageSize {
  reader.skip(4);
  const reduced = reader.flag();
  if (reduced) reader.skip(5);
  else skipOperatingPoints(reader);
  const across = reader.bits(4) + 1;
  const down = reader.bits(4) + 1;
  return { width: reader.bits(across) + 1, height: reader.bits(down) + 1 };
}

function skipOperatingPoints(reader: BitReader): void {
  let delayBits = 0;
  if (reader.flag()) {
    reader.skip(64);
    if (reader.flag()) reader.golomb();
    if (reader.flag()) {
      delayBits = reader.bits(5) + 1;
      reader.skip(42);
    }
  }
  const displayDelays = reader.flag();
  const points = reader.bits(5) + 1;
  for (let point = 0; point < points; point++) {
    reader.skip(12);
    if (reader.bits(5) > 7) reader.skip(1);
    if (delayBits > 0 && reader.flag()) reader.skip(2 * delayBits + 1);
    if (displayDelays && reader.flag()) reader.skip(4);
  }
}

/** Profiles whose parameter set says how colours are sampled: ITU-T H.264, 7.3.2.1.1. */
const PROFILES_WITH_CHROMA: ReadonlySet<number> = new Set([
  100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135,
]);
const MACROBLOCK = 16;

/** The sequence parameter set among the units of an Annex B chunk: ITU-T H.264, 7.3.2.1.1. */
function h264Size(chunk: Uint8Array): ImageSize | undefined {
  for (let at = 0; at + 3 < chunk.length; at++) {
    if (chunk[at] !== 0 || chunk[at + 1] !== 0 || chunk[at + 2] !== 1) continue;
    if (((chunk[at + 3] ?? 0) & 0x1f) === 7) return parameterSetSize(payload(chunk, at + 4));
  }
  return undefined;
}

/** Bytes of a unit without those that keep start codes out of it; more than a parameter set without scaling lists. */
function payload(chunk: Uint8Array, start: number): Uint8Array {
  const bytes: number[] = [];
  for (let at = start; at < chunk.length && bytes.length < 1024; at++) {
    const isEscape = chunk[at] === 3 && at >= start + 2 && chunk[at - 1] === 0 && chunk[at - 2] === 0;
    if (!isEscape) bytes.push(chunk[at] ?? 0);
  }
  return Uint8Array.from(bytes);
}

function parameterSetSize(bytes: Uint8Array): ImageSize {
  const reader = new BitReader(bytes);
  const profile = reader.bits(8);
  reader.skip(16);
  reader.golomb();
  if (PROFILES_WITH_CHROMA.has(profile)) skipChroma(reader);
  reader.golomb();
  skipOrderCount(reader);
  reader.golomb();
  reader.skip(1);
  const across = reader.golomb() + 1;
  const down = reader.golomb() + 1;
  const fields = reader.flag() ? 1 : 2;
  return { width: across * MACROBLOCK, height: down * fields * MACROBLOCK };
}

function skipChroma(reader: BitReader): void {
  const chroma = reader.golomb();
  if (chroma === 3) reader.skip(1);
  reader.golomb();
  reader.golomb();
  reader.skip(1);
  if (reader.flag()) throw new RangeError('scaling lists, which no screen needs');
}

function skipOrderCount(reader: BitReader): void {
  const type = reader.golomb();
  if (type === 0) reader.golomb();
  if (type !== 1) return;
  reader.skip(1);
  reader.golomb();
  reader.golomb();
  const frames = reader.golomb();
  if (frames > 255) throw new RangeError('a cycle of too many frames');
  for (let frame = 0; frame < frames; frame++) reader.golomb();
}
