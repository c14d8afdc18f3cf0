/** A source and a viewer of the smallest kind: images and chunks are their pixels, one byte each, behind real headers. */
import {
  type CopyOperation,
  type DisplayInfo,
  decodeSourceMessage,
  encodeSourceMessage,
  FrameFlow,
  type FrameMessage,
  type FrameOperation,
  PictureOrder,
  type Rectangle,
  type TileOperation,
  type VideoOperation,
  type ViewerMessage,
} from '../src/index.js';

const PNG_HEADER = 33;
const VP8_HEADER = 10;
const TIMES = { age: 0, readTime: 0, encodeTime: 0, wireTime: 0 };

/** An image that is its own pixels behind the header of a PNG. */
export function rawImage(area: Rectangle, pixels: readonly number[]): Uint8Array {
  const image = new Uint8Array(PNG_HEADER + pixels.length);
  image.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  const view = new DataView(image.buffer);
  view.setUint32(16, area.width);
  view.setUint32(20, area.height);
  image.set(pixels, PNG_HEADER);
  return image;
}

/** A chunk that is its own pixels behind the header of a VP8 frame. */
export function rawChunk(area: Rectangle, key: boolean, pixels: readonly number[]): Uint8Array {
  const chunk = new Uint8Array(VP8_HEADER + pixels.length);
  chunk.set([key ? 0 : 1, 0, 0, 0x9d, 0x01, 0x2a]);
  const view = new DataView(chunk.buffer);
  view.setUint16(6, area.width, true);
  view.setUint16(8, area.height, true);
  chunk.set(pixels, VP8_HEADER);
  return chunk;
}

export function rawTile(area: Rectangle, pixels: readonly number[]): TileOperation {
  return { kind: 'tile', ...area, codec: 'png', lossy: false, image: rawImage(area, pixels) };
}

export function rawVideo(area: Rectangle, key: boolean, pixels: readonly number[]): VideoOperation {
  return { kind: 'video', ...area, codec: 'vp8', key, chunk: rawChunk(area, key, pixels) };
}

export class Framebuffer {
  readonly width: number;
  readonly height: number;
  readonly pixels: number[];

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.pixels = Array.from({ length: width * height }, () => 0);
  }

  get whole(): Rectangle {
    return { x: 0, y: 0, width: this.width, height: this.height };
  }

  read({ x, y, width, height }: Rectangle): number[] {
    return Array.from({ length: height }, (_, row) =>
      this.pixels.slice((y + row) * this.width + x, (y + row) * this.width + x + width),
    ).flat();
  }

  write({ x, y, width, height }: Rectangle, pixels: readonly number[]): void {
    for (let row = 0; row < height; row++) {
      this.pixels.splice((y + row) * this.width + x, width, ...pixels.slice(row * width, (row + 1) * width));
    }
  }

  apply(operation: FrameOperation): void {
    switch (operation.kind) {
      case 'tile':
        this.write(operation, [...operation.image.subarray(PNG_HEADER)]);
        break;
      case 'copy':
        this.write(operation, this.read({ ...operation, x: operation.fromX, y: operation.fromY }));
        break;
      case 'video':
        this.write(operation, [...operation.chunk.subarray(VP8_HEADER)]);
        break;
    }
  }

  /** The part of an area of any size and place that lies inside; at least one pixel. */
  clip({ x, y, width, height }: Rectangle): Rectangle {
    const [left, top] = [x % this.width, y % this.height];
    return {
      x: left,
      y: top,
      width: Math.min(width, this.width - left),
      height: Math.min(height, this.height - top),
    };
  }

  /** Around all pixels that differ. */
  difference(other: Framebuffer): Rectangle | undefined {
    let found: Rectangle | undefined;
    for (const [at, value] of this.pixels.entries()) {
      if (value === other.pixels[at]) continue;
      const pixel = { x: at % this.width, y: Math.floor(at / this.width), width: 1, height: 1 };
      found = found ? around(found, pixel) : pixel;
    }
    return found;
  }
}

/** What a frame tries besides bringing what changed. */
export interface Attempt {
  readonly parts: number;
  /** From the first to the second, of the size that both allow. */
  readonly copies: readonly (readonly [Rectangle, Rectangle])[];
  readonly video?: Rectangle | undefined;
  /** A video begins anew though the last one could go on. */
  readonly key: boolean;
}

/** A source, a viewer, and what is on its way between them. */
export class Model {
  #flow = new FrameFlow();
  #order = new PictureOrder();
  #display: Framebuffer;
  /** What the viewer has once all frames have come. */
  #reference: Framebuffer;
  #whole = true;
  /** The source has heard that the viewer decodes VP8. */
  #mayPlay = false;
  #video: Rectangle | undefined;
  #picture = new Framebuffer(0, 0);
  #toViewer: Uint8Array[] = [];
  #toSource: ViewerMessage[] = [];
  #parts: FrameOperation[] = [];
  #unacknowledged: FrameMessage[] = [];
  mostInFlight = 0;
  /** Operations that were drawn. */
  readonly drawn = { tile: 0, copy: 0, video: 0 };

  constructor(width: number, height: number) {
    this.#display = new Framebuffer(width, height);
    this.#reference = new Framebuffer(width, height);
    this.#restart();
  }

  draw(area: Rectangle, colour: number): void {
    const inside = this.#display.clip(area);
    const pixels = Array.from({ length: inside.width * inside.height }, (_, at) => (colour + at) % 256);
    this.#display.write(inside, pixels);
  }

  resize(width: number, height: number): void {
    this.#display = new Framebuffer(width, height);
    this.#restart();
  }

  /** The viewer's page is another one and has nothing. */
  loseViewer(): void {
    this.#picture = new Framebuffer(this.#picture.width, this.#picture.height);
    this.#unacknowledged = [];
    this.#toSource.push({ type: 'refresh' });
  }

  /** The stream is lost with all that was on its way, and the next begins. */
  resume(): void {
    this.#flow = new FrameFlow();
    this.#order = new PictureOrder();
    this.#toViewer = [];
    this.#toSource = [];
    this.#parts = [];
    this.#unacknowledged = [];
    this.#mayPlay = false;
    this.#restart();
  }

  tellAbilities(): void {
    const message = { type: 'abilities', videos: [{ codec: 'vp8', decodeTime: 1 }] } as const;
    this.#order.abilities(message);
    this.#toSource.push(message);
  }

  sendFrame(attempt: Attempt): void {
    if (!this.#flow.mayBegin) return;
    const operations = this.#whole ? this.#first(attempt) : this.#changes(attempt);
    if (operations.length === 0) return;
    this.#whole = false;
    const frame = this.#flow.begin();
    const size = Math.ceil(operations.length / attempt.parts);
    for (let at = 0, part = 0; at < operations.length; at += size, part++) {
      const some = operations.slice(at, at + size);
      const last = at + size >= operations.length;
      const message = { type: 'frame', ...frame, part, last, ...TIMES, operations: some } as const;
      this.#toViewer.push(encodeSourceMessage(message));
    }
  }

  viewerReceives(): boolean {
    const bytes = this.#toViewer.shift();
    if (!bytes) return false;
    const message = decodeSourceMessage(bytes);
    this.#order.accept(message);
    if (message.type === 'geometry') {
      this.#picture = new Framebuffer(message.width, message.height);
      this.#parts = [];
      this.#unacknowledged = [];
    } else if (message.type === 'frame') {
      this.#parts.push(...message.operations);
      if (message.last) this.#present(message);
    }
    return true;
  }

  viewerAcknowledges(): boolean {
    const frame = this.#unacknowledged.shift();
    if (!frame) return false;
    const { generation, number } = frame;
    const message = { type: 'acknowledge', generation, number, drawTime: 0 } as const;
    if (this.#order.acknowledge(message)) this.#toSource.push(message);
    return true;
  }

  sourceReceives(): boolean {
    const message = this.#toSource.shift();
    if (!message) return false;
    if (message.type === 'acknowledge') this.#flow.acknowledge(message);
    if (message.type === 'abilities') this.#mayPlay = true;
    if (message.type === 'refresh') this.#restart();
    return true;
  }

  /** Lets everything arrive. */
  settle(): void {
    let busy = true;
    while (busy) {
      this.sendFrame({ parts: 2, copies: [], key: false });
      busy = [this.viewerReceives(), this.viewerAcknowledges(), this.sourceReceives()].includes(true);
    }
  }

  get equal(): boolean {
    return this.#display.pixels.join() === this.#picture.pixels.join();
  }

  #first({ video }: Attempt): FrameOperation[] {
    const { whole } = this.#display;
    const pixels = this.#display.read(whole);
    this.#reference.write(whole, pixels);
    if (!video || !this.#mayPlay) return rows(whole, this.#display);
    this.#video = whole;
    return [rawVideo(whole, true, pixels)];
  }

  #changes({ copies, video, key }: Attempt): FrameOperation[] {
    const operations: FrameOperation[] = [];
    let left = this.#display.pixels.length;
    for (const each of copies) {
      const copy = this.#copy(...each);
      left -= copy.width * copy.height;
      if (left >= 0) operations.push(copy);
    }
    if (video && this.#mayPlay) operations.push(this.#next(video, key));
    for (const operation of operations) this.#reference.apply(operation);
    const changed = this.#reference.difference(this.#display);
    if (changed) {
      this.#reference.write(changed, this.#display.read(changed));
      operations.push(...rows(changed, this.#display));
    }
    return operations;
  }

  #copy(from: Rectangle, to: Rectangle): CopyOperation {
    const [source, target] = [this.#display.clip(from), this.#display.clip(to)];
    const width = Math.min(source.width, target.width);
    const height = Math.min(source.height, target.height);
    return { kind: 'copy', x: target.x, y: target.y, fromX: source.x, fromY: source.y, width, height };
  }

  /** Goes on with the last video unless `begin` or there is none. */
  #next(area: Rectangle, begin: boolean): VideoOperation {
    const before = begin ? undefined : this.#video;
    this.#video = before ?? this.#display.clip(area);
    return rawVideo(this.#video, !before, this.#display.read(this.#video));
  }

  #present(frame: FrameMessage): void {
    for (const operation of this.#parts) {
      this.#picture.apply(operation);
      this.drawn[operation.kind]++;
    }
    this.#parts = [];
    this.#unacknowledged.push(frame);
    this.mostInFlight = Math.max(this.mostInFlight, this.#unacknowledged.length);
  }

  #restart(): void {
    const { width, height } = this.#display;
    const info: DisplayInfo = { id: 0, x: 0, y: 0, width, height, name: '' };
    this.#toViewer.push(encodeSourceMessage(this.#flow.restart(info)));
    this.#reference = new Framebuffer(width, height);
    this.#whole = true;
    this.#video = undefined;
  }
}

/** A tile for each row. */
function rows(area: Rectangle, display: Framebuffer): TileOperation[] {
  return Array.from({ length: area.height }, (_, row) => {
    const line = { ...area, y: area.y + row, height: 1 };
    return rawTile(line, display.read(line));
  });
}

function around(a: Rectangle, b: Rectangle): Rectangle {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  const right = Math.max(a.x + a.width, b.x + b.width);
  const bottom = Math.max(a.y + a.height, b.y + b.height);
  return { x, y, width: right - x, height: bottom - y };
}
