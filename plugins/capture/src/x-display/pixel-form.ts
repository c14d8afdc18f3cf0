import type { PixelView } from '@livelet/core';

/** How a display's pixels lie in memory: little-endian words, of which each colour has some bits. */
export interface PixelForm {
  readonly bitsPerPixel: 16 | 32;
  /** Bits that rows are filled up to a multiple of. */
  readonly rowUnit: number;
  /** The colours' masks: contiguous bits of a word. */
  readonly red: number;
  readonly green: number;
  readonly blue: number;
}

/** Bits of a colour that a table is made for. */
const MAX_COLOUR_BITS = 12;

/** A colour's place in a word, and what each of its values is in 8 bits, moved to its place in a BGRX word. */
interface Colour {
  readonly shift: number;
  readonly highest: number;
  readonly values: Uint32Array;
}

/** Whether the pixels are the contract's as they are. */
export function isBgrx({ bitsPerPixel, red, green, blue }: PixelForm): boolean {
  return bitsPerPixel === 32 && red === 0xff0000 && green === 0xff00 && blue === 0xff;
}

/** Whether each colour is 1 to 12 contiguous bits of the word, none of another one's. */
export function isConvertible({ bitsPerPixel, red, green, blue }: PixelForm): boolean {
  const masks = [red, green, blue].map((mask) => mask >>> 0);
  const contiguous = masks.every((mask) => {
    const highest = mask / lowestBit(mask);
    return mask > 0 && highest < 2 ** MAX_COLOUR_BITS && Number.isInteger(Math.log2(highest + 1));
  });
  const sum = masks.reduce((total, mask) => total + mask, 0);
  const all = masks.reduce((total, mask) => (total | mask) >>> 0, 0);
  return contiguous && sum === all && all < 2 ** bitsPerPixel;
}

/** Makes the contract's pixels, BGRX of 8 bits each, of those of another form; each value becomes the nearest one. */
export class PixelConverter {
  readonly #form: PixelForm;
  readonly #red: Colour;
  readonly #green: Colour;
  readonly #blue: Colour;
  /** With 16 bits: the BGRX word of each. */
  readonly #all: Uint32Array | undefined;
  #words = new Uint32Array(0);

  /** @param form one that `isConvertible` */
  constructor(form: PixelForm) {
    this.#form = form;
    this.#red = colour(form.red, 16);
    this.#green = colour(form.green, 8);
    this.#blue = colour(form.blue, 0);
    if (form.bitsPerPixel === 16)
      this.#all = Uint32Array.from({ length: 0x10000 }, (_, word) => this.#bgrx(word));
  }

  /** Bytes from one row to the next of the display's own pixels. */
  stride(width: number): number {
    const { bitsPerPixel, rowUnit } = this.#form;
    return (Math.ceil((width * bitsPerPixel) / rowUnit) * rowUnit) / 8;
  }

  /**
   * The pixels of the display's own rows that begin with `bytes`; valid until the next call.
   * @throws RangeError when there are too few bytes
   */
  convert(bytes: Uint8Array, width: number, height: number): PixelView {
    if (this.#words.length < width * height) this.#words = new Uint32Array(width * height);
    const words = this.#words;
    const stride = this.stride(width);
    if (bytes.length < stride * height) throw new RangeError(`${bytes.length} bytes of ${stride * height}`);
    // A word must lie at a multiple of its size.
    const even = bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.from(bytes);
    const all = this.#all;
    if (all) {
      const source = new Uint16Array(even.buffer, even.byteOffset, (stride * height) >> 1);
      for (let y = 0; y < height; y++) {
        const row = (y * stride) >> 1;
        for (let x = 0; x < width; x++) words[y * width + x] = all[source[row + x] as number] as number;
      }
    } else {
      const source = new Uint32Array(even.buffer, even.byteOffset, (stride * height) >> 2);
      for (let y = 0; y < height; y++) {
        const row = (y * stride) >> 2;
        for (let x = 0; x < width; x++) words[y * width + x] = this.#bgrx(source[row + x] as number);
      }
    }
    return { bytes: new Uint8Array(words.buffer), offset: 0, stride: width * 4 };
  }

  #bgrx(word: number): number {
    const red = this.#red;
    const green = this.#green;
    const blue = this.#blue;
    return (
      (red.values[(word >>> red.shift) & red.highest] as number) |
      (green.values[(word >>> green.shift) & green.highest] as number) |
      (blue.values[(word >>> blue.shift) & blue.highest] as number)
    );
  }
}

function colour(mask: number, to: number): Colour {
  const shift = Math.log2(lowestBit(mask));
  const highest = (mask >>> 0) / lowestBit(mask);
  const values = Uint32Array.from(
    { length: highest + 1 },
    (_, value) => Math.round((value * 255) / highest) << to,
  );
  return { shift, highest, values };
}

function lowestBit(mask: number): number {
  return (mask & -mask) >>> 0;
}
