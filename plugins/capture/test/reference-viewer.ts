import {
  type CopyOperation,
  type CursorPositionMessage,
  type CursorShapeMessage,
  type DisplayInfo,
  decodeSourceMessage,
  encodeViewerMessage,
  type FrameMessage,
  type GeometryMessage,
  LiveletError,
  PictureOrder,
  type SourceMessage,
  type TileOperation,
  type VideoOperation,
  type ViewerMessage,
} from '@livelet/core';
import { decodedTile } from './decoded-tile.js';
import { rawPixel } from './raw-video.js';
import type { StreamEnd } from './stream-pair.js';

/** How long a test waits for what must come, ms. */
const DEADLINE = 15_000;

/** Draws a stream as its messages say, in memory and with another decoder than the page's; tells what it has seen. */
export class ReferenceViewer {
  readonly order = new PictureOrder();
  readonly frames: FrameMessage[] = [];
  geometry: GeometryMessage | undefined;
  displays: readonly DisplayInfo[] = [];
  cursorShape: CursorShapeMessage | undefined;
  cursor: CursorPositionMessage | undefined;
  /** RGB, 3 bytes a pixel. */
  picture = Buffer.alloc(0);
  /** Areas of the picture that a lossy tile drew last. */
  lossyPixels = 0;
  /** Whether it acknowledges what it draws from now on. */
  acknowledges: boolean;
  /** What the stream ended with. */
  readonly ended: Promise<LiveletError | undefined>;
  readonly #stream: StreamEnd;
  #watchers = new Set<() => void>();
  #lossy = Buffer.alloc(0);

  constructor(stream: StreamEnd, options: { acknowledge: boolean } = { acknowledge: true }) {
    this.#stream = stream;
    this.acknowledges = options.acknowledge;
    this.ended = this.#read();
  }

  send(message: ViewerMessage): void {
    if (message.type === 'abilities') this.order.abilities(message);
    void this.#stream.send(encodeViewerMessage(message)).catch(() => undefined);
  }

  acknowledge({ generation, number }: FrameMessage): void {
    this.order.acknowledge({ type: 'acknowledge', generation, number, drawTime: 0 });
    this.send({ type: 'acknowledge', generation, number, drawTime: 0 });
  }

  /** Waits until `holds` does, looking after each message. */
  async until(what: string, holds: () => boolean): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    let watcher = (): void => undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        this.ended.then((error) => reject(new Error(`ended before ${what}`, { cause: error })));
        timer = setTimeout(() => reject(new Error(`not in time: ${what}`)), DEADLINE);
        watcher = () => {
          if (holds()) resolve();
        };
        this.#watchers.add(watcher);
        watcher();
      });
    } finally {
      clearTimeout(timer);
      this.#watchers.delete(watcher);
    }
  }

  /** The colour of a pixel, `0xRRGGBB`. */
  pixel(x: number, y: number): number {
    return this.picture.readUIntBE((y * (this.geometry?.width ?? 0) + x) * 3, 3);
  }

  async #read(): Promise<LiveletError | undefined> {
    try {
      for await (const bytes of this.#stream) {
        await this.#receive(decodeSourceMessage(bytes));
        for (const watcher of [...this.#watchers]) watcher();
      }
      return undefined;
    } catch (error) {
      if (error instanceof LiveletError) return error;
      throw error;
    }
  }

  async #receive(message: SourceMessage): Promise<void> {
    this.order.accept(message);
    switch (message.type) {
      case 'displays':
        this.displays = message.displays;
        break;
      case 'geometry':
        this.geometry = message;
        this.picture = Buffer.alloc(message.width * message.height * 3);
        this.#lossy = Buffer.alloc(message.width * message.height);
        break;
      case 'cursor-shape':
        this.cursorShape = message;
        break;
      case 'cursor-position':
        this.cursor = message;
        break;
      case 'frame':
        await this.#draw(message);
    }
  }

  async #draw(frame: FrameMessage): Promise<void> {
    for (const operation of frame.operations) {
      if (operation.kind === 'tile') await this.#drawTile(operation);
      if (operation.kind === 'copy') this.#copy(operation);
      if (operation.kind === 'video') this.#drawVideo(operation);
    }
    this.lossyPixels = this.#lossy.reduce((sum, lossy) => sum + lossy, 0);
    this.frames.push(frame);
    if (frame.last && this.acknowledges) this.acknowledge(frame);
  }

  async #drawTile(tile: TileOperation): Promise<void> {
    const data = await decodedTile(tile);
    const width = this.geometry?.width ?? 0;
    for (let y = 0; y < tile.height; y++) {
      const at = (tile.y + y) * width + tile.x;
      data.copy(this.picture, at * 3, y * tile.width * 3, (y + 1) * tile.width * 3);
      this.#lossy.fill(tile.lossy ? 1 : 0, at, at + tile.width);
    }
  }

  /** Of a `RawVideoTrack`. */
  #drawVideo(video: VideoOperation): void {
    const stride = this.geometry?.width ?? 0;
    for (let y = 0; y < video.height; y++) {
      const row = (video.y + y) * stride + video.x;
      for (let x = 0; x < video.width; x++) {
        this.picture.writeUIntBE(rawPixel(video, x, y), (row + x) * 3, 3);
      }
      this.#lossy.fill(1, row, row + video.width);
    }
  }

  #copy({ x, y, width, height, fromX, fromY }: CopyOperation): void {
    const stride = this.geometry?.width ?? 0;
    const [picture, lossy] = [Buffer.from(this.picture), Buffer.from(this.#lossy)];
    for (let row = 0; row < height; row++) {
      const [from, to] = [(fromY + row) * stride + fromX, (y + row) * stride + x];
      picture.copy(this.picture, to * 3, from * 3, (from + width) * 3);
      lossy.copy(this.#lossy, to, from, from + width);
    }
  }
}
