import { LiveletError, type Rectangle } from '@livelet/core';
import koffi from 'koffi';
import type { Picture } from '../picture/picture.js';
import { holds, pixels, wholeOf } from '../picture/rectangles.js';
import type { JpegEncoder, JpegQuality } from './jpeg-encoder.js';

/** Debian: package libturbojpeg0. */
const LIBRARY = 'libturbojpeg.so.0';
// turbojpeg.h, libjpeg-turbo 2.1 and 3
const TJSAMP_444 = 0;
const TJSAMP_420 = 2;
/** Blue, green, red and an unused byte: what a picture is. */
const TJPF_BGRX = 3;
const TJFLAG_NOREALLOC = 1024;

/** Pixels of the largest image that is made here: its buffer takes 6 bytes for each. */
export const MAX_TURBO_PIXELS = 1024 * 1024;
/** Pixels up to which coding at once (0.15 ms) is quicker than a copy and the way to a thread and back (0.3 ms). */
const SYNC_PIXELS = 256 * 256;
/** Images being coded at a time. */
const MAX_CODERS = 4;

type Compress = (
  handle: unknown,
  source: Uint8Array,
  width: number,
  pitch: number,
  height: number,
  format: number,
  buffers: BigUint64Array,
  sizes: BigUint64Array,
  subsampling: number,
  quality: number,
  flags: number,
) => number;
interface Functions {
  readonly create: () => unknown;
  readonly destroy: (handle: unknown) => number;
  readonly bufferSize: (width: number, height: number, subsampling: number) => number | bigint;
  readonly compress: Compress & {
    async(...parameters: [...Parameters<Compress>, (error: Error | null, status: number) => void]): void;
  };
}

/** A compressor, which takes one image at a time, and the memory that it writes to. */
interface Coder {
  readonly handle: unknown;
  output: Buffer;
  /** An `unsigned char *` and an `unsigned long`, which the library reads and writes. */
  readonly address: BigUint64Array;
  readonly length: BigUint64Array;
}

let loaded: Functions | undefined;

/** @throws Error when the system has no such library, or another one by its name */
function functions(): Functions {
  if (loaded) return loaded;
  // `unsigned long` and pointers are exchanged as 64-bit words.
  if (koffi.sizeof('unsigned long') !== 8 || koffi.sizeof('void *') !== 8)
    throw new Error('not a 64-bit system');
  const library = koffi.load(LIBRARY);
  loaded = {
    create: library.func('void *tjInitCompress()'),
    destroy: library.func('int tjDestroy(void *)'),
    bufferSize: library.func('unsigned long tjBufSize(int, int, int)'),
    compress: library.func(
      'int tjCompress2(void *, void *, int, int, int, int, void *, void *, int, int, int)',
    ) as Functions['compress'],
  };
  return loaded;
}

/** The system's libjpeg-turbo: takes pixels as they are, several times faster than sharp. Dispose it to free its memory. */
export class TurboJpeg implements JpegEncoder, Disposable {
  readonly #functions: Functions;
  readonly #idle: Coder[] = [];
  readonly #waiting: ((coder: Coder | undefined) => void)[] = [];
  #coders = 0;
  #over = false;

  /** Undefined where the system has no libjpeg-turbo. */
  static open(): TurboJpeg | undefined {
    try {
      return new TurboJpeg(functions());
    } catch {
      return undefined;
    }
  }

  private constructor(found: Functions) {
    this.#functions = found;
  }

  /** @throws `picture-too-large` above MAX_TURBO_PIXELS, `picture-malformed` for an area outside of the picture,
   * `cancelled` when disposed, `internal` when the library fails */
  async encode(picture: Picture, area: Rectangle, quality: JpegQuality): Promise<Uint8Array> {
    checkArea(picture, area);
    const { width, height } = area;
    const sync = pixels(area) <= SYNC_PIXELS;
    const idle = sync ? this.#take() : undefined;
    if (idle) {
      const from = (area.y * picture.width + area.x) * 4;
      return await this.#compress(idle, picture.bytes.subarray(from), picture.width * 4, area, quality, sync);
    }
    const copy = copyOf(picture, area);
    const coder = this.#take() ?? (await this.#next());
    if (!coder) throw new LiveletError('cancelled');
    return await this.#compress(coder, copy, width * 4, { x: 0, y: 0, width, height }, quality, sync);
  }

  [Symbol.dispose](): void {
    if (this.#over) return;
    this.#over = true;
    for (const coder of this.#idle.splice(0)) this.#functions.destroy(coder.handle);
    for (const resolve of this.#waiting.splice(0)) resolve(undefined);
  }

  /** `source` begins at the area's first pixel and reaches to its last, `pitch` bytes from row to row. */
  async #compress(
    coder: Coder,
    source: Uint8Array,
    pitch: number,
    { width, height }: Rectangle,
    { jpeg, subsampling }: JpegQuality,
    sync: boolean,
  ): Promise<Uint8Array> {
    try {
      const samples = subsampling ? TJSAMP_420 : TJSAMP_444;
      const room = Number(this.#functions.bufferSize(width, height, samples));
      if (coder.output.length < room) coder.output = Buffer.from(new ArrayBuffer(room));
      const { address, length, handle } = coder;
      address[0] = koffi.address(coder.output);
      length[0] = BigInt(coder.output.length);
      const quality = Math.min(100, Math.max(1, Math.round(jpeg)));
      const { compress } = this.#functions;
      const call = [
        handle,
        source,
        width,
        pitch,
        height,
        TJPF_BGRX,
        address,
        length,
        samples,
        quality,
      ] as const;
      const status = sync
        ? compress(...call, TJFLAG_NOREALLOC)
        : await new Promise<number>((resolve, reject) =>
            compress.async(...call, TJFLAG_NOREALLOC, (error, value) =>
              error ? reject(error) : resolve(value),
            ),
          );
      const written = Number(length[0]);
      if (status !== 0 || written > coder.output.length)
        throw new LiveletError('internal', 'tjCompress2 failed');
      return Buffer.from(coder.output.subarray(0, written));
    } finally {
      this.#give(coder);
    }
  }

  #take(): Coder | undefined {
    if (this.#over) return undefined;
    const idle = this.#idle.pop();
    if (idle || this.#coders === MAX_CODERS) return idle;
    const handle = this.#functions.create();
    if (handle === null) throw new LiveletError('internal', 'tjInitCompress failed');
    this.#coders++;
    return { handle, output: Buffer.alloc(0), address: new BigUint64Array(1), length: new BigUint64Array(1) };
  }

  #next(): Promise<Coder | undefined> {
    if (this.#over) return Promise.resolve(undefined);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #give(coder: Coder): void {
    const next = this.#waiting.shift();
    if (next) next(coder);
    else if (this.#over) this.#functions.destroy(coder.handle);
    else this.#idle.push(coder);
  }
}

/** The library trusts what it is told: nothing reaches it that lies outside of the picture's memory. */
function checkArea(picture: Picture, area: Rectangle): void {
  const { width, height, bytes } = picture;
  const whole = [area.x, area.y, area.width, area.height].every(Number.isInteger);
  if (!whole || Math.min(area.width, area.height) < 1 || !holds(wholeOf(picture), area)) {
    throw new LiveletError('picture-malformed', 'an area outside of the picture');
  }
  if (bytes.length < width * height * 4)
    throw new LiveletError('picture-malformed', 'a picture without its pixels');
  if (pixels(area) > MAX_TURBO_PIXELS) throw new LiveletError('picture-too-large', `${pixels(area)} pixels`);
}

function copyOf(picture: Picture, area: Rectangle): Uint8Array {
  const copy = Buffer.allocUnsafeSlow(pixels(area) * 4);
  for (let row = 0; row < area.height; row++) {
    const from = ((area.y + row) * picture.width + area.x) * 4;
    picture.bytes.copy(copy, row * area.width * 4, from, from + area.width * 4);
  }
  return copy;
}
