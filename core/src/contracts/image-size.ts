import type { TileCodec } from './capture-operations.js';

/** Pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/**
 * The size that an image's own header says, read before anything decodes it: a few bytes can claim a picture that
 * no memory holds. Undefined for what isn't an image of this codec.
 */
export function imageSize(codec: TileCodec, image: Uint8Array): ImageSize | undefined {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  switch (codec) {
    case 'png':
      return pngSize(view);
    case 'webp-lossless':
      return webpSize(view);
    case 'jpeg':
      return jpegSize(view);
    case 'small':
      return smallSize(view);
  }
}

/** `89 "PNG" 0D 0A 1A 0A | length u32 | "IHDR" | width u32 | height u32`: W3C PNG, 5.2 and 11.2.1. */
function pngSize(view: DataView): ImageSize | undefined {
  if (view.byteLength < 33) return undefined;
  if (view.getUint32(0) !== 0x89504e47 || view.getUint32(4) !== 0x0d0a1a0a) return undefined;
  if (view.getUint32(8) !== 13 || text(view, 12) !== 'IHDR') return undefined;
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/** `"RIFF" | size u32 LE | "WEBP" | "VP8L" | size u32 LE | 2F | width - 1 u14 LE | height - 1 u14`: RFC 9649, 3.4. */
function webpSize(view: DataView): ImageSize | undefined {
  if (view.byteLength < 25 || text(view, 0) !== 'RIFF' || text(view, 8) !== 'WEBP') return undefined;
  if (text(view, 12) !== 'VP8L' || view.getUint8(20) !== 0x2f) return undefined;
  const bits = view.getUint32(21, true);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

/** `width - 1 u8 | height - 1 u8 | ...`: `small-image.ts`. */
function smallSize(view: DataView): ImageSize | undefined {
  if (view.byteLength < 3) return undefined;
  return { width: view.getUint8(0) + 1, height: view.getUint8(1) + 1 };
}

/** Markers `FF xx | length u16 | ...`, of which these are read: ITU-T T.81, B.1, B.2.2 and B.2.3. */
const JPEG_FRAMES: ReadonlySet<number> = new Set([0xc0, 0xc1]);
const JPEG_SCAN = 0xda;

/**
 * Of a sequential one in a single scan, as encoders write it unless they are asked for more: each of the thousands of
 * scans that a few bytes hold would have to be decoded over the whole picture.
 */
function jpegSize(view: DataView): ImageSize | undefined {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return undefined;
  let at = 2;
  let frame: (ImageSize & { readonly components: number }) | undefined;
  while (at + 10 <= view.byteLength) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    if (marker === JPEG_SCAN) return view.getUint8(at + 4) === frame?.components ? sizeOf(frame) : undefined;
    if (JPEG_FRAMES.has(marker)) {
      if (frame) return undefined;
      frame = {
        height: view.getUint16(at + 5),
        width: view.getUint16(at + 7),
        components: view.getUint8(at + 9),
      };
    } else if (!isJpegTable(marker)) {
      return undefined;
    }
    const length = view.getUint16(at + 2);
    if (length < 2) return undefined;
    at += 2 + length;
  }
  return undefined;
}

/** Segments of tables and applications; anything else before the scan is nothing that encoders write. */
function isJpegTable(marker: number): boolean {
  return marker === 0xc4 || marker === 0xdb || marker === 0xdd || (marker >= 0xe0 && marker <= 0xfe);
}

function sizeOf({ width, height }: ImageSize): ImageSize {
  return { width, height };
}

function text(view: DataView, at: number): string {
  return String.fromCharCode(
    view.getUint8(at),
    view.getUint8(at + 1),
    view.getUint8(at + 2),
    view.getUint8(at + 3),
  );
}
