/**
 * A number as a row of black and white blocks that a machine reads off a picture, lossy or not: 12 bits, most
 * significant first, then 4 check bits, so that half-drawn rows and other content are not taken for a number.
 */
export const MARK = { width: 128, height: 8, largest: 4095 };

const BLOCK = 8;
const BLOCKS = 16;
const BYTES_PER_PIXEL = 4;

/** The row's pixels: BGRX, {@link MARK} in size. */
export function drawMark(number: number): Buffer {
  if (!Number.isInteger(number) || number < 0 || number > MARK.largest)
    throw new Error(`no mark for ${number}`);
  const bits = (number << 4) | checkOf(number);
  const pixels = Buffer.alloc(MARK.width * MARK.height * BYTES_PER_PIXEL);
  for (let y = 0; y < MARK.height; y += 1) {
    for (let block = 0; block < BLOCKS; block += 1) {
      if (((bits >> (BLOCKS - 1 - block)) & 1) === 0) continue;
      const at = (y * MARK.width + block * BLOCK) * BYTES_PER_PIXEL;
      pixels.fill(0xff, at, at + BLOCK * BYTES_PER_PIXEL);
    }
  }
  return pixels;
}

/** Neither an all black nor an all white row is a number. */
function checkOf(number: number): number {
  return ((number & 15) + 3 * ((number >> 4) & 15) + 5 * (number >> 8) + 7) & 15;
}

/**
 * The number of a row, undefined when there is none to read. Runs in pages too: it uses nothing outside itself.
 * @param rgba of exactly the row's 128 x 8 pixels
 */
export function readMark(rgba: Uint8ClampedArray | Uint8Array): number | undefined {
  const side = 8;
  const width = 128;
  let bits = 0;
  for (let block = 0; block < 16; block += 1) {
    // The four pixels in the middle: a lossy picture keeps them best.
    let sum = 0;
    for (const y of [3, 4]) {
      for (const x of [3, 4]) {
        const at = (y * width + block * side + x) * 4;
        sum += (rgba[at] ?? 0) + (rgba[at + 1] ?? 0) + (rgba[at + 2] ?? 0);
      }
    }
    const brightness = sum / 12;
    if (brightness > 80 && brightness < 175) return undefined;
    bits = (bits << 1) | (brightness >= 175 ? 1 : 0);
  }
  const number = bits >> 4;
  const check = ((number & 15) + 3 * ((number >> 4) & 15) + 5 * (number >> 8) + 7) & 15;
  return check === (bits & 15) ? number : undefined;
}
