/** Pictures as a browser's screen capture gives them, in planes. Safe for page code. */
import type { Rectangle } from '@livelet/core/page';

/** A WebCodecs pixel format that is taken as it is; all others are converted to BGRX by the browser. */
export type PixelForm = 'I420' | 'NV12' | 'BGRX';

/** How I420 and NV12 stand for colours (WebCodecs VideoColorSpace). */
export interface Colours {
  readonly matrix: 'bt601' | 'bt709';
  readonly fullRange: boolean;
}

/** Pixels a side of the cells that changes are found in. */
export const CELL = 32;

/** One plane of a form: so many bytes for each sample, one sample for `step` x `step` pixels. */
interface PlaneForm {
  readonly bytes: number;
  readonly step: number;
}

const FORMS: Readonly<Record<PixelForm, readonly PlaneForm[]>> = {
  I420: [
    { bytes: 1, step: 1 },
    { bytes: 1, step: 2 },
    { bytes: 1, step: 2 },
  ],
  NV12: [
    { bytes: 1, step: 1 },
    { bytes: 2, step: 2 },
  ],
  BGRX: [{ bytes: 4, step: 1 }],
};

/** Where a plane is in the memory of its picture; rows are whole cells long, so that they compare as words. */
interface Plane extends PlaneForm {
  readonly offset: number;
  /** Bytes. */
  readonly stride: number;
  readonly rows: number;
}

/** A whole picture. */
export class PlanarPicture {
  readonly width: number;
  readonly height: number;
  readonly form: PixelForm;
  readonly planes: readonly Plane[];
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #words: Uint32Array;

  constructor(width: number, height: number, form: PixelForm) {
    this.width = width;
    this.height = height;
    this.form = form;
    let size = 0;
    this.planes = FORMS[form].map(({ bytes, step }) => {
      const stride = ((Math.ceil(width / CELL) * CELL) / step) * bytes;
      const rows = Math.ceil(height / step);
      const plane = { bytes, step, offset: size, stride, rows };
      size += stride * rows;
      return plane;
    });
    this.bytes = new Uint8Array(size);
    this.#words = new Uint32Array(this.bytes.buffer);
  }

  /** Bytes of an area that begins at a cell's corner, packed. */
  sizeOf(area: Rectangle): number {
    return this.planes.reduce(
      (size, plane) =>
        size + Math.ceil(area.width / plane.step) * plane.bytes * Math.ceil(area.height / plane.step),
      0,
    );
  }

  /** Copies an area into `target` from `at` on, without gaps. @returns where the next one begins */
  pack(area: Rectangle, target: Uint8Array, at: number): number {
    let to = at;
    for (const [from, length] of this.#rowsOf(area)) {
      target.set(this.bytes.subarray(from, from + length), to);
      to += length;
    }
    return to;
  }

  /** Takes an area that was packed. @returns where the next one begins */
  unpack(area: Rectangle, source: Uint8Array, at: number): number {
    let from = at;
    for (const [to, length] of this.#rowsOf(area)) {
      this.bytes.set(source.subarray(from, from + length), to);
      from += length;
    }
    return from;
  }

  /** The areas of whole cells where a picture of the same size and form differs; they don't overlap. */
  changes(before: PlanarPicture): Rectangle[] {
    const done: Rectangle[] = [];
    let open: Rectangle[] = [];
    for (let y = 0; y < this.height; y += CELL) {
      const height = Math.min(CELL, this.height - y);
      const runs = this.#differs(before, 0, this.width, y, height) ? [...this.#runs(before, y, height)] : [];
      open = runs.map((run) => {
        const above = open.find(
          (area) => area.x === run.x && area.width === run.width && area.y + area.height === y,
        );
        if (above) done.splice(done.indexOf(above), 1);
        const grown = above ? { ...above, height: above.height + height } : run;
        done.push(grown);
        return grown;
      });
    }
    return done;
  }

  /** Neighbouring cells of one row that differ. */
  *#runs(before: PlanarPicture, y: number, height: number): Generator<Rectangle> {
    let first = -1;
    for (let x = 0; x < this.width; x += CELL) {
      const changed = this.#differs(before, x, CELL, y, height);
      if (changed && first < 0) first = x;
      if (!changed && first >= 0) {
        yield { x: first, y, width: x - first, height };
        first = -1;
      }
    }
    if (first >= 0) yield { x: first, y, width: this.width - first, height };
  }

  /** `x` and `y` are a cell's corner. */
  #differs(before: PlanarPicture, x: number, width: number, y: number, height: number): boolean {
    const here = this.#words;
    const there = before.#words;
    for (const { offset, stride, step, bytes } of this.planes) {
      const words = Math.ceil(((width / step) * bytes) / 4);
      const rows = Math.ceil(height / step);
      for (let row = 0; row < rows; row++) {
        const start = (offset + (y / step + row) * stride + (x / step) * bytes) / 4;
        for (let at = start; at < start + words; at++) if (here[at] !== there[at]) return true;
      }
    }
    return false;
  }

  /** Where each row of an area is and its length, bytes, plane by plane. */
  *#rowsOf({ x, y, width, height }: Rectangle): Generator<readonly [number, number]> {
    for (const { offset, stride, step, bytes } of this.planes) {
      const length = Math.ceil(width / step) * bytes;
      const rows = Math.ceil(height / step);
      for (let row = 0; row < rows; row++) {
        yield [offset + (y / step + row) * stride + (x / step) * bytes, length];
      }
    }
  }
}
