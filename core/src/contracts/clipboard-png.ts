import { LiveletError } from '../errors.js';
import { MAX_SCREEN_PIXELS, MAX_SCREEN_SIDE } from './capture.js';

/** W3C PNG, 5.2. */
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;
/** Length, type and checksum around a chunk's data. */
const CHUNK_FRAME = 12;
/** What the picture is made of: W3C PNG, 11.2, with its transparency, gamma and density. All of fixed, small sizes. */
const KEPT: ReadonlySet<string> = new Set(['IHDR', 'PLTE', 'tRNS', 'gAMA', 'sRGB', 'pHYs', 'IDAT', 'IEND']);
/** Bits that each colour type allows: W3C PNG, table 11.1. */
const DEPTHS: ReadonlyMap<number, readonly number[]> = new Map([
  [0, [1, 2, 4, 8, 16]],
  [2, [8, 16]],
  [3, [1, 2, 4, 8]],
  [4, [8, 16]],
  [6, [8, 16]],
]);
/** Samples of a pixel, by colour type. */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** Adam7: first column and row of each pass, and the steps; W3C PNG, 8.2. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** What a PNG says of itself. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits of a pixel. */
  readonly pixelBits: number;
  readonly interlaced: boolean;
}

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
  /** With its length, type and checksum. */
  readonly whole: Uint8Array;
}

/**
 * The same picture without texts, profiles, times, animations and whatever else it carries: those tell who made it,
 * and hold more, unpacked, than the picture has room for.
 * @throws `clipboard-malformed`, `clipboard-too-large` (over the bounds of a screen)
 */
export function cleanPng(png: Uint8Array): Uint8Array {
  pngHeader(png);
  const kept: Uint8Array[] = [png.subarray(0, SIGNATURE.length)];
  for (const { type, whole } of chunks(png)) if (KEPT.has(type)) kept.push(whole);
  const length = kept.reduce((sum, part) => sum + part.length, 0);
  if (length === png.length) return png;
  const clean = new Uint8Array(length);
  let at = 0;
  for (const part of kept) {
    clean.set(part, at);
    at += part.length;
  }
  return clean;
}

/** @throws `clipboard-malformed`, `clipboard-too-large` */
export function pngHeader(png: Uint8Array): PngHeader {
  const [first] = chunks(png);
  if (first?.type !== 'IHDR' || first.data.length !== 13) throw malformed('no header');
  const view = new DataView(first.data.buffer, first.data.byteOffset, 13);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, colour, interlace] = [view.getUint8(8), view.getUint8(9), view.getUint8(12)];
  if (width < 1 || height < 1) throw malformed('no pixels');
  if (width > MAX_SCREEN_SIDE || height > MAX_SCREEN_SIDE || width * height > MAX_SCREEN_PIXELS) {
    throw new LiveletError('clipboard-too-large', 'image too large', { data: { width, height } });
  }
  if (!DEPTHS.get(colour)?.includes(depth) || view.getUint8(10) !== 0 || view.getUint8(11) !== 0) {
    throw malformed('no such form of pixels');
  }
  if (interlace > 1) throw malformed('no such interlacing');
  return { width, height, pixelBits: depth * (SAMPLES[colour] ?? 1), interlaced: interlace === 1 };
}

/** The compressed pixels, piece by piece. @throws `clipboard-malformed` */
export function pngPixelData(png: Uint8Array): Uint8Array[] {
  return chunks(png)
    .filter(({ type }) => type === 'IDAT')
    .map(({ data }) => data);
}

/** How many bytes the pixels have uncompressed: each row with the byte of its filter (W3C PNG, 7 and 9). */
export function pngRawBytes({ width, height, pixelBits, interlaced }: PngHeader): number {
  const rows = (columns: number, count: number): number =>
    columns === 0 ? 0 : count * (1 + Math.ceil((columns * pixelBits) / 8));
  if (!interlaced) return rows(width, height);
  return PASSES.reduce((sum, [x, y, stepX, stepY]) => {
    const columns = Math.ceil(Math.max(0, width - x) / stepX);
    return sum + rows(columns, Math.ceil(Math.max(0, height - y) / stepY));
  }, 0);
}

/** All chunks in their order, IEND last and once, nothing after it. */
function chunks(png: Uint8Array): readonly Chunk[] {
  if (png.length < SIGNATURE.length || SIGNATURE.some((byte, at) => png[at] !== byte)) {
    throw malformed('no signature');
  }
  const found: Chunk[] = [];
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  let at: number = SIGNATURE.length;
  let pixels = false;
  while (at + CHUNK_FRAME <= png.length) {
    const length = view.getUint32(at);
    if (length > png.length - at - CHUNK_FRAME) throw malformed('a chunk beyond the end');
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    const end = at + CHUNK_FRAME + length;
    found.push({ type, data: png.subarray(at + 8, end - 4), whole: png.subarray(at, end) });
    at = end;
    pixels ||= type === 'IDAT';
    // An image of so many chunks is made to be slow.
    if (found.length > MAX_CHUNKS) throw malformed('too many chunks');
    if (type === 'IEND') break;
  }
  if (found.at(-1)?.type !== 'IEND' || at !== png.length) throw malformed('no end');
  if (!pixels) throw malformed('no pixels');
  return found;
}

/** Encoders write pixels in pieces of 8 KiB or more. */
const MAX_CHUNKS = 8192;

function malformed(message: string): LiveletError {
  return new LiveletError('clipboard-malformed', message);
}
