import type {
  CopyOperation,
  FrameMessage,
  FrameOperation,
  TileCodec,
  TileOperation,
} from '@livelet/core/page';

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
  /** An image can't be decoded, isn't of the size that its tile says, or is of a video, which this page can't decode. */
  broken(): void;
}

/**
 * Draws frames in their order: tiles are decoded as they come, and a frame is put on the canvas, one operation after
 * the other, when all of them are there. A new
 * picture is decoded once all that was decoded of the one before is gone, so that pictures that follow each other
 * faster than they are drawn never fill the memory.
 */
export class FramePainter {
  readonly #context: CanvasRenderingContext2D;
  readonly #listener: PainterListener;
  #generation = 0;
  /** Of the frame whose parts are coming. */
  #operations: Promise<Drawable | undefined>[] = [];
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
    const lost = Promise.allSettled(this.#operations);
    this.#operations = [];
    this.#drawing = this.#drawing.then(async () => {
      for (const each of await lost) if (each.status === 'fulfilled') release(each.value);
    });
    this.#cleared = this.#drawing;
    this.#context.canvas.width = width;
    this.#context.canvas.height = height;
  }

  add(frame: FrameMessage): void {
    const came = performance.now();
    const { generation, operations } = frame;
    this.#operations.push(...operations.map((operation) => this.#prepare(operation, generation)));
    if (!frame.last) return;
    const drawables = Promise.all(this.#operations);
    this.#operations = [];
    // What fails is heard of when its turn comes.
    drawables.catch(() => undefined);
    this.#drawing = this.#drawing.then(async () => {
      try {
        this.#draw(frame, await drawables, came);
      } catch {
        this.#listener.broken();
      }
    });
  }

  /** Undefined for a picture that is over by now. */
  async #prepare(operation: FrameOperation, generation: number): Promise<Drawable | undefined> {
    await this.#cleared;
    if (generation !== this.#generation) return undefined;
    switch (operation.kind) {
      case 'tile':
        return await decode(operation);
      case 'copy':
        return operation;
      case 'video':
        throw new RangeError('a video that was never asked for');
    }
  }

  #draw(frame: FrameMessage, drawables: readonly (Drawable | undefined)[], came: number): void {
    const current = frame.generation === this.#generation;
    for (const drawable of drawables) {
      if (current && drawable) this.#apply(drawable);
      release(drawable);
    }
    if (current) this.#listener.drawn(frame, performance.now() - came);
  }

  #apply(drawable: Drawable): void {
    if (drawable.kind === 'decoded') {
      this.#context.drawImage(drawable.bitmap, drawable.tile.x, drawable.tile.y);
    } else {
      const { fromX, fromY, x, y, width, height } = drawable;
      this.#context.drawImage(this.#context.canvas, fromX, fromY, width, height, x, y, width, height);
    }
  }
}

interface DecodedTile {
  readonly kind: 'decoded';
  readonly tile: TileOperation;
  readonly bitmap: ImageBitmap;
}

type Drawable = DecodedTile | CopyOperation;

function release(drawable: Drawable | undefined): void {
  if (drawable?.kind === 'decoded') drawable.bitmap.close();
}

async function decode(tile: TileOperation): Promise<DecodedTile> {
  const blob = new Blob([tile.image as Uint8Array<ArrayBuffer>], { type: MEDIA_TYPES[tile.codec] });
  const bitmap = await createImageBitmap(blob, EXACT);
  if (bitmap.width === tile.width && bitmap.height === tile.height) return { kind: 'decoded', tile, bitmap };
  bitmap.close();
  throw new RangeError('an image of another size');
}
