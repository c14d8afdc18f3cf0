import type { FrameMessage, TileCodec, TileOperation } from '@livelet/core/page';

const MEDIA_TYPES: Readonly<Record<TileCodec, string>> = {
  png: 'image/png',
  'webp-lossless': 'image/webp',
  jpeg: 'image/jpeg',
};
/** The pixels as they are coded: no colour profile and no alpha may change them. */
const EXACT: ImageBitmapOptions = { colorSpaceConversion: 'none', premultiplyAlpha: 'none' };

/** What a painter tells. */
export interface PainterListener {
  /** The whole frame is on the canvas; `time` is from its last part's arrival, ms. */
  drawn(frame: FrameMessage, time: number): void;
  /** An image can't be decoded, or isn't of the size that its tile says. */
  broken(): void;
}

/**
 * Draws frames in their order: tiles are decoded as they come, and put on the canvas together when all are there. A new
 * picture is decoded once all that was decoded of the one before is gone, so that pictures that follow each other
 * faster than they are drawn never fill the memory.
 */
export class FramePainter {
  readonly #context: CanvasRenderingContext2D;
  readonly #listener: PainterListener;
  #generation = 0;
  /** Of the frame whose parts are coming. */
  #tiles: Promise<DecodedTile | undefined>[] = [];
  #drawing: Promise<void> = Promise.resolve();
  /** Resolves when nothing is left of the pictures before this one. */
  #cleared: Promise<void> = Promise.resolve();

  constructor(canvas: HTMLCanvasElement, listener: PainterListener) {
    this.#context = canvas.getContext('2d', { alpha: false }) as CanvasRenderingContext2D;
    this.#listener = listener;
  }

  /** A new picture, black; frames of the one before that are still being decoded are not drawn. */
  restart(generation: number, width: number, height: number): void {
    this.#generation = generation;
    const lost = Promise.allSettled(this.#tiles);
    this.#tiles = [];
    this.#drawing = this.#drawing.then(async () => {
      for (const tile of await lost) if (tile.status === 'fulfilled') tile.value?.bitmap.close();
    });
    this.#cleared = this.#drawing;
    this.#context.canvas.width = width;
    this.#context.canvas.height = height;
  }

  add(frame: FrameMessage): void {
    const came = performance.now();
    const { generation, operations } = frame;
    this.#tiles.push(...operations.map((tile) => this.#decode(tile, generation)));
    if (!frame.last) return;
    const tiles = Promise.all(this.#tiles);
    this.#tiles = [];
    // What fails is heard of when its turn comes.
    tiles.catch(() => undefined);
    this.#drawing = this.#drawing.then(async () => {
      try {
        this.#draw(frame, await tiles, came);
      } catch {
        this.#listener.broken();
      }
    });
  }

  /** Undefined for a picture that is over by now. */
  async #decode(tile: TileOperation, generation: number): Promise<DecodedTile | undefined> {
    await this.#cleared;
    return generation === this.#generation ? await decode(tile) : undefined;
  }

  #draw(frame: FrameMessage, tiles: readonly (DecodedTile | undefined)[], came: number): void {
    const current = frame.generation === this.#generation;
    for (const decoded of tiles) {
      if (!decoded) continue;
      const { tile, bitmap } = decoded;
      if (current) this.#context.drawImage(bitmap, tile.x, tile.y);
      bitmap.close();
    }
    if (current) this.#listener.drawn(frame, performance.now() - came);
  }
}

interface DecodedTile {
  readonly tile: TileOperation;
  readonly bitmap: ImageBitmap;
}

async function decode(tile: TileOperation): Promise<DecodedTile> {
  const blob = new Blob([tile.image as Uint8Array<ArrayBuffer>], { type: MEDIA_TYPES[tile.codec] });
  const bitmap = await createImageBitmap(blob, EXACT);
  if (bitmap.width === tile.width && bitmap.height === tile.height) return { tile, bitmap };
  bitmap.close();
  throw new RangeError('an image of another size');
}
