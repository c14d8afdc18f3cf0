import { BitReader } from './bit-reader.js';
import { MAX_VIDEO_PADDING, type VideoCodec, type VideoOperation } from './capture-operations.js';
import type { ImageSize } from './image-size.js';

/**
 * Every size that a chunk's own headers say, read before anything decodes it: a few bytes can claim a picture that no
 * memory holds. A key chunk says one at least; a later one says none where it keeps the size of the video. Undefined
 * for what isn't a chunk of this codec, and for one that holds several pictures. Where a picture of VP9 ends only a decoder
 * knows: what is behind it isn't looked at. For H.264 that of all its blocks,
 * before they are cropped; for AV1 the largest of the video.
 */
export function videoSizes(
  codec: VideoCodec,
  key: boolean,
  chunk: Uint8Array,
): readonly ImageSize[] | undefined {
  try {
    const sizes = sizesOf(codec, chunk);
    return key && sizes?.length === 0 ? undefined : sizes;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Whether what an operation says of its chunk is what the chunk's own headers say; the blocks of encoders aside. */
export function isVideoAsSaid(
  operation: Pick<VideoOperation, 'codec' | 'key' | 'chunk' | 'width' | 'height'>,
): boolean {
  const { codec, key, chunk, width, height } = operation;
  const fits = (coded: number, declared: number) =>
    coded >= declared && coded <= declared + MAX_VIDEO_PADDING;
  const sizes = videoSizes(codec, key, chunk);
  return sizes?.every((size) => fits(size.width, width) && fits(size.height, height)) ?? false;
}

function sizesOf(codec: VideoCodec, chunk: Uint8Array): readonly ImageSize[] | undefined {
  switch (codec) {
    case 'vp8':
      return vp8Sizes(chunk);
    case 'vp9':
      return hasSuperframeIndex(chunk) ? undefined : vp9Sizes(new BitReader(chunk));
    case 'av1':
      return av1Sizes(chunk);
    case 'h264':
      return h264Sizes(chunk);
  }
}

/** `tag u24 LE (bit 0: not a key) | 9D 01 2A | width u14 LE, scale u2 | height u14 LE, scale u2`: RFC 6386, 9.1. */
function vp8Sizes(chunk: Uint8Array): readonly ImageSize[] | undefined {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  if (view.getUint8(0) & 1) return [];
  if (view.getUint16(3) !== 0x9d01 || view.getUint8(5) !== 0x2a) return undefined;
  return [{ width: view.getUint16(6, true) & 0x3fff, height: view.getUint16(8, true) & 0x3fff }];
}

const VP9_SYNC = 0x498342;
/** Headers with a size in one chunk; encoders write one. */
const MAX_HEADERS = 4;

/** VP9 bitstream specification, 6.2 and 7.2. A later picture may be of a size of its own too. */
function vp9Sizes(reader: BitReader): readonly ImageSize[] | undefined {
  if (reader.bits(2) !== 2) return undefined;
  const profile = reader.bits(1) + 2 * reader.bits(1);
  if (profile === 3) reader.skip(1);
  if (reader.flag()) return [];
  const inter = reader.flag();
  const shown = reader.flag();
  const resilient = reader.flag();
  if (!inter) {
    if (reader.bits(24) !== VP9_SYNC) return undefined;
    skipVp9Colours(reader, profile);
    return [vp9Size(reader)];
  }
  const intra = !shown && reader.flag();
  if (!resilient) reader.skip(2);
  if (intra) {
    if (reader.bits(24) !== VP9_SYNC) return undefined;
    if (profile > 0) skipVp9Colours(reader, profile);
    reader.skip(8);
    return [vp9Size(reader)];
  }
  // What it refers to was of a size that was looked at.
  reader.skip(8 + 3 * 4);
  for (let reference = 0; reference < 3; reference++) if (reader.flag()) return [];
  return [vp9Size(reader)];
}

function vp9Size(reader: BitReader): ImageSize {
  return { width: reader.bits(16) + 1, height: reader.bits(16) + 1 };
}

function skipVp9Colours(reader: BitReader, profile: number): void {
  if (profile >= 2) reader.skip(1);
  const rgb = reader.bits(3) === 7;
  if (!rgb) reader.skip(1);
  if (profile & 1) reader.skip(rgb ? 1 : 3);
}

/** Several pictures in one chunk, of which some may never be shown: VP9 bitstream specification, Annex B. */
function hasSuperframeIndex(chunk: Uint8Array): boolean {
  const marker = chunk.at(-1) ?? 0;
  if ((marker & 0xe0) !== 0xc0) return false;
  const length = 2 + ((marker & 7) + 1) * (((marker >>> 3) & 3) + 1);
  return chunk.at(-length) === marker;
}

function add(sizes: ImageSize[], size: ImageSize): void {
  if (sizes.push(size) > MAX_HEADERS) throw new RangeError('more headers than pictures need');
}

/** Some encoders hide pictures before the one that is shown; a few bytes each can be work for hours. */
function oneMore(pictures: number): number {
  if (pictures === MAX_HEADERS) throw new RangeError('more pictures than one needs');
  return pictures + 1;
}

/** Units of AV1 that begin a picture: frame header, and frame. */
const AV1_PICTURES: ReadonlySet<number> = new Set([3, 6]);

/** The sequence headers among the open bitstream units of the chunk: AV1 specification, 5.3 to 5.5. */
function av1Sizes(chunk: Uint8Array): readonly ImageSize[] {
  const sizes: ImageSize[] = [];
  let pictures = 0;
  for (let at = 0; at < chunk.length; ) {
    const header = chunk[at++] ?? 0;
    if (header & 0x04) at++;
    let size = chunk.length - at;
    if (header & 0x02) [size, at] = leb128(chunk, at);
    const end = at + size;
    const type = (header >>> 3) & 0x0f;
    if (type === 1) add(sizes, sequenceSize(new BitReader(chunk.subarray(at, end))));
    if (AV1_PICTURES.has(type)) pictures = oneMore(pictures);
    at = end;
  }
  return sizes;
}

/** A number of up to 8 bytes, however short it is, and where it ends: another end would be another unit. */
function leb128(chunk: Uint8Array, start: number): [value: number, end: number] {
  let value = 0;
  for (let index = 0; index < 8; index++) {
    const byte = chunk[start + index] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return [value, start + index + 1];
  }
  throw new RangeError('a number of too many bytes');
}

/** AV1 specification, 5.5.1: `sequence_header_obu`. */
function sequenceSize(reader: BitReader): ImageSize {
  reader.skip(4);
  const reduced = reader.flag();
  if (reduced) reader.skip(5);
  else skipOperatingPoints(reader);
  const across = reader.bits(4) + 1;
  const down = reader.bits(4) + 1;
  const width = reader.bits(across) + 1;
  const height = reader.bits(down) + 1;
  // A frame may say a size of its own in as many bits, and decoders don't mind that it is larger than the largest.
  if (2 ** (across - 1) > width || 2 ** (down - 1) > height) throw new RangeError('room for a larger size');
  return { width, height };
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

/** Units of H.264 that are a slice of a picture; the first one begins with a set bit: first_mb_in_slice is 0. */
const H264_SLICES: ReadonlySet<number> = new Set([1, 5]);

/** The sequence parameter sets among the units of an Annex B chunk: ITU-T H.264, 7.3.2.1.1. */
function h264Sizes(chunk: Uint8Array): readonly ImageSize[] {
  const sizes: ImageSize[] = [];
  let pictures = 0;
  for (let at = chunk.indexOf(1, 2); at >= 0; at = chunk.indexOf(1, at + 1)) {
    if (chunk[at - 1] !== 0 || chunk[at - 2] !== 0) continue;
    const type = (chunk[at + 1] ?? 0) & 0x1f;
    if (type === 7) add(sizes, parameterSetSize(payload(chunk, at + 2)));
    if (H264_SLICES.has(type) && (chunk[at + 2] ?? 0) >= 0x80) pictures = oneMore(pictures);
  }
  return sizes;
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
