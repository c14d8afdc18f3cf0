import type {
  CaptureSource,
  DisplayInfo,
  DisplayListener,
  OpenDisplay,
  PixelView,
  Rectangle,
} from '@livelet/core';
import { LiveletError } from '@livelet/core';
import { createPicture, movePixels, type Picture } from '../src/picture/picture.js';
import { clip } from '../src/picture/rectangles.js';

/** A display in memory that a test draws on: tells damage as a display server does. */
export class FakeDisplay implements CaptureSource {
  #picture: Picture;
  #listener: DisplayListener | undefined;
  #info: DisplayInfo;
  /** Pixels that were read. */
  read = 0;

  constructor(width: number, height: number) {
    this.#picture = createPicture(width, height);
    this.#info = { id: 0, x: 0, y: 0, width, height, name: '' };
  }

  /** The pixels as RGB, 3 bytes each. */
  get rgb(): Buffer {
    const bytes = Buffer.alloc(this.#picture.words.length * 3);
    for (const [at, word] of this.#picture.words.entries()) bytes.writeUIntBE(word & 0xffffff, at * 3, 3);
    return bytes;
  }

  fill(area: Rectangle, colour: (x: number, y: number) => number): void {
    for (let y = area.y; y < area.y + area.height; y++) {
      for (let x = area.x; x < area.x + area.width; x++) {
        this.#picture.words[y * this.#picture.width + x] = colour(x, y);
      }
    }
    this.#listener?.damaged(area);
  }

  /** Moves what an area shows; what it uncovers stays as it was. */
  move(area: Rectangle, dx: number, dy: number): void {
    const { width, height } = this.#picture;
    const target = clip({ ...area, x: area.x + dx, y: area.y + dy }, { x: 0, y: 0, width, height });
    if (target.width === 0 || target.height === 0) return;
    movePixels(this.#picture, target, target.x - dx, target.y - dy);
    this.#listener?.damaged(target);
  }

  resize(width: number, height: number): void {
    this.#picture = createPicture(width, height);
    this.#info = { ...this.#info, width, height };
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.changed();
  }

  async displays(): Promise<readonly DisplayInfo[]> {
    return [this.#info];
  }

  async open(_id: number, listener: DisplayListener): Promise<OpenDisplay> {
    this.#listener = listener;
    const info = this.#info;
    return {
      info,
      read: async (area) => this.#read(info, area),
      [Symbol.asyncDispose]: async () => {
        if (this.#listener === listener) this.#listener = undefined;
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener = undefined;
  }

  #read(info: DisplayInfo, area: Rectangle): PixelView {
    if (info !== this.#info) throw new LiveletError('display-unknown');
    this.read += area.width * area.height;
    const { bytes, width } = this.#picture;
    return { bytes, offset: (area.y * width + area.x) * 4, stride: width * 4 };
  }
}
